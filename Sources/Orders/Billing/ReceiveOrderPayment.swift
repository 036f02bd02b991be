package import Finance
import MasterData
import Production
package import Storage
package import Values

/// Records a customer's money, for an order or for whatever is due, and does what it makes
/// possible: lets the workshop begin when the deposit is covered, frees credit, and closes orders
/// that are now delivered, invoiced and paid.
package struct ReceiveOrderPayment: Sendable {
  package let customerCode: String
  package let amount: Money
  package let method: PaymentMethod?
  /// The gateway's or bank's id; empty for none.
  package let externalReference: String
  /// The order that the money is for; empty for what is due first.
  package let orderNumber: String
  /// Nil: today.
  package let receivedOn: Day?
  package let kind: DepositKind

  package init(
    customerCode: String, amount: Money, method: PaymentMethod?, externalReference: String = "",
    orderNumber: String = "", receivedOn: Day? = nil, kind: DepositKind = .prepayment
  ) {
    self.customerCode = customerCode
    self.amount = amount
    self.method = method
    self.externalReference = externalReference
    self.orderNumber = orderNumber
    self.receivedOn = receivedOn
    self.kind = kind
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    let customer = try Customers.require(code: customerCode, field: "customer_code", in: tx)
    let order = try findOrder(of: customer, in: tx)
    let payment = try ReceivePayment(
      customer: customer, amount: amount, method: method, externalReference: externalReference,
      earmark: order?.reference, receivedOn: receivedOn ?? now.day, kind: kind
    ).run(in: tx, at: now)
    if var order {
      try order.take(amount, from: customer, in: tx, at: now)
    } else {
      try settleOrders(paidBy: payment, in: tx)
    }
    return payment
  }

  private func findOrder(of customer: Customer, in tx: Transaction) throws -> SalesOrder? {
    guard !orderNumber.isEmpty else { return nil }
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    guard order.customerCode == customer.code else {
      throw OrdersRejection.orderOfAnotherCustomer(
        field: "order_number", order: order.number, customer: customer.code)
    }
    // Money for an order that needs none belongs to the customer's account, without an order.
    try order.expect(.receivePayment, in: tx)
    guard amount.currency == order.currency else {
      throw CurrencyRejection.otherThanDocument(
        field: "amount.currency_code", given: amount.currency, document: order.number,
        expected: order.currency)
    }
    return order
  }

  /// Money without an order pays the invoices of any: each of those orders may be complete now.
  private func settleOrders(paidBy payment: Payment, in tx: Transaction) throws {
    var settled: Set<String> = []
    for application in payment.applications {
      let invoice = try Invoices.require(
        number: application.invoiceNumber, field: "invoice", in: tx)
      guard let number = invoice.salesOrder, settled.insert(number).inserted else { continue }
      var order = try SalesOrders.require(number: number, in: tx)
      try order.settle(in: tx)
    }
  }
}

extension SalesOrder {
  /// Does what money that is for it now, and has paid what was open, makes possible.
  mutating func take(
    _ amount: Money, from customer: Customer, in tx: Transaction, at now: Moment
  ) throws {
    try proceedAsPreorder(in: tx, at: now)
    if state.isPromised { try liftHold(after: amount, in: tx, at: now) }
    try settle(in: tx)
    if state.isPromised { try updateExposure(of: customer, in: tx, at: now) }
  }

  private func liftHold(after amount: Money, in tx: Transaction, at now: Moment) throws {
    guard depositRequired.minor > 0 else { return }
    let received = try Payments.received(for: reference, currency, in: tx)
    let before = try received - amount
    guard received.minor >= depositRequired.minor, before.minor < depositRequired.minor
    else { return }
    _ = try LiftHold(origin: reference).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "order.deposit-covered", reference,
        [Fact("deposit_required", depositRequired), Fact("received", received)]))
  }
}
