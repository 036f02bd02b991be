/// Pauses that grow from one failure to the next, each a little off by chance so that clients that
/// failed together do not come back together.
struct Backoff: Sendable {
  private let initial: Duration
  private let maximum: Duration
  private let multiplier: Double
  private var next: Duration

  /// A fifth, as in connection-backoff.md and gRFC A6.
  private static let jitter = 0.2

  /// 1.6 is the multiplier of connection-backoff.md.
  init(initial: Duration, maximum: Duration, multiplier: Double = 1.6) {
    self.initial = initial
    self.maximum = maximum
    self.multiplier = multiplier
    self.next = min(initial, maximum)
  }

  /// The pause after one more failure; `chance` is in 0 ..< 1.
  mutating func pause(chance: Double) -> Duration {
    defer { next = min(next * multiplier, maximum) }
    return next * (1 + Backoff.jitter * (2 * chance - 1))
  }

  /// It worked: the next failure is a first one again.
  mutating func reset() { next = min(initial, maximum) }
}
