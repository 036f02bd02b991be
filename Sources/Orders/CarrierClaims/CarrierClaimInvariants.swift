import Finance
import Storage
import Values

/// What must hold of what is claimed from carriers.
enum CarrierClaimInvariants {
  static let rules = [
    "orders.lost-is-claimed", "orders.claims-are-owed", "orders.claims-are-owed-back",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try unclaimed(in: snapshot) + owed(in: snapshot) + owedBack(in: snapshot)
  }

  /// Nothing is given up that nobody claims.
  private static func unclaimed(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM shipment AS s
      WHERE s.lost_at IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM carrier_claim AS c WHERE c.shipment_id = s.id AND c.cause = 'LOST')
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.lost-is-claimed", "A shipment is lost, and nobody claims it from its carrier",
        [Fact("shipment", row.text(0))])
    }
  }

  /// The account of claims is what carriers have accepted and not paid.
  private static func owed(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let owed =
      try snapshot.first(
        "SELECT COALESCE(SUM(accepted_minor), 0) FROM carrier_claim WHERE state = 'ACCEPTED'"
      ) { $0.int64(0) } ?? 0
    let booked = try Ledger.balance(of: .carrierClaims, in: snapshot)
    guard booked.minor != owed else { return [] }
    return [
      InvariantViolation(
        "orders.claims-are-owed",
        "The books say that carriers owe something else for claims than they have accepted",
        [Fact("booked", booked), Fact("owed_minor", owed)])
    ]
  }

  /// And what is to be paid back to them is what they have paid for goods that turned up.
  private static func owedBack(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let owed =
      try snapshot.first(
        "SELECT COALESCE(SUM(accepted_minor), 0) FROM carrier_claim WHERE state = 'OWED_BACK'"
      ) { $0.int64(0) } ?? 0
    let booked = try Ledger.balance(of: .carrierClaimsPayable, in: snapshot)
    guard booked.minor != -owed else { return [] }
    return [
      InvariantViolation(
        "orders.claims-are-owed-back",
        "The books say that carriers are to have back something else than claims say",
        [Fact("booked", booked), Fact("owed_minor", owed)])
    ]
  }
}
