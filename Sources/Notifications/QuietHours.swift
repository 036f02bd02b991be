import MasterData
import Values

/// Hours of a day at the company's site in which nobody wants to be disturbed.
package struct QuietHours: Hashable, Sendable {
  /// Minutes of a day; until the next day where the end is not after the beginning.
  package let from: Int
  package let until: Int

  package init(from: Int, until: Int) {
    self.from = from
    self.until = until
  }

  private static let minutesOfDay = 1_440

  /// The first moment that is not quiet, from `instant` on.
  func end(after instant: Instant, secondsEast: Int64) -> Instant {
    let local = instant.adding(seconds: secondsEast)
    let midnight = Int64(local.utcDay.daysSinceEpoch) * 86_400
    let second = local.microseconds / 1_000_000 - midnight
    let minute = Int(second / 60)
    let isQuiet =
      from < until ? (from..<until).contains(minute) : minute >= from || minute < until
    guard isQuiet else { return instant }
    let days: Int64 = minute < until ? 0 : 1
    let end = midnight + days * 86_400 + Int64(until) * 60 - secondsEast
    return Instant(microseconds: end * 1_000_000)
  }

  func check(_ check: inout FieldCheck) {
    check.range(from, "quiet_hours.from_minute", 0...Self.minutesOfDay - 1)
    check.range(until, "quiet_hours.until_minute", 0...Self.minutesOfDay - 1)
    if from == until {
      check.refuse(
        NotificationsRejection.quietAllDay(field: check.path.field("quiet_hours.until_minute")))
    }
  }
}
