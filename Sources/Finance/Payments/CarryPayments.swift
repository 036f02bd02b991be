package import MasterData
package import Storage
package import Values

/// Makes money that was received for one document, and that no invoice has used, the money of
/// another of the same customer, or for nothing in particular, the oldest first. Nothing leaves or
/// comes in and the company owes it as before, so that nothing is posted; what is open of the other
/// document's invoices, or of all of the customer's, is paid at once.
package struct CarryPayments: Sendable {
  package let customer: Customer
  package let from: DocumentReference
  /// Nil for nothing in particular.
  package let to: DocumentReference?
  /// Zero for nothing.
  package let amount: Money

  package init(
    of customer: Customer, from: DocumentReference, to: DocumentReference?, amount: Money
  ) {
    self.customer = customer
    self.from = from
    self.to = to
    self.amount = amount
  }

  /// Returns the documents whose invoices were paid, each once.
  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> [DocumentReference] {
    var rest = amount
    var documents: [DocumentReference] = []
    while rest.minor > 0 {
      guard let payment = try PaymentUseTable.oldest(of: from, for: .carried, in: tx) else {
        throw FinanceRejection.notThatMuchHeld(
          document: from, requested: amount, held: try amount - rest)
      }
      let part = Money(minor: min(rest.minor, payment.unapplied.minor), currency: rest.currency)
      let worth = try payment.worth(of: part)
      let carried = try PaymentTable.insert(
        part, worth: worth, of: payment, for: to,
        number: DocumentNumbers.next(.payment, on: now.day, in: tx),
        at: now, in: tx)
      _ = try PaymentUseTable.insert(
        part, worth: (worth, worth), of: payment.id, for: .carried, carriedTo: carried.id, at: now,
        in: tx)
      tx.record(
        DomainEvent(
          "payment.carried", carried.reference, related: to ?? from,
          [
            Fact("amount", part), Fact("from_payment", payment.number), Fact("from", from.number),
          ]))
      var free = carried
      while free.unapplied.minor > 0,
        var invoice = try InvoiceTable.oldestOpen(
          of: customer.id, order: to, in: part.currency, tx)
      {
        try free.pay(&invoice, of: customer, in: tx, at: now)
        if !documents.contains(invoice.order) { documents.append(invoice.order) }
      }
      rest = try rest - part
    }
    return documents
  }
}

extension Payment {
  /// Pays what is owed in its currency with what is left of it: the invoices of its document, or
  /// without one the customer's, the one that is due first first. Returns it as it is then.
  @discardableResult
  func payOpenInvoices(of customer: Customer, in tx: Transaction, at now: Moment) throws -> Payment
  {
    var payment = self
    while payment.unapplied.minor > 0,
      var invoice = try InvoiceTable.oldestOpen(
        of: customer.id, order: earmark, in: amount.currency, tx)
    {
      try payment.pay(&invoice, of: customer, in: tx, at: now)
    }
    return payment
  }

  /// Pays what is open of an invoice, or as much as is left, and frees the credit that it used.
  mutating func pay(
    _ invoice: inout Invoice, of customer: Customer, in tx: Transaction, at now: Moment
  ) throws {
    try ApplyPayment.run(&self, to: &invoice, in: tx, at: now)
    try SetExposure(
      customer: customer, document: invoice.reference, amount: invoice.baseOpen, enforceLimit: false
    ).run(in: tx, at: now)
  }
}
