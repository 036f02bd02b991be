import Testing

@testable import HTTP2
@testable import RPC

@Suite("Admission")
struct AdmissionTests {
  @Test("handlers per connection are bounded: RESOURCE_EXHAUSTED")
  func perConnection() async throws {
    let echo = Echo()
    var limits = RPCLimits()
    limits.maxHandlersPerConnection = 5
    try await withChannel(echo, limits: limits) { channel, server in
      let calls = (0..<5).map { _ in
        Task { await failure { try await channel.echo("x", of: Echo.park) } }
      }
      await echo.parked.arrivals(5)
      #expect(await failure { try await channel.echo("x") }?.code == .resourceExhausted)
      echo.parked.open()
      for call in calls { #expect(await call.value == nil) }
      #expect(await failure { try await channel.echo("x") } == nil)
      #expect(server.metrics.handlersHighWater == 5)
    }
  }

  @Test("handlers in all are bounded: UNAVAILABLE")
  func overall() async throws {
    let echo = Echo()
    var limits = RPCLimits()
    limits.maxHandlers = 5
    try await withChannel(echo, limits: limits) { channel, server in
      let calls = (0..<5).map { _ in
        Task { await failure { try await channel.echo("x", of: Echo.park) } }
      }
      await echo.parked.arrivals(5)
      let other = RPCClient(.tcp(host: "127.0.0.1", port: server.port))
      #expect(await failure { try await other.echo("x") }?.code == .unavailable)
      echo.parked.open()
      for call in calls { #expect(await call.value == nil) }
      #expect(await failure { try await other.echo("x") } == nil)
      await other.close()
    }
  }

  @Test("a handler that ignores its cancellation still counts")
  func cancelledStillCounts() async throws {
    let started = Gate()
    let release = Gate()
    var router = Router()
    router.unary(Echo.park) { (request: Bytes, _) -> Bytes in
      try? await started.wait()
      // Outside the task, so that cancelling does not end it.
      await Task.detached { try? await release.wait() }.value
      return request
    }
    started.open()
    var limits = RPCLimits()
    limits.maxHandlersPerConnection = 3
    let channel = InProcessChannel(router, limits: limits)
    for count in 1...3 {
      let call = Task { await failure { try await channel.echo("x", of: Echo.park) } }
      await release.arrivals(count)
      call.cancel()
      #expect(await call.value?.code == .cancelled)
    }
    let error = await failure { try await channel.echo("x", of: Echo.park) }
    #expect(error?.code == .resourceExhausted)
    #expect(channel.metrics.handlersInFlight == 3)
    release.open()
    await channel.close()
  }

  @Test("more streams than the server allows wait at the client")
  func streamLimit() async throws {
    let echo = Echo()
    var limits = RPCLimits()
    limits.maxConcurrentStreams = 4
    try await withChannel(echo, limits: limits) { channel, server in
      _ = try await channel.echo("the limit is known after the first exchange")
      let calls = (0..<20).map { _ in
        Task { await failure { try await channel.echo("x", of: Echo.park) } }
      }
      await echo.parked.arrivals(4)
      #expect(server.metrics.handlersInFlight == 4)
      echo.parked.open()
      for call in calls { #expect(await call.value == nil) }
      #expect(server.metrics.handlersHighWater == 4)
    }
  }

  @Test("connections are bounded")
  func connections() async throws {
    var limits = RPCLimits()
    limits.maxConnections = 1
    try await withChannel(limits: limits) { channel, server in
      _ = try await channel.echo("x")
      let other = RPCClient(.tcp(host: "127.0.0.1", port: server.port))
      #expect(await failure { try await other.echo("x") }?.code == .unavailable)
      await other.close()
      _ = try await channel.echo("still here")
    }
  }

  @Test("a connection that is lost cancels its handlers")
  func connectionLost() async throws {
    let echo = Echo()
    try await withServer(echo) { server in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port))
      let calls = (0..<50).map { _ in
        Task { await failure { try await channel.echo("x", of: Echo.park) } }
      }
      await echo.parked.arrivals(50)
      await channel.close()
      for call in calls { #expect(await call.value?.code == .unavailable) }
      await echo.cancelled.reaches(50)
    }
  }
}
