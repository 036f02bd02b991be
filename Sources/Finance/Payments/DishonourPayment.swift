import MasterData
package import Storage
package import Values

/// Takes back a payment that was not honoured after all: a cheque that bounced, a card payment that
/// the bank charged back. All of it, and of what became of it in other payments: what it paid is
/// open again, and what was left of it is not owed to the customer any more. Nothing is deleted:
/// each step is a row and an entry of its own day.
package struct DishonourPayment: Sendable {
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
    /// Of which money is missing or an invoice is open again, each once.
    package let documents: [DocumentReference]
    /// That are open again, each once.
    package let invoices: [String]
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let payment = try Payments.require(number: number, field: "number", in: tx)
    guard payment.method.isMoney else {
      throw FinanceRejection.noMoneyReceived(number: number, method: payment.method)
    }
    if let source = payment.carriedFrom {
      throw FinanceRejection.partOfPayment(number: number, source: source)
    }
    let parts = try PaymentUseTable.parts(of: payment.id, in: tx)
      .map { try PaymentTable.fetch($0, in: tx) }
    for part in parts {
      guard let use = part.uses.first(where: { $0.kind != .carried }) else { continue }
      throw FinanceRejection.paymentSpent(number: part.number, kind: use.kind, amount: use.amount)
    }
    let customer = try Customers.fetch(payment.customer, in: tx)
    var documents: [DocumentReference] = []
    var invoices: [String] = []
    for part in parts {
      if let earmark = part.earmark { documents.append(earmark) }
      for invoice in try release(part, customer, in: tx, at: now) {
        documents.append(invoice.order)
        invoices.append(invoice.number)
      }
      try takeBack(part, in: tx, at: now)
    }
    if payment.clearing != nil { try payment.end(.dishonoured, in: tx, at: now) }
    return Outcome(
      payment: try PaymentTable.fetch(payment.id, in: tx), documents: documents.eachOnce,
      invoices: invoices.eachOnce)
  }

  /// Opens what a payment still pays; returns the invoices as they are then.
  private func release(
    _ part: Payment, _ customer: Customer, in tx: Transaction, at now: Moment
  ) throws -> [Invoice] {
    try ReleaseTable.applied(by: part.id, in: tx).map { applied in
      guard var invoice = try InvoiceTable.header(applied.invoice, in: tx) else {
        throw MissingRow("invoice", applied.invoice.value)
      }
      try ReleasePayment.run(
        applied.amount, worth: (applied.paymentBase, applied.invoiceBase), of: part,
        from: &invoice, because: .dishonoured, in: tx, at: now)
      try SetExposure(
        customer: customer, document: invoice.reference, amount: invoice.baseOpen,
        enforceLimit: false
      ).run(in: tx, at: now)
      return invoice
    }
  }

  /// What no invoice and no other payment has of it is not the customer's any more.
  private func takeBack(_ part: Payment, in tx: Transaction, at now: Moment) throws {
    guard let open = try PaymentTable.header(part.id, in: tx) else {
      throw MissingRow("payment", part.id.value)
    }
    guard open.unapplied.minor > 0 else { return }
    let worth = open.baseUnapplied
    let use = try PaymentUseTable.insert(
      open.unapplied, worth: (worth, worth), of: open.id, for: .dishonoured, at: now, in: tx)
    try PostEntry.paymentUsed(
      open.number, for: .dishonoured, use: use, amount: open.unapplied, worth: (worth, worth),
      customer: open.customerCode, isHeld: open.clearing == .held
    )?.run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "payment.dishonoured", open.reference, related: open.earmark,
        [
          Fact("customer", open.customerCode), Fact("amount", open.unapplied),
          Fact("method", open.method.rawValue), Fact("reason", reason), Fact("actor", actor),
        ]))
  }
}

/// Takes back what a payment pays of an invoice, as a row of its own. Whoever calls it sets the
/// invoice's credit exposure afterwards.
enum ReleasePayment {
  /// `worth`: what that was in the base currency, as money and as part of the invoice.
  static func run(
    _ part: Money, worth: (payment: Money, invoice: Money), of payment: Payment,
    from invoice: inout Invoice, because cause: ReleaseCause, in tx: Transaction, at now: Moment
  ) throws {
    let id = try ReleaseTable.insert(
      part, worth: worth, of: payment.id, from: invoice.id, because: cause, at: now, in: tx)
    try PaymentTable.addApplied(-part.minor, base: -worth.payment.minor, to: payment.id, in: tx)
    try InvoiceTable.addPaid(-part.minor, base: -worth.invoice.minor, to: invoice.id, in: tx)
    invoice.paid = try invoice.paid - part
    invoice.basePaid = try invoice.basePaid - worth.invoice
    try PostEntry.paymentReleased(
      payment.number, from: invoice.number, release: id.value, amount: part, worth: worth,
      customer: invoice.customerCode
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "payment.released", payment.reference, related: invoice.order,
        [Fact("invoice", invoice.number), Fact("amount", part)]))
  }
}

/// Why a payment does not pay (all of) an invoice any more.
enum ReleaseCause: String, Hashable, Sendable, CaseIterable, Bindable {
  /// A credit note left less to pay.
  case credited = "CREDITED"
  /// The payment was not honoured.
  case dishonoured = "DISHONOURED"
}
