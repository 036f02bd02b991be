import MasterData
import Storage
import Values

/// All SQL of `shipment_line`.
enum ShipmentLineTable {
  static func insert(
    _ line: ShipmentLine, of shipment: ID<Shipment>, order: SalesOrder, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO shipment_line (shipment_id, sales_order_id, line_number, product_id, sku, unit,
        quantity, currency, schedule_number)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, shipment, order.id, line.orderLine, line.product, line.sku, line.unit, line.quantity,
      order.baseCurrency, line.schedule)
  }

  /// Less of it leaves than was asked for.
  static func set(
    _ quantity: Quantity, ofLine line: Int, of shipment: ID<Shipment>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE shipment_line SET quantity = ? WHERE shipment_id = ? AND line_number = ?", quantity,
      shipment, line)
  }

  /// Nothing of it leaves.
  static func remove(line: Int, of shipment: ID<Shipment>, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM shipment_line WHERE shipment_id = ? AND line_number = ?", shipment, line)
  }

  /// Writes what the goods cost when they left.
  static func setCost(
    _ cost: Money, ofLine line: Int, of shipment: ID<Shipment>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE shipment_line SET cost_minor = ? WHERE shipment_id = ? AND line_number = ?",
      cost.minor, shipment, line)
  }

  /// In the order of the order's lines.
  static func list(of shipment: ID<Shipment>, in snapshot: Snapshot) throws -> [ShipmentLine] {
    try snapshot.all(
      """
      SELECT l.line_number, l.product_id, l.sku, l.unit, l.quantity, l.cost_minor, l.currency,
        CASE WHEN s.state = 'DISPATCHED' OR s.state = 'DELIVERED' OR s.lost_at IS NOT NULL
          THEN l.instructions ELSE (
          SELECT o.instructions FROM sales_order_line AS o
          WHERE o.sales_order_id = l.sales_order_id AND o.line_number = l.line_number) END,
        l.schedule_number
      FROM shipment_line AS l JOIN shipment AS s ON s.id = l.shipment_id
      WHERE l.shipment_id = ? ORDER BY l.line_number
      """, shipment
    ) { row in
      ShipmentLine(
        orderLine: row.int(0), product: row.id(1), sku: row.text(2), unit: row.text(3),
        quantity: row.quantity(4), schedule: row.optionalInt(8), cost: row.optionalMoney(5, 6),
        instructions: try row.instructions(7))
    }
  }

  /// What of each line of an order is in shipments that have not left yet, by line number.
  static func setApart(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> [Int: Quantity] {
    var quantities: [Int: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT l.line_number, SUM(l.quantity)
      FROM shipment AS s
      JOIN shipment_line AS l ON l.shipment_id = s.id
      WHERE s.sales_order_id = ? AND s.state IN ('PREPARED', 'PICKED', 'PACKED')
      GROUP BY l.line_number
      """, order
    ) { quantities[$0.int(0)] = $0.quantity(1) }
    return quantities
  }

  /// What of each line is on its way to a place: an address, or nil for where the order goes.
  static func underway(
    of order: ID<SalesOrder>, to address: ID<Address>?, in snapshot: Snapshot
  ) throws -> [Int: Quantity] {
    var quantities: [Int: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT l.line_number, SUM(l.quantity)
      FROM shipment AS s
      JOIN shipment_line AS l ON l.shipment_id = s.id
      WHERE s.sales_order_id = ? AND s.state = 'DISPATCHED' AND s.address_id IS ?
      GROUP BY l.line_number
      """, order, address
    ) { quantities[$0.int(0)] = $0.quantity(1) }
    return quantities
  }

  /// What of each line of its order had left before a shipment did, or has left by now.
  static func leftBefore(_ shipment: Shipment, in snapshot: Snapshot) throws -> [Int: Quantity] {
    var quantities: [Int: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT l.line_number, SUM(l.quantity)
      FROM shipment AS s
      JOIN shipment_line AS l ON l.shipment_id = s.id
      WHERE s.sales_order_id = ? AND s.state IN ('DISPATCHED', 'DELIVERED')
        AND (? IS NULL OR (s.dispatched_on, s.id) < (?, ?))
      GROUP BY l.line_number
      """, shipment.order, shipment.dispatchedOn, shipment.dispatchedOn, shipment.id
    ) { quantities[$0.int(0)] = $0.quantity(1) }
    return quantities
  }

  /// What of a schedule that was named is in shipments that have not left yet.
  static func setApart(
    ofSchedule schedule: Int, line: Int, of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> Quantity {
    try snapshot.first(
      """
      SELECT coalesce(SUM(l.quantity), 0)
      FROM shipment AS s
      JOIN shipment_line AS l ON l.shipment_id = s.id
      WHERE s.sales_order_id = ? AND s.state IN ('PREPARED', 'PICKED', 'PACKED')
        AND l.line_number = ? AND l.schedule_number = ?
      """, order, line, schedule
    ) { $0.quantity(0) } ?? .zero
  }
}
