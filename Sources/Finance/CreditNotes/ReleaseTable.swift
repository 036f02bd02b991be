import Storage
import Values

/// All SQL of `payment_release`: rows are written once and never changed.
enum ReleaseTable {
  /// The id of the new row, which makes its journal entry unique.
  static func insert(
    _ amount: Money, worth: (payment: Money, invoice: Money), of payment: ID<Payment>,
    from invoice: ID<Invoice>, because cause: ReleaseCause, at now: Moment, in tx: Transaction
  ) throws -> ID<PaymentRelease> {
    try tx.insert(
      """
      INSERT INTO payment_release (payment_id, invoice_id, amount_minor, currency, released_on,
        released_at, payment_base_minor, invoice_base_minor, cause)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, payment, invoice, amount.minor, amount.currency, now.day, now.instant,
      worth.payment.minor, worth.invoice.minor, cause)
  }

  /// What a payment still pays of an invoice.
  struct Applied {
    let payment: ID<Payment>
    let amount: Money
    /// In the base currency: what that was worth as money, and as part of the invoice.
    let paymentBase: Money
    let invoiceBase: Money
    let isEarmarked: Bool
  }

  /// What the payments of an invoice still pay of it: money that is for its order first, the newest
  /// first, so that it can be given back.
  static func applied(to invoice: ID<Invoice>, in snapshot: Snapshot) throws -> [Applied] {
    try snapshot.all(
      """
      WITH part AS (
        SELECT payment_id, amount_minor AS amount, payment_base_minor AS payment_base,
          invoice_base_minor AS invoice_base
        FROM payment_application WHERE invoice_id = ?
        UNION ALL
        SELECT payment_id, -amount_minor, -payment_base_minor, -invoice_base_minor
        FROM payment_release WHERE invoice_id = ?
      )
      SELECT p.id, SUM(a.amount), p.currency, SUM(a.payment_base), SUM(a.invoice_base),
        COALESCE(p.base_currency, p.currency), p.earmark_number IS NOT NULL
      FROM part AS a JOIN payment AS p ON p.id = a.payment_id
      GROUP BY p.id, p.currency, p.base_currency, p.earmark_number
      ORDER BY p.earmark_number IS NULL, p.id DESC
      """, invoice, invoice
    ) { row in
      Applied(
        payment: row.id(0), amount: row.money(1, 2), paymentBase: row.money(3, 5),
        invoiceBase: row.money(4, 5), isEarmarked: row.bool(6))
    }
  }

  /// What a payment still pays of each invoice, the oldest invoice first.
  static func applied(
    by payment: ID<Payment>, in snapshot: Snapshot
  ) throws -> [(invoice: ID<Invoice>, amount: Money, paymentBase: Money, invoiceBase: Money)] {
    try snapshot.all(
      """
      WITH part AS (
        SELECT invoice_id, amount_minor AS amount, payment_base_minor AS payment_base,
          invoice_base_minor AS invoice_base
        FROM payment_application WHERE payment_id = ?
        UNION ALL
        SELECT invoice_id, -amount_minor, -payment_base_minor, -invoice_base_minor
        FROM payment_release WHERE payment_id = ?
      )
      SELECT i.id, SUM(a.amount), i.currency, SUM(a.payment_base), SUM(a.invoice_base),
        COALESCE(i.base_currency, i.currency)
      FROM part AS a JOIN invoice AS i ON i.id = a.invoice_id
      GROUP BY i.id, i.currency, i.base_currency
      HAVING SUM(a.amount) > 0
      ORDER BY i.id
      """, payment, payment
    ) { row in
      (
        invoice: row.id(0), amount: row.money(1, 2), paymentBase: row.money(3, 5),
        invoiceBase: row.money(4, 5)
      )
    }
  }

  static func ofPayment(
    _ payment: ID<Payment>, _ base: Currency, in snapshot: Snapshot
  ) throws -> [PaymentRelease] {
    try snapshot.all(
      """
      SELECT i.number, r.amount_minor, r.currency, r.released_on,
        r.payment_base_minor - r.invoice_base_minor
      FROM payment_release AS r JOIN invoice AS i ON i.id = r.invoice_id
      WHERE r.payment_id = ? ORDER BY r.id
      """, payment
    ) { row in
      PaymentRelease(
        invoiceNumber: row.text(0), amount: row.money(1, 2), releasedOn: row.day(3),
        exchangeGain: Money(minor: row.int64(4), currency: base))
    }
  }
}
