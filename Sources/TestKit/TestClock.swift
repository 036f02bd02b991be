private import Synchronization
package import Values

/// A clock that stands still until a test moves it.
package final class TestClock: Sendable {
  private let instant: Mutex<Instant>

  /// Begins on 2026-03-02 at 09:00 in Shanghai, a Monday.
  package init() {
    instant = Mutex(Instant(microseconds: 1_772_413_200_000_000))
  }

  package var now: Instant { instant.withLock { $0 } }

  package func advance(days: Int64 = 0, seconds: Int64 = 0) {
    instant.withLock { $0 = $0.adding(seconds: days * 86_400 + seconds) }
  }
}
