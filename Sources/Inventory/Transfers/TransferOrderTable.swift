import MasterData
import Storage
import Values

/// All SQL of `transfer_order` and its lines.
enum TransferOrderTable {
  /// Writes `order` with its lines and gives them their ids.
  static func insert(_ order: inout TransferOrder, in tx: Transaction) throws {
    order.id = try tx.insert(
      """
      INSERT INTO transfer_order (
        number, from_warehouse_id, from_warehouse_code, to_warehouse_id, to_warehouse_code,
        created_on, expected_on, note, state, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, order.number, order.from, order.fromCode, order.to, order.toCode, order.createdOn,
      order.expectedOn, order.note, order.state.rawValue)
    for index in order.lines.indices {
      let line = order.lines[index]
      order.lines[index].id = try tx.insert(
        """
        INSERT INTO transfer_order_line (
          transfer_order_id, line_number, product_id, sku, unit, ordered)
        VALUES (?, ?, ?, ?, ?, ?)
        """, order.id, line.number, line.product, line.sku, line.unit, line.ordered)
    }
  }

  /// Stores what its lines make of the state, and the day, and counts the version up.
  static func update(_ order: inout TransferOrder, in tx: Transaction) throws {
    order.version += 1
    try tx.execute(
      "UPDATE transfer_order SET state = ?, expected_on = ?, version = ? WHERE id = ?",
      order.state.rawValue, order.expectedOn, order.version, order.id)
  }

  static func update(_ line: TransferOrder.Line, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE transfer_order_line SET cancelled = ?, dispatched = ?, received = ?, lost = ?
      WHERE id = ?
      """, line.cancelled, line.dispatched, line.received, line.lost, line.id)
  }

  /// Nil when there is none one of whose warehouses is in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> TransferOrder? {
    try snapshot.first(
      """
      SELECT id, number, from_warehouse_id, from_warehouse_code, to_warehouse_id,
        to_warehouse_code, created_on, expected_on, note, version
      FROM transfer_order
      WHERE number = ? AND (in_scope(NULL, NULL, from_warehouse_code)
        OR in_scope(NULL, NULL, to_warehouse_code))
      """, number, map: order
    ).map { try withLines($0, in: snapshot) }
  }

  /// With a warehouse in scope, the newest first, from the one before `id` on; `warehouse` is
  /// either side of them.
  static func list(
    warehouse: String?, onlyOpen: Bool, before id: ID<TransferOrder>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [TransferOrder] {
    try snapshot.all(
      """
      SELECT id, number, from_warehouse_id, from_warehouse_code, to_warehouse_id,
        to_warehouse_code, created_on, expected_on, note, version
      FROM transfer_order
      WHERE id < ? AND (NOT ? OR state NOT IN ('RECEIVED', 'CANCELLED'))
        AND (? IS NULL OR from_warehouse_code = ? OR to_warehouse_code = ?)
        AND (in_scope(NULL, NULL, from_warehouse_code)
          OR in_scope(NULL, NULL, to_warehouse_code))
      ORDER BY id DESC LIMIT ?
      """, id, onlyOpen, warehouse, warehouse, warehouse, limit, map: order
    ).map { try withLines($0, in: snapshot) }
  }

  /// What is on the way to a warehouse: those expected first in front, then the older.
  static func arrivals(
    of product: ID<Product>, at warehouse: ID<Warehouse>, limit: Int, in snapshot: Snapshot
  ) throws -> [TransferArrival] {
    try snapshot.all(
      """
      SELECT o.number, sum(l.dispatched - l.received - l.lost), o.expected_on
      FROM transfer_order_line AS l JOIN transfer_order AS o ON o.id = l.transfer_order_id
      WHERE l.product_id = ? AND l.dispatched > l.received + l.lost AND o.to_warehouse_id = ?
      GROUP BY o.id, o.number, o.expected_on ORDER BY o.expected_on, o.id LIMIT ?
      """, product, warehouse, limit
    ) { row in
      TransferArrival(number: row.text(0), quantity: row.quantity(1), expectedOn: row.day(2))
    }
  }

  private static func withLines(
    _ order: TransferOrder, in snapshot: Snapshot
  ) throws -> TransferOrder {
    var order = order
    order.lines = try snapshot.all(
      """
      SELECT l.id, l.line_number, l.product_id, l.sku, l.unit, l.ordered, l.cancelled,
        l.dispatched, l.received, l.lost,
        coalesce((SELECT r.held FROM reservation AS r
          WHERE r.origin_kind = 'TRANSFER_ORDER' AND r.origin_number = ?
            AND r.origin_line = l.line_number AND r.product_id = l.product_id), 0)
      FROM transfer_order_line AS l WHERE l.transfer_order_id = ? ORDER BY l.line_number
      """, order.number, order.id, map: line)
    return order
  }

  private static func order(_ row: Row) -> TransferOrder {
    TransferOrder(
      id: row.id(0), number: row.text(1), from: row.id(2), fromCode: row.text(3), to: row.id(4),
      toCode: row.text(5), createdOn: row.day(6), expectedOn: row.optionalDay(7),
      note: row.text(8), version: row.int64(9), lines: [])
  }

  private static func line(_ row: Row) -> TransferOrder.Line {
    TransferOrder.Line(
      id: row.id(0), number: row.int(1), product: row.id(2), sku: row.text(3), unit: row.text(4),
      ordered: row.quantity(5), cancelled: row.quantity(6), dispatched: row.quantity(7),
      received: row.quantity(8), lost: row.quantity(9), held: row.quantity(10))
  }
}
