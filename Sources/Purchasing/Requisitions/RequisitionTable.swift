import MasterData
import Storage
import Values

/// All SQL of `requisition`. The view `requisition_record` names what one is read from.
enum RequisitionTable {
  static func insert(
    _ request: RequestPurchase, number: String, at now: Moment, in tx: Transaction
  ) throws -> ID<Requisition> {
    try tx.insert(
      """
      INSERT INTO requisition (
        number, product_id, sku, unit, quantity, warehouse_id, warehouse_code, needed_on,
        origin_kind, origin_number, origin_line, root_kind, root_number, pegged, state, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 'OPEN', ?)
      """, number, request.product.id, request.product.sku, request.product.unit,
      request.quantity, request.warehouse.id, request.warehouse.code, request.neededOn,
      request.origin.kind, request.origin.number, request.origin.line, request.root?.kind,
      request.root?.number, now.instant)
  }

  static func find(_ number: String, in snapshot: Snapshot) throws -> Requisition? {
    try snapshot.first(
      """
      SELECT * FROM requisition_record WHERE number = ?
      """, number, map: requisition)
  }

  /// Of a line, or of the whole document for line 0; the oldest first.
  static func of(_ origin: Origin, in snapshot: Snapshot) throws -> [Requisition] {
    try snapshot.all(
      """
      SELECT * FROM requisition_record
      WHERE origin_kind = ? AND origin_number = ? AND (? = 0 OR origin_line = ?)
      ORDER BY id
      """, origin.kind, origin.number, origin.line, origin.line, map: requisition)
  }

  /// How much of one product for one warehouse is not ordered yet.
  static func open(
    _ product: ID<Product>, _ warehouse: ID<Warehouse>, in snapshot: Snapshot
  ) throws -> Quantity {
    try snapshot.first(
      """
      SELECT coalesce(sum(quantity), 0) FROM requisition
      WHERE product_id = ? AND warehouse_id = ? AND state = 'OPEN'
      """, product, warehouse
    ) { $0.quantity(0) } ?? .zero
  }

  /// The lists: for warehouses in scope, the oldest first, from the one after `id` on.
  static func list(
    after id: ID<Requisition>, limit: Int, in snapshot: Snapshot
  ) throws -> [Requisition] {
    try snapshot.all(
      """
      SELECT * FROM requisition_record WHERE id > ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id LIMIT ?
      """, id, limit, map: requisition)
  }

  static func list(
    _ state: RequisitionState, after id: ID<Requisition>, limit: Int, in snapshot: Snapshot
  ) throws -> [Requisition] {
    try snapshot.all(
      """
      SELECT * FROM requisition_record
      WHERE state = ? AND id > ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id LIMIT ?
      """, state.rawValue, id, limit, map: requisition)
  }

  static func setOrdered(
    _ requisition: ID<Requisition>, line: ID<PurchaseOrder.Line>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE requisition SET order_line_id = ?, state = 'ORDERED' WHERE id = ?", line,
      requisition)
  }

  /// Off the order: open again while somebody asks for it, cancelled otherwise.
  static func takeOff(_ requisition: ID<Requisition>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE requisition SET order_line_id = NULL,
        state = CASE WHEN pegged = 1 THEN 'OPEN' ELSE 'CANCELLED' END
      WHERE id = ?
      """, requisition)
  }

  static func set(
    quantity: Quantity, of requisition: ID<Requisition>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE requisition SET quantity = ? WHERE id = ?", quantity, requisition)
  }

  static func set(
    neededOn day: Day?, of requisition: ID<Requisition>, in tx: Transaction
  ) throws {
    try tx.execute("UPDATE requisition SET needed_on = ? WHERE id = ?", day, requisition)
  }

  /// Of what is asked for below a document and was not ordered. Returns the numbers.
  static func reschedule(
    _ document: DocumentReference, to day: Day?, in tx: Transaction
  ) throws -> [String] {
    try tx.all(
      """
      UPDATE requisition SET needed_on = ?
      WHERE state = 'OPEN' AND needed_on IS DISTINCT FROM ?
        AND (origin_kind = ? AND origin_number = ? OR root_kind = ? AND root_number = ?)
      RETURNING number
      """, day, day, document.kind, document.number, document.kind, document.number
    ) { $0.text(0) }
  }

  /// Nobody asks for it any more.
  static func unpeg(_ requisition: ID<Requisition>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE requisition SET pegged = 0,
        state = CASE WHEN order_line_id IS NULL THEN 'CANCELLED' ELSE 'ORDERED' END
      WHERE id = ?
      """, requisition)
  }

  private static func requisition(_ row: Row) throws -> Requisition {
    let root = try row.optionalValue(13, as: DocumentKind.self).map {
      DocumentReference($0, row.text(14))
    }
    return Requisition(
      id: row.id(0), number: row.text(1), state: try row.value(2), product: row.id(3),
      sku: row.text(4), unit: row.text(5), quantity: row.quantity(6), warehouse: row.id(7),
      warehouseCode: row.text(8), neededOn: row.optionalDay(9),
      origin: Origin(try row.value(10), row.text(11), line: row.int(12)), root: root,
      isPegged: row.bool(15), preferredSupplierCode: row.optionalText(16),
      purchaseOrderNumber: row.optionalText(17))
  }
}
