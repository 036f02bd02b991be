import Finance
import Storage
import Values

/// What must hold of money that is paid at the door.
enum CashOnDeliveryInvariants {
  static let rules = [
    "orders.cash-due-once-left", "orders.cash-collected-is-paid", "orders.cash-remitted-is-rows",
    "orders.carriers-owe-what-they-have", "orders.remittance-takes-two",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try undue(in: snapshot) + uncollected(in: snapshot) + unremitted(in: snapshot)
      + receivable(in: snapshot) + alone(in: snapshot)
  }

  /// What one has asked for another has agreed to.
  private static func alone(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT carrier, statement, row_id FROM remittance
      WHERE state = 'SETTLED' AND settled_by = proposed_by ORDER BY id
      """
    ) { row in
      InvariantViolation(
        "orders.remittance-takes-two", "Who asked to settle a remittance has agreed to it",
        [
          Fact("carrier", row.text(0)), Fact("statement", row.text(1)), Fact("row", row.text(2)),
        ])
    }
  }

  /// What is due is fixed exactly when the goods leave.
  private static func undue(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM cash_on_delivery AS c JOIN shipment AS s ON s.id = c.shipment_id
      WHERE (c.due_minor IS NULL) = (s.state = 'DISPATCHED' OR s.state = 'DELIVERED')
        OR (c.collected_minor > 0 AND s.state <> 'DELIVERED')
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.cash-due-once-left", "What is due at the door is not fixed as the goods stand",
        [Fact("shipment", row.text(0))])
    }
  }

  /// What was collected has come in as payments.
  private static func uncollected(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM cash_on_delivery AS c JOIN shipment AS s ON s.id = c.shipment_id
      WHERE c.collected_minor <> COALESCE((
        SELECT SUM(p.amount_minor) FROM cash_on_delivery_payment AS p
        WHERE p.shipment_id = c.shipment_id), 0)
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.cash-collected-is-paid", "What was collected at the door is not its payments",
        [Fact("shipment", row.text(0))])
    }
  }

  /// What was remitted is what rows of statements brought, and no row waits for what has come.
  private static func unremitted(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT s.number FROM cash_on_delivery AS c JOIN shipment AS s ON s.id = c.shipment_id
      WHERE c.remitted_minor <> COALESCE((
          SELECT SUM(r.credited_minor) FROM remittance AS r
          WHERE r.shipment_id = c.shipment_id), 0)
        OR (c.remitted_minor + c.written_off_minor = c.collected_minor AND EXISTS (
          SELECT 1 FROM remittance AS r
          WHERE r.shipment_id = c.shipment_id AND r.state = 'SHORT'))
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.cash-remitted-is-rows", "What a carrier remitted is not the rows of its statements",
        [Fact("shipment", row.text(0))])
    }
  }

  /// The account of what carriers have collected is what they have not remitted.
  private static func receivable(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let owed =
      try snapshot.first(
        """
        SELECT COALESCE(SUM(collected_minor - remitted_minor - written_off_minor), 0)
        FROM cash_on_delivery WHERE collector = 'CARRIER'
        """
      ) { $0.int64(0) } ?? 0
    let booked = try Ledger.balance(of: .carrierReceivable, in: snapshot)
    guard booked.minor != owed else { return [] }
    return [
      InvariantViolation(
        "orders.carriers-owe-what-they-have",
        "The books say that carriers owe something else than they have collected",
        [Fact("booked", booked), Fact("owed_minor", owed)])
    ]
  }
}
