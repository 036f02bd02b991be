package import Inventory
package import Purchasing
package import Storage
package import Values

/// What becomes of work that has begun and that nobody wants any more.
package enum BegunWork: String, Hashable, Sendable, CaseIterable {
  /// It goes on, and what comes out is free stock.
  case keptAsStock = "KEPT_AS_STOCK"
  /// It is stopped, and what was put into it is lost. What is finished stays in stock.
  case scrapped = "SCRAPPED"
  /// It becomes what is wanted now (`ReworkWorkOrder`): nothing is withdrawn.
  case reworked = "REWORKED"
}

/// Withdraws everything that was planned for a demand that went away, on all levels: work orders
/// that have used nothing are called off with what is beneath them, the others go on and their
/// output is free stock, unless they are to be scrapped, and requests to buy are withdrawn. Each
/// supply tells what became of it (complaint 7 of DOMAIN).
package struct CancelSupplyFor: Sendable {
  /// The line; line 0 means all lines of the document.
  package let origin: Origin
  /// What the demand held until it was released: what a finished work order leaves behind.
  package let released: [Reservation]
  /// Of the demand's own work orders; what is beneath them is always kept.
  package let begun: BegunWork

  package init(
    origin: Origin, released: [Reservation] = [], begun: BegunWork = .keptAsStock
  ) {
    self.origin = origin
    self.released = released
    self.begun = begun
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    let orders = try WorkOrderTable.of(origin, in: tx).filter(\.isPegged)
    let leaving = leftovers(of: orders)
    for order in orders {
      if order.state.canBecome(.cancelled) {
        let ended = try CancelWorkOrder.callOff(
          try WorkOrders.whole(order, in: tx), in: tx, at: now)
        verdicts.append(
          SupplyVerdict(
            order.reference, .cancelled, text: "\(order.number) had not begun and is called off"))
        verdicts += ended.verdicts
      } else if begun == .scrapped, order.state == .inProgress {
        verdicts += try scrap(order, in: tx, at: now)
      } else {
        try keep(order, in: tx, at: now)
        if let verdict = try verdict(on: order, isLeft: leaving.contains(order.id)) {
          verdicts.append(verdict)
        }
      }
    }
    return try verdicts + CancelRequisitions(origin: origin).run(in: tx, at: now)
  }

  /// The work orders whose goods were held for the demand to the end. Goods leave in the order in
  /// which they were made, so that the newest are still there.
  private func leftovers(of orders: [WorkOrder]) -> Set<ID<WorkOrder>> {
    var held = Dictionary(
      released.map { ($0.origin, $0.held.micros) }, uniquingKeysWith: +)
    var found: Set<ID<WorkOrder>> = []
    for order in orders.reversed() {
      guard let origin = order.origin, let left = held[origin], left > 0, order.good.isPositive
      else { continue }
      found.insert(order.id)
      held[origin] = left - order.good.micros
    }
    return found
  }

  /// Ends it as it is: its cost is variance, less what came out.
  private func scrap(
    _ order: WorkOrder, in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    let spent = try order.costs.incurred()
    try keep(order, in: tx, at: now)
    let ended = try CloseWorkOrder(number: order.number).run(in: tx, at: now)
    let finished = order.good.isPositive ? "; \(order.good) \(order.unit) of it are in stock" : ""
    return [
      SupplyVerdict(
        order.reference, .scrapped,
        text: "\(order.number) had begun and is stopped" + finished,
        sunkCost: spent.minor > 0 ? spent : nil)
    ] + ended.verdicts
  }

  /// Too late to stop: its output goes to whoever needs it next.
  private func keep(_ given: WorkOrder, in tx: Transaction, at now: Moment) throws {
    var order = given
    order.isPegged = false
    try WorkOrderTable.update(&order, in: tx)
    try UnpegReservations(supply: order.reference).run(in: tx, at: now)
    tx.record(order.event("work-order.kept-as-stock", [Fact("open", order.open)]))
  }

  /// Nil when there is nothing to say: all that came of it has left for the demand.
  private func verdict(on order: WorkOrder, isLeft: Bool) throws -> SupplyVerdict? {
    let spent = try order.costs.incurred()
    let sunk = spent.minor > 0 ? spent : nil
    let number = order.number
    if order.state.yields {
      return SupplyVerdict(
        order.reference, .keptAsStock, text: "\(number) has begun; what comes out goes to stock",
        sunkCost: sunk)
    }
    if isLeft {
      return SupplyVerdict(
        order.reference, .keptAsStock,
        text: "\(number) is finished; what is left of it stays in stock", sunkCost: sunk)
    }
    guard order.good == .zero else { return nil }
    return SupplyVerdict(
      order.reference, .tooLate, text: "\(number) is finished; nothing good came of it",
      sunkCost: sunk)
  }
}
