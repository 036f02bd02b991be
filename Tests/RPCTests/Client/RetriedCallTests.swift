import Synchronization
import Testing

@testable import RPC

/// Calls that are sent more than once, as server and caller see it. Time stands still but where a
/// test moves it.
@Suite("Retried calls")
struct RetriedCallTests {
  private static func method(
    _ name: String, _ shape: MethodDescriptor.Shape,
    _ idempotency: MethodDescriptor.Idempotency = .idempotent
  ) -> MethodDescriptor {
    MethodDescriptor(service: "test.Flaky", name: name, shape: shape, idempotency: idempotency)
  }

  private static let ask = method("Ask", .unary)
  private static let act = method("Act", .unary, .unknown)
  private static let list = method("List", .serverStreaming)
  private static let sum = method("Sum", .clientStreaming)
  private static let chat = method("Chat", .bidirectional)

  /// Fails the first attempts; notes what each says of those before it.
  private final class Flaky: Sendable {
    let attempts = Mutex<[Int]>([])
    private let failures: Int
    private let error: RPCError

    init(failures: Int, _ error: RPCError = RPCError(.unavailable, "not now")) {
      self.failures = failures
      self.error = error
    }

    func enter(_ context: CallContext) throws {
      let count = attempts.withLock { attempts in
        attempts.append(context.previousAttempts)
        return attempts.count
      }
      if count <= failures { throw error }
    }

    var seen: [Int] { attempts.withLock { $0 } }

    var router: Router {
      var router = Router()
      for method in [ask, act] {
        router.unary(method) { [self] (request: Bytes, context) -> Bytes in
          try enter(context)
          return request
        }
      }
      router.serverStreaming(list) {
        [self] (request: Bytes, writer: ResponseWriter<Bytes>, context) in
        if request == "late" { try await writer.write("one") }
        try enter(context)
        try await writer.write("two")
      }
      router.clientStreaming(sum) { [self] (requests: RequestStream<Bytes>, context) -> Bytes in
        var sum = 0
        for try await request in requests {
          sum += request.bytes.count
          if sum > 2 { try enter(context) }
        }
        return Bytes("\(sum)")
      }
      router.bidirectional(chat) {
        [self] (requests: RequestStream<Bytes>, writer: ResponseWriter<Bytes>, context) in
        var isFirst = true
        for try await request in requests {
          if isFirst { try enter(context) }
          isFirst = false
          try await writer.write(request)
        }
      }
      return router
    }
  }

  private let pacemaker = ManualPacemaker()

  /// A channel to the service whose pauses the test has to end.
  private func with<R>(
    _ flaky: Flaky, limits: RPCLimits = RPCLimits.patient, retry: RetryPolicy = RetryPolicy(),
    _ body: (RPCClient) async throws -> R
  ) async throws -> R {
    let server = try await RPCServer.start(
      flaky.router, on: [.tcp(host: "127.0.0.1", port: 0)], threads: 1)
    let channel = RPCClient(
      server.endpoints, limits: limits, retry: retry, resolver: Resolver(), pacemaker: pacemaker)
    let result: Result<R, any Error>
    do { result = .success(try await body(channel)) } catch { result = .failure(error) }
    await channel.close()
    await server.shutDown(grace: .zero)
    return try result.get()
  }

  /// Runs `body` while every pause is over as soon as it began.
  private func hurried<R: Sendable>(
    _ body: @escaping @Sendable () async throws -> R
  ) async throws -> R {
    let hurry = Task { [pacemaker] in
      for count in 1... {
        await pacemaker.alarmsSet.reaches(count)
        if Task.isCancelled { return }
        pacemaker.advance(by: .seconds(60))
      }
    }
    defer {
      hurry.cancel()
      // Wakes it up to see that.
      pacemaker.alarmsSet.add()
    }
    return try await body()
  }

  @Test("an idempotent call is repeated until it succeeds, and says how often it was before")
  func repeated() async throws {
    let flaky = Flaky(failures: 3)
    try await with(flaky) { channel in
      let reply = try await hurried { try await channel.echo("x", of: Self.ask) }
      #expect(reply.message == "x")
    }
    #expect(flaky.seen == [0, 1, 2, 3])
    #expect(pacemaker.pauses == [.milliseconds(100), .milliseconds(200), .milliseconds(400)])
  }

