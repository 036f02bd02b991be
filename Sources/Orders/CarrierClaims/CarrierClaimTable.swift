import Storage
import Values

/// All SQL of `carrier_claim`, its lines, and of by what each carrier is claimed from.
enum CarrierClaimTable {
  static func insert(_ claim: CarrierClaim, in tx: Transaction) throws -> ID<CarrierClaim> {
    let id: ID<CarrierClaim> = try tx.insert(
      """
      INSERT INTO carrier_claim (number, shipment_id, shipment_number, order_number, carrier, cause,
        state, basis, claimed_minor, currency, opened_on)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, claim.number, claim.shipment, claim.shipmentNumber, claim.orderNumber, claim.carrier,
      claim.cause, claim.state, claim.basis, claim.claimed.minor, claim.claimed.currency,
      claim.openedOn)
    for line in claim.lines {
      try tx.execute(
        """
        INSERT INTO carrier_claim_line (claim_id, line_number, sku, unit, quantity, cost_minor,
          sales_minor, currency)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, id, line.orderLine, line.sku, line.unit, line.quantity, line.cost.minor,
        line.salesValue.minor, line.cost.currency)
    }
    return id
  }

  /// Writes all that may change.
  static func update(_ claim: CarrierClaim, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE carrier_claim SET state = ?, accepted_minor = ?, reference = ?, reason = ?,
        opened_on = ?, reversals = ?, turned_up_on = ?
      WHERE id = ?
      """, claim.state, claim.accepted?.minor, claim.reference, claim.reason, claim.openedOn,
      claim.reversals, claim.turnedUpOn, claim.id)
  }

  static func find(_ number: String, in snapshot: Snapshot) throws -> CarrierClaim? {
    let found = try snapshot.first(
      """
      SELECT id, number, shipment_id, shipment_number, order_number, carrier, cause, state, basis,
        claimed_minor, currency, accepted_minor, reference, reason, opened_on, reversals,
        turned_up_on
      FROM carrier_claim WHERE number = ?
      """, number, map: claim)
    return try found.map { try withLines($0, in: snapshot) }
  }

  static func list(
    _ filter: CarrierClaims.Filter, after id: ID<CarrierClaim>, limit: Int, in snapshot: Snapshot
  ) throws -> [CarrierClaim] {
    let state = filter.state?.rawValue ?? ""
    return try snapshot.all(
      """
      SELECT c.id, c.number, c.shipment_id, c.shipment_number, c.order_number, c.carrier, c.cause,
        c.state, c.basis, c.claimed_minor, c.currency, c.accepted_minor, c.reference, c.reason,
        c.opened_on, c.reversals, c.turned_up_on
      FROM carrier_claim AS c
      WHERE c.id > ? AND (? = '' OR c.carrier = ?) AND (? = '' OR c.state = ?)
        AND (? = 0 OR (c.state <> 'PAID' AND c.state <> 'WITHDRAWN' AND c.state <> 'PAID_BACK'
          AND c.state <> 'WAIVED'))
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = c.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY c.id LIMIT ?
      """, id, filter.carrier, filter.carrier, state, state, filter.isOpen, limit, map: claim
    ).map { try withLines($0, in: snapshot) }
  }

  private static func withLines(
    _ claim: CarrierClaim, in snapshot: Snapshot
  ) throws -> CarrierClaim {
    var claim = claim
    claim.lines = try snapshot.all(
      """
      SELECT line_number, sku, unit, quantity, cost_minor, sales_minor, currency
      FROM carrier_claim_line WHERE claim_id = ? ORDER BY line_number
      """, claim.id
    ) { row in
      CarrierClaim.Line(
        orderLine: row.int(0), sku: row.text(1), unit: row.text(2), quantity: row.quantity(3),
        cost: row.money(4, 6), salesValue: row.money(5, 6))
    }
    return claim
  }

  private static func claim(_ row: Row) throws -> CarrierClaim {
    CarrierClaim(
      id: row.id(0), number: row.text(1), shipment: row.id(2), shipmentNumber: row.text(3),
      orderNumber: row.text(4), carrier: row.text(5), cause: try row.value(6),
      state: try row.value(7), basis: try row.value(8), claimed: row.money(9, 10),
      accepted: row.optionalMoney(11, 10), reversals: row.int(15), reference: row.text(12),
      reason: row.text(13), openedOn: row.day(14), turnedUpOn: row.optionalDay(16), lines: [])
  }

  /// Of this carrier, or else of all; nil where nobody has said.
  static func basis(
    of carrier: String, in snapshot: Snapshot
  ) throws -> CarrierClaim.Basis? {
    try snapshot.first(
      """
      SELECT basis FROM carrier_claim_terms WHERE carrier = ? OR carrier = ''
      ORDER BY carrier DESC LIMIT 1
      """, carrier
    ) { try $0.value(0) }
  }

  static func terms(
    after carrier: String, limit: Int, in snapshot: Snapshot
  ) throws -> [(carrier: String, basis: CarrierClaim.Basis)] {
    try snapshot.all(
      """
      SELECT carrier, basis FROM carrier_claim_terms WHERE carrier > ? ORDER BY carrier LIMIT ?
      """, carrier, limit
    ) { ($0.text(0), try $0.value(1)) }
  }

  static func set(
    _ basis: CarrierClaim.Basis, of carrier: String, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO carrier_claim_terms (carrier, basis) VALUES (?, ?)
      ON CONFLICT (carrier) DO UPDATE SET basis = excluded.basis
      """, carrier, basis)
  }
}

extension CarrierClaim.Cause: Bindable {}
extension CarrierClaim.State: Bindable {}
extension CarrierClaim.Basis: Bindable {}
