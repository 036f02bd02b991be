import Storage
import Values

/// All SQL of `sales_order_hold`. One that is released stays as a record.
enum OrderHoldTable {
  /// Those that last, the oldest first.
  static func list(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> [OrderHold] {
    try snapshot.all(
      """
      SELECT kind, reason, set_by, set_at, explanation FROM sales_order_hold
      WHERE sales_order_id = ? AND released_at IS NULL ORDER BY id
      """, order
    ) { row in
      OrderHold(
        kind: try row.value(0), reason: row.text(1), setBy: row.text(2), setAt: row.instant(3),
        explanation: Explanation(storedText: row.text(4)))
    }
  }

  static func insert(_ hold: OrderHold, of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO sales_order_hold (sales_order_id, kind, reason, set_by, set_at, explanation)
      VALUES (?, ?, ?, ?, ?, ?)
      """, order, hold.kind, hold.reason, hold.setBy, hold.setAt, hold.explanation.storedText)
  }

  static func release(
    _ kind: OrderHoldKind, of order: ID<SalesOrder>, reason: String, by actor: String,
    at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE sales_order_hold SET released_by = ?, released_at = ?, release_reason = ?
      WHERE sales_order_id = ? AND kind = ? AND released_at IS NULL
      """, actor, now.instant, reason, order, kind)
  }

  /// Numbers of the orders that have a hold of one of these kinds.
  static func orders(heldFor kinds: Set<OrderHoldKind>, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      """
      SELECT o.number, h.kind FROM sales_order_hold AS h
      JOIN sales_order AS o ON o.id = h.sales_order_id
      WHERE h.released_at IS NULL ORDER BY o.number
      """
    ) { row in (number: row.text(0), kind: try row.value(1) as OrderHoldKind) }
    .filter { kinds.contains($0.kind) }.map(\.number)
  }
}

extension OrderHoldKind: Bindable {}
