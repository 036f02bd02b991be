internal import Synchronization

/// When a call that failed is sent again (gRFC A6).
///
/// Applies to calls that may be repeated: of methods that their .proto file marks `NO_SIDE_EFFECTS`
/// or `IDEMPOTENT`, and those that carry the metadata `idempotency-key`. It ends with the first
/// response headers: what the caller may have seen is not taken back. Calls that no handler saw by
/// the server's word are sent again whatever the policy. Where no server can be reached at all, it
/// is `CallOptions.waitsForReady` that waits.
public struct RetryPolicy: Hashable, Sendable {
  /// Attempts in all, the first included; 5 at most. 1 for no retries.
  public var maxAttempts = 4
  /// Before the second attempt; give or take a fifth.
  public var initialPause: Duration = .milliseconds(100)
  /// Before any attempt.
  public var maxPause: Duration = .seconds(2)
  /// How much longer each pause is than the one before.
  public var multiplier = 2.0
  /// What is worth another attempt.
  public var codes: Set<RPCError.Code> = [.unavailable]
  /// What is worth another attempt only when the server says after how long
  /// (`grpc-retry-pushback-ms`), as Joinery does when its queues are full.
  public var codesWithPushback: Set<RPCError.Code> = [.resourceExhausted]
  /// A channel whose calls keep failing stops to repeat them, so that retries do not keep a server
  /// down: each failure takes one token, each success gives `throttleRatio` back, and there are no
  /// retries while half of these or less is left. Of the channel's own policy; 0 for no throttle.
  public var throttleTokens = 10.0
  public var throttleRatio = 0.1

  public init() {}

  /// Every call once.
  public static let none: RetryPolicy = {
    var policy = RetryPolicy()
    policy.maxAttempts = 1
    return policy
  }()
}

/// What a server says about when to come again (`grpc-retry-pushback-ms`).
public enum RetryPushback: Hashable, Sendable {
  case after(Duration)
  case never
}

/// The tokens of one channel, see `RetryPolicy.throttleTokens`.
final class RetryThrottle: Sendable {
  private let maximum: Double
  private let ratio: Double
  private let tokens: Mutex<Double>

  init(_ policy: RetryPolicy) {
    maximum = policy.throttleTokens
    ratio = policy.throttleRatio
    tokens = Mutex(policy.throttleTokens)
  }

  var allowsRetries: Bool { maximum <= 0 || tokens.withLock { $0 > maximum / 2 } }

  func succeeded() {
    tokens.withLock { if $0 < maximum { $0 = min($0 + ratio, maximum) } }
  }

  func failed() { tokens.withLock { $0 = max($0 - 1, 0) } }
}

/// Decides what follows a failed attempt of one call.
struct Retries {
  enum Verdict: Equatable {
    case giveUp
    case again(after: Duration)
  }

  /// Attempts that a handler may have seen: `grpc-previous-rpc-attempts` of the next.
  private(set) var made = 0

  private let policy: RetryPolicy
  private let mayRepeat: Bool
  private let throttle: RetryThrottle
  private var backoff: Backoff
  /// A server that refused a call so often will do so again.
  private var unprocessed = 2
  /// To end a connection is a server's good right, as when it gets too old; one that ends every
  /// connection at once is no server.
  private var unsent = 100

  /// `mayRepeat`: carrying the call out twice does no harm.
  init(_ policy: RetryPolicy, mayRepeat: Bool, throttle: RetryThrottle) {
    self.policy = policy
    self.mayRepeat = mayRepeat
    self.throttle = throttle
    self.backoff = Backoff(
      initial: policy.initialPause, maximum: policy.maxPause, multiplier: policy.multiplier)
  }

  mutating func verdict(on failure: CallFailure, chance: Double) -> Verdict {
    guard !failure.isCommitted else { return .giveUp }
    switch failure.progress {
    case .unprocessed where unprocessed > 0:
      unprocessed -= 1
      return .again(after: .zero)
    case .unsent where unsent > 0:
      unsent -= 1
      return .again(after: .zero)
    case .processed, .unprocessed, .unsent: break
    }
    return verdict(by: failure.error, chance)
  }

  private mutating func verdict(by error: RPCError, _ chance: Double) -> Verdict {
    let pushback = error.retryPushback
    let isTransient =
      policy.codes.contains(error.code)
      || policy.codesWithPushback.contains(error.code) && pushback != nil
    made += 1
    guard isTransient || pushback == .never else { return .giveUp }
    throttle.failed()
    guard isTransient, mayRepeat, made < min(policy.maxAttempts, 5), throttle.allowsRetries else {
      return .giveUp
    }
    switch pushback {
    case .never: return .giveUp
    case .after(let pause):
      // The server knows better; what comes after it begins anew.
      backoff.reset()
      return .again(after: pause)
    case nil: return .again(after: backoff.pause(chance: chance))
    }
  }
}
