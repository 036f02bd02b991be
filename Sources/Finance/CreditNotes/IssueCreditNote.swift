package import MasterData
package import Storage
package import Values

/// Credits parts of an invoice: revenue and output VAT are less, by exactly what these units were
/// invoiced with. What is open of the invoice goes first; beyond that what was paid is the
/// customer's money again, as if it had never been applied, so that no more can ever go back than
/// came in.
package struct IssueCreditNote: Sendable {
  package let customer: Customer
  /// As it is stored now, with its lines.
  package let invoice: Invoice
  /// Each line once.
  package let parts: [CreditedQuantity]
  /// The return that it is for.
  package let cause: DocumentReference
  package let text: String

  package init(
    customer: Customer, invoice: Invoice, parts: [CreditedQuantity], cause: DocumentReference,
    text: String
  ) {
    self.customer = customer
    self.invoice = invoice
    self.parts = parts
    self.cause = cause
    self.text = text
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CreditNote {
    let lines = try CreditNotes.lines(of: parts, invoice, in: tx)
    let totals = try CreditNotes.Totals(of: lines, invoice)
    let base = try totals.baseGross()
    let number = try DocumentNumbers.next(.creditNote, on: now.day, in: tx)
    var credited = invoice
    try release(totals.released, of: &credited, in: tx, at: now)
    credited.credited = try credited.credited + totals.gross
    credited.basePaid = try credited.basePaid + base
    let difference = credited.leftInBooks
    credited.basePaid = try credited.basePaid + difference
    let id = try CreditNoteTable.insert(
      self, lines, totals, difference: difference, number: number, at: now, in: tx)
    try InvoiceTable.addCredited(
      totals.gross, base: base, difference: difference, to: invoice.id, in: tx)
    try PostEntry.creditNoteIssued(
      number, of: invoice, lines, totals, difference: difference)?.run(in: tx, at: now)
    try SetExposure(
      customer: customer, document: invoice.reference, amount: credited.baseOpen,
      enforceLimit: false
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "credit-note.issued", DocumentReference(.creditNote, number), related: invoice.order,
        [
          Fact("invoice", invoice.number), Fact("cause", cause), Fact("net", totals.net),
          Fact("tax", totals.tax), Fact("gross", totals.gross), Fact("released", totals.released),
        ]))
    return CreditNote(
      id: id, number: number, invoiceNumber: invoice.number, customerCode: invoice.customerCode,
      order: invoice.order, cause: cause, issuedOn: now.day, net: totals.net, tax: totals.tax,
      gross: totals.gross, released: totals.released, baseGross: base, lines: lines)
  }

  private func release(
    _ amount: Money, of invoice: inout Invoice, in tx: Transaction, at now: Moment
  ) throws {
    var rest = amount
    for applied in try ReleaseTable.applied(to: invoice.id, in: tx) where rest.minor > 0 {
      let part = Money(minor: min(rest.minor, applied.amount.minor), currency: rest.currency)
      guard part.minor > 0, let payment = try PaymentTable.header(applied.payment, in: tx) else {
        continue
      }
      let worth = (
        payment: try applied.paymentBase.share(of: part, in: applied.amount),
        invoice: try applied.invoiceBase.share(of: part, in: applied.amount)
      )
      try ReleasePayment.run(
        part, worth: worth, of: payment, from: &invoice, because: .credited, in: tx, at: now)
      rest = try rest - part
    }
    guard rest.minor == 0 else {
      throw InvalidPosting(description: "\(invoice.number) was paid by less than it says")
    }
  }
}

extension Invoice {
  /// What is left of it in the books alone: what it is worth still where nothing is open, and what
  /// it is worth less than nothing where something is. A credit takes its lines at the worth at
  /// which they were invoiced, payments took their share of what was open, each rounded for itself.
  fileprivate var leftInBooks: Money {
    open.minor == 0 || baseOpen.minor < 0 ? baseOpen : .zero(baseGross.currency)
  }
}
