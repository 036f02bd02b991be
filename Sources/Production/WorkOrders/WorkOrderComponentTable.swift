import Storage
import Values

/// All SQL of `work_order_component`. What is held stands with the reservations.
enum WorkOrderComponentTable {
  static func of(
    _ order: ID<WorkOrder>, currency: Currency, in snapshot: Snapshot
  ) throws -> [WorkOrderComponent] {
    try snapshot.all(
      """
      SELECT line_no, product_id, sku, unit, required, issued, cost_minor, supply_number,
        spoiled
      FROM work_order_component WHERE work_order_id = ? ORDER BY line_no
      """, order
    ) { row in
      WorkOrderComponent(
        line: row.int(0), product: row.id(1), sku: row.text(2), unit: row.text(3),
        required: row.quantity(4), issued: row.quantity(5),
        cost: Money(minor: row.int64(6), currency: currency), spoiled: row.quantity(8),
        supply: row.optionalText(7), held: .zero)
    }
  }

  static func insert(
    _ component: WorkOrderComponent, of order: ID<WorkOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO work_order_component (
        work_order_id, line_no, product_id, sku, unit, required, supply_number)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, order, component.line, component.product, component.sku, component.unit,
      component.required, component.supply)
  }

  /// Another work order makes the component of the line `origin`.
  static func setSupply(_ number: String, of origin: Origin, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE work_order_component SET supply_number = ?
      WHERE line_no = ? AND work_order_id = (SELECT id FROM work_order WHERE number = ?)
      """, number, origin.line, origin.number)
  }

  /// Writes what was taken, and what is needed.
  static func update(
    _ component: WorkOrderComponent, of order: ID<WorkOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE work_order_component SET required = ?, issued = ?, cost_minor = ?, spoiled = ?
      WHERE work_order_id = ? AND line_no = ?
      """, component.required, component.issued, component.cost.minor, component.spoiled, order,
      component.line)
  }
}
