package import Storage
package import Values

/// What one customer owes, by how long it is overdue.
package struct AgedReceivable: Hashable, Sendable {
  package let customerCode: String
  package let notDue: Money
  /// Overdue by 1–30 days.
  package let days30: Money
  /// Overdue by 31–60 days.
  package let days60: Money
  /// Overdue by 61–90 days.
  package let days90: Money
  /// Overdue by more.
  package let older: Money
  package let total: Money
}

/// What customers owe, by how long it is overdue on a day. An invoice is overdue from the day after
/// its due date; money that no invoice needs yet is not set off.
package enum AgedReceivables {
  /// Customers in scope who owe something in the order of their codes, from the one after
  /// `code` on (nil: from the first).
  package static func page(
    on today: Day, after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [AgedReceivable] {
    try snapshot.all(
      """
      SELECT customer_code, currency,
        SUM(CASE WHEN overdue <= 0 THEN open_minor ELSE 0 END),
        SUM(CASE WHEN overdue BETWEEN 1 AND 30 THEN open_minor ELSE 0 END),
        SUM(CASE WHEN overdue BETWEEN 31 AND 60 THEN open_minor ELSE 0 END),
        SUM(CASE WHEN overdue BETWEEN 61 AND 90 THEN open_minor ELSE 0 END),
        SUM(CASE WHEN overdue > 90 THEN open_minor ELSE 0 END),
        SUM(open_minor)
      FROM (
        SELECT customer_code, currency, open_minor, ? - due_on AS overdue
        FROM view_receivable AS r
        JOIN view_customer_owner AS c ON c.code = r.customer_code
        WHERE customer_code > ? AND in_scope(c.owner, c.store_code)) AS receivable
      GROUP BY customer_code, currency ORDER BY customer_code LIMIT ?
      """, today, code ?? "", limit
    ) { row in
      AgedReceivable(
        customerCode: row.text(0), notDue: row.money(2, 1), days30: row.money(3, 1),
        days60: row.money(4, 1), days90: row.money(5, 1), older: row.money(6, 1),
        total: row.money(7, 1))
    }
  }
}
