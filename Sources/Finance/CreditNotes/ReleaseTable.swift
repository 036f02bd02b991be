import Storage
import Values

/// All SQL of `payment_release`: rows are written once and never changed.
enum ReleaseTable {
  /// The id of the new row, which makes its journal entry unique.
  static func insert(
    _ amount: Money, of payment: ID<Payment>, from invoice: ID<Invoice>, at now: Moment,
    in tx: Transaction
  ) throws -> ID<PaymentRelease> {
    try tx.insert(
      """
      INSERT INTO payment_release (payment_id, invoice_id, amount_minor, currency, released_on,
        released_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, payment, invoice, amount.minor, amount.currency, now.day, now.instant)
  }

  /// What the payments of an invoice still pay of it: money that is for its order first, the newest
  /// first, so that it can be given back.
  static func applied(
    to invoice: ID<Invoice>, in snapshot: Snapshot
  ) throws -> [(payment: ID<Payment>, amount: Money, isEarmarked: Bool)] {
    try snapshot.all(
      """
      SELECT p.id, SUM(a.amount_minor) - COALESCE(
          (SELECT SUM(r.amount_minor) FROM payment_release AS r
           WHERE r.payment_id = p.id AND r.invoice_id = a.invoice_id), 0) AS left_minor, p.currency,
        p.earmark_number IS NOT NULL
      FROM payment_application AS a JOIN payment AS p ON p.id = a.payment_id
      WHERE a.invoice_id = ?
      GROUP BY p.id, p.currency, p.earmark_number, a.invoice_id
      ORDER BY p.earmark_number IS NULL, p.id DESC
      """, invoice
    ) { (payment: $0.id(0), amount: $0.money(1, 2), isEarmarked: $0.bool(3)) }
  }

  static func ofPayment(
    _ payment: ID<Payment>, in snapshot: Snapshot
  ) throws -> [PaymentRelease] {
    try snapshot.all(
      """
      SELECT i.number, r.amount_minor, r.currency, r.released_on
      FROM payment_release AS r JOIN invoice AS i ON i.id = r.invoice_id
      WHERE r.payment_id = ? ORDER BY r.id
      """, payment
    ) { row in
      PaymentRelease(invoiceNumber: row.text(0), amount: row.money(1, 2), releasedOn: row.day(3))
    }
  }
}
