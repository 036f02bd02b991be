import MasterData
import Storage
import Values

/// All SQL of `purchase_order`.
enum PurchaseOrderTable {
  /// Writes the head of `order`; its lines follow.
  static func insert(_ order: PurchaseOrder, in tx: Transaction) throws -> ID<PurchaseOrder> {
    try tx.insert(
      """
      INSERT INTO purchase_order (
        number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency, ordered_on,
        expected_on, state, version, direct_kind, direct_number, direct_line)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)
      """, order.number, order.supplier, order.supplierCode, order.warehouse,
      order.warehouseCode, order.currency, order.orderedOn, order.expectedOn,
      order.state.rawValue, order.direct?.kind, order.direct?.number, order.direct?.line)
  }

  /// Stores what its lines make of the state, and the day, and counts the version up.
  static func update(_ order: inout PurchaseOrder, in tx: Transaction) throws {
    order.version += 1
    try tx.execute(
      """
      UPDATE purchase_order SET state = ?, expected_on = ?, version = ?, confirmed_on = ?,
        supplier_reference = ?
      WHERE id = ?
      """, order.state.rawValue, order.expectedOn, order.version, order.confirmedOn,
      order.supplierReference, order.id)
  }

  static func find(_ number: String, in snapshot: Snapshot) throws -> PurchaseOrder? {
    try snapshot.first(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order WHERE number = ?
      """, number, map: order(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  /// Nil when there is none in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> PurchaseOrder? {
    try snapshot.first(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order WHERE number = ? AND in_scope(NULL, NULL, warehouse_code)
      """, number, map: order(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  /// The lists: for warehouses in scope, the newest first, from the one before `id` on.
  static func list(
    before id: ID<PurchaseOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try snapshot.all(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order WHERE id < ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id DESC LIMIT ?
      """, id, limit, map: order(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  static func list(
    from supplier: ID<Supplier>, before id: ID<PurchaseOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try snapshot.all(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order
      WHERE supplier_id = ? AND id < ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id DESC LIMIT ?
      """, supplier, id, limit, map: order(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  static func list(
    _ state: PurchaseOrderState, before id: ID<PurchaseOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try snapshot.all(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order
      WHERE state = ? AND id < ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id DESC LIMIT ?
      """, state.rawValue, id, limit, map: order(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  static func overdue(
    on today: Day, after key: (day: Int64, id: Int64), limit: Int, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try snapshot.all(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order
      WHERE state NOT IN ('RECEIVED', 'BILLED', 'CANCELLED') AND (expected_on, id) > (?, ?)
        AND expected_on < ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY expected_on, id LIMIT ?
      """, key.day, key.id, today, limit, map: order(_:))
  }

  private static func withLines(
    _ order: PurchaseOrder, in snapshot: Snapshot
  ) throws -> PurchaseOrder {
    var order = order
    order.lines = try PurchaseOrderLineTable.of(order.id, order.currency, in: snapshot)
    return order
  }

  /// Those that bring the goods of a line straight to its customer, the oldest first.
  static func direct(for origin: Origin, in snapshot: Snapshot) throws -> [PurchaseOrder] {
    try snapshot.all(
      """
      SELECT id, number, supplier_id, supplier_code, warehouse_id, warehouse_code, currency,
        ordered_on, expected_on, version, confirmed_on, supplier_reference, direct_kind,
        direct_number, direct_line
      FROM purchase_order
      WHERE direct_kind = ? AND direct_number = ? AND direct_line = ?
      ORDER BY id
      """, origin.kind, origin.number, origin.line, map: order(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  private static func order(_ row: Row) throws -> PurchaseOrder {
    var direct: Origin?
    if let number = row.optionalText(13) {
      direct = Origin(try row.value(12), number, line: row.int(14))
    }
    return PurchaseOrder(
      id: row.id(0), number: row.text(1), supplier: row.id(2), supplierCode: row.text(3),
      warehouse: row.id(4), warehouseCode: row.text(5), currency: row.currency(6),
      orderedOn: row.day(7), expectedOn: row.day(8), version: row.int64(9), lines: [],
      confirmedOn: row.optionalDay(10), supplierReference: row.text(11), direct: direct)
  }
}
