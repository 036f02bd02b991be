package import Values

/// A step of a work order.
package struct WorkOrderOperation: Hashable, Sendable {
  /// Position, from 1; steps are finished in this order.
  package internal(set) var sequence: Int
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
  /// The rework that it came with; 0 for a step that was planned at first.
  package internal(set) var rework = 0
  /// A rework has made it count for nothing: its minutes and their cost stay.
  package internal(set) var isDropped = false

  /// It is still to be done.
  package var isOpen: Bool { !isDone && !isDropped }

  /// What is still to be worked of what was planned.
  package var minutesToCome: Quantity {
    isOpen ? max(.zero, Quantity(micros: plannedMinutes.micros - reportedMinutes.micros)) : .zero
  }

  /// Something was reported about it.
  var isReported: Bool { isDone || reportedMinutes.isPositive }

  /// The same is done, at the same place and for as long.
  func isSame(as other: WorkOrderOperation) -> Bool {
    name == other.name && workCentreCode == other.workCentreCode
      && plannedMinutes == other.plannedMinutes && isInspection == other.isInspection
  }

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

  static let hour = Quantity(micros: 60_000_000)
}
