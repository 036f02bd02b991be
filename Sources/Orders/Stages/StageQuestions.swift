import MasterData
package import Storage
package import Values

/// Where an order stands, and by when it is to go on.
package struct OrderStanding: Hashable, Sendable {
  package let stage: OrderStage
  /// Nil where nothing is kept of it.
  package let visit: StageVisit?
}

/// Questions about stages.
package enum OrderStages {
  package static func standing(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> OrderStanding {
    // Where there was never a policy nothing is kept of any order, and most states say all.
    guard try StagePolicies.areSet(in: snapshot) else {
      let facts =
        OrderStage.asksFacts(order.state)
        ? try StageVisitTable.facts(of: order.id, in: snapshot) : []
      return OrderStanding(stage: OrderStage(order.state, facts), visit: nil)
    }
    guard let found = try StageVisitTable.standing(order.number, in: snapshot) else {
      throw MissingRow("sales_order", order.id.value)
    }
    return OrderStanding(stage: found.stage, visit: found.visit)
  }

  /// The last 500 of an order, the first one first.
  package static func visits(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [StageVisit] {
    try StageVisitTable.list(of: order.id, limit: 500, in: snapshot).reversed()
  }

  /// Which clocks a list is to show.
  package enum Clocks: String, Sendable {
    case running, overdue, still
  }

  /// Where a page of clocks ended: what it is sorted by, and the id.
  package struct Key: Hashable, Sendable {
    package let at: Instant
    package let id: Int64

    package init(at: Instant, id: Int64) {
      self.at = at
      self.id = id
    }

    static let first = Key(at: Instant(microseconds: .min), id: 0)
  }

  /// Of orders in scope, the first due first, or those that stand still the longest, from the one
  /// after `key` on (nil: from the first).
  package static func list(
    _ clocks: Clocks, in stage: OrderStage?, after key: Key? = nil, limit: Int, at now: Instant,
    in snapshot: Snapshot
  ) throws -> [StageVisit] {
    let key = key ?? .first
    if clocks == .still {
      return try StageVisitTable.still(
        in: stage, after: (key.at, key.id), limit: limit, in: snapshot)
    }
    let last = clocks == .overdue ? now : Instant(microseconds: .max)
    if let stage {
      return try StageVisitTable.running(
        in: stage, until: last, after: (key.at, key.id), limit: limit, in: snapshot)
    }
    return try StageVisitTable.running(
      until: last, after: (key.at, key.id), limit: limit, in: snapshot)
  }
}

/// How long orders stayed in a stage.
package struct StageReportRow: Hashable, Sendable {
  package let stage: OrderStage
  /// Times that one left it in the period.
  package fileprivate(set) var left: Int64 = 0
  package fileprivate(set) var averageSeconds: Int64 = 0
  /// The smallest time that nine of ten did not exceed.
  package fileprivate(set) var p90Seconds: Int64 = 0
  package fileprivate(set) var longestSeconds: Int64 = 0
  package fileprivate(set) var late: Int64 = 0
  /// Orders that are there now.
  package fileprivate(set) var present: Int64 = 0
  package fileprivate(set) var overdue: Int64 = 0
}

extension OrderStages {
  /// Of orders in scope that left a stage on some days, and of those that are in one now. `from`
  /// nil for 90 days before the last, `until` nil for today.
  package static func report(
    from: Day?, until: Day?, at now: Moment, in snapshot: Snapshot
  ) throws -> [StageReportRow] {
    let until = until ?? now.day
    let from = from ?? until.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(from, "from", until.adding(days: -366)...until)
    try check.pass()
    let (first, last) = (from.begin(now), until.adding(days: 1).begin(now))
    return try OrderStage.allCases.filter { !$0.isFinal }.compactMap { stage in
      let row = try row(of: stage, first, last, at: now.instant, in: snapshot)
      return row.left > 0 || row.present > 0 ? row : nil
    }
  }

  private static func row(
    of stage: OrderStage, _ first: Instant, _ last: Instant, at now: Instant,
    in snapshot: Snapshot
  ) throws -> StageReportRow {
    var row = StageReportRow(stage: stage)
    let sum = try snapshot.first(
      """
      SELECT count(*), COALESCE(SUM(v.spent / 1000000), 0), COALESCE(MAX(v.spent), 0),
        COALESCE(SUM(CASE WHEN v.due_at < v.left_at THEN 1 ELSE 0 END), 0)
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.stage = ? AND v.left_at >= ? AND v.left_at < ? AND v.entered_before = 0
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS w
          WHERE w.number = o.number
            AND in_scope(w.owner, w.store_code, w.warehouse_code, w.author))
      """, stage, first, last
    ) { found -> Int64 in
      row.left = found.int64(0)
      row.longestSeconds = found.int64(2) / 1_000_000
      row.late = found.int64(3)
      return found.int64(1)
    }
    if let sum, row.left > 0 {
      row.averageSeconds = (2 * sum + row.left) / (2 * row.left)
      row.p90Seconds = try spent(
        by: (9 * row.left + 9) / 10, of: stage, first, last, in: snapshot)
    }
    try snapshot.forEach(
      """
      SELECT count(*), COALESCE(SUM(CASE WHEN v.due_at <= ? THEN 1 ELSE 0 END), 0)
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.stage = ? AND v.left_at IS NULL
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS w
          WHERE w.number = o.number
            AND in_scope(w.owner, w.store_code, w.warehouse_code, w.author))
      """, now, stage
    ) { found in
      row.present = found.int64(0)
      row.overdue = found.int64(1)
    }
    return row
  }

  /// Seconds of the one of that rank, the shortest first.
  private static func spent(
    by rank: Int64, of stage: OrderStage, _ first: Instant, _ last: Instant,
    in snapshot: Snapshot
  ) throws -> Int64 {
    let found = try snapshot.first(
      """
      SELECT v.spent FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.stage = ? AND v.left_at >= ? AND v.left_at < ? AND v.entered_before = 0
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS w
          WHERE w.number = o.number
            AND in_scope(w.owner, w.store_code, w.warehouse_code, w.author))
      ORDER BY v.spent LIMIT 1 OFFSET ?
      """, stage, first, last, rank - 1
    ) { $0.int64(0) }
    return (found ?? 0) / 1_000_000
  }
}
