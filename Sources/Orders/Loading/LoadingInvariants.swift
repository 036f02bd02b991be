import Storage
import Values

/// What must hold of what is on the van.
enum LoadingInvariants {
  static let rules = ["orders.loaded-is-shipped"]

  /// Every carton on a van is of a unit that its shipment has.
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number, c.line_number
      FROM carton_load AS c
      JOIN shipment AS s ON s.id = c.shipment_id
      JOIN shipment_line AS l
        ON l.shipment_id = c.shipment_id AND l.line_number = c.line_number
      WHERE c.unit * 1000000 > l.quantity OR s.state = 'PREPARED' OR s.state = 'PICKED'
      ORDER BY s.id, c.line_number
      """
    ) { row in
      InvariantViolation(
        "orders.loaded-is-shipped", "A carton is on a van that its shipment does not have",
        [Fact("shipment", row.text(0)), Fact("line", row.int(1))])
    }
  }
}
