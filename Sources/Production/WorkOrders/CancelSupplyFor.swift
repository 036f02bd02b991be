import Inventory
package import Purchasing
package import Storage
package import Values

/// Withdraws everything that was planned for a demand that went away, on all levels: work orders
/// that have used nothing are called off with what is beneath them, the others go on and their
/// output is free stock, and requests to buy are withdrawn. Each supply tells what became of it
/// (complaint 7 of DOMAIN).
package struct CancelSupplyFor: Sendable {
  /// The line; line 0 means all lines of the document.
  package let origin: Origin

  package init(origin: Origin) { self.origin = origin }

  package func run(in tx: Transaction, at now: Moment) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    for order in try WorkOrderTable.of(origin, in: tx) where order.isPegged {
      if order.state.canBecome(.cancelled) {
        let ended = try CancelWorkOrder.callOff(
          try WorkOrders.whole(order, in: tx), in: tx, at: now)
        verdicts.append(
          SupplyVerdict(
            order.reference, .cancelled, text: "\(order.number) had not begun and is called off"))
        verdicts += ended.verdicts
      } else {
        verdicts.append(try keep(order, in: tx, at: now))
      }
    }
    return try verdicts + CancelRequisitions(origin: origin).run(in: tx, at: now)
  }

  /// Too late to stop: its output goes to whoever needs it next.
  private func keep(
    _ given: WorkOrder, in tx: Transaction, at now: Moment
  ) throws -> SupplyVerdict {
    var order = given
    order.isPegged = false
    try WorkOrderTable.update(&order, in: tx)
    try UnpegReservations(supply: order.reference).run(in: tx, at: now)
    tx.record(order.event("work-order.kept-as-stock", [Fact("open", order.open)]))
    let spent = try order.costs.incurred()
    return SupplyVerdict(
      order.reference, .keptAsStock,
      text: order.state == .inProgress
        ? "\(order.number) has begun; what comes out goes to stock"
        : "\(order.number) is finished; what is left of it stays in stock",
      sunkCost: spent.minor > 0 ? spent : nil)
  }
}
