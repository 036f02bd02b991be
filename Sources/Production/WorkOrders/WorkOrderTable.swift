import MasterData
import Storage
import Values

/// All SQL of `work_order`. What comes back has neither components nor operations yet; the view
/// `work_order_record` names its columns.
enum WorkOrderTable {
  static func find(_ number: String, in snapshot: Snapshot) throws -> WorkOrder? {
    try snapshot.first(
      """
      SELECT * FROM work_order_record WHERE number = ?
      """, number, map: workOrder)
  }

  /// Nil when there is none in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> WorkOrder? {
    try snapshot.first(
      """
      SELECT * FROM work_order_record WHERE number = ? AND in_scope(NULL, NULL, warehouse_code)
      """, number, map: workOrder)
  }

  /// Of a line, or of the whole document for line 0; the oldest first.
  static func of(_ origin: Origin, in snapshot: Snapshot) throws -> [WorkOrder] {
    try snapshot.all(
      """
      SELECT * FROM work_order_record
      WHERE origin_kind = ? AND origin_number = ? AND (? = 0 OR origin_line = ?) ORDER BY id
      """, origin.kind, origin.number, origin.line, origin.line, map: workOrder)
  }

  /// Those whose output nobody in particular waits for, of which something is still to come; the
  /// oldest first.
  static func forStock(
    _ product: ID<Product>, _ warehouse: ID<Warehouse>, limit: Int, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try snapshot.all(
      """
      SELECT * FROM work_order_record
      WHERE product_id = ? AND warehouse_id = ? AND pegged = 0
        AND state IN ('PLANNED', 'RELEASED', 'IN_PROGRESS')
      ORDER BY id LIMIT ?
      """, product, warehouse, limit, map: workOrder)
  }

  /// For all warehouses together.
  static func coming(
    of products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: Quantity] {
    var found: [ID<Product>: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT w.product_id, sum(w.quantity - w.good - w.scrapped)
      FROM json_each(?) AS wanted
      CROSS JOIN work_order AS w ON w.product_id = wanted.value
        AND w.pegged = 0 AND w.state IN ('PLANNED', 'RELEASED', 'IN_PROGRESS')
      GROUP BY w.product_id
      """, ValueList(products)
    ) { found[$0.id(0)] = $0.quantity(1) }
    return found
  }

  /// Those that wait for the deposit of a document.
  static func held(
    for root: DocumentReference, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try snapshot.all(
      """
      SELECT * FROM work_order_record
      WHERE root_kind = ? AND root_number = ? AND hold IS NOT NULL ORDER BY id
      """, root.kind, root.number, map: workOrder)
  }

  /// The lists: of warehouses in scope, the newest first, from the one before `id` on.
  static func list(
    before id: ID<WorkOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try snapshot.all(
      """
      SELECT * FROM work_order_record WHERE id < ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id DESC LIMIT ?
      """, id, limit, map: workOrder)
  }

  static func list(
    _ state: WorkOrderState, before id: ID<WorkOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try snapshot.all(
      """
      SELECT * FROM work_order_record
      WHERE state = ? AND id < ? AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id DESC LIMIT ?
      """, state, id, limit, map: workOrder)
  }

  /// `state` nil means any.
  static func list(
    root: DocumentReference, _ state: WorkOrderState?, before id: ID<WorkOrder>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [WorkOrder] {
    try snapshot.all(
      """
      SELECT * FROM work_order_record
      WHERE root_kind = ? AND root_number = ? AND (? IS NULL OR state = ?) AND id < ?
        AND in_scope(NULL, NULL, warehouse_code)
      ORDER BY id DESC LIMIT ?
      """, root.kind, root.number, state, state, id, limit, map: workOrder)
  }

  static func insert(
    _ plan: PlanWorkOrder, number: String, currency: Currency, at now: Moment, in tx: Transaction
  ) throws -> WorkOrder {
    let id: ID<WorkOrder> = try tx.insert(
      """
      INSERT INTO work_order (
        number, product_id, sku, unit, quantity, warehouse_id, warehouse_code, origin_kind,
        origin_number, origin_line, pegged, root_kind, root_number, due_on, hold, state, currency,
        planned_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'PLANNED', ?, ?)
      """, number, plan.product.id, plan.product.sku, plan.product.unit, plan.quantity,
      plan.warehouse.id, plan.warehouse.code, plan.origin?.kind, plan.origin?.number,
      plan.origin?.line, plan.origin != nil, plan.root?.kind, plan.root?.number, plan.dueOn,
      plan.hold, currency, now.instant)
    return WorkOrder(
      id: id, number: number, state: .planned, product: plan.product.id, sku: plan.product.sku,
      unit: plan.product.unit, quantity: plan.quantity, good: .zero, scrapped: .zero,
      warehouse: plan.warehouse.id, warehouseCode: plan.warehouse.code, origin: plan.origin,
      isPegged: plan.origin != nil, root: plan.root, dueOn: plan.dueOn, hold: plan.hold,
      costs: .none(currency), replacement: nil, components: [], operations: [], version: 1)
  }

  /// Writes everything that changes in the life of a work order, and counts the version up.
  static func update(_ order: inout WorkOrder, in tx: Transaction) throws {
    order.version += 1
    try tx.execute(
      """
      UPDATE work_order
      SET state = ?, good = ?, scrapped = ?, pegged = ?, hold = ?, material_minor = ?,
        labour_minor = ?, output_minor = ?, scrap_minor = ?, variance_minor = ?,
        replacement_number = ?, version = ?
      WHERE id = ?
      """, order.state, order.good, order.scrapped, order.isPegged, order.hold,
      order.costs.material.minor, order.costs.labour.minor, order.costs.output.minor,
      order.costs.scrap.minor, order.costs.variance.minor, order.replacement, order.version,
      order.id)
  }

  /// Of what is still to come for a document, on all levels. Returns the numbers.
  static func reschedule(
    _ root: DocumentReference, only: String?, to day: Day?, in tx: Transaction
  ) throws -> [String] {
    try tx.all(
      """
      UPDATE work_order SET due_on = ?, version = version + 1
      WHERE root_kind = ? AND root_number = ? AND pegged = 1 AND (? IS NULL OR number = ?)
        AND state IN ('PLANNED', 'RELEASED', 'IN_PROGRESS') AND due_on IS DISTINCT FROM ?
      RETURNING number
      """, day, root.kind, root.number, only, only, day
    ) { $0.text(0) }
  }

  private static func workOrder(_ row: Row) throws -> WorkOrder {
    let origin = try document(row, 11).map { Origin($0.kind, $0.number, line: row.int(13)) }
    return WorkOrder(
      id: row.id(0), number: row.text(1), state: try row.value(2), product: row.id(3),
      sku: row.text(4), unit: row.text(5), quantity: row.quantity(6), good: row.quantity(7),
      scrapped: row.quantity(8), warehouse: row.id(9), warehouseCode: row.text(10),
      origin: origin, isPegged: row.bool(14), root: try document(row, 15),
      dueOn: row.optionalDay(17), hold: try row.optionalValue(18),
      costs: WorkOrderCosts(
        material: row.money(19, 24), labour: row.money(20, 24), output: row.money(21, 24),
        scrap: row.money(22, 24), variance: row.money(23, 24)),
      replacement: row.optionalText(25), components: [], operations: [], version: row.int64(26))
  }

  private static func document(_ row: Row, _ column: Int) throws -> DocumentReference? {
    guard let kind = try row.optionalValue(column, as: DocumentKind.self) else { return nil }
    return DocumentReference(kind, row.text(column + 1))
  }
}

extension WorkOrderState: Bindable {}
extension WorkOrderHold: Bindable {}
