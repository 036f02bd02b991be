import Testing

@testable import HTTP2
@testable import RPC

/// Compressed messages as frames: who may compress, what is announced, and what is refused.
@Suite("Compressed messages on the wire")
struct CompressionTests {
  private static let accepts = ("grpc-accept-encoding", "identity,deflate,gzip")

  private func ask(
    _ method: String, _ extra: [(String, String)], _ pieces: [[UInt8]],
    limits: RPCLimits = RPCLimits.patient
  ) async throws -> PlainClient.Exchange {
    try await withServer(limits: limits) { server in
      let client = try await PlainClient.connect(to: server.port)
      defer { client.close() }
      return await client.exchange(PlainClient.fields("/test.Echo/" + method, extra), pieces)
    }
  }

  private func packed(_ bytes: [UInt8], _ encoding: MessageEncoding = .gzip) throws -> [UInt8] {
    let packed = bytes.withUnsafeBytes { Zlib.deflate($0, as: encoding) }
    return framed(try #require(packed), flag: 1)
  }

  private let large = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000)

  @Test(
    "a compressed request is answered compressed when the caller accepts it",
    arguments: [.gzip, .deflate] as [MessageEncoding])
  func mirrored(encoding: MessageEncoding) async throws {
    let answer = try await ask(
      "Unary", [("grpc-encoding", encoding.name.description), Self.accepts],
      [packed(large, encoding)])
    #expect(answer.status == .ok)
    #expect(answer.blocks[0]["grpc-encoding"] == "gzip")
    #expect(answer.body == (try packed(large)))
  }

  @Test("flags are per message: small ones go as they are, in both directions")
  func perMessage() async throws {
    let small = framed(Array("hello".utf8))
    let answer = try await ask(
      "Chat",
      [("grpc-encoding", "gzip"), Self.accepts], [packed(large) + small + framed(large)])
    #expect(answer.body == (try packed(large)) + small + (try packed(large)))
  }

  @Test("a handler sees which messages came compressed")
  func seen() async throws {
    let answer = try await ask(
      "Flags", [("grpc-encoding", "gzip")], [packed(large) + framed(large) + packed(large)])
    let texts = ["compressed", "plain", "compressed"].flatMap { framed(Array($0.utf8)) }
    #expect(answer.body == texts)
  }

  @Test("nobody gets compressed answers who did not ask, or does not accept them")
  func plain() async throws {
    let unasked = try await ask("Unary", [Self.accepts], [framed(large)])
    #expect(unasked.blocks[0]["grpc-encoding"] == nil && unasked.body == framed(large))
    let unaccepted = try await ask("Unary", [("grpc-encoding", "gzip")], [packed(large)])
    #expect(unaccepted.blocks[0]["grpc-encoding"] == nil && unaccepted.body == framed(large))
  }

  @Test("a handler may wish otherwise")
  func wish() async throws {
    let wished = try await ask("Wish", [("wish", "compressed"), Self.accepts], [framed(large)])
    #expect(wished.blocks[0]["grpc-encoding"] == "gzip")
    #expect(wished.body == (try packed(large)))
    let secret = try await ask(
      "Wish", [("grpc-encoding", "gzip"), Self.accepts], [packed(large)])
    #expect(secret.blocks[0]["grpc-encoding"] == nil && secret.body == framed(large))
    let unaccepted = try await ask("Wish", [("wish", "compressed")], [framed(large)])
    #expect(unaccepted.body == framed(large))
  }

  @Test(
    "what cannot be inflated",
    arguments: [
      (nil, nil), ("identity", nil), ("gzip", [1, 2, 3]), ("deflate", nil), ("gzip", []),
    ] as [(String?, [UInt8]?)])
  func broken(encoding: String?, bytes: [UInt8]?) async throws {
    let message = try bytes.map { framed($0, flag: 1) } ?? packed(large)
    for method in ["Unary", "Sum"] {
      let answer = try await ask(
        method, encoding.map { [("grpc-encoding", $0)] } ?? [], [message])
      #expect(answer.status == .internal)
    }
  }

  @Test("a bomb is RESOURCE_EXHAUSTED, and the server goes on")
  func bomb() async throws {
    let bomb = try packed([UInt8](repeating: 0, count: 20_000_000))
    for method in ["Unary", "Sum"] {
      let answer = try await ask(method, [("grpc-encoding", "gzip")], [bomb])
      #expect(answer.status == .resourceExhausted)
      #expect(answer.blocks.last?["grpc-message"]?.contains("4194304") == true)
    }
  }

  @Test("a stream that is not read holds compressed messages, not what they inflate to")
  func heldBack() async throws {
    let inbox = MessageInbox { _ in }
    let bytes = try packed([UInt8](repeating: 0, count: 4_000_000))
    var deframer = MessageDeframer(limit: 4_194_304)
    deframer.encoding = .gzip
    bytes.withUnsafeBytes { deframer.append($0) }
    let message = try #require(try deframer.next())
    #expect(message.wireBytes == bytes.count)
    inbox.put(message)
    let taken = try await inbox.next()
    #expect(try taken?.decode(as: Bytes.self).bytes.count == 4_000_000)
  }

  @Test("the client understands what it announces, and nothing else")
  func responseHead() {
    for (name, isFine) in [("gzip", true), ("deflate", true), ("identity", true), ("br", false)] {
      var builder = HeaderBlockBuilder()
      let fields = [
        (":status", "200"), ("content-type", "application/grpc"), ("grpc-encoding", name),
      ]
      builder.begin()
      for (name, value) in fields {
        Array(name.utf8).withUnsafeBytes { name in
          Array(value.utf8).withUnsafeBytes { value in
            _ = builder.add(name, value, maxBytes: 1000, maxFields: 10)
          }
        }
      }
      #expect((ResponseHead(builder.block).problem == nil) == isFine)
    }
  }
}
