import Storage
import Values

/// All SQL of `remittance`.
enum RemittanceTable {
  /// Of nothing that is known yet.
  static func insert(
    _ row: RemittanceRow, carrier: String, statement: String, at now: Moment, in tx: Transaction
  ) throws -> ID<Remittance> {
    try tx.insert(
      """
      INSERT INTO remittance (carrier, statement, row_id, shipment_number, tracking_number,
        amount_minor, fee_minor, currency, credited_minor, state, imported_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 'UNKNOWN', ?)
      """, carrier, statement, row.rowID, row.shipmentNumber, row.trackingNumber,
      row.amount.minor, row.fee.minor, row.amount.currency, now.instant)
  }

  /// Writes all that may change.
  static func update(
    _ remittance: Remittance, of shipment: ID<Shipment>?, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE remittance SET shipment_id = ?, credited_minor = ?, state = ?, settled_by = ?,
        reason = ?
      WHERE id = ?
      """, shipment, remittance.credited.minor, remittance.state, remittance.settledBy,
      remittance.reason, remittance.id)
  }

  /// Writes what is asked for of an open one, and why; nobody has settled it.
  static func setProposal(of remittance: Remittance, in tx: Transaction) throws {
    let asked = remittance.proposal
    try tx.execute(
      """
      UPDATE remittance SET proposed_settlement = ?, proposed_minor = ?, proposed_by = ?,
        proposed_at = ?, settled_by = NULL, reason = ?
      WHERE id = ?
      """, asked?.settlement, asked?.amount.minor, asked?.actor, asked?.at, remittance.reason,
      remittance.id)
  }

  /// The carrier owes nothing more for a shipment.
  static func settleShort(of shipment: ID<Shipment>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE remittance SET state = 'SETTLED' WHERE shipment_id = ? AND state = 'SHORT'",
      shipment)
  }

  static func find(
    carrier: String, statement: String, rowID: String, in snapshot: Snapshot
  ) throws -> Remittance? {
    let id: ID<Remittance>? = try snapshot.first(
      "SELECT id FROM remittance WHERE carrier = ? AND statement = ? AND row_id = ?", carrier,
      statement, rowID
    ) { $0.id(0) }
    return try id.flatMap { id in
      try snapshot.first(
        """
        SELECT r.id, r.carrier, r.statement, r.row_id, r.shipment_number, r.tracking_number,
          r.amount_minor, r.fee_minor, r.currency, r.credited_minor, r.state, r.imported_at,
          r.settled_by, r.reason, s.number, s.order_number,
          c.collected_minor - c.remitted_minor - c.written_off_minor, r.proposed_settlement,
          r.proposed_minor, r.proposed_by, r.proposed_at
        FROM remittance AS r
        LEFT JOIN shipment AS s ON s.id = r.shipment_id
        LEFT JOIN cash_on_delivery AS c ON c.shipment_id = r.shipment_id
        WHERE r.id = ?
        """, id, map: remittance)
    }
  }

  static func list(
    _ filter: Remittances.Filter, after id: ID<Remittance>, limit: Int, in snapshot: Snapshot
  ) throws -> [Remittance] {
    try snapshot.all(
      """
      SELECT r.id, r.carrier, r.statement, r.row_id, r.shipment_number, r.tracking_number,
        r.amount_minor, r.fee_minor, r.currency, r.credited_minor, r.state, r.imported_at,
        r.settled_by, r.reason, s.number, s.order_number,
        c.collected_minor - c.remitted_minor - c.written_off_minor, r.proposed_settlement,
        r.proposed_minor, r.proposed_by, r.proposed_at
      FROM remittance AS r
      LEFT JOIN shipment AS s ON s.id = r.shipment_id
      LEFT JOIN cash_on_delivery AS c ON c.shipment_id = r.shipment_id
      WHERE r.id > ? AND (? = '' OR r.carrier = ?) AND (? = '' OR r.statement = ?)
        AND (? = 0 OR r.state = 'SHORT' OR r.state = 'OVER' OR r.state = 'UNKNOWN')
        AND (? = 0 OR r.proposed_by IS NOT NULL)
      ORDER BY r.id LIMIT ?
      """, id, filter.carrier, filter.carrier, filter.statement, filter.statement,
      filter.isOpen || filter.isProposed, filter.isProposed, limit, map: remittance)
  }

  private static func remittance(_ row: Row) throws -> Remittance {
    let shipped = row.optionalText(14).map { number in
      Remittance.Shipped(
        number: number, orderNumber: row.text(15), withCarrier: row.money(16, 8))
    }
    return Remittance(
      id: row.id(0), carrier: row.text(1), statement: row.text(2),
      told: RemittanceRow(
        rowID: row.text(3), shipmentNumber: row.text(4), trackingNumber: row.text(5),
        amount: row.money(6, 8), fee: row.money(7, 8)),
      shipment: shipped, credited: row.money(9, 8), state: try row.value(10),
      importedAt: row.instant(11), settledBy: row.optionalText(12), reason: row.text(13),
      proposal: try proposal(row))
  }

  private static func proposal(_ row: Row) throws -> Remittance.Proposal? {
    let settlement: Remittance.Settlement? = try row.optionalValue(17)
    return settlement.map {
      Remittance.Proposal(
        settlement: $0, amount: row.money(18, 8), actor: row.text(19), at: row.instant(20))
    }
  }
}

extension Remittance.State: Bindable {}
extension Remittance.Settlement: Bindable {}
