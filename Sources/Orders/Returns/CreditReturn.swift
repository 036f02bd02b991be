package import Finance
import MasterData
package import Storage
package import Values

/// Credits what came back: by the lines of the invoices that it was charged with, the oldest first,
/// and with their very tax. The fee for taking it back is charged as compensation, which the
/// customer's money pays. What was paid for the order pays what else is open of it, then what the
/// goods were exchanged for, and the rest that is not needed any more is proposed as a refund; what
/// was paid for nothing in particular pays what else is open.
package struct CreditReturn: Sendable {
  package let number: String
  /// Who asks.
  package let actor: String

  package init(number: String, by actor: String) {
    self.number = number
    self.actor = actor
  }

  package struct Outcome: Sendable {
    package let customerReturn: CustomerReturn
    package let notes: [CreditNote]
    /// Proposed as a refund of the order's money now, in all.
    package let refund: Money
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var found = try Returns.require(number: number, in: tx)
    try found.advance(to: .credited)
    let given = try SalesOrders.require(number: found.orderNumber, in: tx)
    let customer = try given.customer(in: tx)
    let notes = try credit(found, given, customer, in: tx, at: now)
    found.credited = try notes.map(\.gross).sum(given.currency)
    found.fee = try ReturnCredit.fee(of: found, notes.flatMap(\.lines))
    found.feeInvoice = try charge(found, given, customer, in: tx, at: now)
    found.creditedBy = actor
    try found.save(in: tx)
    found.record(
      "return.credited",
      [
        Fact("credited", found.credited), Fact("fee", found.fee), Fact("actor", actor),
        Fact("credit_notes", notes.map(\.number).joined(separator: ", ")),
      ], in: tx)
    let payment = PayWithFreeMoney(customer: customer, order: given.reference)
    for order in try payment.run(in: tx, at: now) {
      var paid = try SalesOrders.find(number: order.number, in: tx)
      try paid?.settle(in: tx)
    }
    guard var order = try SalesOrders.find(number: given.number, in: tx) else {
      throw MissingRow("sales_order", given.id.value)
    }
    try order.settle(in: tx)
    try SettleExchange.settle(found, of: order, customer, in: tx, at: now)
    if order.state.isPromised { try order.updateExposure(of: customer, in: tx, at: now) }
    try order.settlePoints(in: tx, at: now)
    let refund = try order.unneeded(in: tx)
    try OrderRefund.propose(
      for: order, amount: refund, compensation: .zero(order.currency), cancellation: 0, by: actor,
      in: tx, at: now)
    return Outcome(customerReturn: found, notes: notes, refund: refund)
  }

  /// One credit note for each invoice.
  private func credit(
    _ found: CustomerReturn, _ order: SalesOrder, _ customer: Customer, in tx: Transaction,
    at now: Moment
  ) throws -> [CreditNote] {
    guard let parts = try ReturnCredit.parts(of: found, \.received, in: tx) else {
      let line = found.lines.first { $0.received.isPositive }?.number ?? 0
      throw ReturnRejection.notInvoiced(number: number, order: order.number, line)
    }
    return try parts.map { invoice, parts in
      try IssueCreditNote(
        customer: customer, invoice: invoice, parts: parts, cause: found.reference,
        text: "Return \(found.number) of \(order.number)"
      ).run(in: tx, at: now)
    }
  }

  /// The number of the invoice; nil when there is nothing to pay.
  private func charge(
    _ found: CustomerReturn, _ order: SalesOrder, _ customer: Customer, in tx: Transaction,
    at now: Moment
  ) throws -> String? {
    guard found.fee.minor > 0 else { return nil }
    let line = InvoiceLine(
      orderLine: 0, description: "Restocking fee", quantity: .one, unit: "", net: found.fee,
      taxRate: .zero, tax: .zero(found.fee.currency), isService: false, isCompensation: true)
    return try IssueInvoice(
      customer: customer, order: order.reference, lines: [line],
      text: "Return \(found.number) of \(order.number)", dueOn: now.day.adding(days: order.netDays)
    ).run(in: tx, at: now).number
  }
}
