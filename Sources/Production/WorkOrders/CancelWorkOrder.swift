import Inventory
package import Storage
package import Values

/// Calls a work order off that has used nothing yet, with everything that was planned beneath it.
/// What it owes to the line that waits for it is planned anew, by the bill of today; goods that
/// nobody wants any more are cancelled with that line.
package struct CancelWorkOrder: Sendable {
  package let number: String

  package init(number: String) { self.number = number }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> EndedWorkOrder {
    let order = try WorkOrders.require(number: number, in: tx)
    let ended = try Self.callOff(order, in: tx, at: now)
    return EndedWorkOrder(
      workOrder: try PlanReplacement(order: ended.workOrder, hold: order.hold)
        .run(in: tx, at: now),
      verdicts: ended.verdicts)
  }

  /// Promises first, so that nothing that is called off below fills them again.
  static func callOff(
    _ given: WorkOrder, in tx: Transaction, at now: Moment
  ) throws -> EndedWorkOrder {
    var order = given
    try order.become(.cancelled, to: "be cancelled")
    order.isPegged = false
    order.hold = nil
    try WorkOrderTable.update(&order, in: tx)
    tx.record(order.event("work-order.cancelled", [Fact("quantity", order.quantity)]))
    let released = try Reservations.of(order.demand, in: tx)
    try ReleaseReservation(origin: order.demand).run(in: tx, at: now)
    let verdicts = try CancelSupplyFor(origin: order.demand, released: released)
      .run(in: tx, at: now)
    for index in order.components.indices { order.components[index].held = .zero }
    return EndedWorkOrder(workOrder: order, verdicts: verdicts)
  }
}
