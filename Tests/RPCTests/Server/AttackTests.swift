import Testing

@testable import RPC

/// Peers that mean harm, on a real socket. Each is cut off, and a neighbour is served as before.
@Suite("Attacks")
struct AttackTests {
  /// Runs the attack against a server that must afterwards answer a well-behaved client and hold
  /// nothing.
  private func attack(
    _ echo: Echo = Echo(), limits: RPCLimits = RPCLimits.patient,
    _ body: @Sendable @escaping (inout FrameClient.Conversation) async throws -> Void
  ) async throws -> ServerMetrics {
    try await withChannel(echo, limits: limits) { channel, server in
      try await neighbour(channel)
      try await FrameClient.run(port: server.port, body)
      try await neighbour(channel)
      return server.metrics
    }
  }

  /// A call that must be answered. The short timeouts of some tests may hit an innocent connection,
  /// too, when the machine is busy; it has the right to come again.
  private func neighbour(_ channel: any ClientChannel) async throws {
    for _ in 0..<20 {
      let error = await failure { try await channel.echo("hello") }
      if error?.code != .unavailable { return #expect(error?.code == nil) }
    }
    Issue.record("a well-behaved client is not served")
  }

  private static let hello = Frame.preface + Frame.settings().bytes

  @Test("HTTP/1 and random bytes are closed at once")
  func junk() async throws {
    _ = try await attack { peer in
      _ = await peer.send(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      _ = try await peer.goAway()
    }
    _ = try await attack { peer in
      _ = await peer.send((0..<5000).map { _ in UInt8.random(in: 0...255) })
      _ = try await peer.goAway()
    }
    _ = try await attack { peer in
      _ = await peer.send(AttackTests.hello + (0..<5000).map { _ in UInt8.random(in: 0...255) })
      _ = try await peer.goAway()
    }
  }

  @Test("a peer that says nothing is closed")
  func silence() async throws {
    var limits = RPCLimits.patient
    limits.prefaceTimeout = .milliseconds(50)
    _ = try await attack(limits: limits) { peer in
      let code = try await peer.goAway()
      #expect(code == 4)
    }
  }

  @Test("a peer that never acknowledges our SETTINGS is closed")
  func settings() async throws {
    var limits = RPCLimits.patient
    limits.settingsTimeout = .milliseconds(50)
    _ = try await attack(limits: limits) { peer in
      _ = await peer.send(AttackTests.hello)
      let code = try await peer.goAway()
      #expect(code == 4)
    }
  }

  @Test("headers that never end are closed")
  func slowHeaders() async throws {
    var limits = RPCLimits.patient
    limits.headerBlockTimeout = .milliseconds(50)
    _ = try await attack(limits: limits) { peer in
      let frame = Frame.headers(1, path: "/test.Echo/Unary").bytes
      _ = await peer.send(AttackTests.hello + frame.dropLast(3))
      let code = try await peer.goAway()
      #expect(code == 11)
    }
  }

  @Test("rapid reset: handlers stay bounded and the connection ends")
  func rapidReset() async throws {
    let echo = Echo()
    let metrics = try await attack(echo) { peer in
      var bytes = AttackTests.hello
      for index in 0..<5000 {
        let id = UInt32(2 * index + 1)
        let fields = [("content-type", "application/grpc"), ("te", "trailers")]
        bytes += Frame.headers(id, path: "/test.Echo/Park", extra: fields).bytes
        bytes += Frame.data(id, framed([1]), end: true).bytes + Frame.reset(id).bytes
      }
      _ = await peer.send(bytes)
      let code = try await peer.goAway()
      #expect(code != nil && code != 0)
    }
    #expect(metrics.callsStarted < 1000)
    #expect(metrics.handlersHighWater <= 1000)
  }

  @Test("PING flood ends with ENHANCE_YOUR_CALM")
  func pings() async throws {
    var limits = RPCLimits.patient
    limits.controlFrameBurst = 200
    limits.controlFramesPerSecond = 1
    _ = try await attack(limits: limits) { peer in
      _ = await peer.send(AttackTests.hello + (0..<500).flatMap { _ in Frame.ping().bytes })
      let code = try await peer.goAway()
      #expect(code == 11)
    }
  }

  @Test("a peer that disappears in the middle of anything leaves nothing behind")
  func disappears() async throws {
    let fields = [("content-type", "application/grpc"), ("te", "trailers")]
    let whole =
      AttackTests.hello + Frame.headers(1, path: "/test.Echo/Unary", extra: fields).bytes
      + Frame.data(1, framed(Array("hello".utf8)), end: true).bytes
    try await withChannel { channel, server in
      for count in stride(from: 0, through: whole.count, by: 7) {
        try await FrameClient.run(port: server.port) { peer in
          _ = await peer.send(Array(whole.prefix(count)))
        }
      }
      _ = try await channel.echo("after")
      #expect(server.metrics.handlersInFlight == 0)
    }
  }
}
