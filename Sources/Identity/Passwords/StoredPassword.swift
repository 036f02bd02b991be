package import Values

/// A person's password, and how often it was missed.
package struct StoredPassword: Hashable, Sendable {
  package var hash: PasswordHash
  /// Nothing but a change is to be done with it.
  package var mustChange: Bool
  package var changedAt: Instant
  /// Attempts that failed since the last that did not: those from `network`, or from all that are
  /// strange to the person together.
  package var failures: Int
  /// Until when every attempt from there is refused; nil for no wait.
  package var lockedUntil: Instant?
  /// The network from which somebody tries, if the person has logged in there before. So a stranger
  /// elsewhere keeps nobody out.
  package var network: String?
}

extension StoredPassword {
  /// Attempts before there is a wait.
  package static let freeFailures = 5
  /// Seconds of the first wait and of the longest.
  package static let waits: ClosedRange<Int64> = 30...3_600

  package func isLocked(at now: Instant) -> Bool { lockedUntil.map { now < $0 } ?? false }

  /// Counts an attempt that failed: from the fifth on each one doubles the wait. Whoever waits is
  /// refused without being counted, or a stranger could keep a person out for good.
  mutating func fail(at now: Instant) {
    failures += 1
    let extra = failures - Self.freeFailures
    guard extra >= 0 else { return }
    let wait = min(Self.waits.lowerBound << Int64(min(extra, 20)), Self.waits.upperBound)
    lockedUntil = now.adding(seconds: wait)
  }

  mutating func succeed() {
    failures = 0
    lockedUntil = nil
  }
}
