import MasterData
package import Storage
package import Values

/// Records that the supplier has confirmed an order, with a number of its own, and perhaps for
/// another day. It may do so again.
package struct ConfirmPurchaseOrder: Sendable {
  package let number: String
  /// At most 100 characters; empty for none.
  package let supplierReference: String
  /// Nil for the day as it is.
  package let expectedOn: Day?

  package init(number: String, supplierReference: String = "", expectedOn: Day? = nil) {
    self.number = number
    self.supplierReference = supplierReference
    self.expectedOn = expectedOn
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> PurchaseOrder {
    var check = FieldCheck(.request)
    check.text(supplierReference, "supplier_reference", limit: 100)
    if let expectedOn {
      check.range(expectedOn, "expected_on", now.day...now.day.adding(days: 3_650))
    }
    try check.pass()
    var order = try PurchaseOrders.require(number: number, field: "number", in: tx)
    guard order.lines.contains(where: \.open.isPositive) else {
      throw PurchasingRejection.nothingToReceive(order: order.number)
    }
    order.confirmedOn = order.confirmedOn ?? now.day
    order.supplierReference = supplierReference
    order.expectedOn = expectedOn ?? order.expectedOn
    try PurchaseOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "purchase-order.confirmed", order.reference, related: order.direct?.document,
        [
          Fact("supplier", order.supplierCode),
          Fact("supplier_reference", order.supplierReference),
          Fact("expected_on", order.expectedOn),
        ]))
    return order
  }
}
