import Testing

@testable import HTTP2
@testable import RPC

@Suite("Admission")
struct AdmissionTests {
  @Test("handlers per connection are bounded: RESOURCE_EXHAUSTED")
  func perConnection() async throws {
    let echo = Echo()
    var limits = RPCLimits.patient
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
    var limits = RPCLimits.patient
    limits.maxHandlers = 5
    try await withChannel(echo, limits: limits) { channel, server in
      let calls = (0..<5).map { _ in
        Task { await failure { try await channel.echo("x", of: Echo.park) } }
      }
      await echo.parked.arrivals(5)
      let other = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
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
    var limits = RPCLimits.patient
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
    var limits = RPCLimits.patient
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

  @Test("a connection that leaves its replies lying gets no more; another one does")
  func overfull() async throws {
    var limits = RPCLimits.patient
    limits.queuedBytes = 100_000
    try await withChannel(limits: limits) { channel, server in
      try await FrameClient.run(port: server.port) { peer in
        let noWindow = Frame(type: 4, flags: 0, stream: 0, payload: [0, 4, 0, 0, 0, 0])
        let acknowledged = Frame(type: 4, flags: 1, stream: 0, payload: [])
        let fields = [("content-type", "application/grpc"), ("te", "trailers")]
        _ = await peer.send(Frame.preface + noWindow.bytes + acknowledged.bytes)
        for id in stride(from: UInt32(1), to: 13, by: 2) {
          let body = framed([UInt8](repeating: 1, count: 30_000))
          _ = await peer.send(
            Frame.headers(id, path: "/test.Echo/Unary", extra: fields).bytes
              + Frame.data(id, Array(body.prefix(16_000))).bytes
              + Frame.data(id, Array(body.dropFirst(16_000)), end: true).bytes)
          // The headers of a reply say that it lies queued. Four make more than 100,000 bytes; the
          // fifth call is refused by its headers.
          while let frame = try await peer.next() {
            guard frame.type == 1, frame.stream == id else { continue }
            #expect(frame.flags & 1 == (id >= 9 ? 1 : 0))
            break
          }
        }
        #expect(server.metrics.callsFailed == 2)
        _ = try await channel.echo("x")
      }
      // The budget is given back with the connection.
      while server.metrics.connectionsOpen > 1 { await Task.yield() }
      for _ in 0..<10 { _ = try await channel.echo(Bytes(count: 90_000)) }
    }
  }

  @Test("streams of a connection that has its fill wait until their last message is taken")
  func overfullStreams() async throws {
    let echo = Echo()
    var limits = RPCLimits.patient
    limits.queuedBytesPerConnection = 20_000
    try await withServer(echo, limits: limits) { server in
      try await FrameClient.run(port: server.port) { peer in
        let noWindow = Frame(type: 4, flags: 0, stream: 0, payload: [0, 4, 0, 0, 0, 0])
        let acknowledged = Frame(type: 4, flags: 1, stream: 0, payload: [])
        let fields = [("content-type", "application/grpc"), ("te", "trailers")]
        _ = await peer.send(
          Frame.preface + noWindow.bytes + acknowledged.bytes
            + Frame.headers(1, path: "/test.Echo/Many", extra: fields).bytes
            + Frame.data(1, framed(Array("100x1000".utf8)), end: true).bytes)
        // The 20th message passes the bound, its writer waits.
        await echo.written.reaches(19)
        _ = await peer.send(Frame.ping().bytes)
        while let frame = try await peer.next(), !(frame.type == 6 && frame.flags == 1) {}
        #expect(echo.written.value == 19)
        // Window for all of it, in two steps: the writer goes on when nothing is left.
        _ = await peer.send(Frame.windowUpdate(1, by: 20_000).bytes)
        _ = await peer.send(Frame.windowUpdate(1, by: 1_000_000).bytes)
        var bytes = 0
        while let frame = try await peer.next(), !(frame.type == 1 && frame.flags & 1 == 1) {
          if frame.type == 0 { bytes += frame.length }
          if frame.type == 0, bytes >= 50_000, bytes - frame.length < 50_000 {
            _ = await peer.send(Frame.windowUpdate(0, by: 1_000_000).bytes)
          }
        }
        #expect(bytes == 100 * 1005)
      }
    }
  }

  @Test("connections are bounded")
  func connections() async throws {
    var limits = RPCLimits.patient
    limits.maxConnections = 1
    try await withChannel(limits: limits) { channel, server in
      _ = try await channel.echo("x")
      let other = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
      #expect(await failure { try await other.echo("x") }?.code == .unavailable)
      await other.close()
      _ = try await channel.echo("still here")
    }
  }

  @Test("a connection that is lost cancels its handlers")
  func connectionLost() async throws {
    let echo = Echo()
    try await withServer(echo) { server in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
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
