import MasterData
package import Storage
package import Values

/// What is to be taken from the shelves of a warehouse for shipments that are prepared, place by
/// place. A question.
package struct PickList: Sendable {
  /// For one shipment.
  package struct Share: Hashable, Sendable {
    package let shipment: String
    package let order: String
    package let line: Int
    package let quantity: Quantity
  }

  /// Of one product.
  package struct Row: Hashable, Sendable {
    /// Empty where nobody has said.
    package let place: String
    package let sku: String
    package let description: String
    package let unit: String
    package internal(set) var quantity: Quantity
    /// In the order of the shipments.
    package internal(set) var shares: [Share]
  }

  /// By place and product; those without a place at the end.
  package private(set) var rows: [Row] = []
  /// There is more than one list shows.
  package private(set) var hasMore = false

  /// Lines of shipments that one list shows.
  static let limit = 2_000

  /// Of a wave, or with 0 of all that is prepared in the warehouse.
  package init(in warehouseCode: String, wave: Int64, snapshot: Snapshot) throws {
    let warehouse = try Warehouses.requireSeen(
      code: warehouseCode, field: "warehouse_code", in: snapshot)
    if wave != 0 {
      guard let found = try PickWaveTable.find(ID(wave), in: snapshot),
        found.warehouseCode == warehouse.code
      else {
        throw PickingRejection.unknownWave(
          field: "wave", warehouse: warehouse.code, wave: wave)
      }
    }
    let lines = try PickListTable.lines(
      in: warehouse.code, wave: wave, limit: Self.limit + 1, snapshot: snapshot)
    hasMore = lines.count > Self.limit
    for line in lines.prefix(Self.limit) { try add(line) }
  }

  private mutating func add(_ line: PickListTable.Line) throws {
    if let last = rows.indices.last, rows[last].place == line.place, rows[last].sku == line.sku {
      rows[last].quantity = try rows[last].quantity + line.share.quantity
      rows[last].shares.append(line.share)
    } else {
      rows.append(
        Row(
          place: line.place, sku: line.sku, description: line.description, unit: line.unit,
          quantity: line.share.quantity, shares: [line.share]))
    }
  }
}

/// All SQL of pick lists, and of `pick_place`.
enum PickListTable {
  struct Line {
    let place: String
    let sku: String
    let description: String
    let unit: String
    let share: PickList.Share
  }

  static func lines(
    in warehouse: String, wave: Int64, limit: Int, snapshot: Snapshot
  ) throws -> [Line] {
    try snapshot.all(
      """
      SELECT COALESCE(p.code, ''), l.sku, o.description, l.unit, s.number, s.order_number,
        l.line_number, l.quantity
      FROM shipment AS s
      JOIN sales_order AS so ON so.id = s.sales_order_id
      JOIN shipment_line AS l ON l.shipment_id = s.id
      JOIN sales_order_line AS o
        ON o.sales_order_id = l.sales_order_id AND o.line_number = l.line_number
      LEFT JOIN pick_place AS p
        ON p.warehouse_code = so.warehouse_code AND p.product_id = l.product_id
      WHERE s.state = 'PREPARED' AND so.warehouse_code = ?
        AND (? = 0 OR EXISTS (
          SELECT 1 FROM pick_wave_shipment AS w WHERE w.shipment_id = s.id AND w.wave_id = ?))
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = s.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY p.code IS NULL, p.code, l.sku, s.id, l.line_number LIMIT ?
      """, warehouse, wave, wave, limit
    ) { row in
      Line(
        place: row.text(0), sku: row.text(1), description: row.text(2), unit: row.text(3),
        share: PickList.Share(
          shipment: row.text(4), order: row.text(5), line: row.int(6), quantity: row.quantity(7)))
    }
  }

  static func place(
    of product: ID<Product>, in warehouse: String, snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      "SELECT code FROM pick_place WHERE warehouse_code = ? AND product_id = ?", warehouse, product
    ) { $0.text(0) }
  }

  /// Nil for none.
  static func set(
    _ place: String?, of product: ID<Product>, in warehouse: String, tx: Transaction
  ) throws {
    guard let place else {
      try tx.execute(
        "DELETE FROM pick_place WHERE warehouse_code = ? AND product_id = ?", warehouse, product)
      return
    }
    try tx.execute(
      """
      INSERT INTO pick_place (warehouse_code, product_id, code) VALUES (?, ?, ?)
      ON CONFLICT (warehouse_code, product_id) DO UPDATE SET code = excluded.code
      """, warehouse, product, place)
  }
}
