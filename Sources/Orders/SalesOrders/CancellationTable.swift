import Storage
import Values

/// All SQL of `sales_order_cancellation`: who cancelled how much of which line, and why.
enum CancellationTable {
  static func insert(
    _ cancel: CancelOrder, line: Int, quantity: Quantity, of order: ID<SalesOrder>, at now: Moment,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO sales_order_cancellation
        (sales_order_id, line_number, quantity, reason, comment, cancelled_by, cancelled_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, order, line, quantity, cancel.reason, cancel.comment, cancel.actor, now.instant)
  }
}

extension CancelReason: Bindable {}
