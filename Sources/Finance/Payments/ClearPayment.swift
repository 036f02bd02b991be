import MasterData
package import Storage
package import Values

/// The bank has the money of an instrument, a cheque or a bank acceptance (承兑汇票), that came in as
/// a payment: until then it used the credit of its customer, and nothing of it went back.
package struct ClearPayment: Sendable {
  package let number: String
  /// Who asks.
  package let actor: String

  package init(number: String, by actor: String) {
    self.number = number
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Payment {
    let payment = try Payments.require(number: number, field: "number", in: tx)
    if let source = payment.carriedFrom {
      throw FinanceRejection.partOfPayment(number: number, source: source)
    }
    guard payment.clearing == .held else {
      throw FinanceRejection.nothingToClear(number: number, clearing: payment.clearing)
    }
    try PostEntry.instrumentCleared(payment).run(in: tx, at: now)
    try payment.end(.cleared, in: tx, at: now)
    tx.record(
      DomainEvent(
        "payment.cleared", payment.reference, related: payment.earmark,
        [
          Fact("customer", payment.customerCode), Fact("amount", payment.amount),
          Fact("method", payment.method.rawValue), Fact("actor", actor),
        ]))
    return try PaymentTable.fetch(payment.id, in: tx)
  }
}

extension Payment {
  /// Its instrument is not held any more, nor in what was carried from it, and uses no credit.
  func end(_ clearing: Clearing, in tx: Transaction, at now: Moment) throws {
    for part in try PaymentUseTable.parts(of: id, in: tx) {
      try PaymentTable.set(clearing: clearing, of: part, in: tx)
    }
    try SetExposure(
      customer: try Customers.fetch(customer, in: tx), document: reference,
      amount: .zero(baseAmount.currency), enforceLimit: false
    ).run(in: tx, at: now)
  }
}

/// An instrument that is held uses as much credit as it is worth, whatever it paid.
enum ClearingInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT number, COALESCE(base_currency, currency) AS currency, base_amount_minor AS held,
          0 AS exposed
        FROM payment AS p
        WHERE clearing = 'HELD'
          AND NOT EXISTS (SELECT 1 FROM payment_use AS u WHERE u.carried_to = p.id)
        UNION ALL
        SELECT document_number, currency, 0, amount_minor FROM credit_exposure
        WHERE document_kind = 'PAYMENT'
      )
      SELECT number, currency, SUM(held), SUM(exposed) FROM side
      GROUP BY number, currency HAVING SUM(held) <> SUM(exposed) ORDER BY number
      """
    ) { row in
      InvariantViolation(
        "finance.uncleared-uses-credit",
        "A payment that is not cleared does not use as much credit as it is worth",
        [
          Fact("payment", row.text(0)), Fact("held", row.money(2, 1)),
          Fact("exposed", row.money(3, 1)),
        ])
    }
  }
}
