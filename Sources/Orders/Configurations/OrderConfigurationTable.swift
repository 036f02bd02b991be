import MasterData
import Storage
import Values

/// All SQL of `sales_order_configuration`: what was chosen for a line, and once the order is
/// submitted all that it came to.
enum OrderConfigurationTable {
  static func insert(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    guard let choice = line.choice else { return }
    try tx.execute(
      """
      INSERT INTO sales_order_configuration (sales_order_id, line_number, model_version, settings,
        configuration)
      VALUES (?, ?, ?, ?, ?)
      """, order, line.number, choice.modelVersion,
      choice.storedText, line.configuration?.storedText)
  }

  /// Writes what submitting decides.
  static func freeze(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    guard line.choice != nil else { return }
    try tx.execute(
      """
      UPDATE sales_order_configuration SET configuration = ?
      WHERE sales_order_id = ? AND line_number = ?
      """, line.configuration?.storedText, order, line.number)
  }

  /// Writes what a change makes of what was chosen for a line that is promised.
  static func rewrite(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    guard let choice = line.choice else { return }
    try tx.execute(
      """
      UPDATE sales_order_configuration SET model_version = ?, settings = ?, configuration = ?
      WHERE sales_order_id = ? AND line_number = ?
      """, choice.modelVersion, choice.storedText, line.configuration?.storedText, order,
      line.number)
  }

  /// Puts what the lines of an order have into them.
  static func load(into order: inout SalesOrder, in snapshot: Snapshot) throws {
    let found = try snapshot.all(
      """
      SELECT line_number, model_version, settings, configuration FROM sales_order_configuration
      WHERE sales_order_id = ? ORDER BY line_number
      """, order.id
    ) { row in
      (
        line: row.int(0),
        choice: try ChosenConfiguration(modelVersion: row.int64(1), storedText: row.text(2)),
        configuration: try row.optionalText(3).map { try Configuration(storedText: $0) }
      )
    }
    for (number, choice, configuration) in found where order.lines.indices.contains(number - 1) {
      order.lines[number - 1].choice = choice
      order.lines[number - 1].configuration = configuration
    }
  }
}
