import Storage
import Values

/// All SQL of `sales_order_cancellation`: who cancelled how much of which line, and why.
enum CancellationTable {
  /// What is taken out of an order by a change is recorded with this reason.
  static let change = "CHANGE"

  static func insert(
    reason: String, comment: String, by actor: String, line: Int, quantity: Quantity,
    of order: ID<SalesOrder>, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO sales_order_cancellation
        (sales_order_id, line_number, quantity, reason, comment, cancelled_by, cancelled_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, order, line, quantity, reason, comment, actor, now.instant)
  }
}
