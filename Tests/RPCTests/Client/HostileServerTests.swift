import Testing

@testable import RPC

/// What servers that are broken, or no gRPC servers at all, or mean harm, make of a call: always a
/// status, the one that gRPC's documents name, and never a crash or a hang.
@Suite("Hostile servers")
struct HostileServerTests {
  /// Calls a server that answers so, as a unary call and as a stream; both must fail alike.
  private func call(_ answer: @escaping HostileAnswer.Answer) async throws -> [RPCError?] {
    try await FrameServer.run(FrameServer.answering(answer)) { port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient, retry: .none)
      let single = await failure { try await channel.echo("x") }
      let streamed = await failure {
        let stream: ResponseStream<Bytes> = try await channel.serverStreaming(
          Echo.many, Bytes("x"), options: CallOptions())
        for try await _ in stream {}
      }
      await channel.close()
      return [single, streamed]
    }
  }

  @Test("the server answers correctly: the tests below fail for what they say")
  func sane() async throws {
    let answer = HostileAnswer.begun { [.block($0, HostileAnswer.good, end: true)] }
    #expect(try await call(answer).map { $0?.code } == [nil, nil])
  }

  @Test(
    "HTTP statuses become codes (http-grpc-status-mapping.md)",
    arguments: [
      (400, .internal), (401, .unauthenticated), (403, .permissionDenied), (404, .unimplemented),
      (429, .unavailable), (431, .internal), (502, .unavailable), (503, .unavailable),
      (504, .unavailable), (500, .unknown), (204, .unknown), (301, .unknown), (599, .unknown),
    ] as [(Int, RPCError.Code)], [false, true])
  func httpStatus(mapping: (Int, RPCError.Code), hasBody: Bool) async throws {
    let errors = try await call { stream in
      let fields = [(":status", "\(mapping.0)"), ("content-type", "text/html")]
      guard hasBody else { return [.block(stream, fields, end: true)] }
      return [.block(stream, fields), .data(stream, Array("<html>".utf8), end: true)]
    }
    #expect(errors.map { $0?.code } == [mapping.1, mapping.1])
    #expect(errors[0]?.message == "the server answered HTTP \(mapping.0)")
  }

  @Test(
    "resets become codes (PROTOCOL-HTTP2.md, Errors), before and after the headers",
    arguments: [
      (0, .internal), (1, .internal), (2, .internal), (3, .internal), (4, .internal),
      (5, .internal), (6, .internal), (7, .unavailable), (8, .cancelled), (9, .internal),
      (10, .internal), (11, .resourceExhausted), (12, .permissionDenied), (13, .internal),
      (0xFFFF_FFFF, .internal),
    ] as [(UInt32, RPCError.Code)], [false, true])
  func resets(mapping: (UInt32, RPCError.Code), isBegun: Bool) async throws {
    let reset: HostileAnswer.Answer = { [.reset($0, code: mapping.0)] }
    let errors = try await call(isBegun ? HostileAnswer.begun(reset) : reset)
    #expect(errors.map { $0?.code } == [mapping.1, mapping.1])
  }

  @Test("answers that break gRPC or HTTP/2 on their stream", arguments: HostileAnswer.broken)
  func onStream(_ test: HostileAnswer) async throws {
    let codes = try await call(test.answer).map { $0?.code }
    #expect(codes == [test.code, test.code])
  }

  @Test("a single response that is none, or several", arguments: HostileAnswer.cardinality)
  func cardinality(_ test: HostileAnswer) async throws {
    #expect(try await call(test.answer).map { $0?.code } == [test.code, nil])
  }

  @Test("answers that end the connection", arguments: HostileAnswer.lethal)
  func onConnection(_ test: HostileAnswer) async throws {
    let errors = try await call(test.answer)
    #expect(errors.map { $0?.code } == [test.code, test.code])
  }

  @Test(
    "answers that are not HTTP/2", arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "\0\0\0", ""])
  func notHTTP2(text: String) async throws {
    try await FrameServer.run({ peer in
      guard try await peer.preface(), await peer.send(Array(text.utf8)) else { return }
    }) { port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
      let error = await failure { try await channel.echo("x") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.hasSuffix("is it a gRPC server?") == true)
      await channel.close()
    }
  }

  @Test("informational answers before the real one do no harm")
  func informational() async throws {
    let errors = try await call { stream in
      [.block(stream, [(":status", "100")]), .block(stream, [(":status", "103"), ("link", "x")])]
        + HostileAnswer.begun { [.block($0, HostileAnswer.good, end: true)] }(stream)
    }
    #expect(errors.map { $0?.code } == [nil, nil])
  }

  @Test("frames and settings that we do not know do no harm")
  func unknownFrames() async throws {
    let errors = try await call { stream in
      [
        Frame(type: 0x77, flags: 9, stream: stream, payload: [1, 2, 3]),
        Frame(type: 4, flags: 0, stream: 0, payload: [0xFE, 3, 0, 0, 0, 1]),
      ] + HostileAnswer.begun { [.block($0, HostileAnswer.good, end: true)] }(stream)
    }
    #expect(errors.map { $0?.code } == [nil, nil])
  }

  @Test("a connection that ends in the middle of an answer")
  func cutOff() async throws {
    try await FrameServer.run({ peer in
      guard try await peer.preface(), await peer.send(Frame.settings().bytes) else { return }
      while let frame = try await peer.next(), frame.type != 1 {}
      _ = await peer.send(Frame.block(1, FrameServer.ok).bytes)
      _ = await peer.send(Array(Frame.data(1, framed([1])).bytes.dropLast()))
    }) { port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
      let error = await failure { try await channel.echo("x") }
      #expect(error?.code == .unavailable)
      #expect(error?.message == "the connection to 127.0.0.1:\(port) was lost")
      await channel.close()
    }
  }

  @Test("a status with broken details is still that status")
  func brokenDetails() async throws {
    for details in ["%%%", "AAAA", "CAUSBHRleHQ", ""] {
      let errors = try await call { stream in
        [
          .block(
            stream,
            FrameServer.ok + [
              ("grpc-status", "9"), ("grpc-message", "bad %zz %"),
              ("grpc-status-details-bin", details),
            ], end: true)
        ]
      }
      #expect(errors.map { $0?.code } == [.failedPrecondition, .failedPrecondition])
      #expect(errors[0]?.message == "bad %zz %")
    }
  }

  @Test("one message over many frames, many messages in one, a byte at a time")
  func slicing() async throws {
    let body = (0..<20).flatMap { framed([UInt8](repeating: UInt8($0), count: $0 * 10)) }
    for size in [1, 2, 7, 16_000] {
      let script = FrameServer.answering { stream in
        var frames = [Frame.block(stream, FrameServer.ok)]
        var rest = body[...]
        while !rest.isEmpty {
          frames.append(.data(stream, Array(rest.prefix(size))))
          rest = rest.dropFirst(size)
        }
        return frames + [.block(stream, HostileAnswer.good, end: true)]
      }
      try await FrameServer.run(script) { port in
        let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
        let stream: ResponseStream<Bytes> = try await channel.serverStreaming(
          Echo.many, Bytes("x"), options: CallOptions())
        var sizes: [Int] = []
        for try await message in stream { sizes.append(message.bytes.count) }
        #expect(sizes == (0..<20).map { $0 * 10 })
        await channel.close()
      }
    }
  }
}
