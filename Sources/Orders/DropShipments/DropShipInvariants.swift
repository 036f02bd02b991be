import Storage
import Values

/// What must hold of lines that suppliers bring straight to customers.
enum DropShipInvariants {
  static let rules = ["orders.drop-shipped-is-ordered", "orders.drop-shipments-match-receipts"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try ordered(in: snapshot) + received(in: snapshot)
  }

  /// Suppliers are to send what is open of such lines, and nothing for any other.
  private static func ordered(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, l.line_number, l.ordered - l.cancelled - l.shipped,
        COALESCE(SUM(d.ordered - d.cancelled - d.received), 0)
      FROM sales_order_line AS l
      JOIN sales_order AS o ON o.id = l.sales_order_id
      LEFT JOIN view_direct_purchase AS d
        ON d.direct_number = o.number AND d.direct_line = l.line_number
          AND d.direct_kind = 'SALES_ORDER'
      WHERE l.drop_shipped = 1 OR d.id IS NOT NULL
      GROUP BY l.sales_order_id, l.line_number
      HAVING COALESCE(SUM(d.ordered - d.cancelled - d.received), 0)
        <> CASE l.drop_shipped WHEN 1 THEN l.ordered - l.cancelled - l.shipped ELSE 0 END
      ORDER BY o.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.drop-shipped-is-ordered", "A supplier is to send something else than is open",
        [
          Fact("order", row.text(0)), Fact("line", row.int(1)), Fact("open", row.quantity(2)),
          Fact("ordered", row.quantity(3)),
        ])
    }
  }

  /// What came of a purchase order is what its shipments took to the customer.
  private static func received(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT d.number, d.received, COALESCE(SUM(l.quantity), 0)
      FROM view_direct_purchase AS d
      LEFT JOIN drop_shipment AS s ON s.purchase_order_number = d.number
      LEFT JOIN shipment_line AS l ON l.shipment_id = s.shipment_id
      GROUP BY d.id HAVING d.received <> COALESCE(SUM(l.quantity), 0) ORDER BY d.id
      """
    ) { row in
      InvariantViolation(
        "orders.drop-shipments-match-receipts", "A supplier sent something else than was shipped",
        [
          Fact("purchase_order", row.text(0)), Fact("received", row.quantity(1)),
          Fact("shipped", row.quantity(2)),
        ])
    }
  }
}
