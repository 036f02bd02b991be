import MasterData
import Storage
import Values

/// All SQL of `carrier_event`.
enum CarrierEventTable {
  static func insert(
    _ event: CarrierEvent, of shipment: ID<Shipment>?, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO carrier_event (carrier, event_id, tracking_number, shipment_number, shipment_id,
        status, occurred_at, place, text, told_at, trouble)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, event.carrier, event.eventID, event.trackingNumber, event.shipmentNumber, shipment,
      event.status, event.occurredAt, event.place, event.text, now,
      event.trouble)
  }

  static func match(
    _ id: ID<CarrierEvent>, to shipment: ID<Shipment>, in tx: Transaction
  ) throws {
    try tx.execute("UPDATE carrier_event SET shipment_id = ? WHERE id = ?", shipment, id)
  }

  static func find(
    carrier: String, eventID: String, in snapshot: Snapshot
  ) throws -> KeptCarrierEvent? {
    try snapshot.first(
      """
      SELECT id, carrier, event_id, tracking_number, shipment_number, shipment_id, status,
        occurred_at, place, text, told_at, trouble
      FROM carrier_event WHERE carrier = ? AND event_id = ?
      """, carrier, eventID, map: kept)
  }

  static func of(
    _ shipment: ID<Shipment>, in snapshot: Snapshot
  ) throws -> [KeptCarrierEvent] {
    try snapshot.all(
      """
      SELECT id, carrier, event_id, tracking_number, shipment_number, shipment_id, status,
        occurred_at, place, text, told_at, trouble
      FROM carrier_event WHERE shipment_id = ? ORDER BY occurred_at, id
      """, shipment, map: kept)
  }

  static func unmatched(
    after id: ID<CarrierEvent>, limit: Int, in snapshot: Snapshot
  ) throws -> [KeptCarrierEvent] {
    try snapshot.all(
      """
      SELECT id, carrier, event_id, tracking_number, shipment_number, shipment_id, status,
        occurred_at, place, text, told_at, trouble
      FROM carrier_event WHERE shipment_id IS NULL AND id > ? ORDER BY id LIMIT ?
      """, id, limit, map: kept)
  }

  /// What waits for a shipment that names itself so.
  static func waiting(
    carrier: String, tracking: String, number: String, in snapshot: Snapshot
  ) throws -> [KeptCarrierEvent] {
    try snapshot.all(
      """
      SELECT id, carrier, event_id, tracking_number, shipment_number, shipment_id, status,
        occurred_at, place, text, told_at, trouble
      FROM carrier_event
      WHERE shipment_id IS NULL AND carrier = ?
        AND (shipment_number = ?
          OR (shipment_number = '' AND tracking_number <> '' AND tracking_number = ?))
      ORDER BY occurred_at, id LIMIT 1000
      """, carrier, number, tracking, map: kept)
  }

  /// Takes out of what was reported of a customer's orders where and what it was.
  static func erasePeople(of customer: String, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE carrier_event SET place = '', text = ''
      WHERE shipment_id IN (
        SELECT s.id FROM shipment AS s JOIN sales_order AS o ON o.id = s.sales_order_id
        WHERE o.customer_code = ?)
      """, customer)
  }

  private static func kept(_ row: Row) throws -> KeptCarrierEvent {
    KeptCarrierEvent(
      id: row.id(0),
      event: CarrierEvent(
        carrier: row.text(1), eventID: row.text(2), trackingNumber: row.text(3),
        shipmentNumber: row.text(4), status: try row.value(6),
        trouble: try row.optionalValue(11), occurredAt: row.instant(7),
        place: row.text(8), text: row.text(9)),
      shipment: row.optionalID(5), toldAt: row.instant(10))
  }
}

extension CarrierStatus: Bindable {}
extension CarrierTrouble: Bindable {}
