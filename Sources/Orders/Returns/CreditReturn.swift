package import Finance
import MasterData
package import Storage
package import Values

/// Credits what came back: by the lines of the invoices that it was charged with, the oldest first,
/// and with their very tax. The fee for taking it back is charged as compensation, which the
/// customer's money pays. What was paid for the order and is not needed any more is proposed as a
/// refund; what was paid for nothing in particular pays what else is open.
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
    found.fee = try fee(of: found, notes)
    found.feeInvoice = try charge(found, given, customer, in: tx, at: now)
    found.creditedBy = actor
    try found.save(in: tx)
    found.record(
      "return.credited",
      [
        Fact("credited", found.credited), Fact("fee", found.fee), Fact("actor", actor),
        Fact("credit_notes", notes.map(\.number).joined(separator: ", ")),
      ], in: tx)
    for order in try PayWithFreeMoney(customer: customer).run(in: tx, at: now) {
      var paid = try SalesOrders.find(number: order.number, in: tx)
      try paid?.settle(in: tx)
    }
    guard var order = try SalesOrders.find(number: given.number, in: tx) else {
      throw MissingRow("sales_order", given.id.value)
    }
    try order.settle(in: tx)
    if order.state.isPromised { try order.updateExposure(of: customer, in: tx, at: now) }
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
    let invoices = try Invoices.ofOrder(order.reference, in: tx)
    var parts: [ID<Invoice>: [CreditedQuantity]] = [:]
    for line in found.lines where line.received.isPositive {
      guard
        let next = try CreditNotes.next(
          line.received, ofLine: line.number, of: invoices, in: tx)
      else { throw ReturnRejection.notInvoiced(number: number, order: order.number, line.number) }
      for (invoice, part) in next { parts[invoice.id, default: []].append(part) }
    }
    return try invoices.compactMap { invoice in
      guard let parts = parts[invoice.id] else { return nil }
      return try IssueCreditNote(
        customer: customer, invoice: invoice, parts: parts, cause: found.reference,
        text: "Return \(found.number) of \(order.number)"
      ).run(in: tx, at: now)
    }
  }

  /// By the rule of each line, of what is credited of it.
  private func fee(of found: CustomerReturn, _ notes: [CreditNote]) throws -> Money {
    var fee = Money.zero(found.credited.currency)
    for line in found.lines where line.fee > .zero {
      var credited = Money.zero(fee.currency)
      for part in notes.flatMap(\.lines) where part.orderLine == line.number {
        credited = try credited + part.net + part.tax
      }
      fee = try fee + credited.share(line.fee)
    }
    return fee
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
