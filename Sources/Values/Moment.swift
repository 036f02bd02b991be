/// When a command happens: one instant for the whole transaction, and the calendar day it falls on
/// at the company's site. Verbs take it as an argument and never ask a clock.
package struct Moment: Hashable, Sendable {
  package let instant: Instant
  /// The local date at the site: what is printed on an invoice.
  package let day: Day
  /// How far the site's clocks are ahead of UTC at this moment.
  package let secondsEast: Int64

  package init(instant: Instant, day: Day, secondsEast: Int64 = 0) {
    self.instant = instant
    self.day = day
    self.secondsEast = secondsEast
  }
}
