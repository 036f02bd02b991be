package import Values

/// A step of a work order.
package struct WorkOrderOperation: Hashable, Sendable {
  /// Position, from 1; steps are finished in this order.
  package let sequence: Int
  package let name: String
  package let workCentreCode: String
  /// Rate of the work centre on the day of planning.
  package let hourlyRate: Money
  package let plannedMinutes: Quantity
  package internal(set) var reportedMinutes: Quantity
  /// What the reported minutes cost.
  package internal(set) var cost: Money
  package internal(set) var isDone: Bool
  /// Its work centre inspected when the work order was planned.
  package let isInspection: Bool

  /// Adds minutes and returns what they cost: rate × all minutes so far, rounded once, less what
  /// the minutes before them cost. So the cost does not depend on how the time is cut into reports.
  mutating func report(_ minutes: Quantity, done: Bool) throws(ArithmeticError) -> Money {
    let total = try reportedMinutes + minutes
    let totalCost = try hourlyRate.allocated(total, of: Self.hour)
    let added = try totalCost - cost
    reportedMinutes = total
    cost = totalCost
    isDone = done
    return added
  }

  private static let hour = Quantity(micros: 60_000_000)
}
