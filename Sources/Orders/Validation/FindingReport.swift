package import MasterData
package import Storage
package import Values

/// Findings that are alike in what they are counted by; nil where they are not counted by it.
package struct FindingCount: Hashable, Sendable {
  package let cause: String?
  package let channel: Channel?
  package let source: String?
  package let outcome: OrderFinding.Outcome?
  package let count: Int64
}

/// What was wrong with orders in a time, by cause, channel, source and outcome, or some of these.
package struct FindingReport: Sendable {
  package enum Dimension: Hashable, Sendable, CaseIterable { case cause, channel, source, outcome }

  /// The largest first.
  package let rows: [FindingCount]

  static let longestDays = 366

  /// Of orders in scope. Without dimensions by all of them.
  package static func of(
    from: Day?, until: Day?, by dimensions: Set<Dimension>, on today: Day, in snapshot: Snapshot
  ) throws -> FindingReport {
    let last = until ?? today
    let first = from ?? last.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(first, "found_from", last.adding(days: 1 - longestDays)...last)
    try check.pass()
    let by = dimensions.isEmpty ? Set(Dimension.allCases) : dimensions
    var counts: [Key: Int64] = [:]
    try snapshot.forEach(
      """
      SELECT f.cause, f.channel, f.source, f.outcome, COUNT(*)
      FROM order_finding AS f
      LEFT JOIN sales_order AS o ON o.id = f.sales_order_id
      LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
      WHERE f.found_on BETWEEN ? AND ?
        AND in_scope(u.owner, u.store_code, f.warehouse_code,
          CASE WHEN o.id IS NULL OR o.state = 'DRAFT' THEN f.made_by END)
      GROUP BY f.cause, f.channel, f.source, f.outcome
      """, first, last
    ) { row in
      let key = Key(
        cause: by.contains(.cause) ? row.text(0) : nil,
        channel: by.contains(.channel) ? row.text(1) : nil,
        source: by.contains(.source) ? row.text(2) : nil,
        outcome: by.contains(.outcome) ? row.text(3) : nil)
      counts[key, default: 0] += row.int64(4)
    }
    return FindingReport(
      rows: counts.sorted { ($1.value, $0.key.text) < ($0.value, $1.key.text) }.map {
        FindingCount(
          cause: $0.key.cause, channel: $0.key.channel.flatMap(Channel.init(rawValue:)),
          source: $0.key.source,
          outcome: $0.key.outcome.flatMap(OrderFinding.Outcome.init(rawValue:)), count: $0.value)
      })
  }

  private struct Key: Hashable {
    let cause: String?
    let channel: String?
    let source: String?
    let outcome: String?

    var text: String { [cause, channel, source, outcome].map { $0 ?? "" }.joined(separator: "\n") }
  }
}
