import MasterData
import Storage
import Values

/// All SQL of `short_pick`.
enum ShortPickTable {
  static func insert(_ pick: ShortPick, in tx: Transaction) throws -> ID<ShortPick> {
    try tx.insert(
      """
      INSERT INTO short_pick (shipment_id, shipment_number, order_number, line_number, product_id,
        sku, unit, warehouse_code, asked, found, held, cause, picked_by, picked_at, closed_by,
        closed_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, pick.shipment, pick.shipmentNumber, pick.orderNumber, pick.line, pick.product, pick.sku,
      pick.unit, pick.warehouseCode, pick.asked, pick.found, pick.held, pick.cause, pick.pickedBy,
      pick.pickedAt, pick.closedBy, pick.closedAt)
  }

  static func close(
    _ id: ID<ShortPick>, by actor: String, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE short_pick SET closed_by = ?, closed_at = ? WHERE id = ?", actor, now, id)
  }

  static func find(
    line: Int, of shipment: ID<Shipment>, in snapshot: Snapshot
  ) throws -> ShortPick? {
    try snapshot.first(
      """
      SELECT id, shipment_id, shipment_number, order_number, line_number, product_id, sku, unit,
        warehouse_code, asked, found, held, cause, picked_by, picked_at, closed_by, closed_at
      FROM short_pick WHERE shipment_id = ? AND line_number = ?
      """, shipment, line, map: pick)
  }

  /// Those of a product in a warehouse that nobody has looked into.
  static func open(at place: SupplyPlace, in snapshot: Snapshot) throws -> [ShortPick] {
    try snapshot.all(
      """
      SELECT id, shipment_id, shipment_number, order_number, line_number, product_id, sku, unit,
        warehouse_code, asked, found, held, cause, picked_by, picked_at, closed_by, closed_at
      FROM short_pick
      WHERE product_id = ? AND warehouse_code = ? AND closed_at IS NULL ORDER BY id
      """, place.product, place.warehouseCode, map: pick)
  }

  static func list(
    _ filter: ShortPicks.Filter, after id: ID<ShortPick>, limit: Int, in snapshot: Snapshot
  ) throws -> [ShortPick] {
    guard filter.orderNumber.isEmpty else {
      return try snapshot.all(
        """
        SELECT id, shipment_id, shipment_number, order_number, line_number, product_id, sku, unit,
          warehouse_code, asked, found, held, cause, picked_by, picked_at, closed_by, closed_at
        FROM short_pick
        WHERE order_number = ? AND id > ? AND (? = 0 OR closed_at IS NULL) ORDER BY id LIMIT ?
        """, filter.orderNumber, id, filter.isOpen, limit, map: pick)
    }
    guard filter.isOpen else { return try all(after: id, limit: limit, in: snapshot) }
    return try snapshot.all(
      """
      SELECT p.id, p.shipment_id, p.shipment_number, p.order_number, p.line_number, p.product_id,
        p.sku, p.unit, p.warehouse_code, p.asked, p.found, p.held, p.cause, p.picked_by,
        p.picked_at, p.closed_by, p.closed_at
      FROM short_pick AS p
      WHERE p.closed_at IS NULL AND p.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = p.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.id LIMIT ?
      """, id, limit, map: pick)
  }

  private static func all(
    after id: ID<ShortPick>, limit: Int, in snapshot: Snapshot
  ) throws -> [ShortPick] {
    try snapshot.all(
      """
      SELECT p.id, p.shipment_id, p.shipment_number, p.order_number, p.line_number, p.product_id,
        p.sku, p.unit, p.warehouse_code, p.asked, p.found, p.held, p.cause, p.picked_by,
        p.picked_at, p.closed_by, p.closed_at
      FROM short_pick AS p
      WHERE p.id > ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = p.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.id LIMIT ?
      """, id, limit, map: pick)
  }

  private static func pick(_ row: Row) throws -> ShortPick {
    ShortPick(
      id: row.id(0), shipment: row.id(1), shipmentNumber: row.text(2), orderNumber: row.text(3),
      line: row.int(4), product: row.id(5), sku: row.text(6), unit: row.text(7),
      warehouseCode: row.text(8), asked: row.quantity(9), found: row.quantity(10),
      held: row.quantity(11), cause: try row.value(12), pickedBy: row.text(13),
      pickedAt: row.instant(14), closedBy: row.optionalText(15),
      closedAt: row.optionalInstant(16))
  }
}

extension ShortPick.Cause: Bindable {}
