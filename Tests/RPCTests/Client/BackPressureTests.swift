import Synchronization
import Testing

@testable import RPC

/// A reader that does not read stops the writer at the other end, however much it has to say.
@Suite("Back-pressure")
struct BackPressureTests {
  enum Way: CaseIterable { case socket, inProcess }

  private static let sink = MethodDescriptor(
    service: "test.Slow", name: "Sink", shape: .clientStreaming)
  private static let flood = MethodDescriptor(
    service: "test.Slow", name: "Flood", shape: .serverStreaming)
  private static let both = MethodDescriptor(
    service: "test.Slow", name: "Both", shape: .bidirectional)

  private static let message = Bytes(count: 10_000)
  /// Windows of 64 KiB, queues of as much in the writer, in the connection and in the reader, and a
  /// message under way between each: some thirty messages, of the thousand that are offered.
  private static let bound = 60
  private static let offered = 1000

  private var limits: RPCLimits {
    var limits = RPCLimits.patient
    limits.streamWindowBytes = 64 * 1024
    limits.connectionWindowBytes = 64 * 1024
    limits.streamQueueBytes = 64 * 1024
    limits.replayBytes = 64 * 1024
    return limits
  }

  /// What each side wrote; and the reader on the server starts when the gate opens.
  private final class Slow: Sendable {
    let reads = Gate()
    let written = Counter()
    let received = Counter()

    var router: Router {
      var router = Router()
      router.clientStreaming(sink) { [self] (requests: RequestStream<Bytes>, _) -> Bytes in
        try await reads.wait()
        for try await _ in requests { received.add() }
        return "done"
      }
      router.serverStreaming(flood) { [self] (_: Bytes, writer: ResponseWriter<Bytes>, _) in
        for _ in 0..<offered {
          try await writer.write(message)
          written.add()
        }
      }
      router.bidirectional(both) {
        [self] (requests: RequestStream<Bytes>, writer: ResponseWriter<Bytes>, _) in
        // Echoes, and so stops reading when nobody reads what it writes.
        for try await request in requests {
          received.add()
          try await writer.write(request)
          written.add()
        }
      }
      return router
    }
  }

  private func with(
    _ way: Way, _ slow: Slow, _ body: (any ClientChannel) async throws -> Void
  ) async throws {
    switch way {
    case .inProcess:
      let channel = InProcessChannel(slow.router, limits: limits)
      try await body(channel)
      await channel.close()
    case .socket:
      let server = try await RPCServer.start(
        slow.router, on: [.tcp(host: "127.0.0.1", port: 0)], limits: limits)
      let channel = RPCClient(server.endpoints[0], limits: limits)
      try await body(channel)
      await channel.close()
      await server.shutDown(grace: .zero)
    }
  }

  /// Returns when `counter` stands still although everybody has had many turns.
  private func settled(_ counter: Counter) async -> Int {
    var last = -1
    var quiet = 0
    while quiet < 2000 {
      await Task.yield()
      let now = counter.value
      quiet = now == last ? quiet + 1 : 0
      last = now
    }
    return last
  }

  @Test("a handler that does not read stops the client's writer", arguments: Way.allCases)
  func clientStreaming(way: Way) async throws {
    let slow = Slow()
    let sent = Counter()
    try await with(way, slow) { channel in
      async let reply: Reply<Bytes> = channel.clientStreaming(
        Self.sink, options: CallOptions()
      ) { (writer: RequestWriter<Bytes>) in
        for _ in 0..<Self.offered {
          try await writer.write(Self.message)
          sent.add()
        }
      }
      await slow.reads.arrivals(1)
      let before = await settled(sent)
      #expect(before < Self.bound)
      slow.reads.open()
      let message = try await reply.message
      #expect(message == "done")
      #expect(slow.received.value == Self.offered)
    }
  }

  @Test("a client that does not read stops the handler's writer", arguments: Way.allCases)
  func serverStreaming(way: Way) async throws {
    let slow = Slow()
    try await with(way, slow) { channel in
      let stream: ResponseStream<Bytes> = try await channel.serverStreaming(
        Self.flood, Bytes("go"), options: CallOptions())
      await slow.written.reaches(1)
      let before = await settled(slow.written)
      #expect(before < Self.bound)
      var count = 0
      for try await message in stream where message == Self.message { count += 1 }
      #expect(count == Self.offered)
    }
  }

  @Test("both ways: who reads nothing is sent nothing more", arguments: Way.allCases)
  func bidirectional(way: Way) async throws {
    let slow = Slow()
    let sent = Counter()
    try await with(way, slow) { channel in
      let stream: ResponseStream<Bytes> = try await channel.bidirectional(
        Self.both, options: CallOptions()
      ) { (writer: RequestWriter<Bytes>) in
        for _ in 0..<Self.offered {
          try await writer.write(Self.message)
          sent.add()
        }
      }
      await slow.written.reaches(1)
      let before = await settled(sent)
      #expect(before < 2 * Self.bound)
      var count = 0
      for try await _ in stream { count += 1 }
      #expect(count == Self.offered && sent.value == Self.offered)
    }
  }

  @Test("half-close: the answer may come long after the last request", arguments: Way.allCases)
  func halfClose(way: Way) async throws {
    let slow = Slow()
    try await with(way, slow) { channel in
      async let reply: Reply<Bytes> = channel.clientStreaming(
        Self.sink, options: CallOptions()
      ) { (writer: RequestWriter<Bytes>) in try await writer.write(Self.message) }
      await slow.reads.arrivals(1)
      slow.reads.open()
      let message = try await reply.message
      #expect(message == "done")
    }
  }

  @Test("a writer that waits is woken by the end of the call", arguments: Way.allCases)
  func cancelledWriter(way: Way) async throws {
    let slow = Slow()
    let ended = Gate()
    try await with(way, slow) { channel in
      let call = Task {
        await failure {
          let _: Reply<Bytes> = try await channel.clientStreaming(
            Self.sink, options: CallOptions()
          ) { (writer: RequestWriter<Bytes>) in
            defer { ended.open() }
            while true { try await writer.write(Self.message) }
          }
        }
      }
      await slow.reads.arrivals(1)
      call.cancel()
      #expect(await call.value?.code == .cancelled)
      try await ended.wait()
    }
  }

  @Test("what the writer throws cancels the call at the server", arguments: Way.allCases)
  func throwingWriter(way: Way) async throws {
    struct Stop: Error {}
    let slow = Slow()
    try await with(way, slow) { channel in
      let error = await failure {
        let _: Reply<Bytes> = try await channel.clientStreaming(
          Self.sink, options: CallOptions()
        ) { (writer: RequestWriter<Bytes>) in
          try await writer.write(Self.message)
          throw Stop()
        }
      }
      #expect(error?.code == .cancelled)
    }
  }
}
