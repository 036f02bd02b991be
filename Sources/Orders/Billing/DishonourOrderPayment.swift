package import Finance
import MasterData
package import Storage
package import Values

/// Takes back a customer's payment that was not honoured, and what it had made possible, as far as
/// that can be: credit is used again, an order that was closed is open again, and what has not left
/// is held until somebody has looked at it. Nothing refuses that the customer owes more.
package struct DishonourOrderPayment: Sendable {
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package struct Outcome: Sendable {
    package let payment: Payment
    /// Invoices that are open again.
    package let invoices: [String]
    /// Of which money is missing now.
    package let orders: [String]
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    _ = try Payments.require(number: number, field: "number", in: tx)
    if let shipment = try CashOnDeliveryTable.shipment(withCarrier: number, in: tx) {
      throw CashOnDeliveryRejection.withCarrier(field: "number", shipment: shipment)
    }
    let done = try DishonourPayment(number: number, reason: reason, by: actor)
      .run(in: tx, at: now)
    let orders = done.documents.filter { $0.kind == .salesOrder }.map(\.number)
    for order in orders { try reopen(order, in: tx, at: now) }
    return Outcome(payment: done.payment, invoices: done.invoices, orders: orders)
  }

  private func reopen(_ order: String, in tx: Transaction, at now: Moment) throws {
    var order = try SalesOrders.require(number: order, in: tx)
    try order.settle([Fact("payment", number)], in: tx)
    if order.state.isPromised {
      try order.updateExposure(of: try order.customer(in: tx), in: tx, at: now)
    }
    guard order.state == .confirmed || order.state == .partlyShipped,
      try !OrderHoldTable.list(of: order.id, in: tx).contains(where: { $0.kind == .credit })
    else { return }
    _ = try HoldOrder(
      number: order.number, kind: .credit, reason: "\(number) was not honoured", by: actor
    ).run(in: tx, at: now)
  }
}
