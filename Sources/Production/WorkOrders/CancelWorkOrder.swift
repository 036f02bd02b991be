import Inventory
package import Storage
package import Values

/// Calls a work order off that has used nothing yet, with everything that was planned beneath it.
/// Whoever waits for its output waits for other goods.
package struct CancelWorkOrder: Sendable {
  package let number: String

  package init(number: String) { self.number = number }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> EndedWorkOrder {
    try Self.callOff(try WorkOrders.require(number: number, in: tx), in: tx, at: now)
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
    try ReleaseReservation(origin: order.demand).run(in: tx, at: now)
    try UnpegReservations(supply: order.reference).run(in: tx, at: now)
    let verdicts = try CancelSupplyFor(origin: order.demand).run(in: tx, at: now)
    for index in order.components.indices { order.components[index].held = .zero }
    return EndedWorkOrder(workOrder: order, verdicts: verdicts)
  }
}
