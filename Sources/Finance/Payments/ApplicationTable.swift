import Storage
import Values

/// All SQL of `payment_application`: rows are written once and never changed.
enum ApplicationTable {
  /// The id of the new row, which makes its journal entry unique.
  static func insert(
    _ amount: Money, of payment: ID<Payment>, to invoice: ID<Invoice>, at now: Moment,
    in tx: Transaction
  ) throws -> ID<PaymentApplication> {
    try tx.insert(
      """
      INSERT INTO payment_application (payment_id, invoice_id, amount_minor, currency, applied_on,
        applied_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, payment, invoice, amount.minor, amount.currency, now.day, now.instant)
  }

  static func ofPayment(
    _ payment: ID<Payment>, in snapshot: Snapshot
  ) throws -> [PaymentApplication] {
    try snapshot.all(
      """
      SELECT i.number, a.amount_minor, a.currency, a.applied_on
      FROM payment_application AS a JOIN invoice AS i ON i.id = a.invoice_id
      WHERE a.payment_id = ? ORDER BY a.id
      """, payment
    ) { row in
      PaymentApplication(
        invoiceNumber: row.text(0), amount: row.money(1, 2), appliedOn: row.day(3))
    }
  }
}
