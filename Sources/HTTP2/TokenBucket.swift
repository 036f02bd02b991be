/// Allows `burst` events at once and `perSecond` in the long run. Pure: the clock is asked only
/// when empty.
package struct TokenBucket {
  private let limit: ConnectionLimits.Rate
  private var tokens: Int
  /// When the tokens were last filled up, in nanoseconds; nil until the bucket first ran empty.
  private var filledAt: UInt64?

  package init(_ limit: ConnectionLimits.Rate) {
    self.limit = limit
    self.tokens = limit.burst
  }

  /// Takes one token. False when there is none left at `now` (nanoseconds on a monotonic clock).
  package mutating func take(now: @autoclosure () -> UInt64) -> Bool {
    if tokens == 0 { refill(now()) }
    guard tokens > 0 else { return false }
    tokens -= 1
    return true
  }

  /// Puts one token back, up to the burst.
  package mutating func giveBack() {
    if tokens < limit.burst { tokens += 1 }
  }

  private mutating func refill(_ now: UInt64) {
    guard let last = filledAt else {
      // The first time round the burst is spent and the clock starts.
      filledAt = now
      return
    }
    guard limit.perSecond > 0, now > last else { return }
    let interval = 1_000_000_000 / UInt64(limit.perSecond)
    let earned = (now - last) / max(interval, 1)
    guard earned > 0 else { return }
    tokens = Int(min(earned, UInt64(limit.burst)))
    filledAt = now
  }
}
