import Testing

@testable import RPC

@Suite("What a server counts")
struct MetricsTests {
  @Test("calls by method, status and duration; those of no method in the totals only")
  func byMethod() async throws {
    try await withChannel { channel, server in
      for _ in 0..<3 { _ = try await channel.echo("x") }
      _ = await failure { try await channel.echo("no", of: Echo.fail) }
      _ = await failure { try await channel.echo("x", of: Echo.unknown) }
      let metrics = server.metrics
      #expect(metrics.callsSucceeded == 3)
      #expect(metrics.callsFailed == 2)
      let unary = try #require(metrics.methods.first { $0.method == Echo.unary })
      #expect(unary.codes[RPCError.Code.ok.rawValue] == 3)
      #expect(unary.codes.reduce(0, +) == 3)
      #expect(unary.durations.reduce(0, +) == 3)
      #expect(unary.totalDuration > .zero)
      let fail = try #require(metrics.methods.first { $0.method == Echo.fail })
      #expect(fail.codes[RPCError.Code.failedPrecondition.rawValue] == 1)
      #expect(metrics.methods.map { $0.codes.reduce(0, +) }.reduce(0, +) == 4)
    }
  }

  @Test("durations go where they belong, on the bound still below it")
  func buckets() {
    let counters = LoopCounters(methods: 2)
    counters.callEnded(1, .ok, nanoseconds: 500_000)
    counters.callEnded(1, .ok, nanoseconds: 500_001)
    counters.callEnded(1, .aborted, nanoseconds: 60_000_000_000)
    var metrics = ServerMetrics()
    metrics.methods = [MethodMetrics(Echo.unary), MethodMetrics(Echo.fail)]
    counters.add(to: &metrics)
    #expect(metrics.methods[0].codes.allSatisfy { $0 == 0 })
    let counted = metrics.methods[1]
    #expect(counted.durations == [1, 1] + [Int](repeating: 0, count: 12) + [1])
    #expect(counted.codes[0] == 2 && counted.codes[RPCError.Code.aborted.rawValue] == 1)
    #expect(counted.totalDuration == .nanoseconds(60_001_000_001))
  }

  @Test("new bounds hold for a connection that is open already, and for new ones")
  func newLimits() async throws {
    var limits = RPCLimits.patient
    try await withChannel(limits: limits) { channel, server in
      _ = try await channel.echo("1234567890")
      limits.maxReceiveMessageBytes = 9
      limits.maxConnections = 1
      await server.use(limits)
      #expect(await failure { try await channel.echo("1234567890") }?.code == .resourceExhausted)
      _ = try await channel.echo("123456789")
      let other = RPCClient(.tcp(host: "127.0.0.1", port: server.port), limits: .patient)
      #expect(await failure { try await other.echo("x") }?.code == .unavailable)
      await other.close()
    }
  }
}
