import NIOCore
import Synchronization
import Testing

@testable import RPC

/// Channels to several addresses, servers that come and go. Time stands still but where a test
/// moves it.
@Suite("Several servers")
struct SeveralServersTests {
  private let pacemaker = ManualPacemaker()

  private func start(_ echo: Echo = Echo(), port: Int = 0) async throws -> RPCServer {
    try await RPCServer.start(
      echo.router, on: [.tcp(host: "127.0.0.1", port: port)], threads: 1)
  }

  private func channel(
    _ ports: [Int], limits: RPCLimits = RPCLimits.patient, resolver: Resolver = Resolver()
  ) -> RPCClient {
    RPCClient(
      ports.map { .tcp(host: "127.0.0.1", port: $0) }, limits: limits, resolver: resolver,
      pacemaker: pacemaker)
  }

  /// Calls until each of the servers has been called since.
  private func reachAll(_ servers: [RPCServer], _ channel: RPCClient) async throws {
    let before = servers.map(\.metrics.callsStarted)
    while zip(servers, before).contains(where: { $0.metrics.callsStarted == $1 }) {
      _ = try await channel.echo("x")
    }
  }

  @Test("calls take turns over all servers")
  func turns() async throws {
    var servers: [RPCServer] = []
    for _ in 0..<3 { servers.append(try await start()) }
    let channel = channel(servers.map(\.port))
    try await reachAll(servers, channel)
    let before = servers.map(\.metrics.callsStarted)
    for _ in 0..<30 { _ = try await channel.echo("x") }
    #expect(zip(servers, before).map { $0.metrics.callsStarted - $1 } == [10, 10, 10])
    #expect(servers.map(\.metrics.connectionsAccepted) == [1, 1, 1])
    await channel.close()
    for server in servers { await server.shutDown(grace: .zero) }
  }

  @Test("a server that goes away costs no call, is left out, and is used again when it is back")
  func leavesAndReturns() async throws {
    let port = try UnusedPort()
    let (stays, goes) = (try await start(), try await start(port: port.number))
    let channel = channel([stays.port, port.number])
    try await reachAll([stays, goes], channel)
    await goes.shutDown(grace: .zero)
    for _ in 0..<30 { _ = try await channel.echo("x") }
    let back = try await start(port: port.number)
    // Nothing is tried before its pause is over.
    for _ in 0..<10 { _ = try await channel.echo("x") }
    #expect(back.metrics.connectionsAccepted == 0)
    pacemaker.advance(by: .seconds(2))
    try await reachAll([stays, back], channel)
    await channel.close()
    await stays.shutDown(grace: .zero)
    await back.shutDown(grace: .zero)
  }

  @Test("calls move away from a server that drains; those it has are finished there")
  func drains() async throws {
    let echo = Echo()
    let (stays, drains) = (try await start(echo), try await start(echo))
    let channel = channel([stays.port, drains.port])
    try await reachAll([stays, drains], channel)
    // In turns: one on each.
    let parked = (0..<2).map { index in
      Task { try await channel.echo(Bytes("\(index)"), of: Echo.park).message.text }
    }
    await echo.parked.arrivals(2)
    #expect(drains.metrics.handlersInFlight == 1)
    async let end: Void = drains.shutDown(grace: .seconds(60))
    let before = stays.metrics.callsStarted
    // The first may be under way before the server's word arrives; they are served, too.
    for _ in 0..<30 { _ = try await channel.echo("x") }
    #expect(stays.metrics.callsStarted - before > 15)
    echo.parked.open()
    for (index, call) in parked.enumerated() { #expect(try await call.value == "\(index)") }
    await end
    await channel.close()
    await stays.shutDown(grace: .zero)
  }

  @Test("a call that waits for a server is served when it comes; others fail at once")
  func waitsForReady() async throws {
    let absent = try UnusedPort()
    let channel = channel([absent.number])
    let waiting = Task {
      try await channel.unary(
        Echo.unary, Bytes("patience"), options: CallOptions(waitsForReady: true)) as Reply<Bytes>
    }
    await pacemaker.alarmsSet.reaches(1)
    let impatient = await failure { try await channel.echo("x") }
    #expect(impatient?.code == .unavailable)
    #expect(impatient?.message.hasSuffix("Connection refused") == true)
    let server = try await start(port: absent.number)
    pacemaker.advance(by: .seconds(1))
    #expect(try await waiting.value.message == "patience")
    await channel.close()
    await server.shutDown(grace: .zero)
  }

  @Test("waiting for a server ends with the deadline, and with the task")
  func waitsNoLonger() async throws {
    let absent = try UnusedPort()
    let channel = channel([absent.number])
    let late = await failure {
      let _: Reply<Bytes> = try await channel.unary(
        Echo.unary, Bytes("x"),
        options: CallOptions(timeout: .milliseconds(20), waitsForReady: true))
    }
    #expect(late?.code == .deadlineExceeded)
    #expect(late?.message == "no connection to 127.0.0.1:\(absent.number) in time")
    let cancelled = Task {
      await failure {
        let _: Reply<Bytes> = try await channel.unary(
          Echo.unary, Bytes("x"), options: CallOptions(waitsForReady: true))
      }
    }
    cancelled.cancel()
    #expect(await cancelled.value?.code == .cancelled)
    await channel.close()
  }

  @Test("closing the channel ends calls that wait for a server")
  func closes() async throws {
    let absent = try UnusedPort()
    let channel = channel([absent.number])
    let waiting = Task {
      await failure {
        let _: Reply<Bytes> = try await channel.unary(
          Echo.unary, Bytes("x"), options: CallOptions(waitsForReady: true))
      }
    }
    await pacemaker.alarmsSet.reaches(1)
    await channel.close()
    #expect(await waiting.value?.message == "the channel is closed")
  }

  @Test("a channel that is let go without being closed closes")
  func letGo() async throws {
    let ended = Gate()
    try await FrameServer.run({ peer in
      guard try await peer.preface(), await peer.send(Frame.settings().bytes) else { return }
      while let frame = try await peer.next() {
        guard frame.flags & 1 == 1, frame.type == 0 else { continue }
        let answer = [
          Frame.block(frame.stream, FrameServer.ok), .data(frame.stream, framed([1])),
          .block(frame.stream, [("grpc-status", "0")], end: true),
        ]
        _ = await peer.send(answer.flatMap(\.bytes))
      }
      ended.open()
    }) { port in
      do {
        let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
        _ = try await channel.echo("x")
      }
      try await ended.wait()
    }
  }

  @Test("a server that hangs up at once is not called again before the pause is over")
  func hangsUp() async throws {
    let accepted = Counter()
    try await FrameServer.run({ _ in accepted.add() }) { [pacemaker] port in
      let channel = RPCClient(
        [.tcp(host: "127.0.0.1", port: port)], limits: .patient, resolver: Resolver(),
        pacemaker: pacemaker)
      for _ in 0..<5 {
        let error = await failure { try await channel.echo("x") }
        #expect(error?.code == .unavailable)
      }
      #expect(accepted.value == 1)
      pacemaker.advance(by: .seconds(1))
      _ = await failure { try await channel.echo("x") }
      #expect(accepted.value == 2)
      pacemaker.advance(by: .seconds(1))
      _ = await failure { try await channel.echo("x") }
      #expect(accepted.value == 2)
      pacemaker.advance(by: .milliseconds(600))
      _ = await failure { try await channel.echo("x") }
      #expect(accepted.value == 3)
      await channel.close()
    }
  }

  @Test("something that accepts and says nothing is given up")
  func mute() async throws {
    var limits = RPCLimits.patient
    limits.prefaceTimeout = .milliseconds(20)
    try await FrameServer.run({ peer in while try await peer.next() != nil {} }) {
      [limits] port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: limits)
      let error = await failure { try await channel.echo("x") }
      #expect(error?.code == .unavailable)
      await channel.close()
    }
  }

