import MasterData
package import Storage
package import Values

/// Cancels what has not come. A requisition on it is never silently forgotten: while somebody still
/// asks for the goods, it is open again, or a new one asks for the part that did not come.
package struct CancelPurchaseOrder: Sendable {
  package let number: String
  /// At most 500 characters.
  package let reason: String
  /// How much of which lines; nil for all that has not come.
  package let parts: [Int: Quantity]?
  /// It goes straight to a customer, who is seen to by whoever asks.
  package let isDirect: Bool

  package init(
    number: String, reason: String = "", parts: [Int: Quantity]? = nil, isDirect: Bool = false
  ) {
    self.number = number
    self.reason = reason
    self.parts = parts
    self.isDirect = isDirect
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> PurchaseOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500)
    try check.pass()
    var order = try PurchaseOrders.require(number: number, field: "number", in: tx)
    if !isDirect { try order.expectStocked(field: "number") }
    let open = order.lines.indices.filter {
      order.lines[$0].open.isPositive && parts?[order.lines[$0].number] != .zero
    }
    guard !open.isEmpty else { throw PurchasingRejection.nothingToCancel(order: order.number) }
    for index in open {
      let line = order.lines[index]
      let missing = min(line.open, parts.map { $0[line.number, default: .zero] } ?? line.open)
      guard missing.isPositive else { continue }
      order.lines[index].cancelled = try order.lines[index].cancelled + missing
      try PurchaseOrderLineTable.update(order.lines[index], in: tx)
      try reopen(order.lines[index], missing: missing, of: order, in: tx, at: now)
    }
    try PurchaseOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "purchase-order.cancelled", order.reference,
        [Fact("lines", open.count), Fact("reason", reason)]))
    return order
  }

  private func reopen(
    _ line: PurchaseOrder.Line, missing: Quantity, of order: PurchaseOrder, in tx: Transaction,
    at now: Moment
  ) throws {
    guard let number = line.requisitionNumber,
      let requisition = try RequisitionTable.find(number, in: tx)
    else { return }
    guard line.received.isPositive else {
      try RequisitionTable.takeOff(requisition.id, in: tx)
      tx.record(
        requisition.event(
          requisition.isPegged ? "requisition.reopened" : "requisition.cancelled",
          [Fact("purchase_order", order.number)]))
      return
    }
    // The line may have been for more than the requisition.
    let needed = min(missing, try requisition.quantity - line.received)
    guard requisition.isPegged, needed.isPositive else { return }
    try RequestPurchase(
      product: Products.fetch(requisition.product, in: tx), quantity: needed,
      warehouse: Warehouses.fetch(requisition.warehouse, in: tx),
      neededOn: requisition.neededOn, origin: requisition.origin, root: requisition.root
    ).run(in: tx, at: now)
  }
}
