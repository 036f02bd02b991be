import Inventory
import Storage
import Values

/// All SQL of `pick_wave` and its shipments.
enum PickWaveTable {
  /// An order that may have something to leave.
  struct Candidate {
    let key: PrepareWave.Key
    let number: String

    /// Something is held for it that is in no shipment yet.
    func hasGoods(in snapshot: Snapshot) throws -> Bool {
      let held = try Reservations.held(
        by: DocumentReference(.salesOrder, number), in: snapshot
      ).filter(\.quantity.isPositive)
      guard !held.isEmpty else { return false }
      let apart = try ShipmentLineTable.setApart(of: key.id, in: snapshot)
      return held.contains { $0.quantity > apart[$0.line, default: .zero] }
    }
  }

  /// Orders in scope of which something may leave a warehouse, the confirmed ones first, the oldest
  /// first; from the one behind `key` on.
  static func candidates(
    in warehouse: String, zone: String, after key: PrepareWave.Key?, limit: Int,
    snapshot: Snapshot
  ) throws -> [Candidate] {
    var found: [Candidate] = []
    for state in [OrderState.confirmed, .partlyShipped] {
      // Those of the states before it are behind.
      if state == .confirmed, key?.state == .partlyShipped { continue }
      let from = key.flatMap { $0.state == state ? $0 : nil }
      let rows = try snapshot.all(
        """
        SELECT o.id, o.number, o.created_on FROM sales_order AS o
        WHERE o.state = ? AND (o.created_on, o.id) > (?, ?) AND o.warehouse_code = ?
          AND (? = '' OR o.delivery_zone = ? OR EXISTS (
            SELECT 1 FROM sales_order_place AS p
            WHERE p.sales_order_id = o.id AND p.zone = ?))
          AND EXISTS (
            SELECT 1 FROM view_order_owner AS v
            WHERE v.number = o.number
              AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
        ORDER BY o.created_on, o.id LIMIT ?
        """, state, from?.createdOn ?? Day(daysSinceEpoch: .min), from?.id ?? ID<SalesOrder>(0),
        warehouse, zone, zone, zone, limit - found.count
      ) { row in
        Candidate(
          key: PrepareWave.Key(state: state, createdOn: row.day(2), id: row.id(0)),
          number: row.text(1))
      }
      found += rows
      if found.count == limit { break }
    }
    return found
  }

  static func insert(
    _ wave: PickWave, _ shipments: [Shipment], in tx: Transaction
  ) throws -> ID<PickWave> {
    let id: ID<PickWave> = try tx.insert(
      """
      INSERT INTO pick_wave (warehouse_code, due_by, zone_code, carrier, prepared_by, prepared_at)
      VALUES (?, ?, ?, ?, ?, ?)
      """, wave.warehouseCode, wave.dueBy, wave.zone, wave.carrier, wave.preparedBy,
      wave.preparedAt)
    for shipment in shipments {
      try tx.execute(
        "INSERT INTO pick_wave_shipment (shipment_id, wave_id) VALUES (?, ?)", shipment.id, id)
    }
    return id
  }

  static func find(_ id: ID<PickWave>, in snapshot: Snapshot) throws -> PickWave? {
    try snapshot.first(
      """
      SELECT id, warehouse_code, due_by, zone_code, carrier, prepared_by, prepared_at
      FROM pick_wave WHERE id = ?
      """, id
    ) { row in
      PickWave(
        id: row.id(0), warehouseCode: row.text(1), dueBy: row.day(2), zone: row.text(3),
        carrier: row.text(4), preparedBy: row.text(5), preparedAt: row.instant(6))
    }
  }
}
