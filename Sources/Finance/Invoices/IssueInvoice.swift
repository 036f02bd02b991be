package import MasterData
package import Storage
package import Values

/// Charges a customer for what was delivered of an order: posts receivable against revenue and
/// output VAT, then lets the customer's money pay it: first what was received for this order, then
/// what was received for nothing in particular, the oldest first, and never more than is open. So
/// no invoice ever becomes a credit note (complaint 10).
package struct IssueInvoice: Sendable {
  package let customer: Customer
  package let order: DocumentReference
  package let lines: [InvoiceLine]
  package let text: String
  package let dueOn: Day

  package init(
    customer: Customer, order: DocumentReference, lines: [InvoiceLine], text: String, dueOn: Day
  ) {
    self.customer = customer
    self.order = order
    self.lines = lines
    self.text = text
    self.dueOn = dueOn
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Invoice {
    let totals = try totals(at: now, base: Companies.current(in: tx).baseCurrency)
    var invoice = try insert(totals, at: now, in: tx)
    try PostEntry.invoiceIssued(invoice)?.run(in: tx, at: now)
    while invoice.open.minor > 0,
      var payment = try PaymentTable.oldestFree(for: order, of: customer.id, in: tx)
    {
      try ApplyPayment.run(&payment, to: &invoice, in: tx, at: now)
    }
    try SetExposure(
      customer: customer, document: invoice.reference, amount: invoice.open, enforceLimit: false
    ).run(in: tx, at: now)
    return invoice
  }

  struct Totals {
    let net: Money
    let tax: Money
    let gross: Money
  }

  /// The sums of the lines; refuses what cannot be charged.
  private func totals(at now: Moment, base: Currency) throws -> Totals {
    var check = FieldCheck(.request)
    for (index, line) in lines.enumerated() {
      for (name, amount) in [("net", line.net), ("tax", line.tax)] {
        let field = FieldPath("lines", row: index).field(name)
        if amount.minor < 0 {
          check.refuse(FinanceRejection.amountNegative(field: field, given: amount))
        }
        check.currency(amount.currency, field, base: base)
      }
    }
    if dueOn < now.day {
      check.refuse(FinanceRejection.dueBeforeIssue(dueOn: dueOn, issuedOn: now.day))
    }
    if lines.isEmpty { check.refuse(FinanceRejection.nothingToInvoice(order: order)) }
    try check.pass()
    let net = try lines.map(\.net).sum(base)
    let tax = try lines.map(\.tax).sum(base)
    return Totals(net: net, tax: tax, gross: try net + tax)
  }

  /// The number is taken here, after everything that may refuse.
  private func insert(_ totals: Totals, at now: Moment, in tx: Transaction) throws -> Invoice {
    let number = try DocumentNumbers.next(.invoice, on: now.day, in: tx)
    let id = try InvoiceTable.insert(self, totals: totals, at: now, number: number, in: tx)
    tx.record(
      DomainEvent(
        "invoice.issued", DocumentReference(.invoice, number), related: order,
        [
          Fact("customer", customer.code), Fact("net", totals.net), Fact("tax", totals.tax),
          Fact("gross", totals.gross), Fact("due_on", dueOn),
        ]))
    return Invoice(
      id: id, number: number, customer: customer.id, customerCode: customer.code, order: order,
      issuedOn: now.day, dueOn: dueOn, text: text, net: totals.net, tax: totals.tax,
      gross: totals.gross, paid: .zero(totals.gross.currency),
      credited: .zero(totals.gross.currency), lines: lines)
  }
}
