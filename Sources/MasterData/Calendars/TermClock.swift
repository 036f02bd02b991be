package import Storage
package import Values

/// What counts of the time until a deadline: all of it, or what the company works.
package struct TermClock: Sendable {
  /// Nil where all counts.
  private let hours: BusinessHours?

  package init(inBusinessHours: Bool, in snapshot: Snapshot) throws {
    hours = inBusinessHours ? try BusinessHours.current(in: snapshot) : nil
  }

  /// Microseconds of it; 0 where the end is not later.
  package func passed(from start: Instant, to end: Instant, _ now: Moment) -> Int64 {
    guard let hours else { return max(0, end.microseconds - start.microseconds) }
    return hours.microseconds(from: start, to: end, secondsEast: now.secondsEast)
  }

  /// When so many microseconds of it have passed.
  package func deadline(after left: Int64, from start: Instant, _ now: Moment) -> Instant {
    guard let hours else { return Instant(microseconds: start.microseconds + left) }
    return hours.instant(
      afterMicroseconds: left, from: start, secondsEast: now.secondsEast)
  }

  /// When a term of so many hours is over that begins now.
  package func deadline(afterHours count: Int, _ now: Moment) -> Instant {
    guard let hours else { return now.instant.adding(seconds: Int64(count) * 3_600) }
    return hours.instant(afterHours: count, from: now)
  }
}