  @Test("every address of a name is used, and looked up again when one fails")
  func names() async throws {
    let port = try UnusedPort()
    let servers = [try await start(port: port.number), try await start(), try await start()]
    let known = Mutex([servers[0].port, servers[1].port])
    let lookUps = Counter()
    let resolver = Resolver { host, port throws(RPCError) in
      lookUps.add()
      guard host == "shop.example", port == 50_051 else { throw RPCError(.unavailable, host) }
      return known.withLock { ports in
        ports.compactMap { try? SocketAddress(ipAddress: "127.0.0.1", port: $0) }
      }
    }
    let channel = RPCClient(
      [.tcp(host: "shop.example", port: 50_051)], limits: .patient, resolver: resolver,
      pacemaker: pacemaker)
    try await reachAll(Array(servers[0...1]), channel)
    #expect(lookUps.value == 1)
    known.withLock { $0 = [servers[1].port, servers[2].port] }
    await servers[0].shutDown(grace: .zero)
    pacemaker.advance(by: .seconds(31))
    try await reachAll(Array(servers[1...2]), channel)
    #expect(lookUps.value == 2)
    await channel.close()
    for server in servers[1...] { await server.shutDown(grace: .zero) }
  }

  @Test("a name that is known only later")
  func unknownName() async throws {
    let server = try await start()
    let port = server.port
    let isKnown = Mutex(false)
    let resolver = Resolver { host, _ throws(RPCError) in
      guard isKnown.withLock({ $0 }),
        let address = try? SocketAddress(
          ipAddress: "127.0.0.1", port: port)
      else { throw RPCError(.unavailable, "cannot reach \(host): unknown host") }
      return [address]
    }
    let channel = RPCClient(
      [.tcp(host: "shop.example", port: 1)], limits: .patient, resolver: resolver,
      pacemaker: pacemaker)
    #expect(
      await failure { try await channel.echo("x") }?.message
        == "cannot reach shop.example: unknown host")
    isKnown.withLock { $0 = true }
    #expect(await failure { try await channel.echo("x") }?.code == .unavailable)
    pacemaker.advance(by: .seconds(1))
    #expect(try await channel.echo("x").message == "x")
    await channel.close()
    await server.shutDown(grace: .zero)
  }

  @Test("the system's own look-up: localhost, of which only one address may answer")
  func localhost() async throws {
    let server = try await start()
    let channel = RPCClient(.tcp(host: "localhost", port: server.port), limits: .patient)
    for _ in 0..<10 { #expect(try await channel.echo("x").message == "x") }
    await channel.close()
    await server.shutDown(grace: .zero)
  }

  @Test("a target of several addresses as it is typed")
  func typed() {
    #expect(
      Endpoint.list("a:1,[::1]:2,unix:/tmp/s") == [
        .tcp(host: "a", port: 1), .tcp(host: "::1", port: 2), .unix(path: "/tmp/s"),
      ])
    #expect(Endpoint.list("a:1,") == nil && Endpoint.list("") == nil && Endpoint.list("a") == nil)
  }
}
