import MasterData
package import Storage
package import Values

/// Quotes that stand in the same way for the same reason.
package struct QuoteOutcome: Hashable, Sendable {
  package let state: QuoteState
  /// Empty when none was given.
  package let reasonCode: String
  /// Empty when the reason is no longer in the table.
  package let reasonText: String
  package let quotes: Int64
  package let gross: Money
}

/// What became of the quotes of a time.
package struct QuoteOutcomes: Hashable, Sendable {
  /// By state, then by number, the most first.
  package let rows: [QuoteOutcome]

  static let longestDays = 366

  /// Of quotes in scope that were created in this time, as they stand on `today`.
  package static func of(
    from: Day?, until: Day?, on today: Day, in snapshot: Snapshot
  ) throws -> QuoteOutcomes {
    let last = until ?? today
    let first = from ?? last.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(first, "created_from", last.adding(days: 1 - longestDays)...last)
    try check.pass()
    let rows = try snapshot.all(
      """
      SELECT standing, reason_code, reason_text, COUNT(*), SUM(gross_minor), currency
      FROM (
        SELECT CASE WHEN q.state = 'OPEN' AND q.valid_until < ? THEN 'EXPIRED' ELSE q.state END
            AS standing,
          q.reason_code AS reason_code, COALESCE(r.text, '') AS reason_text,
          q.gross_minor AS gross_minor, q.currency AS currency
        FROM quote AS q LEFT JOIN quote_reason AS r ON r.code = q.reason_code
        WHERE q.created_on BETWEEN ? AND ?
          AND (in_scope(NULL, NULL, NULL, q.created_by) OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = q.customer_code AND in_scope(c.owner, c.store_code)))) AS judged
      GROUP BY standing, reason_code, reason_text, currency
      """, today, first, last
    ) { row in
      QuoteOutcome(
        state: try row.value(0), reasonCode: row.text(1), reasonText: row.text(2),
        quotes: row.int64(3), gross: row.money(4, 5))
    }
    return QuoteOutcomes(rows: rows.sorted(by: precedes))
  }

  private static func precedes(_ left: QuoteOutcome, _ right: QuoteOutcome) -> Bool {
    let order = QuoteState.allCases
    let (a, b) = (order.firstIndex(of: left.state) ?? 0, order.firstIndex(of: right.state) ?? 0)
    return (a, -left.quotes, left.reasonCode) < (b, -right.quotes, right.reasonCode)
  }

  /// Those that were won, lost or lapsed.
  private var decided: Int64 {
    rows.filter { [.won, .lost, .lapsed].contains($0.state) }.reduce(0) { $0 + $1.quotes }
  }

  /// Won of all that were decided; nil when none was.
  package func winRate() throws -> Rate? {
    let won = rows.filter { $0.state == .won }.reduce(0) { $0 + $1.quotes }
    return decided == 0 ? nil : try share(won)
  }

  /// The share of a row in all that were decided; zero of what is not.
  package func share(of row: QuoteOutcome) throws -> Rate {
    [.won, .lost, .lapsed].contains(row.state) ? try share(row.quotes) : .zero
  }

  private func share(_ quotes: Int64) throws -> Rate {
    Rate(
      micros: try Rounding.quotient(
        Int128(quotes) * Int128(Rate.one.micros), Int128(decided)))
  }
}
