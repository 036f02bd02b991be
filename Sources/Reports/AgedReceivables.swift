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
  /// What customers in scope owed when the books closed on a day: what was invoiced, paid and
  /// credited up to it, whatever happened since. Looks at `limit` customers at a time that have
  /// ever been invoiced, in the order of their codes, from the one after `code` on; `last` is the
  /// code of the one that was looked at last, nil when there are no more.
  package static func page(
    asOf day: Day, after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> (rows: [AgedReceivable], last: String?) {
    let looked = try snapshot.all(
      """
      SELECT c.id, c.code FROM view_customer_owner AS c
      WHERE c.code > ? AND in_scope(c.owner, c.store_code)
        AND EXISTS (SELECT 1 FROM view_invoice_age AS a WHERE a.customer_id = c.id)
      ORDER BY c.code LIMIT ?
      """, code ?? "", limit
    ) { (id: $0.int64(0), code: $0.text(1)) }
    let rows = try looked.flatMap { customer in
      try snapshot.all(
        """
        SELECT ?, currency,
          SUM(CASE WHEN overdue <= 0 THEN minor ELSE 0 END),
          SUM(CASE WHEN overdue BETWEEN 1 AND 30 THEN minor ELSE 0 END),
          SUM(CASE WHEN overdue BETWEEN 31 AND 60 THEN minor ELSE 0 END),
          SUM(CASE WHEN overdue BETWEEN 61 AND 90 THEN minor ELSE 0 END),
          SUM(CASE WHEN overdue > 90 THEN minor ELSE 0 END),
          SUM(minor)
        FROM (
          SELECT currency, minor, ? - due_on AS overdue FROM view_invoice_age
          WHERE customer_id = ? AND issued_on <= ?) AS age
        GROUP BY currency HAVING SUM(minor) <> 0
        """, customer.code, day, customer.id, day, map: row(_:))
    }
    return (rows, looked.count == limit ? looked.last?.code : nil)
  }

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
      """, today, code ?? "", limit, map: row(_:))
  }

  private static func row(_ row: Row) -> AgedReceivable {
    AgedReceivable(
      customerCode: row.text(0), notDue: row.money(2, 1), days30: row.money(3, 1),
      days60: row.money(4, 1), days90: row.money(5, 1), older: row.money(6, 1),
      total: row.money(7, 1))
  }
}
