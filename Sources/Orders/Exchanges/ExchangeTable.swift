import Storage
import Values

/// All SQL of `exchange`: what was settled is written down once, the rest never changes.
enum ExchangeTable {
  static func insert(
    number: String, _ found: CustomerReturn, _ order: SalesOrder, origin: SalesOrder,
    by actor: String, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO exchange (number, return_id, sales_order_id, origin_order_id, carried_minor,
        currency, requested_by, requested_at)
      VALUES (?, ?, ?, ?, 0, ?, ?, ?)
      """, number, found.id, order.id, origin.id, order.currency, actor, now.instant)
  }

  static func set(carried amount: Money, of exchange: ID<Exchange>, in tx: Transaction) throws {
    try tx.execute("UPDATE exchange SET carried_minor = ? WHERE id = ?", amount.minor, exchange)
  }

  /// Whoever may not see the order that comes of it, or the one whose goods come back, does not see
  /// it.
  static func find(_ number: String, in snapshot: Snapshot) throws -> Exchange? {
    try snapshot.first(
      """
      SELECT e.id, e.number, f.number, r.number, r.state, o.number, o.state, e.carried_minor,
        e.currency, e.requested_by, e.requested_at
      FROM exchange AS e
      JOIN customer_return AS r ON r.id = e.return_id
      JOIN sales_order AS o ON o.id = e.sales_order_id
      JOIN sales_order AS f ON f.id = e.origin_order_id
      WHERE e.number = ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = f.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      """, number, map: exchange(_:))
  }

  static func list(
    before id: ID<Exchange>, limit: Int, in snapshot: Snapshot
  ) throws -> [Exchange] {
    try snapshot.all(
      """
      SELECT e.id, e.number, f.number, r.number, r.state, o.number, o.state, e.carried_minor,
        e.currency, e.requested_by, e.requested_at
      FROM exchange AS e
      JOIN customer_return AS r ON r.id = e.return_id
      JOIN sales_order AS o ON o.id = e.sales_order_id
      JOIN sales_order AS f ON f.id = e.origin_order_id
      WHERE e.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = f.number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY e.id DESC LIMIT ?
      """, id, limit, map: exchange(_:))
  }

  /// On either side.
  static func of(
    _ order: ID<SalesOrder>, before id: ID<Exchange>, limit: Int, in snapshot: Snapshot
  ) throws -> [Exchange] {
    try snapshot.all(
      """
      SELECT e.id, e.number, f.number, r.number, r.state, o.number, o.state, e.carried_minor,
        e.currency, e.requested_by, e.requested_at
      FROM exchange AS e
      JOIN customer_return AS r ON r.id = e.return_id
      JOIN sales_order AS o ON o.id = e.sales_order_id
      JOIN sales_order AS f ON f.id = e.origin_order_id
      WHERE (e.origin_order_id = ? OR e.sales_order_id = ?) AND e.id < ?
      ORDER BY e.id DESC LIMIT ?
      """, order, order, id, limit, map: exchange(_:))
  }

  /// The one that a return belongs to.
  static func of(
    _ found: ID<CustomerReturn>, in snapshot: Snapshot
  ) throws -> Exchange? {
    try snapshot.first(
      """
      SELECT e.id, e.number, f.number, r.number, r.state, o.number, o.state, e.carried_minor,
        e.currency, e.requested_by, e.requested_at
      FROM exchange AS e
      JOIN customer_return AS r ON r.id = e.return_id
      JOIN sales_order AS o ON o.id = e.sales_order_id
      JOIN sales_order AS f ON f.id = e.origin_order_id
      WHERE e.return_id = ?
      """, found, map: exchange(_:))
  }

  private static func exchange(_ row: Row) throws -> Exchange {
    Exchange(
      id: row.id(0), number: row.text(1), originNumber: row.text(2), returnNumber: row.text(3),
      returnState: try row.value(4), orderNumber: row.text(5), orderState: try row.value(6),
      carried: row.money(7, 8), requestedBy: row.text(9), requestedAt: row.instant(10))
  }
}
