import Storage
import Values

/// What must hold of what carriers reported and of what was signed.
enum CarrierInvariants {
  static let rules = [
    "orders.carrier-status-is-derived", "orders.proof-of-delivered", "orders.refused-comes-back",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try statuses(in: snapshot) + unproven(in: snapshot) + kept(in: snapshot)
  }

  /// Where a shipment stands is what happened last, and a delivery before all else.
  private static func statuses(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM shipment AS s
      WHERE COALESCE(s.carrier_status, '') <> COALESCE((
        SELECT e.status FROM carrier_event AS e WHERE e.shipment_id = s.id
        ORDER BY CASE e.status WHEN 'DELIVERED' THEN 1 ELSE 0 END DESC, e.occurred_at DESC,
          CASE e.status WHEN 'ACCEPTED' THEN 0 WHEN 'IN_TRANSIT' THEN 1
            WHEN 'OUT_FOR_DELIVERY' THEN 2 WHEN 'EXCEPTION' THEN 3 ELSE 4 END DESC
        LIMIT 1), '')
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.carrier-status-is-derived", "A shipment is not where its carrier said",
        [Fact("shipment", row.text(0))])
    }
  }

  /// Nobody signs for what was not brought.
  private static func unproven(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM delivery_proof AS p JOIN shipment AS s ON s.id = p.shipment_id
      WHERE s.state <> 'DELIVERED' ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.proof-of-delivered", "A shipment was signed for and is not delivered",
        [Fact("shipment", row.text(0))])
    }
  }

  /// What was refused at the door is what its return is about, line by line.
  private static func kept(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number, l.line_number
      FROM delivery_proof_line AS l
      JOIN delivery_proof AS p ON p.shipment_id = l.shipment_id
      JOIN shipment AS s ON s.id = l.shipment_id
      LEFT JOIN customer_return_line AS r
        ON r.return_id = p.return_id AND r.line_number = l.line_number
      WHERE l.refused <> COALESCE(r.requested, 0)
      ORDER BY s.id, l.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.refused-comes-back", "What was refused at the door is in no return",
        [Fact("shipment", row.text(0)), Fact("line", row.int(1))])
    }
  }
}
