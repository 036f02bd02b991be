package import MasterData
package import Storage
package import Values

/// Charges a customer for what was delivered of an order, at the exchange rate of the day: posts
/// receivable against revenue and output VAT, then lets the customer's money pay it: first what was
/// received for this order, then what was received for nothing in particular, the oldest first, and
/// never more than is open. So no invoice ever becomes a credit note (complaint 10).
package struct IssueInvoice: Sendable {
  package let customer: Customer
  package let order: DocumentReference
  package let lines: [InvoiceLine]
  package let text: String
  package let dueOn: Day
  /// What the buyer asks for; nil for nothing in particular.
  package let requirement: InvoiceRequirement?
  /// A number that it has already: of a letter whose claims it is. Nil for the next of the series.
  package let number: String?
  /// The consolidated invoice that it is a part of, and which part; nil for none.
  var whole: (id: ID<ConsolidatedInvoice>, number: String, part: Int)?

  package init(
    customer: Customer, order: DocumentReference, lines: [InvoiceLine], text: String, dueOn: Day,
    requirement: InvoiceRequirement? = nil, number: String? = nil
  ) {
    self.customer = customer
    self.order = order
    self.lines = lines
    self.text = text
    self.dueOn = dueOn
    self.requirement = requirement
    self.number = number
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Invoice {
    let totals = try totals(at: now, in: tx)
    var invoice = try insert(totals, at: now, in: tx)
    try PostEntry.invoiceIssued(invoice)?.run(in: tx, at: now)
    while invoice.open.minor > 0,
      var payment = try PaymentTable.oldestFree(
        for: order, of: customer.id, in: invoice.gross.currency, tx)
    {
      try ApplyPayment.run(&payment, to: &invoice, in: tx, at: now)
    }
    try SetExposure(
      customer: customer, document: invoice.reference, amount: invoice.baseOpen, enforceLimit: false
    ).run(in: tx, at: now)
    return invoice
  }

  struct Totals {
    let net: Money
    let tax: Money
    let gross: Money
    /// Nil where the currency is that of the books.
    let rate: ExchangeRate?
    let baseGross: Money
    /// With what they are worth in the base currency.
    let lines: [InvoiceLine]
  }

  /// The sums of the lines, which are in one currency; refuses what cannot be charged.
  private func totals(at now: Moment, in snapshot: Snapshot) throws -> Totals {
    let currency = lines.first?.net.currency ?? customer.baseCurrency
    var check = FieldCheck(.request)
    for (index, line) in lines.enumerated() {
      for (name, amount) in [("net", line.net), ("tax", line.tax)] {
        let field = FieldPath("lines", row: index).field(name)
        if amount.minor < 0 {
          check.refuse(FinanceRejection.amountNegative(field: field, given: amount))
        }
        check.currency(amount.currency, field, base: currency)
      }
    }
    if dueOn < now.day {
      check.refuse(FinanceRejection.dueBeforeIssue(dueOn: dueOn, issuedOn: now.day))
    }
    if lines.isEmpty { check.refuse(FinanceRejection.nothingToInvoice(order: order)) }
    try check.pass()
    let net = try lines.map(\.net).sum(currency)
    let tax = try lines.map(\.tax).sum(currency)
    let gross = try net + tax
    let rate = try ExchangeRates.rate(
      of: currency, base: customer.baseCurrency, on: now.day, field: "order_number", in: snapshot)
    guard let rate else {
      return Totals(
        net: net, tax: tax, gross: gross, rate: nil, baseGross: gross, lines: lines)
    }
    return Totals(
      net: net, tax: tax, gross: gross, rate: rate, baseGross: try rate.base(of: gross),
      lines: try valued(by: rate))
  }

  /// What the invoice is worth is rounded once; its lines sum to it.
  private func valued(by rate: ExchangeRate) throws -> [InvoiceLine] {
    let parts = try rate.base(ofEach: lines.flatMap { [$0.net, $0.tax] })
    return lines.enumerated().map { index, line in
      var line = line
      (line.baseNet, line.baseTax) = (parts[2 * index], parts[2 * index + 1])
      return line
    }
  }

  /// The number is taken here, after everything that may refuse.
  private func insert(_ totals: Totals, at now: Moment, in tx: Transaction) throws -> Invoice {
    let number =
      try number ?? whole.map { "\($0.number)/\($0.part)" }
      ?? DocumentNumbers.next(.invoice, on: now.day, in: tx)
    let id = try InvoiceTable.insert(self, totals: totals, at: now, number: number, in: tx)
    tx.record(
      DomainEvent(
        "invoice.issued", DocumentReference(.invoice, number), related: order,
        [
          Fact("customer", customer.code), Fact("net", totals.net), Fact("tax", totals.tax),
          Fact("gross", totals.gross), Fact("due_on", dueOn),
        ] + (whole.map { [Fact("part_of", $0.number)] } ?? [])))
    return Invoice(
      id: id, number: number, customer: customer.id, customerCode: customer.code, order: order,
      issuedOn: now.day, dueOn: dueOn, text: text, net: totals.net, tax: totals.tax,
      gross: totals.gross, paid: .zero(totals.gross.currency),
      credited: .zero(totals.gross.currency), rate: totals.rate, baseGross: totals.baseGross,
      basePaid: .zero(totals.baseGross.currency), lines: totals.lines,
      requirement: requirement?.issued, consolidated: whole?.number)
  }
}
