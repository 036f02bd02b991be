import MasterData
package import Storage
package import Values

/// Records that what has not come is expected on another day. Who waits for it learns so where it
/// is promised.
package struct ReschedulePurchaseOrder: Sendable {
  package let number: String
  package let expectedOn: Day
  /// At most 500 characters.
  package let reason: String

  package init(number: String, expectedOn: Day, reason: String = "") {
    self.number = number
    self.expectedOn = expectedOn
    self.reason = reason
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> PurchaseOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500)
    check.range(expectedOn, "expected_on", now.day...now.day.adding(days: 3_650))
    try check.pass()
    var order = try PurchaseOrders.require(number: number, field: "number", in: tx)
    guard order.lines.contains(where: \.open.isPositive) else {
      throw PurchasingRejection.nothingToReceive(order: order.number)
    }
    guard order.expectedOn != expectedOn else { return order }
    let before = order.expectedOn
    order.expectedOn = expectedOn
    try PurchaseOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "purchase-order.rescheduled", order.reference,
        [Fact("from", before), Fact("to", expectedOn), Fact("reason", reason)]))
    return order
  }
}
