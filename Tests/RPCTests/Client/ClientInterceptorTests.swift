import Synchronization
import Testing

@testable import RPC

@Suite("Client interceptors and deadlines of calls within calls")
struct ClientInterceptorTests {
  private final class Log: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) {
      lines.withLock { $0.append(line) }
    }
  }

  private func interceptor(_ name: String, _ log: Log) -> ClientInterceptor {
    ClientInterceptor(
      name,
      before: { method, options throws(RPCError) in
        log.add("\(name) \(method.name) \(options.metadata["by"] ?? "nobody")")
        if options.metadata["by"] == "thief" { throw RPCError(.unauthenticated, "not you") }
        options.metadata.remove("by")
        options.metadata.add("by", name)
      }, after: { _, outcome in log.add("\(name) \(outcome.code.name)") })
  }

  @Test("run in order before the call and backwards after it; each may change the options")
  func order() async throws {
    let log = Log()
    let channel = InProcessChannel(
      Echo().router,
      interceptors: [
        Interceptor(
          "server", before: { context in log.add("server \(context.metadata["by"] ?? "")") })
      ], clientInterceptors: [interceptor("first", log), interceptor("second", log)])
    _ = try await channel.echo("x")
    #expect(
      log.all == [
        "first Unary nobody", "second Unary first", "server second", "second OK", "first OK",
      ])
    await channel.close()
  }

  @Test("one that throws ends the call before it is sent; those that ran hear of it")
  func refusal() async throws {
    let log = Log()
    let channel = InProcessChannel(
      Echo().router, clientInterceptors: [interceptor("first", log), interceptor("second", log)])
    let error = await failure { try await channel.echo("x", of: Echo.unary, ["by": "thief"]) }
    #expect(error?.code == .unauthenticated)
    #expect(log.all == ["first Unary thief", "first UNAUTHENTICATED"])
    #expect(channel.metrics.callsStarted == 0)
    await channel.close()
  }

  @Test("every shape tells them its end, once")
  func shapes() async throws {
    let ended = Counter()
    let codes = Mutex<[RPCError.Code]>([])
    let channel = InProcessChannel(
      Echo().router,
      clientInterceptors: [
        ClientInterceptor(
          "watch",
          after: { _, outcome in
            codes.withLock { $0.append(outcome.code) }
            ended.add()
          })
      ])
    let many: ResponseStream<Bytes> = try await channel.serverStreaming(
      Echo.many, Bytes("2x1xfail"), options: CallOptions())
    _ = await failure { for try await _ in many {} }
    await ended.reaches(1)
    let _: Reply<Bytes> = try await channel.clientStreaming(
      Echo.sum, options: CallOptions()
    ) { (writer: RequestWriter<Bytes>) in try await writer.write("x") }
    await ended.reaches(2)
    let chat: ResponseStream<Bytes> = try await channel.bidirectional(
      Echo.chat, options: CallOptions()
    ) { (writer: RequestWriter<Bytes>) in try await writer.write("x") }
    for try await _ in chat {}
    await ended.reaches(3)
    #expect(codes.withLock { $0 } == [.dataLoss, .ok, .ok])
    await channel.close()
  }

  /// A server whose handler asks another one; the answer is the time that it had, in hours.
  private func relay(to inner: InProcessChannel, timeout: Duration?) -> InProcessChannel {
    var router = Router()
    router.unary(Echo.unary) { (request: Bytes, context) -> Bytes in
      try await inner.unary(
        Echo.unary, request, options: CallOptions(within: context, timeout: timeout)
      ).message
    }
    return InProcessChannel(router)
  }

  private var clock: InProcessChannel {
    var router = Router()
    router.unary(Echo.unary) { (_: Bytes, context) -> Bytes in
      Bytes(context.deadline.map { "\($0.remaining / .seconds(3600))" } ?? "none")
    }
    return InProcessChannel(router)
  }

  @Test(
    "a handler's own calls get at most the time that it has left",
    arguments: [
      (nil, nil, nil), (20, nil, 20), (nil, 10, 10), (20, 10, 10), (10, 20, 10),
    ] as [(Int?, Int?, Int?)])
  func propagation(outer: Int?, own: Int?, expected: Int?) async throws {
    let inner = clock
    let channel = relay(to: inner, timeout: own.map { .seconds($0 * 3600) })
    let reply = try await channel.echo("x", timeout: outer.map { .seconds($0 * 3600) })
    if let expected {
      let hours = try #require(Double(reply.message.text))
      #expect(hours <= Double(expected) && hours > Double(expected) - 9)
    } else {
      #expect(reply.message == "none")
    }
    await channel.close()
    await inner.close()
  }

  @Test("a handler that is cancelled cancels the calls that it made")
  func cancellation() async throws {
    let echo = Echo()
    let inner = InProcessChannel(echo.router)
    var router = Router()
    router.unary(Echo.unary) { (request: Bytes, context) -> Bytes in
      try await inner.unary(Echo.park, request, options: CallOptions(within: context)).message
    }
    let channel = InProcessChannel(router)
    let call = Task { await failure { try await channel.echo("x") } }
    await echo.parked.arrivals(1)
    call.cancel()
    #expect(await call.value?.code == .cancelled)
    await echo.cancelled.reaches(1)
    await channel.close()
    await inner.close()
  }
}
