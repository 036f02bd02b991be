package import Storage
package import Values

/// Something made or sent again for a line of an order (补件): an order of its own, before all
/// others, so that stock, workshop, shipping and books treat it as any other.
package struct Remake: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Remake>
  /// The order that brings it, and how far that has come.
  package let orderNumber: String
  package let state: OrderState
  /// The order and the line that it is for.
  package let originNumber: String
  package let originLine: Int
  package let sku: String
  package let quantity: Quantity
  package let unit: String
  /// That was bad; empty for the whole.
  package let component: String
  package let reasonCode: String
  /// Who bears the cost.
  package let responsible: Responsible
  /// The customer pays nothing.
  package let isFree: Bool
  package let gross: Money
  /// What the goods cost that have left for it so far.
  package let cost: Money
  package let requestedBy: String
  package let requestedAt: Instant
  /// Why it is free or not, for people.
  package let words: String
}

/// Questions about remakes.
package enum Remakes {
  /// Of orders in scope, the newest first, from the one before `id` on.
  package static func list(
    before id: ID<Remake>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Remake] {
    try RemakeTable.list(before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Those for an order, and for what was made again for it, and so on.
  package static func of(
    _ order: SalesOrder, before id: ID<Remake>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Remake] {
    try RemakeTable.of(order.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

/// All SQL of `remake`: rows are written once and never changed.
enum RemakeTable {
  static func insert(
    _ asked: CreateRemake, for origin: SalesOrder, order: SalesOrder, _ reason: ReturnReason,
    isFree: Bool, words: String, at now: Moment, in tx: Transaction
  ) throws -> ID<Remake> {
    try tx.insert(
      """
      INSERT INTO remake (sales_order_id, origin_order_id, origin_line, component, reason_code,
        responsible, is_free, explanation, requested_by, requested_at, requested_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order.id, origin.id, asked.line, asked.component, reason.code, reason.responsible,
      isFree, words, asked.actor, now.instant, now.day)
  }

  static func list(
    before id: ID<Remake>, limit: Int, in snapshot: Snapshot
  ) throws -> [Remake] {
    try snapshot.all(
      """
      SELECT m.id, o.number, o.state, f.number, m.origin_line, l.sku, l.ordered, l.unit,
        m.component, m.reason_code, m.responsible, m.is_free, o.gross_minor, o.currency,
        (SELECT COALESCE(SUM(s.cost_minor), 0) FROM shipment_line AS s
         WHERE s.sales_order_id = o.id),
        m.requested_by, m.requested_at, m.explanation, COALESCE(o.base_currency, o.currency)
      FROM remake AS m
      JOIN sales_order AS o ON o.id = m.sales_order_id
      JOIN sales_order AS f ON f.id = m.origin_order_id
      JOIN sales_order_line AS l ON l.sales_order_id = o.id AND l.line_number = 1
      WHERE m.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = o.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY m.id DESC LIMIT ?
      """, id, limit, map: remake(_:))
  }

  static func of(
    _ order: ID<SalesOrder>, before id: ID<Remake>, limit: Int, in snapshot: Snapshot
  ) throws -> [Remake] {
    try snapshot.all(
      """
      WITH RECURSIVE chain (id) AS (
        SELECT ?
        UNION
        SELECT r.sales_order_id FROM remake AS r JOIN chain AS c ON c.id = r.origin_order_id
      )
      SELECT m.id, o.number, o.state, f.number, m.origin_line, l.sku, l.ordered, l.unit,
        m.component, m.reason_code, m.responsible, m.is_free, o.gross_minor, o.currency,
        (SELECT COALESCE(SUM(s.cost_minor), 0) FROM shipment_line AS s
         WHERE s.sales_order_id = o.id),
        m.requested_by, m.requested_at, m.explanation, COALESCE(o.base_currency, o.currency)
      FROM chain AS c
      JOIN remake AS m ON m.origin_order_id = c.id
      JOIN sales_order AS o ON o.id = m.sales_order_id
      JOIN sales_order AS f ON f.id = m.origin_order_id
      JOIN sales_order_line AS l ON l.sales_order_id = o.id AND l.line_number = 1
      WHERE m.id < ? ORDER BY m.id DESC LIMIT ?
      """, order, id, limit, map: remake(_:))
  }

  private static func remake(_ row: Row) throws -> Remake {
    Remake(
      id: row.id(0), orderNumber: row.text(1), state: try row.value(2), originNumber: row.text(3),
      originLine: row.int(4), sku: row.text(5), quantity: row.quantity(6), unit: row.text(7),
      component: row.text(8), reasonCode: row.text(9), responsible: try row.value(10),
      isFree: row.bool(11), gross: row.money(12, 13), cost: row.money(14, 18),
      requestedBy: row.text(15), requestedAt: row.instant(16), words: row.text(17))
  }
}
