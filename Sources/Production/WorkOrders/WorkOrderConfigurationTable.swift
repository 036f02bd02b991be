import MasterData
import Storage
import Values

/// All SQL of `work_order_configuration`: what was chosen at first and with each rework. There is
/// no update and no delete.
enum WorkOrderConfigurationTable {
  static func insert(
    _ configuration: Configuration, of order: ID<WorkOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO work_order_configuration (work_order_id, rework, configuration)
      VALUES (?, 0, ?)
      """, order, configuration.storedText)
  }

  /// The number of the rework, from 1; nil for what the product's own bill says.
  static func insert(
    rework configuration: Configuration?, of order: ID<WorkOrder>, in tx: Transaction
  ) throws -> Int {
    let number =
      try tx.first(
        """
        SELECT coalesce(max(rework), 0) + 1 FROM work_order_configuration WHERE work_order_id = ?
        """, order
      ) { $0.int(0) } ?? 1
    try tx.execute(
      """
      INSERT INTO work_order_configuration (work_order_id, rework, configuration)
      VALUES (?, ?, ?)
      """, order, number, configuration?.storedText)
    return number
  }

  static func find(_ order: ID<WorkOrder>, in snapshot: Snapshot) throws -> Configuration? {
    try snapshot.first(
      """
      SELECT configuration FROM work_order_configuration
      WHERE work_order_id = ? ORDER BY rework DESC LIMIT 1
      """, order
    ) { try $0.optionalText(0).map { try Configuration(storedText: $0) } } ?? nil
  }
}
