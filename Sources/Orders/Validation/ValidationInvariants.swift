import Storage
import Values

/// What must hold of findings and imports at every commit.
enum ValidationInvariants {
  static let rules = ["orders.finding-has-hold", "orders.import-is-order"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try findings(in: snapshot) + imports(in: snapshot)
  }

  /// An order that was held for something has, or had, a hold of that kind.
  private static func findings(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, f.cause
      FROM order_finding AS f JOIN sales_order AS o ON o.id = f.sales_order_id
      WHERE NOT EXISTS (
        SELECT 1 FROM sales_order_hold AS h
        WHERE h.sales_order_id = f.sales_order_id AND h.kind = f.hold)
      ORDER BY f.id
      """
    ) { row in
      InvariantViolation(
        "orders.finding-has-hold", "What was found about an order never held it",
        [Fact("order", row.text(0)), Fact("cause", row.text(1))])
    }
  }

  /// What a row of a file is known by is what its order has.
  private static func imports(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT i.external_id, o.number
      FROM order_intake AS i JOIN sales_order AS o ON o.id = i.sales_order_id
      WHERE o.external_id IS NULL OR o.external_id <> i.external_id OR o.channel <> i.channel
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "orders.import-is-order", "An imported order has another external id than its row",
        [Fact("external_id", row.text(0)), Fact("order", row.text(1))])
    }
  }
}
