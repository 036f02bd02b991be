import MasterData
import Storage
import Values

/// All SQL of `stock_move`. There is no update and no delete.
enum StockMoveTable {
  static func insert(
    _ move: MoveStock, value: Money, at now: Moment, in tx: Transaction
  ) throws -> StockMove {
    let id: ID<StockMove> = try tx.insert(
      """
      INSERT INTO stock_move (
        product_id, from_location_id, to_location_id, quantity, value_minor, currency, cause,
        origin_kind, origin_number, origin_line, reason, moved_at, moved_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, move.product.id, move.from.id, move.to.id, move.quantity, value.minor, value.currency,
      move.cause.rawValue, move.origin.kind, move.origin.number, move.origin.line, move.reason,
      now.instant, now.day)
    return StockMove(
      id: id, product: move.product.id, from: move.from.code, to: move.to.code,
      quantity: move.quantity, value: value, cause: move.cause, origin: move.origin,
      reason: move.reason, movedAt: now.instant, movedOn: now.day)
  }

  /// From or to warehouses in scope, the newest first, from the one before `id` on.
  static func list(
    of product: ID<Product>, before id: ID<StockMove>, limit: Int, in snapshot: Snapshot
  ) throws -> [StockMove] {
    try snapshot.all(
      """
      SELECT m.id, m.product_id, f.code, t.code, m.quantity, m.value_minor, m.currency, m.cause,
        m.origin_kind, m.origin_number, m.origin_line, m.reason, m.moved_at, m.moved_on
      FROM stock_move AS m
      JOIN stock_location AS f ON f.id = m.from_location_id
      JOIN stock_location AS t ON t.id = m.to_location_id
      WHERE m.product_id = ? AND m.id < ?
        AND (in_scope(NULL, NULL, f.warehouse_code) OR in_scope(NULL, NULL, t.warehouse_code))
      ORDER BY m.id DESC LIMIT ?
      """, product, id, limit, map: move)
  }

  /// The oldest first, from the one after `id` on.
  static func list(
    of document: DocumentReference, after id: ID<StockMove>, limit: Int, in snapshot: Snapshot
  ) throws -> [StockMove] {
    try snapshot.all(
      """
      SELECT m.id, m.product_id, f.code, t.code, m.quantity, m.value_minor, m.currency, m.cause,
        m.origin_kind, m.origin_number, m.origin_line, m.reason, m.moved_at, m.moved_on
      FROM stock_move AS m
      JOIN stock_location AS f ON f.id = m.from_location_id
      JOIN stock_location AS t ON t.id = m.to_location_id
      WHERE m.origin_kind = ? AND m.origin_number = ? AND m.id > ? ORDER BY m.id LIMIT ?
      """, document.kind, document.number, id, limit, map: move)
  }

  /// What came to our own places from elsewhere, the newest first.
  static func arrivals(
    of product: ID<Product>, limit: Int, in snapshot: Snapshot, _ body: (Quantity, Day) -> Void
  ) throws {
    try snapshot.forEach(
      """
      SELECT m.quantity, m.moved_on
      FROM (
        SELECT id, from_location_id, to_location_id, quantity, moved_on FROM stock_move
        WHERE product_id = ? ORDER BY id DESC LIMIT ?
      ) AS m
      JOIN stock_location AS f ON f.id = m.from_location_id
      JOIN stock_location AS t ON t.id = m.to_location_id
      WHERE (t.warehouse_id IS NOT NULL OR t.kind = 'TRANSIT')
        AND f.warehouse_id IS NULL AND f.kind <> 'TRANSIT'
      ORDER BY m.id DESC
      """, product, limit
    ) { body($0.quantity(0), $0.day(1)) }
  }

  private static func move(_ row: Row) throws -> StockMove {
    StockMove(
      id: row.id(0), product: row.id(1), from: row.text(2), to: row.text(3),
      quantity: row.quantity(4), value: row.money(5, 6), cause: try row.value(7),
      origin: Origin(try row.value(8), row.text(9), line: row.int(10)), reason: row.text(11),
      movedAt: row.instant(12), movedOn: row.day(13))
  }
}