  @Test("a call that may do harm twice is not, unless it carries a key")
  func keys() async throws {
    let flaky = Flaky(failures: 1)
    try await with(flaky) { channel in
      #expect(await failure { try await channel.echo("x", of: Self.act) }?.code == .unavailable)
    }
    #expect(flaky.seen == [0])
    let keyed = Flaky(failures: 1)
    try await with(keyed) { channel in
      _ = try await hurried {
        try await channel.echo("x", of: Self.act, ["idempotency-key": "k"])
      }
    }
    #expect(keyed.seen == [0, 1])
  }

  @Test("attempts end, with the last error; the call's own policy counts")
  func ends() async throws {
    let flaky = Flaky(failures: .max)
    try await with(flaky) { channel in
      let error = try await hurried { await failure { try await channel.echo("x", of: Self.ask) } }
      #expect(error?.code == .unavailable && error?.message == "not now")
      #expect(flaky.seen.count == 4)
      let once = await failure {
        let _: Reply<Bytes> = try await channel.unary(
          Self.ask, Bytes("x"), options: CallOptions(retry: RetryPolicy.none))
      }
      #expect(once?.code == .unavailable && flaky.seen.count == 5)
    }
  }

  @Test("a server says when to come again, or never")
  func pushback() async throws {
    let told = Flaky(
      failures: 1,
      RPCError(.resourceExhausted, "full", retryPushback: .after(.milliseconds(1500))))
    try await with(told) { channel in
      _ = try await hurried { try await channel.echo("x", of: Self.ask) }
    }
    #expect(pacemaker.pauses == [.milliseconds(1500)])
    let never = Flaky(failures: 1, RPCError(.unavailable, "gone", retryPushback: .never))
    try await with(never) { channel in
      let error = await failure { try await channel.echo("x", of: Self.ask) }
      #expect(error?.retryPushback == .never)
    }
    #expect(never.seen == [0])
  }

  @Test("an overloaded server says when to come again")
  func overload() async throws {
    let echo = Echo()
    for isWhole in [false, true] {
      var limits = RPCLimits.patient
      if isWhole { limits.maxHandlers = 0 } else { limits.maxHandlersPerConnection = 0 }
      try await withServer(echo, limits: limits) { server in
        let client = try await PlainClient.connect(to: server.port)
        let answer = await client.exchange(PlainClient.fields(Echo.unary.path), [framed([1])])
        #expect(answer.status == (isWhole ? .unavailable : .resourceExhausted))
        #expect(answer.blocks.last?["grpc-retry-pushback-ms"] == "200")
        client.close()
      }
    }
  }

  @Test("a stream is repeated before its first headers, not after")
  func committed() async throws {
    let early = Flaky(failures: 2)
    try await with(early) { channel in
      let messages = try await hurried {
        let stream: ResponseStream<Bytes> = try await channel.serverStreaming(
          Self.list, Bytes("early"), options: CallOptions())
        return try await stream.reduce(into: [String]()) { $0.append($1.text) }
      }
      #expect(messages == ["two"])
    }
    #expect(early.seen == [0, 1, 2])
    let late = Flaky(failures: 2)
    try await with(late) { channel in
      let stream: ResponseStream<Bytes> = try await channel.serverStreaming(
        Self.list, Bytes("late"), options: CallOptions())
      var iterator = stream.makeAsyncIterator()
      #expect(try await iterator.next() == "one")
      let error = await failure { _ = try await iterator.next() }
      #expect(error?.code == .unavailable)
    }
    #expect(late.seen == [0])
  }

