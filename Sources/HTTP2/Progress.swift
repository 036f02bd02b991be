/// Whether queued bytes move while the peer decides how fast. Pure; asked from time to time.
///
/// A peer that takes a few bytes now and then holds memory as one does that takes none, so a little
/// is no progress.
struct Progress {
  /// What counts as movement, unless less was queued.
  private static let leastBytes = 1024

  private var since: UInt64?
  private var sent = 0
  private var queued = 0

  /// True when `queued` bytes have waited for the peer for `limit` nanoseconds. `sent` is how many
  /// went out so far; `isBlocked`, whether it is the peer that they wait for.
  mutating func isStuck(
    queued: Int, sent: Int, isBlocked: Bool, now: UInt64, limit: UInt64
  ) -> Bool {
    guard queued > 0, isBlocked else {
      since = nil
      return false
    }
    if let since, sent - self.sent < min(Progress.leastBytes, self.queued) {
      return now - since >= limit
    }
    since = now
    self.sent = sent
    self.queued = queued
    return false
  }
}
