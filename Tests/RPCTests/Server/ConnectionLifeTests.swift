import Testing

@testable import RPC

/// How long connections live: asked whether they are there, and let go without losing a call.
@Suite("Connection life")
struct ConnectionLifeTests {
  private static let hello = Frame.preface + Frame.settings().bytes
  private static let settingsAck = Frame(type: 4, flags: 1, stream: 0, payload: []).bytes

  private var quick: RPCLimits {
    var limits = RPCLimits.patient
    limits.keepaliveTime = .milliseconds(20)
    limits.keepaliveTimeout = .milliseconds(20)
    return limits
  }

  @Test("a client that answers no PING is let go, and its handlers are cancelled")
  func vanishedClient() async throws {
    let echo = Echo()
    try await withServer(echo, limits: quick) { server in
      let (pings, reason) = try await FrameClient.run(port: server.port) { peer in
        let fields = [("content-type", "application/grpc"), ("te", "trailers")]
        _ = await peer.send(
          Self.hello + Self.settingsAck
            + Frame.headers(1, path: "/test.Echo/Park", extra: fields).bytes
            + Frame.data(1, framed([1]), end: true).bytes)
        var pings = 0
        var reason = ""
        while let frame = try await peer.next() {
          if frame.type == 7 {
            reason += String(decoding: frame.payload.dropFirst(8), as: UTF8.self)
          }
          guard frame.type == 6, frame.flags == 0 else { continue }
          pings += 1
          // Answers five times; then the line is dead.
          if pings <= 5 {
            _ = await peer.send(
              Frame(type: 6, flags: 1, stream: 0, payload: frame.payload).bytes)
          }
        }
        return (pings, reason)
      }
      #expect(pings >= 1 && reason == "keepalive_timeout")
      await echo.cancelled.reaches(echo.parked.arrived)
    }
  }

  @Test("a server that vanished fails the call that waits for it")
  func vanishedServer() async throws {
    try await MuteServer.run { port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: quick)
      let error = await failure { try await channel.echo("hello") }
      #expect(error?.code == .unavailable)
      #expect(error?.message.hasSuffix("was ended: keepalive_timeout") == true)
      await channel.close()
    }
  }

  @Test("pings that come too often end the connection, work between them does not")
  func tooManyPings() async throws {
    try await withServer { server in
      let reason = try await FrameClient.run(port: server.port) { peer in
        _ = await peer.send(Self.hello + (0..<4).flatMap { _ in Frame.ping().bytes })
        var reason = ""
        while let frame = try await peer.next() {
          if frame.type == 7 {
            reason += String(decoding: frame.payload.dropFirst(8), as: UTF8.self)
          }
        }
        return reason
      }
      #expect(reason == "too_many_pings")
    }
  }

  @Test("a client whose pings are unwanted asks half as often on its next connection")
  func pingsUnwanted() async throws {
    var limits = RPCLimits.patient
    limits.keepaliveTime = .seconds(40)
    let goAway = Frame(
      type: 7, flags: 0, stream: 0,
      payload: [0, 0, 0, 1, 0, 0, 0, 11] + Array("too_many_pings".utf8))
    let pacemaker = ManualPacemaker()
    let script = FrameServer.answering { stream in
      [
        goAway, .block(stream, FrameServer.ok), .data(stream, framed([1])),
        .block(stream, [("grpc-status", "0")], end: true),
      ]
    }
    try await FrameServer.run(script) { [limits] port in
      let channel = RPCClient(
        [.tcp(host: "127.0.0.1", port: port)], limits: limits, resolver: Resolver(),
        pacemaker: pacemaker)
      for time in [80, 160] {
        _ = try await channel.echo("x")
        #expect(channel.balancer.keepaliveTime == .seconds(time))
        pacemaker.advance(by: .seconds(600))
      }
      await channel.close()
    }
  }

  @Test("old connections are drained and no call is lost", arguments: [false, true])
  func age(tls: Bool) async throws {
    var limits = RPCLimits.patient
    limits.maxConnectionAge = .milliseconds(20)
    let server = try await RPCServer.start(
      Echo().router, on: [.tcp(host: "127.0.0.1", port: 0)],
      tls: tls ? try ServerTLS(TestAuthority.server) : nil, limits: limits)
    let channel = RPCClient(
      server.endpoints[0],
      tls: tls
        ? try ClientTLS(TLSFiles(authorities: TestAuthority.shared.certificate)) : nil,
      limits: .patient)
    var failures: [RPCError] = []
    while server.metrics.connectionsAccepted < 5 {
      failures += await withTaskGroup(of: RPCError?.self) { group in
        for index in 0..<50 {
          group.addTask { await failure { try await channel.echo(Bytes("\(index)")) } }
        }
        return await group.reduce(into: []) { if let error = $1 { $0.append(error) } }
      }
    }
    #expect(failures.isEmpty, "\(failures)")
    #expect(server.metrics.callsFailed == 0)
    await channel.close()
    await server.shutDown(grace: .zero)
  }

  @Test("a call that is open when its connection gets old has the grace to finish")
  func ageGrace() async throws {
    let echo = Echo()
    var limits = RPCLimits.patient
    limits.maxConnectionAge = .milliseconds(20)
    try await withChannel(echo, limits: limits) { channel, server in
      async let slow = channel.echo("slow", of: Echo.park)
      await echo.parked.arrivals(1)
      // The old connection is on its way out when calls arrive on another one.
      while server.metrics.connectionsAccepted < 2 { _ = try await channel.echo("quick") }
      echo.parked.open()
      #expect(try await slow.message == "slow")
    }
    limits.maxConnectionAgeGrace = .milliseconds(20)
    let stuck = Echo()
    try await withChannel(stuck, limits: limits) { channel, _ in
      // On a busy machine the grace may be over before the handler has begun; then once more.
      while stuck.parked.arrived == 0 {
        let error = await failure { try await channel.echo("stuck", of: Echo.park) }
        #expect(error?.code == .unavailable)
      }
      await stuck.cancelled.reaches(1)
    }
  }

  @Test("connections without calls are drained; the next call makes a new one")
  func idle() async throws {
    let echo = Echo()
    var limits = RPCLimits.patient
    limits.maxConnectionIdle = .milliseconds(20)
    try await withChannel(echo, limits: limits) { channel, server in
      _ = try await channel.echo("first")
      while server.metrics.connectionsOpen > 0 { await Task.yield() }
      let error = await failure { try await channel.echo("second") }
      #expect(error == nil)
      // More on a machine that is so busy that connections go before their call comes.
      #expect(server.metrics.connectionsAccepted >= 2)
    }
  }

  @Test("a shorter grace cuts a longer one short")
  func graces() async throws {
    let echo = Echo()
    var limits = RPCLimits.patient
    limits.maxConnectionAge = .milliseconds(20)
    limits.maxConnectionAgeGrace = .seconds(3600)
    let server = try await RPCServer.start(
      echo.router, on: [.tcp(host: "127.0.0.1", port: 0)], limits: limits)
    let channel = RPCClient(server.endpoints[0], limits: .patient)
    async let stuck = failure { try await channel.echo("stuck", of: Echo.park) }
    await echo.parked.arrivals(1)
    while server.metrics.connectionsAccepted < 2 { _ = try await channel.echo("quick") }
    await server.shutDown(grace: .milliseconds(20))
    #expect(await stuck?.code == .unavailable)
    #expect(server.metrics.connectionsOpen == 0)
    await channel.close()
  }
}