  @Test("a streaming request is sent again from its first message on")
  func replays() async throws {
    let flaky = Flaky(failures: 2)
    try await with(flaky) { channel in
      let reply = try await hurried {
        try await channel.clientStreaming(
          Self.sum, options: CallOptions()
        ) { (writer: RequestWriter<Bytes>) in
          for size in 1...5 { try await writer.write(Bytes(count: size)) }
        } as Reply<Bytes>
      }
      #expect(reply.message == "15")
    }
    // The handler that succeeds enters once for each message from the second on.
    #expect(flaky.seen.prefix(3) == [0, 1, 2])
    let chatty = Flaky(failures: 2)
    try await with(chatty) { channel in
      let messages = try await hurried {
        let stream: ResponseStream<Bytes> = try await channel.bidirectional(
          Self.chat, options: CallOptions()
        ) { (writer: RequestWriter<Bytes>) in
          for text in ["a", "b", "c"] { try await writer.write(Bytes(text)) }
        }
        return try await stream.reduce(into: [String]()) { $0.append($1.text) }
      }
      #expect(messages == ["a", "b", "c"])
    }
    #expect(chatty.seen == [0, 1, 2])
  }

  @Test("a streaming request that is too large to keep is sent once")
  func tooLargeToKeep() async throws {
    var limits = RPCLimits.patient
    limits.replayBytes = 100
    let flaky = Flaky(failures: 1)
    try await with(flaky, limits: limits) { channel in
      let error = await failure {
        let _: Reply<Bytes> = try await channel.clientStreaming(
          Self.sum, options: CallOptions()
        ) { (writer: RequestWriter<Bytes>) in try await writer.write(Bytes(count: 101)) }
      }
      #expect(error?.code == .unavailable)
    }
    #expect(flaky.seen == [0])
  }

  @Test("a pause that would outlast the deadline is not begun")
  func deadline() async throws {
    let flaky = Flaky(
      failures: 1, RPCError(.unavailable, "later", retryPushback: .after(.seconds(100))))
    try await with(flaky) { channel in
      let error = await failure {
        try await channel.echo("x", of: Self.ask, timeout: .seconds(99))
      }
      #expect(error?.code == .unavailable && error?.message == "later")
    }
    #expect(pacemaker.pauses.isEmpty)
  }

  @Test("cancelling ends the pause")
  func cancelled() async throws {
    let flaky = Flaky(failures: 1)
    try await with(flaky) { channel in
      let call = Task { await failure { try await channel.echo("x", of: Self.ask) } }
      await pacemaker.alarmsSet.reaches(1)
      call.cancel()
      #expect(await call.value?.code == .cancelled)
    }
    #expect(flaky.seen == [0])
  }

  @Test("a channel whose calls keep failing stops repeating them")
  func throttled() async throws {
    let flaky = Flaky(failures: .max)
    try await with(flaky) { channel in
      try await hurried {
        for _ in 0..<5 { _ = await failure { try await channel.echo("x", of: Self.ask) } }
      }
      // Ten tokens: 4 attempts, then one more and the rest of the calls once each.
      #expect(flaky.seen.count == 4 + 1 + 3)
    }
  }

  @Test("a refused stream is sent again at once, and does not count as an attempt")
  func refusedStream() async throws {
    let requests = Mutex<[UInt32]>([])
    let script = FrameServer.answering { stream in
      let count = requests.withLock { requests in
        requests.append(stream)
        return requests.count
      }
      guard count == 2 else { return [.reset(stream, code: 7)] }
      return [
        .block(stream, FrameServer.ok), .data(stream, framed([7])),
        .block(stream, [("grpc-status", "0")], end: true),
      ]
    }
    try await FrameServer.run(script) { port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
      let reply = try await channel.echo("x", of: Self.act)
      #expect(reply.message.bytes == [7])
      await channel.close()
    }
    #expect(requests.withLock { $0 } == [1, 3])
  }

  @Test("a stream that is always refused ends after the third time")
  func alwaysRefused() async throws {
    let count = Counter()
    let script = FrameServer.answering { stream in
      count.add()
      return [.reset(stream, code: 7)]
    }
    try await FrameServer.run(script) { port in
      let channel = RPCClient(.tcp(host: "127.0.0.1", port: port), limits: .patient)
      let error = await failure { try await channel.echo("x", of: Self.act) }
      #expect(error?.code == .unavailable && error?.message == "the server refused the call")
      await channel.close()
    }
    #expect(count.value == 3)
  }
}
