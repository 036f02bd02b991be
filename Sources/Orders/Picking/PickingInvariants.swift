import Inventory
import Storage
import Values

/// What must hold of what pickers did not find.
enum PickingInvariants {
  static let rules = ["orders.short-picks-are-held"]

  /// What nobody has looked into is set apart in stock, and nothing more than was set apart.
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let open = try snapshot.all(
      """
      SELECT shipment_number, line_number, held FROM short_pick
      WHERE closed_at IS NULL ORDER BY id
      """
    ) { (shipment: $0.text(0), line: $0.int(1), held: $0.quantity(2)) }
    return try open.compactMap { pick -> InvariantViolation? in
      let holds = try Reservations.of(
        Origin(.shipment, pick.shipment, line: pick.line), in: snapshot)
      let held = holds.reduce(0) { $0 + $1.held.micros }
      let isWhole = holds.allSatisfy(\.isFilled)
      guard !isWhole || held <= 0 || held > pick.held.micros else { return nil }
      return InvariantViolation(
        "orders.short-picks-are-held", "What was not found is not set apart in stock",
        [
          Fact("shipment", pick.shipment), Fact("line", pick.line),
          Fact("held", Quantity(micros: held)), Fact("missing", pick.held),
        ])
    }
  }
}
