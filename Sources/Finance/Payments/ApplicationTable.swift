import Storage
import Values

/// All SQL of `payment_application`: rows are written once and never changed.
enum ApplicationTable {
  /// The id of the new row, which makes its journal entry unique.
  static func insert(
    _ amount: Money, worth: (payment: Money, invoice: Money), of payment: ID<Payment>,
    to invoice: ID<Invoice>, at now: Moment, in tx: Transaction
  ) throws -> ID<PaymentApplication> {
    try tx.insert(
      """
      INSERT INTO payment_application (payment_id, invoice_id, amount_minor, currency, applied_on,
        applied_at, payment_base_minor, invoice_base_minor)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, payment, invoice, amount.minor, amount.currency, now.day, now.instant,
      worth.payment.minor, worth.invoice.minor)
  }

  static func ofPayment(
    _ payment: ID<Payment>, _ base: Currency, in snapshot: Snapshot
  ) throws -> [PaymentApplication] {
    try snapshot.all(
      """
      SELECT i.number, a.amount_minor, a.currency, a.applied_on,
        a.payment_base_minor - a.invoice_base_minor
      FROM payment_application AS a JOIN invoice AS i ON i.id = a.invoice_id
      WHERE a.payment_id = ? ORDER BY a.id
      """, payment
    ) { row in
      PaymentApplication(
        invoiceNumber: row.text(0), amount: row.money(1, 2), appliedOn: row.day(3),
        exchangeGain: Money(minor: row.int64(4), currency: base))
    }
  }
}
