package import Values

/// What became of a supply whose demand changed or went away. Cancelling an order asks every supply
/// below it, on all levels, and tells the answers (complaint 7 of DOMAIN).
package struct SupplyVerdict: Hashable, Sendable {
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    /// It will not come.
    case cancelled = "CANCELLED"
    /// Less of it will come.
    case reduced = "REDUCED"
    /// It comes, or is here, and goes to whoever needs it next.
    case keptAsStock = "KEPT_AS_STOCK"
    /// It can neither be stopped nor be used for anything else.
    case tooLate = "TOO_LATE"
    /// It is new.
    case planned = "PLANNED"
    /// It comes for another day.
    case rescheduled = "RESCHEDULED"
    /// It had begun and was stopped: what was put into it is lost.
    case scrapped = "SCRAPPED"
    /// It had begun and becomes what is wanted now.
    case reworked = "REWORKED"
  }

  /// What becoming something else makes of what is still to be done, and of the cost.
  package struct Rework: Hashable, Sendable {
    /// Planned and not yet worked.
    package let minutesBefore: Quantity
    package let minutesAfter: Quantity
    /// What it will have cost in all, by what is known today; nil where nobody knows.
    package let costBefore: Money?
    package let costAfter: Money?

    package init(
      minutesBefore: Quantity, minutesAfter: Quantity, costBefore: Money?, costAfter: Money?
    ) {
      self.minutesBefore = minutesBefore
      self.minutesAfter = minutesAfter
      self.costBefore = costBefore
      self.costAfter = costAfter
    }
  }

  package let document: DocumentReference
  package let outcome: Outcome
  /// Why, in one sentence.
  package let text: String
  /// What was already spent on it; nil for nothing.
  package let sunkCost: Money?
  /// Nil unless it is reworked.
  package let rework: Rework?

  package init(
    _ document: DocumentReference, _ outcome: Outcome, text: String, sunkCost: Money? = nil,
    rework: Rework? = nil
  ) {
    self.document = document
    self.outcome = outcome
    self.text = text
    self.sunkCost = sunkCost
    self.rework = rework
  }
}
