import Testing

@testable import RPC

@Suite("Shutdown")
struct ShutdownTests {
  /// Starts `count` calls that wait in their handlers, and returns once all of them do.
  private func parked(
    _ count: Int, _ echo: Echo, on channel: any ClientChannel
  ) async -> [Task<RPCError?, Never>] {
    let calls = (0..<count).map { _ in
      Task { await failure { try await channel.echo("x", of: Echo.park) } }
    }
    await echo.parked.arrivals(count)
    return calls
  }

  @Test("calls in flight finish, then the connection ends and the port is free")
  func drains() async throws {
    let echo = Echo()
    let server = try await RPCServer.start(echo.router, on: [.tcp(host: "127.0.0.1", port: 0)])
    let channels = (0..<4).map { _ in
      RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
    }
    var calls: [Task<RPCError?, Never>] = []
    for (index, channel) in channels.enumerated() {
      let more = (0..<125).map { _ in
        Task { await failure { try await channel.echo("x", of: Echo.park) } }
      }
      calls += more
      await echo.parked.arrivals(125 * (index + 1))
    }
    async let end: Void = server.shutDown(grace: .seconds(60))
    // The port is refused from the first moment on.
    await channelRefuses(server.port)
    echo.parked.open()
    for call in calls { #expect(await call.value == nil) }
    await end
    #expect(server.metrics.callsSucceeded == 500)
    #expect(server.metrics.handlersInFlight == 0 && server.metrics.connectionsOpen == 0)
    for channel in channels { await channel.close() }
  }

  /// Waits until nobody listens on the port.
  private func channelRefuses(_ port: Int) async {
    while true {
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
      let error = await failure { try await channel.echo("x", of: Echo.unknown) }
      await channel.close()
      if error?.code == .unavailable { return }
    }
  }

  @Test("calls sent while the end is announced are served")
  func underLoad() async throws {
    let echo = Echo()
    let server = try await RPCServer.start(echo.router, on: [.tcp(host: "127.0.0.1", port: 0)])
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
    _ = try await channel.echo("first")
    let failures = await withTaskGroup(of: RPCError?.self) { group in
      for index in 0..<2000 {
        group.addTask { await failure { try await channel.echo(Bytes("\(index)")) } }
        if index == 500 {
          group.addTask {
            await server.shutDown(grace: .seconds(60))
            return nil
          }
        }
      }
      var failures: [RPCError] = []
      for await error in group { if let error { failures.append(error) } }
      return failures
    }
    // What the server accepted it answered; later calls find nobody, or are reset with the queue
    // of the socket that listened. Never a broken answer.
    #expect(failures.allSatisfy { $0.code == .unavailable }, "\(failures)")
    #expect(server.metrics.callsFailed == 0)
    #expect(server.metrics.callsSucceeded == 2001 - failures.count)
    await channel.close()
  }

  @Test("after the grace, handlers are cancelled and their calls fail as UNAVAILABLE")
  func grace() async throws {
    let echo = Echo()
    let server = try await RPCServer.start(echo.router, on: [.tcp(host: "127.0.0.1", port: 0)])
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
    let calls = await parked(10, echo, on: channel)
    await server.shutDown(grace: .milliseconds(50))
    for call in calls { #expect(await call.value?.code == .unavailable) }
    await echo.cancelled.reaches(10)
    #expect(server.metrics.handlersInFlight == 0)
    await channel.close()
  }

  @Test("an idle connection does not hold up the end")
  func idle() async throws {
    let server = try await RPCServer.start(Echo().router, on: [.tcp(host: "127.0.0.1", port: 0)])
    let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
    _ = try await channel.echo("x")
    await server.shutDown(grace: .seconds(600))
    await channel.close()
  }

  @Test("the in-process server drains the same way")
  func inProcess() async throws {
    let echo = Echo()
    let channel = InProcessChannel(echo.router)
    let calls = await parked(10, echo, on: channel)
    async let end: Void = channel.shutDown(grace: .seconds(60))
    echo.parked.open()
    for call in calls { #expect(await call.value == nil) }
    await end
    let error = await failure { try await channel.echo("x") }
    #expect(error?.code == .unavailable)
    await channel.close()
  }
}
