import Storage
import Values

/// What must hold of schedules under lines.
enum ScheduleInvariants {
  static let rules = ["orders.schedules-are-parts", "orders.places-are-fixed"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try sums(in: snapshot) + places(in: snapshot)
  }

  /// Where a part goes is written down from when the order is submitted, or the change made.
  private static func places(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var fixed: Set<[Int64]> = []
    try snapshot.forEach("SELECT sales_order_id, address_id FROM sales_order_place") { row in
      fixed.insert([row.int64(0), row.int64(1)])
    }
    return try snapshot.all(
      """
      SELECT o.number, l.line_number, l.schedules, o.id
      FROM sales_order_line AS l JOIN sales_order AS o ON o.id = l.sales_order_id
      WHERE l.schedules IS NOT NULL AND o.state <> 'DRAFT' AND l.product_id IS NOT NULL
      ORDER BY o.id, l.line_number
      """
    ) { row in
      let named = try row.schedules(2).compactMap(\.addressID)
      let open = named.first { !fixed.contains([row.int64(3), $0.value]) }
      return open.map { (order: row.text(0), line: row.int(1), address: $0.value) }
    }.compactMap(\.self).map { order, line, address in
      InvariantViolation(
        "orders.places-are-fixed", "An order does not say where a part of it goes",
        [Fact("order", order), Fact("line", line), Fact("address", address)])
    }
  }

  /// Once an order is submitted, the schedules of a line sum to it, in all that becomes of it.
  private static func sums(in snapshot: Snapshot) throws -> [InvariantViolation] {
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
