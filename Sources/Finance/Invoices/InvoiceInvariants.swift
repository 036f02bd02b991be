import Storage
import Values

/// Invoices are the sums of their lines, and money paid is money applied, on both sides.
enum InvoiceInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try wrongTotals(in: snapshot) + wrongPaid(in: snapshot) + wrongApplied(in: snapshot)
      + wrongCarried(in: snapshot) + wrongWorth(in: snapshot) + leftInBooks(in: snapshot)
      + wrongClaims(in: snapshot)
  }

  /// What reminding earned is what letters claim, less what was waived.
  private static func wrongClaims(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH part AS (
        SELECT CASE l.claim WHEN 'REMINDER_FEE' THEN '6051.01' ELSE '6603.03' END AS account,
          i.currency AS currency, l.net_minor AS minor
        FROM invoice_line AS l JOIN invoice AS i ON i.id = l.invoice_id
        WHERE i.order_kind = 'DUNNING_LETTER'
        UNION ALL
        SELECT CASE l.claim WHEN 'REMINDER_FEE' THEN '6051.01' ELSE '6603.03' END, i.currency,
          -c.net_minor
        FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id
        JOIN credit_note_line AS c ON c.invoice_id = i.id AND c.invoice_line_no = l.line_no
        WHERE i.order_kind = 'DUNNING_LETTER'
        UNION ALL
        SELECT account, currency, debit_minor - credit_minor FROM account_balance
        WHERE account = '6051.01' OR account = '6603.03'
      )
      SELECT account, currency, SUM(minor) FROM part
      GROUP BY account, currency HAVING SUM(minor) <> 0 ORDER BY account, currency
      """
    ) { row in
      InvariantViolation(
        "finance.claims-are-income", "What reminding earned is not what letters claim",
        [Fact("account", row.text(0)), Fact("missing", row.money(2, 1))])
    }
  }

  /// What documents are worth in the base currency: an invoice as much as its lines, and as its
  /// rate says; what is paid, applied and used as much as its parts.
  private static func wrongWorth(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var found = try snapshot.all(
      """
      SELECT i.number FROM invoice AS i LEFT JOIN invoice_line AS l ON l.invoice_id = i.id
      GROUP BY i.id, i.number, i.base_gross_minor
      HAVING i.base_gross_minor <> COALESCE(SUM(COALESCE(l.base_net_minor, l.net_minor)
        + COALESCE(l.base_tax_minor, l.tax_minor)), 0)
      ORDER BY i.id
      """
    ) { row in
      InvariantViolation(
        "finance.invoice-is-worth-its-lines",
        "An invoice is not worth what its lines are in the base currency",
        [Fact("invoice", row.text(0))])
    }
    found += try snapshot.all(
      """
      SELECT 'invoice', number, gross_minor, currency, base_gross_minor, rate_micros, rate_units,
        base_currency
      FROM invoice WHERE rate_micros IS NOT NULL OR base_gross_minor <> gross_minor
      UNION ALL
      SELECT 'payment', number, amount_minor, currency, base_amount_minor, rate_micros, rate_units,
        base_currency
      FROM payment AS p
      WHERE (rate_micros IS NOT NULL OR base_amount_minor <> amount_minor)
        AND NOT EXISTS (SELECT 1 FROM payment_use AS u WHERE u.carried_to = p.id)
      ORDER BY 1, 2
      """
    ) { row -> InvariantViolation? in
      let amount = row.money(2, 3)
      let worth = try row.exchangeRate(5, 6, 7, of: 3)?.base(of: amount) ?? amount
      guard worth.minor != row.int64(4) else { return nil }
      return InvariantViolation(
        "finance.document-is-worth-its-rate", "A document is not worth what its rate says",
        [Fact(row.text(0), row.text(1)), Fact("amount", amount), Fact("base", row.int64(4))])
    }.compactMap(\.self)
    return found
  }

  /// Sub-ledger and books close together: what is settled in the currency of a document is worth
  /// nothing, and what is not is not less than nothing (complaints 13, 14).
  private static func leftInBooks(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT 'invoice', i.number FROM invoice AS i
      WHERE i.paid_minor = i.gross_minor AND i.base_paid_minor <> i.base_gross_minor
        OR i.base_paid_minor <> i.base_credited_minor
          + COALESCE((SELECT SUM(n.base_difference_minor) FROM credit_note AS n
              WHERE n.invoice_id = i.id), 0)
          + COALESCE((SELECT SUM(a.invoice_base_minor) FROM payment_application AS a
              WHERE a.invoice_id = i.id), 0)
          - COALESCE((SELECT SUM(r.invoice_base_minor) FROM payment_release AS r
              WHERE r.invoice_id = i.id), 0)
        OR i.base_credited_minor <> COALESCE((SELECT SUM(n.base_gross_minor)
              FROM credit_note AS n WHERE n.invoice_id = i.id), 0)
      UNION ALL
      SELECT 'payment', p.number FROM payment AS p
      WHERE p.applied_minor = p.amount_minor AND p.base_applied_minor <> p.base_amount_minor
        OR p.base_applied_minor
          <> COALESCE((SELECT SUM(a.payment_base_minor) FROM payment_application AS a
              WHERE a.payment_id = p.id), 0)
          + COALESCE((SELECT SUM(u.payment_base_minor) FROM payment_use AS u
              WHERE u.payment_id = p.id), 0)
          - COALESCE((SELECT SUM(r.payment_base_minor) FROM payment_release AS r
              WHERE r.payment_id = p.id), 0)
      ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        "finance.settled-is-worth-nothing",
        "What is left of a document in the base currency is not what its parts leave",
        [Fact(row.text(0), row.text(1))])
    }
  }

  private static func wrongTotals(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT i.number, i.currency, i.net_minor, i.tax_minor,
        COALESCE(SUM(l.net_minor), 0), COALESCE(SUM(l.tax_minor), 0)
      FROM invoice AS i LEFT JOIN invoice_line AS l ON l.invoice_id = i.id
      GROUP BY i.id, i.number, i.currency, i.net_minor, i.tax_minor
      HAVING i.net_minor <> COALESCE(SUM(l.net_minor), 0)
        OR i.tax_minor <> COALESCE(SUM(l.tax_minor), 0)
      ORDER BY i.id
      """
    ) { row in
      InvariantViolation(
        "finance.invoice-is-sum-of-lines", "An invoice is not the sum of its lines",
        [
          Fact("invoice", row.text(0)), Fact("net", row.money(2, 1)), Fact("tax", row.money(3, 1)),
          Fact("lines_net", row.money(4, 1)), Fact("lines_tax", row.money(5, 1)),
        ])
    }
  }

  private static func wrongPaid(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH part AS (
        SELECT invoice_id, amount_minor AS amount FROM payment_application
        UNION ALL
        SELECT invoice_id, -amount_minor FROM payment_release
      )
      SELECT i.number, i.currency, i.paid_minor - i.credited_minor, COALESCE(SUM(p.amount), 0)
      FROM invoice AS i LEFT JOIN part AS p ON p.invoice_id = i.id
      GROUP BY i.id, i.number, i.currency, i.paid_minor, i.credited_minor
      HAVING i.paid_minor - i.credited_minor <> COALESCE(SUM(p.amount), 0)
      ORDER BY i.id
      """
    ) { row in
      InvariantViolation(
        "finance.invoice-paid-is-sum-of-applications",
        "What is paid of an invoice is not what was applied to it",
        [
          Fact("invoice", row.text(0)), Fact("paid", row.money(2, 1)),
          Fact("applied", row.money(3, 1)),
        ])
    }
  }

  private static func wrongApplied(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH part AS (
        SELECT payment_id, amount_minor AS amount FROM payment_application
        UNION ALL
        SELECT payment_id, -amount_minor FROM payment_release
      )
      SELECT number, currency, applied_minor, settled_minor + COALESCE(
          (SELECT SUM(a.amount) FROM part AS a WHERE a.payment_id = p.id), 0)
      FROM payment AS p
      WHERE settled_minor <> COALESCE(
          (SELECT SUM(u.amount_minor) FROM payment_use AS u WHERE u.payment_id = p.id), 0)
        OR applied_minor <> settled_minor + COALESCE(
          (SELECT SUM(a.amount) FROM part AS a WHERE a.payment_id = p.id), 0)
      ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "finance.payment-applied-is-sum-of-applications",
        "What is applied of a payment is not what its applications say",
        [
          Fact("payment", row.text(0)), Fact("applied", row.money(2, 1)),
          Fact("applications", row.money(3, 1)),
        ])
    }
  }

  /// What is carried is a payment of the same customer that begins with just that, for another
  /// document or for none.
  private static func wrongCarried(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT p.number, t.number FROM payment_use AS u
      JOIN payment AS p ON p.id = u.payment_id
      JOIN payment AS t ON t.id = u.carried_to
      WHERE t.amount_minor <> u.amount_minor OR t.currency <> u.currency
        OR t.base_amount_minor <> u.payment_base_minor
        OR t.customer_id <> p.customer_id OR t.received_on <> p.received_on
        OR p.earmark_number IS NULL OR t.earmark_number = p.earmark_number
      ORDER BY u.id
      """
    ) { row in
      InvariantViolation(
        "finance.carried-payment-is-part", "A payment is not the part of another that it says",
        [Fact("payment", row.text(1)), Fact("from", row.text(0))])
    }
  }
}
