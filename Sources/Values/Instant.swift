/// A point on the UTC time line, to the microsecond.
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Microseconds since 1970-01-01T00:00:00Z.
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package func adding(seconds: Int64) -> Instant {
    Instant(microseconds: microseconds + seconds * 1_000_000)
  }

  /// Reads RFC 3339 with any offset, "2026-11-21T12:15:00.5+08:00", to the microsecond; nil for
  /// anything else.
  package init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, let day = Day(text.prefix(10)), bytes[10] | 0x20 == UInt8(ascii: "t"),
      bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
      let hour = number(bytes[11..<13], below: 24), let minute = number(bytes[14..<16], below: 60),
      let second = number(bytes[17..<19], below: 60)
    else { return nil }
    var rest = bytes[19...]
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      let digits = rest.dropFirst().prefix { (48...57).contains($0) }
      guard !digits.isEmpty, let value = number(digits.prefix(6), below: 1_000_000) else {
        return nil
      }
      fraction = (min(digits.count, 6)..<6).reduce(value) { value, _ in value * 10 }
      rest = rest.dropFirst(1 + digits.count)
    }
    guard let offset = Self.secondsEast(Array(rest)) else { return nil }
    let ofDay = Int64(hour * 3600 + minute * 60 + second - offset)
    self.init(
      microseconds: Int64(day.daysSinceEpoch) * Self.microsecondsPerDay + ofDay * 1_000_000
        + Int64(fraction))
  }

  /// Of "Z" or "+08:00".
  private static func secondsEast(_ zone: [UInt8]) -> Int? {
    if zone.count == 1, zone[0] | 0x20 == UInt8(ascii: "z") { return 0 }
    guard zone.count == 6, zone[3] == UInt8(ascii: ":"), let hour = number(zone[1..<3], below: 24),
      let minute = number(zone[4..<6], below: 60)
    else { return nil }
    switch zone[0] {
    case UInt8(ascii: "+"): return hour * 3600 + minute * 60
    case UInt8(ascii: "-"): return -(hour * 3600 + minute * 60)
    default: return nil
    }
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

/// Of ASCII digits alone.
private func number(_ digits: ArraySlice<UInt8>, below bound: Int) -> Int? {
  guard digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
  let value = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
  return value < bound ? value : nil
}
