import Storage
import Values

/// What must hold of what is on the van.
enum LoadingInvariants {
  static let rules = ["orders.loaded-is-shipped", "orders.cartons-are-numbered"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try loaded(in: snapshot) + numbered(in: snapshot)
  }

  /// Cartons of a shipment are numbered without gaps, and each is of a unit that it has.
  private static func numbered(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number
      FROM shipment_carton AS c
      JOIN shipment AS s ON s.id = c.shipment_id
      LEFT JOIN shipment_line AS l
        ON l.shipment_id = c.shipment_id AND l.line_number = c.line_number
      GROUP BY s.id, s.number, s.state
      HAVING COUNT(*) <> MAX(c.position) OR SUM(COALESCE(c.unit * 1000000 > l.quantity, 0)) > 0
        OR s.state = 'PREPARED' OR s.state = 'PICKED'
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.cartons-are-numbered", "Numbers are given to cartons that a shipment does not have",
        [Fact("shipment", row.text(0))])
    }
  }

  /// Every carton on a van is of a unit that its shipment has.
  private static func loaded(in snapshot: Snapshot) throws -> [InvariantViolation] {
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
