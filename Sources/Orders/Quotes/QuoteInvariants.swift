import Storage
import Values

/// What must hold of quotes at every commit, beyond what their tables enforce by themselves.
enum QuoteInvariants {
  static let rules = [
    "orders.quote-totals-are-sums", "orders.quote-shows-its-newest", "orders.quote-has-its-order",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try totals(in: snapshot) + newest(in: snapshot) + orders(in: snapshot)
  }

  private static func totals(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT q.number, v.revision, v.variant_number
      FROM quote_variant AS v JOIN quote AS q ON q.id = v.quote_id
      LEFT JOIN (
        SELECT quote_id, revision, variant_number, SUM(net_minor) AS net, SUM(tax_minor) AS tax
        FROM quote_line GROUP BY quote_id, revision, variant_number
      ) AS l ON l.quote_id = v.quote_id AND l.revision = v.revision
        AND l.variant_number = v.variant_number
      WHERE v.net_minor <> COALESCE(l.net, 0) OR v.tax_minor <> COALESCE(l.tax, 0)
      ORDER BY q.id, v.revision, v.variant_number
      """
    ) { row in
      InvariantViolation(
        "orders.quote-totals-are-sums", "A variant's totals are not the sums of its lines",
        [
          Fact("quote", row.text(0)), Fact("revision", row.int(1)), Fact("variant", row.int(2)),
        ])
    }
  }

  /// Count, last day and total of a quote are those of its newest revision.
  private static func newest(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT q.number FROM quote AS q
      LEFT JOIN quote_revision AS r ON r.quote_id = q.id AND r.revision = q.revisions
      LEFT JOIN quote_variant AS v ON v.quote_id = q.id AND v.revision = q.revisions
        AND v.variant_number = COALESCE(q.won_variant, 1)
      WHERE r.revision IS NULL OR r.valid_until <> q.valid_until
        OR v.gross_minor IS NULL OR v.gross_minor <> q.gross_minor
        OR q.revisions <> (SELECT COUNT(*) FROM quote_revision AS a WHERE a.quote_id = q.id)
      ORDER BY q.id
      """
    ) { row in
      InvariantViolation(
        "orders.quote-shows-its-newest", "A quote does not say what its newest revision offers",
        [Fact("quote", row.text(0))])
    }
  }

  private static func orders(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT q.number, q.order_number FROM quote AS q
      LEFT JOIN sales_order AS o ON o.number = q.order_number
      WHERE q.order_number IS NOT NULL
        AND (o.id IS NULL OR o.customer_code <> q.customer_code OR q.state <> 'WON')
      ORDER BY q.id
      """
    ) { row in
      InvariantViolation(
        "orders.quote-has-its-order", "A quote has become an order of somebody else, or of nobody",
        [Fact("quote", row.text(0)), Fact("order", row.text(1))])
    }
  }
}
