import MasterData
import Storage
import Values

/// All SQL of `purchase_order_line`. Prices are in the currency of the order.
enum PurchaseOrderLineTable {
  static func insert(
    _ line: PurchaseOrder.Line, of order: ID<PurchaseOrder>, in tx: Transaction
  ) throws -> ID<PurchaseOrder.Line> {
    try tx.insert(
      """
      INSERT INTO purchase_order_line (
        purchase_order_id, line_no, product_id, sku, unit, ordered, unit_price_micros,
        requisition_number)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, order, line.number, line.product, line.sku, line.unit, line.ordered,
      line.unitPrice.micros, line.requisitionNumber)
  }

  static func update(_ line: PurchaseOrder.Line, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE purchase_order_line SET cancelled = ?, received = ?, billed = ? WHERE id = ?",
      line.cancelled, line.received, line.billed, line.id)
  }

  static func of(
    _ order: ID<PurchaseOrder>, _ currency: Currency, in snapshot: Snapshot
  ) throws -> [PurchaseOrder.Line] {
    try snapshot.all(
      """
      SELECT id, line_no, product_id, sku, unit, ordered, cancelled, received, billed,
        unit_price_micros, requisition_number
      FROM purchase_order_line WHERE purchase_order_id = ? ORDER BY line_no
      """, order
    ) { line($0, currency) }
  }

  /// The line that a requisition is on now.
  static func of(
    requisition: ID<Requisition>, in snapshot: Snapshot
  ) throws -> PurchaseOrder.Line? {
    try snapshot.first(
      """
      SELECT l.id, l.line_no, l.product_id, l.sku, l.unit, l.ordered, l.cancelled, l.received,
        l.billed, l.unit_price_micros, l.requisition_number, o.currency
      FROM requisition AS r
      JOIN purchase_order_line AS l ON l.id = r.order_line_id
      JOIN purchase_order AS o ON o.id = l.purchase_order_id
      WHERE r.id = ?
      """, requisition
    ) { line($0, $0.currency(11)) }
  }

  /// Ordered and still to come, of all orders.
  static func open(_ product: ID<Product>, in snapshot: Snapshot) throws -> Quantity {
    try snapshot.first(
      """
      SELECT coalesce(sum(ordered - cancelled - received), 0) FROM purchase_order_line
      WHERE product_id = ? AND ordered > received + cancelled
      """, product
    ) { $0.quantity(0) } ?? .zero
  }

  /// What orders bring to a warehouse: those expected first in front, then the older.
  static func arrivals(
    _ product: ID<Product>, _ warehouse: ID<Warehouse>, limit: Int, in snapshot: Snapshot
  ) throws -> [Arrival] {
    try snapshot.all(
      """
      SELECT o.number, sum(l.ordered - l.cancelled - l.received), o.expected_on
      FROM purchase_order_line AS l JOIN purchase_order AS o ON o.id = l.purchase_order_id
      WHERE l.product_id = ? AND l.ordered > l.received + l.cancelled AND o.warehouse_id = ?
        AND o.direct_number IS NULL
      GROUP BY o.id, o.number, o.expected_on ORDER BY o.expected_on, o.id LIMIT ?
      """, product, warehouse, limit
    ) { row in
      Arrival(
        document: DocumentReference(.purchaseOrder, row.text(0)), quantity: row.quantity(1),
        expectedOn: row.day(2))
    }
  }

  /// For all warehouses together.
  static func coming(
    of products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: Quantity] {
    var found: [ID<Product>: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT l.product_id, sum(l.ordered - l.cancelled - l.received)
      FROM json_each(?) AS wanted
      CROSS JOIN purchase_order_line AS l ON l.product_id = wanted.value
        AND l.ordered > l.received + l.cancelled
      JOIN purchase_order AS o ON o.id = l.purchase_order_id
      WHERE o.direct_number IS NULL GROUP BY l.product_id
      """, ValueList(products)
    ) { found[$0.id(0)] = $0.quantity(1) }
    return found
  }

  private static func line(_ row: Row, _ currency: Currency) -> PurchaseOrder.Line {
    PurchaseOrder.Line(
      id: row.id(0), number: row.int(1), product: row.id(2), sku: row.text(3), unit: row.text(4),
      ordered: row.quantity(5), cancelled: row.quantity(6), received: row.quantity(7),
      billed: row.quantity(8),
      unitPrice: UnitPrice(micros: row.int64(9), currency: currency),
      requisitionNumber: row.optionalText(10))
  }
}
