import Storage
import Values

/// What must hold of schedules under lines.
enum ScheduleInvariants {
  static let rules = ["orders.schedules-are-parts"]

  /// Once an order is submitted, the schedules of a line sum to it, in all that becomes of it.
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number, l.schedules, l.ordered, l.cancelled, l.shipped
      FROM sales_order_line AS l JOIN sales_order AS o ON o.id = l.sales_order_id
      WHERE l.schedules IS NOT NULL AND o.state <> 'DRAFT' AND l.product_id IS NOT NULL
      ORDER BY o.id, l.line_number
      """
    ) { row in
      let parts = try row.schedules(2)
      let sums = [\LineSchedule.ordered, \.cancelled, \.shipped].map { part in
        parts.reduce(Int64(0)) { $0 + $1[keyPath: part].micros }
      }
      let whole = [3, 4, 5].map { row.quantity($0).micros }
      let isSound = sums == whole && parts.allSatisfy { $0.open.micros >= 0 }
      return isSound ? nil : (order: row.text(0), line: row.int(1))
    }.compactMap(\.self).map { order, line in
      InvariantViolation(
        "orders.schedules-are-parts", "The schedules of a line do not come to the line",
        [Fact("order", order), Fact("line", line)])
    }
  }
}
