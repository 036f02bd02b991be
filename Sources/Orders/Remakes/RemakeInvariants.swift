import Storage
import Values

/// What must hold of remakes and opinions: what is free costs nothing, what is made again has left
/// before, and only what has arrived is rated.
enum RemakeInvariants {
  static let rules = [
    "orders.free-remake-costs-nothing", "orders.remake-is-for-what-left",
    "orders.rated-has-arrived",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try paid(in: snapshot) + early(in: snapshot) + rated(in: snapshot)
  }

  private static func paid(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number FROM remake AS m JOIN sales_order AS o ON o.id = m.sales_order_id
      WHERE m.is_free = 1 AND o.gross_minor <> 0 ORDER BY m.id
      """
    ) { row in
      InvariantViolation(
        "orders.free-remake-costs-nothing", "A remake under warranty is charged",
        [Fact("order", row.text(0))])
    }
  }

  private static func early(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, m.origin_line
      FROM remake AS m
      JOIN sales_order AS o ON o.id = m.origin_order_id
      LEFT JOIN sales_order_line AS l
        ON l.sales_order_id = m.origin_order_id AND l.line_number = m.origin_line
      WHERE l.shipped IS NULL OR l.shipped = 0 ORDER BY m.id
      """
    ) { row in
      InvariantViolation(
        "orders.remake-is-for-what-left", "A line of which nothing has left is made again",
        [Fact("order", row.text(0)), Fact("line", row.int(1))])
    }
  }

  private static func rated(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT h.number FROM satisfaction AS s JOIN shipment AS h ON h.id = s.shipment_id
      WHERE h.state <> 'DELIVERED' OR h.sales_order_id <> s.sales_order_id ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.rated-has-arrived", "A delivery is rated that has not arrived",
        [Fact("shipment", row.text(0))])
    }
  }
}
