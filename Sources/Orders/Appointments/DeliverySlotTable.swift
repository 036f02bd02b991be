import Storage
import Values

/// All SQL of `delivery_slot`.
enum DeliverySlotTable {
  static func insert(_ code: String, _ terms: SlotTerms, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO delivery_slot (code, kind, warehouse_code, zone_code, crew_code, slot_on,
        begins_minute, ends_minute, stops, minutes, volume_ccm)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, code, terms.kind, terms.warehouseCode, terms.zoneCode, terms.crewCode, terms.day,
      terms.begins, terms.ends, terms.stops, terms.minutes, terms.volume)
  }

  static func update(_ id: ID<DeliverySlot>, _ terms: SlotTerms, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE delivery_slot SET kind = ?, warehouse_code = ?, zone_code = ?, crew_code = ?,
        slot_on = ?, begins_minute = ?, ends_minute = ?, stops = ?, minutes = ?, volume_ccm = ?
      WHERE id = ?
      """, terms.kind, terms.warehouseCode, terms.zoneCode, terms.crewCode, terms.day,
      terms.begins, terms.ends, terms.stops, terms.minutes, terms.volume, id)
  }

  /// Takes so many stops more (less than nothing: gives them back), and what goes with them.
  static func book(
    _ id: ID<DeliverySlot>, stops: Int, minutes: Int64, volume: Int64, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE delivery_slot SET booked_stops = booked_stops + ?,
        booked_minutes = booked_minutes + ?, booked_volume_ccm = booked_volume_ccm + ?
      WHERE id = ?
      """, stops, minutes, volume, id)
  }

  static func find(_ code: String, in snapshot: Snapshot) throws -> DeliverySlot? {
    try snapshot.first(
      """
      SELECT id, code, kind, warehouse_code, zone_code, crew_code, slot_on, begins_minute,
        ends_minute, stops, minutes, volume_ccm, booked_stops, booked_minutes, booked_volume_ccm
      FROM delivery_slot WHERE code = ?
      """, code, map: slot)
  }

  static func fetch(_ id: ID<DeliverySlot>, in snapshot: Snapshot) throws -> DeliverySlot? {
    try snapshot.first(
      """
      SELECT id, code, kind, warehouse_code, zone_code, crew_code, slot_on, begins_minute,
        ends_minute, stops, minutes, volume_ccm, booked_stops, booked_minutes, booked_volume_ccm
      FROM delivery_slot WHERE id = ?
      """, id, map: slot)
  }

  /// Of a day there are few.
  static func ofCrew(
    _ crew: String, on day: Day, in snapshot: Snapshot
  ) throws -> [DeliverySlot] {
    try snapshot.all(
      """
      SELECT id, code, kind, warehouse_code, zone_code, crew_code, slot_on, begins_minute,
        ends_minute, stops, minutes, volume_ccm, booked_stops, booked_minutes, booked_volume_ccm
      FROM delivery_slot WHERE crew_code = ? AND slot_on = ? ORDER BY begins_minute
      """, crew, day, map: slot)
  }

  static func list(
    warehouse: String?, kind: SlotKind?, after key: DeliverySlots.Key, limit: Int,
    in snapshot: Snapshot
  ) throws -> [DeliverySlot] {
    guard let warehouse else {
      return try snapshot.all(
        """
        SELECT id, code, kind, warehouse_code, zone_code, crew_code, slot_on, begins_minute,
          ends_minute, stops, minutes, volume_ccm, booked_stops, booked_minutes,
          booked_volume_ccm
        FROM delivery_slot
        WHERE (slot_on, begins_minute, id) > (?, ?, ?) AND (? IS NULL OR kind = ?)
          AND in_scope(NULL, NULL, warehouse_code)
        ORDER BY slot_on, begins_minute, id LIMIT ?
        """, key.day, key.begins, key.id, kind, kind, limit, map: slot)
    }
    let kinds = kind.map { [$0] } ?? SlotKind.allCases
    let found = try kinds.flatMap { kind in
      try snapshot.all(
        """
        SELECT id, code, kind, warehouse_code, zone_code, crew_code, slot_on, begins_minute,
          ends_minute, stops, minutes, volume_ccm, booked_stops, booked_minutes,
          booked_volume_ccm
        FROM delivery_slot
        WHERE warehouse_code = ? AND kind = ? AND (slot_on, begins_minute, id) > (?, ?, ?)
          AND in_scope(NULL, NULL, warehouse_code)
        ORDER BY slot_on, begins_minute, id LIMIT ?
        """, warehouse, kind, key.day, key.begins, key.id, limit, map: slot)
    }
    let sorted = found.sorted { ($0.begins, $0.id.value) < ($1.begins, $1.id.value) }
    return Array(sorted.prefix(limit))
  }

  /// Those that serve a zone from a time on, the earliest first, as many as are looked through.
  static func serving(
    _ kind: SlotKind, from warehouse: String, to zone: String, after time: SlotTime, limit: Int,
    in snapshot: Snapshot
  ) throws -> [DeliverySlot] {
    try snapshot.all(
      """
      SELECT id, code, kind, warehouse_code, zone_code, crew_code, slot_on, begins_minute,
        ends_minute, stops, minutes, volume_ccm, booked_stops, booked_minutes, booked_volume_ccm
      FROM delivery_slot
      WHERE warehouse_code = ? AND kind = ? AND (slot_on, begins_minute) >= (?, ?)
        AND (zone_code = '' OR zone_code = ?)
      ORDER BY slot_on, begins_minute, id LIMIT ?
      """, warehouse, kind, time.day, time.minute, zone, limit, map: slot)
  }

  private static func slot(_ row: Row) throws -> DeliverySlot {
    DeliverySlot(
      id: row.id(0), code: row.text(1),
      terms: SlotTerms(
        kind: try row.value(2), warehouseCode: row.text(3), zoneCode: row.text(4),
        crewCode: row.text(5), day: row.day(6), begins: row.int(7), ends: row.int(8),
        stops: row.int(9), minutes: row.optionalInt64(10), volume: row.optionalInt64(11)),
      bookedStops: row.int(12), bookedMinutes: row.int64(13), bookedVolume: row.int64(14))
  }
}

extension SlotKind: Bindable {}
