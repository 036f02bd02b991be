import Storage
import Values

/// All SQL of `sales_order_adjustment`. Nearly all lines have none, as their `reduction_minor`
/// says.
enum AdjustmentTable {
  static func insert(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    for (index, adjustment) in line.adjustments.enumerated() {
      try tx.execute(
        """
        INSERT INTO sales_order_adjustment
          (sales_order_id, line_number, position, kind, code, amount_minor, currency)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """, order, line.number, index + 1, adjustment.kind, adjustment.code,
        adjustment.amount.minor, adjustment.amount.currency)
    }
  }

  static func remove(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      "DELETE FROM sales_order_adjustment WHERE sales_order_id = ? AND line_number = ?", order,
      line.number)
  }

  /// Fills the adjustments of all lines of an order.
  static func load(
    into lines: inout [SalesOrderLine], of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws {
    let found = try snapshot.all(
      """
      SELECT line_number, kind, code, amount_minor, currency FROM sales_order_adjustment
      WHERE sales_order_id = ? ORDER BY line_number, position
      """, order
    ) { row in
      (
        line: row.int(0),
        adjustment: Adjustment(
          kind: try row.value(1), code: row.text(2), amount: row.money(3, 4))
      )
    }
    for entry in found where lines.indices.contains(entry.line - 1) {
      lines[entry.line - 1].adjustments.append(entry.adjustment)
    }
  }
}

extension Adjustment.Kind: Bindable {}
