import MasterData
import Storage
import Values

/// All SQL of `work_order_configuration`. There is no update and no delete.
enum WorkOrderConfigurationTable {
  static func insert(
    _ configuration: Configuration, of order: ID<WorkOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      "INSERT INTO work_order_configuration (work_order_id, configuration) VALUES (?, ?)", order,
      configuration.storedText)
  }

  static func find(_ order: ID<WorkOrder>, in snapshot: Snapshot) throws -> Configuration? {
    try snapshot.first(
      "SELECT configuration FROM work_order_configuration WHERE work_order_id = ?", order
    ) { try Configuration(storedText: $0.text(0)) }
  }
}
