import Testing

@testable import HTTP2
@testable import RPC

/// The server seen as frames: what RPC over HTTP/2 prescribes, asked by a client that knows no
/// gRPC.
@Suite("Server on the wire")
struct WireRuleTests {
  private func ask(
    _ fields: [(String, String)], _ pieces: [[UInt8]], end: Bool = true,
    limits: RPCLimits = RPCLimits.patient
  ) async throws -> PlainClient.Exchange {
    try await withServer(limits: limits) { server in
      let client = try await PlainClient.connect(to: server.port)
      defer { client.close() }
      return await client.exchange(fields, pieces, end: end)
    }
  }

  private let call = PlainClient.fields("/test.Echo/Unary")
  private let hello = framed(Array("hello".utf8))

  @Test("headers, one message, trailers")
  func success() async throws {
    let answer = try await ask(call, [hello])
    #expect(
      answer.blocks == [
        [":status": "200", "content-type": "application/grpc"], ["grpc-status": "0"],
      ])
    #expect(answer.body == hello && answer.closure == .code(.noError))
  }

  @Test("an error before any message is trailers only: one block")
  func trailersOnly() async throws {
    let answer = try await ask(PlainClient.fields("/test.Echo/Fail"), [hello])
    #expect(answer.blocks.count == 1 && answer.body.isEmpty)
    #expect(answer.blocks[0][":status"] == "200" && answer.status == .failedPrecondition)
    #expect(answer.blocks[0]["grpc-message"] == "a%25b%0A%C3%A9")
    #expect(answer.blocks[0]["why"] == "because")
  }

  @Test("a request byte by byte")
  func byteByByte() async throws {
    let answer = try await ask(call, hello.map { [$0] })
    #expect(answer.body == hello && answer.status == .ok)
  }

  @Test(
    "paths match exactly or not at all",
    arguments: [
      "/test.Echo/unary", "/test.Echo/Unary/", "/test.echo/Unary", "/", "/test.Echo/%55nary",
    ])
  func unknownPath(path: String) async throws {
    let answer = try await ask(PlainClient.fields(path), [hello])
    #expect(answer.blocks.count == 1 && answer.status == .unimplemented)
  }

  @Test("an unknown method is answered without waiting for the request, then reset with NO_ERROR")
  func unknownEarly() async throws {
    let answer = try await ask(PlainClient.fields("/test.Echo/Nowhere"), [], end: false)
    #expect(answer.status == .unimplemented && answer.closure == .code(.noError))
  }

  @Test(
    "what is not gRPC gets an HTTP status",
    arguments: [
      ("content-type", "application/json", "415"), ("content-type", "application/grpc-web", "415"),
      (":method", "GET", "405"), (":method", "PUT", "405"),
    ])
  func notGRPC(name: String, value: String, status: String) async throws {
    let fields = call.map { $0.0 == name ? (name, value) : $0 }
    let answer = try await ask(fields, [hello])
    #expect(answer.blocks == [[":status": status]])
  }

  @Test("te may be absent, content-type may have a subtype")
  func lenient() async throws {
    let fields = call.filter { $0.0 != "te" && $0.0 != "content-type" }
    let answer = try await ask(fields + [("content-type", "application/grpc+proto")], [hello])
    #expect(answer.status == .ok)
  }

  @Test(
    "one request message, no more, no less, and whole",
    arguments: [
      ([], .unimplemented), ([framed([1]) + framed([2])], .unimplemented),
      ([framed([1]), framed([2])], .unimplemented), ([[0, 0]], .internal),
      ([[0, 0, 0, 0, 5, 1, 2]], .internal), ([framed([1], flag: 1)], .internal),
      ([framed([1], flag: 7)], .internal), ([framed([0xFF])], .internal),
      ([framed([0xFE])], .invalidArgument),
    ] as [([[UInt8]], RPCError.Code)])
  func cardinality(pieces: [[UInt8]], code: RPCError.Code) async throws {
    #expect(try await ask(call, pieces).status == code)
  }

  @Test("text that is no text is answered with the field's path")
  func invalidText() async throws {
    let answer = try await ask(call, [framed([0xFE])])
    let packed = try #require(answer.blocks.last?["grpc-status-details-bin"])
    let details = StatusDetails.decode(try #require(Base64.decode(Array(packed.utf8))))
    let violation = try BadRequestDetail(wire: try #require(details.first).bytes)
    #expect(violation.field == "lines[3].sku")
    #expect(violation.reason == "NOT_UTF8")
    #expect(details.first?.typeURL == "type.googleapis.com/google.rpc.BadRequest")
  }

  @Test("a size over the limit is refused from the prefix, though the request goes on")
  func oversized() async throws {
    let answer = try await ask(call, [[0, 0xFF, 0xFF, 0xFF, 0xFF]], end: false)
    #expect(answer.status == .resourceExhausted && answer.closure == .code(.noError))
  }

  @Test(
    "grpc-timeout",
    arguments: [("0n", .deadlineExceeded), ("1.5S", .internal), ("99999999H", .ok)]
      as [(String, RPCError.Code)])
  func timeout(value: String, code: RPCError.Code) async throws {
    let answer = try await ask(call + [("grpc-timeout", value)], [hello])
    #expect(answer.status == code)
  }

  @Test("an unknown request encoding is UNIMPLEMENTED, with the list of what is known")
  func encoding() async throws {
    let answer = try await ask(call + [("grpc-encoding", "snappy")], [hello])
    #expect(answer.status == .unimplemented)
    #expect(answer.blocks[0]["grpc-accept-encoding"] == "identity,deflate,gzip")
    let identity = try await ask(call + [("grpc-encoding", "identity")], [hello])
    #expect(identity.status == .ok)
  }

  @Test("metadata over the limit is RESOURCE_EXHAUSTED")
  func largeHeaders() async throws {
    let cookie = String(repeating: "c", count: 15_000)
    let large = try await ask(call + [("x-a", cookie), ("x-b", cookie)], [hello])
    #expect(large.status == .resourceExhausted)
    let many = try await ask(call + (0..<200).map { ("x-\($0)", "v") }, [hello])
    #expect(many.status == .resourceExhausted)
  }

  @Test("a request that never completes is cut off")
  func slowBody() async throws {
    var limits = RPCLimits.patient
    limits.requestTimeout = .milliseconds(50)
    let answer = try await ask(call, [[0, 0]], end: false, limits: limits)
    #expect(answer.status == .deadlineExceeded)
  }

  @Test("a sender is cut off for what it does not send, never for what it has no room to send")
  func slowReader() async throws {
    var limits = RPCLimits.patient
    limits.requestTimeout = .milliseconds(50)
    limits.streamQueueBytes = 1000
    let reads = Gate()
    var router = Router()
    let sink = MethodDescriptor(service: "test.Slow", name: "Sink", shape: .clientStreaming)
    router.clientStreaming(sink) { (requests: RequestStream<Bytes>, _) -> Bytes in
      try await reads.wait()
      for try await _ in requests {}
      return "done"
    }
    let server = try await RPCServer.start(
      router, on: [.tcp(host: "127.0.0.1", port: 0)], limits: limits, threads: 1)
    let client = try await PlainClient.connect(to: server.port)
    let whole = framed([UInt8](repeating: 1, count: 2000))
    async let withheld = client.exchange(
      PlainClient.fields(sink.path), [whole + [0, 0]], end: false)
    await reads.arrivals(1)
    // Its time began later than that of the first and is up: the first was looked at, and left.
    let late = await client.exchange(PlainClient.fields(sink.path), [[0, 0]], end: false)
    #expect(late.status == .deadlineExceeded)
    #expect(server.metrics.callsFailed == 1)
    // With the queue read there is room, and the sender does not use it.
    reads.open()
    let answer = await withheld
    #expect(answer.status == .deadlineExceeded)
    client.close()
    await server.shutDown(grace: .zero)
  }

  @Test("unfinished messages have a budget", arguments: [true, false])
  func budget(perConnection: Bool) async throws {
    var limits = RPCLimits.patient
    if perConnection {
      limits.bufferedBytesPerConnection = 1000
    } else {
      limits.bufferedBytes = 1000
    }
    // The budget of all does not touch who holds little.
    let size = perConnection ? 2000 : 100_000
    let start: [UInt8] = [0, 0, 0x10, 0, 0] + [UInt8](repeating: 1, count: size)
    let answer = try await ask(call, [start], end: false, limits: limits)
    #expect(answer.status == .resourceExhausted)
  }

  @Test("nothing stays behind after calls that were refused half way")
  func nothingLeft() async throws {
    try await withServer { server in
      let client = try await PlainClient.connect(to: server.port)
      for _ in 0..<20 {
        _ = await client.exchange(call, [[0, 0, 0, 0x10, 0, 1, 2, 3], [0xFF]], end: true)
      }
      let answer = await client.exchange(call, [hello])
      #expect(answer.status == .ok)
      client.close()
      #expect(server.metrics.callsStarted == 21)
      #expect(server.metrics.callsFailed == 20)
    }
  }
}
