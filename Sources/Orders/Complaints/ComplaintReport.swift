import MasterData
package import Storage
package import Values

/// Complaints that are alike in what they are counted by; nil where they are not counted by it, and
/// the channel also where nobody said it.
package struct ComplaintReportRow: Hashable, Sendable {
  package let channel: ComplaintChannel?
  package let category: ComplaintCategory?
  package let severity: ComplaintSeverity?
  package fileprivate(set) var complaints: Int64 = 0
  package fileprivate(set) var unresolved: Int64 = 0
  /// That passed a deadline.
  package fileprivate(set) var escalated: Int64 = 0
  fileprivate var resolveSeconds: Int64 = 0

  /// Of those that have ended, rounded down; 0 where none has.
  package var meanResolveSeconds: Int64 {
    complaints > unresolved ? resolveSeconds / (complaints - unresolved) : 0
  }
}

/// How many complaints were opened in a time, and how they ended.
package enum ComplaintReport {
  package enum Dimension: Hashable, Sendable, CaseIterable { case channel, category, severity }

  private struct Key: Hashable {
    let channel: ComplaintChannel?
    let category: ComplaintCategory?
    let severity: ComplaintSeverity?

    var text: String {
      [channel?.rawValue, category?.rawValue, severity?.rawValue].map { $0 ?? "" }
        .joined(separator: "\n")
    }
  }

  /// Of complaints about orders in scope, the most first. `from` nil for 90 days before the last,
  /// `until` nil for today; without dimensions by the channel.
  package static func rows(
    from: Day?, until: Day?, by dimensions: Set<Dimension>, at now: Moment, in snapshot: Snapshot
  ) throws -> [ComplaintReportRow] {
    let until = until ?? now.day
    let from = from ?? until.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(from, "from", until.adding(days: -365)...until)
    try check.pass()
    let by = dimensions.isEmpty ? [.channel] : dimensions
    var rows: [Key: ComplaintReportRow] = [:]
    try snapshot.forEach(
      """
      SELECT c.channel, c.category, c.severity, c.level, c.opened_at, c.resolved_at
      FROM complaint AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      WHERE c.opened_at >= ? AND c.opened_at < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      """, from.begin(now), until.adding(days: 1).begin(now)
    ) { row in
      let key = Key(
        channel: by.contains(.channel) ? try row.optionalValue(0) : nil,
        category: by.contains(.category) ? try row.value(1) : nil,
        severity: by.contains(.severity) ? try row.value(2) : nil)
      var found =
        rows[key]
        ?? ComplaintReportRow(
          channel: key.channel, category: key.category, severity: key.severity)
      found.complaints += 1
      if row.int(3) > 0 { found.escalated += 1 }
      if let resolved = row.optionalInstant(5) {
        found.resolveSeconds +=
          (resolved.microseconds - row.instant(4).microseconds) / 1_000_000
      } else {
        found.unresolved += 1
      }
      rows[key] = found
    }
    return rows.sorted {
      ($1.value.complaints, $0.key.text) < ($0.value.complaints, $1.key.text)
    }.map(\.value)
  }
}
