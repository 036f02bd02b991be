import Testing

@testable import RPC

@Suite("Retries")
struct RetriesTests {
  private func retries(
    _ change: (inout RetryPolicy) -> Void = { _ in }, mayRepeat: Bool = true,
    throttle: RetryThrottle? = nil
  ) -> Retries {
    var policy = RetryPolicy()
    change(&policy)
    return Retries(policy, mayRepeat: mayRepeat, throttle: throttle ?? RetryThrottle(policy))
  }

  private func failure(
    _ code: RPCError.Code = .unavailable, _ pushback: RetryPushback? = nil,
    _ progress: CallFailure.Progress = .processed, isCommitted: Bool = false
  ) -> CallFailure {
    var failure = CallFailure(RPCError(code, "", retryPushback: pushback), progress)
    failure.isCommitted = isCommitted
    return failure
  }

  @Test("pauses double up to the longest, and attempts end")
  func pauses() {
    var retries = retries { policy in
      policy.maxAttempts = 5
      policy.maxPause = .milliseconds(300)
    }
    let pauses = (0..<4).map { _ in retries.verdict(on: failure(), chance: 0.5) }
    #expect(
      pauses == [100, 200, 300, 300].map { .again(after: .milliseconds($0)) })
    #expect(retries.verdict(on: failure(), chance: 0.5) == .giveUp)
    #expect(retries.made == 5)
  }

  @Test("never more than five attempts")
  func atMostFive() {
    var retries = retries { policy in
      policy.maxAttempts = 100
      policy.throttleTokens = 0
    }
    var made = 1
    while retries.verdict(on: failure(), chance: 0.5) != .giveUp { made += 1 }
    #expect(made == 5)
  }

  @Test(
    "what is not repeated",
    arguments: [
      (.internal, nil, true, false), (.deadlineExceeded, nil, true, false),
      (.resourceExhausted, nil, true, false), (.unavailable, nil, false, false),
      (.unavailable, nil, true, true), (.unavailable, .never, true, false),
      (.internal, .after(.zero), true, false),
    ] as [(RPCError.Code, RetryPushback?, Bool, Bool)])
  func giveUp(code: RPCError.Code, pushback: RetryPushback?, mayRepeat: Bool, isCommitted: Bool) {
    var retries = retries(mayRepeat: mayRepeat)
    let failure = failure(code, pushback, isCommitted: isCommitted)
    #expect(retries.verdict(on: failure, chance: 0.5) == .giveUp)
  }

  @Test("the server's pushback replaces the pause, and the next begins anew")
  func pushback() {
    var retries = retries()
    _ = retries.verdict(on: failure(), chance: 0.5)
    let told = failure(.resourceExhausted, .after(.seconds(7)))
    #expect(retries.verdict(on: told, chance: 0.5) == .again(after: .seconds(7)))
    #expect(retries.verdict(on: failure(), chance: 0.5) == .again(after: .milliseconds(100)))
  }

  @Test("what no handler saw is sent again at once, whatever the policy, but not for ever")
  func transparent() {
    var retries = retries({ $0 = .none }, mayRepeat: false)
    let refused = failure(.unavailable, nil, .unprocessed)
    for _ in 0..<2 { #expect(retries.verdict(on: refused, chance: 0.5) == .again(after: .zero)) }
    #expect(retries.made == 0)
    #expect(retries.verdict(on: refused, chance: 0.5) == .giveUp)
    let unsent = failure(.unavailable, nil, .unsent)
    for _ in 0..<100 { #expect(retries.verdict(on: unsent, chance: 0.5) == .again(after: .zero)) }
    #expect(retries.verdict(on: unsent, chance: 0.5) == .giveUp)
  }

  @Test("a channel whose calls keep failing stops repeating until enough have succeeded")
  func throttle() {
    var policy = RetryPolicy()
    policy.maxAttempts = 2
    let throttle = RetryThrottle(policy)
    var verdicts: [Bool] = []
    for _ in 0..<6 {
      var retries = retries({ $0 = policy }, throttle: throttle)
      verdicts.append(retries.verdict(on: failure(), chance: 0.5) != .giveUp)
    }
    // Ten tokens; the fifth failure leaves five, which is not more than half.
    #expect(verdicts == [true, true, true, true, false, false])
    for _ in 0..<20 { throttle.succeeded() }
    #expect(throttle.allowsRetries)
    for _ in 0..<1000 { throttle.succeeded() }
    for _ in 0..<5 { throttle.failed() }
    #expect(!throttle.allowsRetries)
  }

  @Test(
    "grpc-retry-pushback-ms",
    arguments: [
      ("0", .after(.zero)), ("250", .after(.milliseconds(250))), ("-1", .never), ("", .never),
      ("soon", .never), ("1.5", .never), ("99999999999", .never),
      ("2147483647", .after(.milliseconds(2_147_483_647))),
    ] as [(String, RetryPushback)])
  func parses(text: String, expected: RetryPushback) {
    let parsed = Array(text.utf8).withUnsafeBytes { RetryPushback($0) }
    #expect(parsed == expected)
    if expected != .never { #expect(parsed.text == text) }
  }
}
