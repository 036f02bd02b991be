internal import NIOCore

/// The moment a call must be over, on the monotonic clock: it does not jump when the wall clock
/// does.
public struct Deadline: Hashable, Comparable, Sendable {
  /// Nanoseconds on CLOCK_MONOTONIC, the clock of NIO's event loops.
  let uptimeNanoseconds: UInt64

  init(uptimeNanoseconds: UInt64) { self.uptimeNanoseconds = uptimeNanoseconds }

  /// The moment `timeout` from now; a negative timeout gives a moment that has passed. Saturates at
  /// the clock's end.
  public static func after(_ timeout: Duration) -> Deadline {
    Deadline.after(timeout, from: NIODeadline.now().uptimeNanoseconds)
  }

  static func after(_ timeout: Duration, from now: UInt64) -> Deadline {
    let nanoseconds = max(timeout.saturatingNanoseconds, 0)
    let (sum, overflow) = now.addingReportingOverflow(UInt64(nanoseconds))
    return Deadline(uptimeNanoseconds: overflow ? .max : sum)
  }

  /// What is left; zero once the deadline has passed.
  public var remaining: Duration {
    let now = NIODeadline.now().uptimeNanoseconds
    guard uptimeNanoseconds > now else { return .zero }
    return .nanoseconds(Int64(clamping: uptimeNanoseconds - now))
  }

  /// Whether nothing is left.
  public var hasPassed: Bool { NIODeadline.now().uptimeNanoseconds >= uptimeNanoseconds }

  public static func < (left: Deadline, right: Deadline) -> Bool {
    left.uptimeNanoseconds < right.uptimeNanoseconds
  }
}

extension Duration {
  /// Whole nanoseconds, cut to what Int64 holds (292 years) instead of overflowing.
  var saturatingNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
    return carried ? (seconds < 0 ? .min : .max) : sum
  }
}
