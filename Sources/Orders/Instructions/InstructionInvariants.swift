import Finance
import MasterData
import Storage
import Values

/// What must hold of what customers ask for beside the goods.
enum InstructionInvariants {
  static let rules = [
    "orders.vat-invoice-is-complete", "orders.shipped-as-asked", "orders.invoiced-as-asked",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try incomplete(in: snapshot) + unasked(in: snapshot) + together(in: snapshot)
  }

  /// What is invoiced together is what asks for it.
  private static func together(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT number, instructions, is_invoiced_together FROM sales_order
      WHERE instructions IS NOT NULL OR is_invoiced_together = 1 ORDER BY id
      """
    ) { row in
      (number: row.text(0), asked: try row.instructions(1), isTogether: row.bool(2))
    }.compactMap { number, asked, isTogether in
      guard (asked?.invoice?.isConsolidated == true) != isTogether else { return nil }
      return InvariantViolation(
        "orders.invoiced-as-asked",
        "An order is found among those that are invoiced together, or is not, against what it says",
        [Fact("order", number)])
    }
  }

  /// An order that was submitted lacks nothing of the invoice that it asks for.
  private static func incomplete(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT number, instructions FROM sales_order
      WHERE instructions IS NOT NULL AND state <> 'DRAFT' AND state <> 'CANCELLED' ORDER BY id
      """
    ) { (number: $0.text(0), asked: try $0.instructions(1)) }.compactMap { number, asked in
      var check = FieldCheck(.request)
      asked?.invoice?.checkComplete(&check, "invoice")
      guard let lacking = check.violations.first else { return nil }
      return InvariantViolation(
        "orders.vat-invoice-is-complete", "An order lacks what its invoice needs",
        [Fact("order", number), Fact("field", lacking.field ?? "")])
    }
  }

  /// What has not left says what its order says: nothing is written down of it yet.
  private static func unasked(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM shipment AS s
      WHERE s.state <> 'DISPATCHED' AND s.state <> 'DELIVERED' AND s.lost_at IS NULL
        AND (s.instructions IS NOT NULL OR EXISTS (
          SELECT 1 FROM shipment_line AS l
          WHERE l.shipment_id = s.id AND l.instructions IS NOT NULL))
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.shipped-as-asked", "A shipment that has not left keeps what was asked for",
        [Fact("shipment", row.text(0))])
    }
  }
}
