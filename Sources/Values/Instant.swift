/// A point on the UTC time line, to the microsecond.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z.
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package func adding(seconds: Int64) -> Instant {
    Instant(microseconds: microseconds + seconds * 1_000_000)
  }

  /// The UTC calendar date; a site's own date takes its zone into account (see `Moment`).
  package var utcDay: Day {
    Day(daysSinceEpoch: Int32(floorDivide(microseconds, Self.microsecondsPerDay)))
  }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.microseconds < right.microseconds
  }

  /// RFC 3339 in UTC: "2026-11-21T04:15:00Z", with a fraction only where there is one.
  package var description: String {
    let rest = microseconds % Self.microsecondsPerDay
    let ofDay = Int(rest < 0 ? rest + Self.microsecondsPerDay : rest)
    let seconds = ofDay / 1_000_000
    let time = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    let fraction = ofDay % 1_000_000
    let tail = fraction == 0 ? "" : "." + padded(fraction, 6)
    return "\(utcDay)T\(time.joined(separator: ":"))\(tail)Z"
  }

  private static let microsecondsPerDay: Int64 = 86_400_000_000
}

private func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
  let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
  return rest < 0 ? quotient - 1 : quotient
}
