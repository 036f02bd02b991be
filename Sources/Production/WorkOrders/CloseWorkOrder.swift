import Finance
import Inventory
package import Purchasing
package import Storage
package import Values

/// A work order at its end, and what became of the supply that it does not need any more.
package struct EndedWorkOrder: Hashable, Sendable {
  package let workOrder: WorkOrder
  package let verdicts: [SupplyVerdict]
}

/// Ends a work order. What is left of its cost is variance; what was reserved for it and not taken
/// is free. A work order that is stopped before all of it came out is short, and what it owes to
/// the line that waits for it is planned anew.
package struct CloseWorkOrder: Sendable {
  package let number: String

  package init(number: String) { self.number = number }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> EndedWorkOrder {
    var order = try WorkOrders.require(number: number, in: tx)
    try order.checkClosable()
    try order.become(.closed, to: "be closed")
    let variance = try order.costs.settle()
    try WorkOrderTable.update(&order, in: tx)
    tx.record(
      order.event(
        "work-order.closed",
        [
          Fact("good", order.good), Fact("scrapped", order.scrapped),
          Fact("material", order.costs.material), Fact("labour", order.costs.labour),
          Fact("variance", variance),
        ]))
    if variance.minor > 0 {
      try PostEntry.productionSettled(
        order.demand, residual: variance, text: "Rest of the cost of \(number)"
      ).run(in: tx, at: now)
    }
    let released = try Reservations.of(order.demand, in: tx)
    try ReleaseReservation(origin: order.demand).run(in: tx, at: now)
    // Supply of a component that was taken has done its work, and there is nothing to say about it.
    let verdicts = try order.components.filter { $0.issued < $0.required }.flatMap {
      try CancelSupplyFor(
        origin: Origin(.workOrder, number, line: $0.line), released: released
      ).run(in: tx, at: now)
    }
    for index in order.components.indices { order.components[index].held = .zero }
    return EndedWorkOrder(
      workOrder: try PlanReplacement(order: order).run(in: tx, at: now), verdicts: verdicts)
  }
}
