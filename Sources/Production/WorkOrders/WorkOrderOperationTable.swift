import Storage
import Values

/// All SQL of `work_order_operation`.
enum WorkOrderOperationTable {
  static func of(
    _ order: ID<WorkOrder>, currency: Currency, in snapshot: Snapshot
  ) throws -> [WorkOrderOperation] {
    try snapshot.all(
      """
      SELECT sequence, name, work_centre_code, hourly_rate_minor, planned_minutes,
        reported_minutes, cost_minor, done, is_inspection, rework, dropped
      FROM work_order_operation WHERE work_order_id = ? ORDER BY sequence
      """, order
    ) { row in
      WorkOrderOperation(
        sequence: row.int(0), name: row.text(1), workCentreCode: row.text(2),
        hourlyRate: Money(minor: row.int64(3), currency: currency),
        plannedMinutes: row.quantity(4), reportedMinutes: row.quantity(5),
        cost: Money(minor: row.int64(6), currency: currency), isDone: row.bool(7),
        isInspection: row.bool(8), rework: row.int(9), isDropped: row.bool(10))
    }
  }

  static func insert(
    _ operation: WorkOrderOperation, of order: ID<WorkOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO work_order_operation (
        work_order_id, sequence, name, work_centre_code, hourly_rate_minor, planned_minutes,
        is_inspection, rework)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, order, operation.sequence, operation.name, operation.workCentreCode,
      operation.hourlyRate.minor, operation.plannedMinutes, operation.isInspection,
      operation.rework)
  }

  /// Writes what was reported, and whether it counts.
  static func update(
    _ operation: WorkOrderOperation, of order: ID<WorkOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE work_order_operation SET reported_minutes = ?, cost_minor = ?, done = ?, dropped = ?
      WHERE work_order_id = ? AND sequence = ?
      """, operation.reportedMinutes, operation.cost.minor, operation.isDone,
      operation.isDropped, order, operation.sequence)
  }

  /// Of a step about which nothing was reported.
  static func remove(_ sequence: Int, of order: ID<WorkOrder>, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM work_order_operation WHERE work_order_id = ? AND sequence = ?", order, sequence)
  }
}
