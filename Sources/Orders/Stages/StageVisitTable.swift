import MasterData
import Storage
import Values

/// All SQL of `order_stage_visit` but that of the report.
enum StageVisitTable {
  static func insert(_ visit: StageVisit, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO order_stage_visit (sales_order_id, stage, entered_at, entered_before,
        policy_version, term, due_at, next_at, still_at, remaining)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, visit.order, visit.stage, visit.enteredAt, visit.enteredBefore, visit.policyVersion,
      visit.term, visit.dueAt, visit.nextAt, visit.stillAt, visit.remaining)
  }

  /// Writes all that may change.
  static func update(_ visit: StageVisit, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE order_stage_visit SET due_at = ?, next_at = ?, still_at = ?, remaining = ?, held = ?,
        reminded_at = ?, escalated_at = ?, left_at = ?, spent = ?
      WHERE id = ?
      """, visit.dueAt, visit.nextAt, visit.stillAt, visit.remaining, visit.held,
      visit.remindedAt, visit.escalatedAt, visit.leftAt, visit.spent, visit.id)
  }

  /// Where an order stands; nil where there is none.
  static func standing(_ number: String, in snapshot: Snapshot) throws -> StandingOrder? {
    try snapshot.first(
      """
      SELECT o.id, o.number, o.channel, o.customer_code, o.created_at, o.state, f.facts,
        v.id, v.sales_order_id, o.number, v.stage, v.entered_at, v.entered_before,
        v.policy_version, v.term, v.due_at, v.next_at, v.still_at, v.remaining, v.held,
        v.reminded_at, v.escalated_at, v.left_at, v.spent
      FROM sales_order AS o
      JOIN view_order_stage_facts AS f ON f.id = o.id
      LEFT JOIN order_stage_visit AS v ON v.sales_order_id = o.id AND v.left_at IS NULL
      WHERE o.number = ?
      """, number
    ) { row in
      StandingOrder(
        id: row.id(0), number: row.text(1), channel: try row.value(2), customerCode: row.text(3),
        createdAt: row.instant(4),
        stage: OrderStage(try row.value(5), OrderStage.Facts(rawValue: row.int64(6))),
        visit: row.isNull(7) ? nil : try visit(row, from: 7))
    }
  }

  /// What is true of an order beside its state.
  static func facts(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> OrderStage.Facts {
    try snapshot.first("SELECT facts FROM view_order_stage_facts WHERE id = ?", order) {
      OrderStage.Facts(rawValue: $0.int64(0))
    } ?? []
  }

  /// Of an order, the newest first.
  static func list(
    of order: ID<SalesOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [StageVisit] {
    try snapshot.all(
      """
      SELECT v.id, v.sales_order_id, o.number, v.stage, v.entered_at, v.entered_before,
        v.policy_version, v.term, v.due_at, v.next_at, v.still_at, v.remaining, v.held,
        v.reminded_at, v.escalated_at, v.left_at, v.spent
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.sales_order_id = ? ORDER BY v.id DESC LIMIT ?
      """, order, limit
    ) { try visit($0, from: 0) }
  }

  /// Of which it is time to tell, the longest due first.
  static func toTell(
    at now: Instant, limit: Int, in snapshot: Snapshot
  ) throws -> [StageVisit] {
    try snapshot.all(
      """
      SELECT v.id, v.sales_order_id, o.number, v.stage, v.entered_at, v.entered_before,
        v.policy_version, v.term, v.due_at, v.next_at, v.still_at, v.remaining, v.held,
        v.reminded_at, v.escalated_at, v.left_at, v.spent
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.left_at IS NULL AND v.next_at <= ? ORDER BY v.next_at, v.id LIMIT ?
      """, now, limit
    ) { try visit($0, from: 0) }
  }

  /// Of orders in scope whose clock runs, due up to an instant, the first due first.
  static func running(
    until: Instant, after: (due: Instant, id: Int64), limit: Int, in snapshot: Snapshot
  ) throws -> [StageVisit] {
    try snapshot.all(
      """
      SELECT v.id, v.sales_order_id, o.number, v.stage, v.entered_at, v.entered_before,
        v.policy_version, v.term, v.due_at, v.next_at, v.still_at, v.remaining, v.held,
        v.reminded_at, v.escalated_at, v.left_at, v.spent
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.left_at IS NULL AND v.due_at IS NOT NULL AND (v.due_at, v.id) > (?, ?)
        AND v.due_at <= ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS w
          WHERE w.number = o.number
            AND in_scope(w.owner, w.store_code, w.warehouse_code, w.author))
      ORDER BY v.due_at, v.id LIMIT ?
      """, after.due, after.id, until, limit
    ) { try visit($0, from: 0) }
  }

  /// As above, of one stage.
  static func running(
    in stage: OrderStage, until: Instant, after: (due: Instant, id: Int64), limit: Int,
    in snapshot: Snapshot
  ) throws -> [StageVisit] {
    try snapshot.all(
      """
      SELECT v.id, v.sales_order_id, o.number, v.stage, v.entered_at, v.entered_before,
        v.policy_version, v.term, v.due_at, v.next_at, v.still_at, v.remaining, v.held,
        v.reminded_at, v.escalated_at, v.left_at, v.spent
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.left_at IS NULL AND v.stage = ? AND (v.due_at, v.id) > (?, ?) AND v.due_at <= ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS w
          WHERE w.number = o.number
            AND in_scope(w.owner, w.store_code, w.warehouse_code, w.author))
      ORDER BY v.due_at, v.id LIMIT ?
      """, stage, after.due, after.id, until, limit
    ) { try visit($0, from: 0) }
  }

  /// Of orders in scope whose clock stands still, the longest first; few at a time.
  static func still(
    in stage: OrderStage?, after: (since: Instant, id: Int64), limit: Int, in snapshot: Snapshot
  ) throws -> [StageVisit] {
    try snapshot.all(
      """
      SELECT v.id, v.sales_order_id, o.number, v.stage, v.entered_at, v.entered_before,
        v.policy_version, v.term, v.due_at, v.next_at, v.still_at, v.remaining, v.held,
        v.reminded_at, v.escalated_at, v.left_at, v.spent
      FROM order_stage_visit AS v JOIN sales_order AS o ON o.id = v.sales_order_id
      WHERE v.left_at IS NULL AND v.still_at IS NOT NULL AND (v.still_at, v.id) > (?, ?)
        AND (? IS NULL OR v.stage = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS w
          WHERE w.number = o.number
            AND in_scope(w.owner, w.store_code, w.warehouse_code, w.author))
      ORDER BY v.still_at, v.id LIMIT ?
      """, after.since, after.id, stage, stage, limit
    ) { try visit($0, from: 0) }
  }

  private static func visit(_ row: Row, from first: Int) throws -> StageVisit {
    var visit = StageVisit(
      id: row.id(first), order: row.id(first + 1), orderNumber: row.text(first + 2),
      stage: try row.value(first + 3), enteredAt: row.instant(first + 4),
      enteredBefore: row.bool(first + 5), policyVersion: row.int64(first + 6),
      term: row.optionalInt(first + 7))
    visit.dueAt = row.optionalInstant(first + 8)
    visit.nextAt = row.optionalInstant(first + 9)
    visit.stillAt = row.optionalInstant(first + 10)
    visit.remaining = row.optionalInt64(first + 11)
    visit.held = row.int64(first + 12)
    visit.remindedAt = row.optionalInstant(first + 13)
    visit.escalatedAt = row.optionalInstant(first + 14)
    visit.leftAt = row.optionalInstant(first + 15)
    visit.spent = row.optionalInt64(first + 16)
    return visit
  }
}
