import MasterData
import Storage
import Values

/// All SQL of `appointment`.
enum AppointmentTable {
  static func insert(
    number: String, for stop: Stop, in slot: DeliverySlot, _ demand: SlotDemand,
    askedMinutes: Int64?, _ explanation: Explanation, by actor: String, tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO appointment (number, sales_order_id, order_number, slot_id, kind, state, minutes,
        asked_minutes, volume_ccm, explanation, booked_by, remark, address_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?)
      """, number, stop.order.id, stop.order.number, slot.id, slot.terms.kind,
      AppointmentState.booked, demand.minutes, askedMinutes, demand.volume, explanation.storedText,
      actor, stop.addressID)
  }

  /// Writes all that may change.
  static func update(_ found: Appointment, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE appointment SET slot_id = ?, state = ?, minutes = ?, volume_ccm = ?, explanation = ?,
        remark = ?, missed_by = ?, overtaken = ?
      WHERE id = ?
      """, found.slot.id, found.state, found.minutes, found.volume, found.explanation.storedText,
      found.remark, found.missedBy, found.isOvertaken, found.id)
  }

  /// Notes whether what is to bring the goods of an order comes before all are there that one van
  /// is to bring (`view_van_promise`): these go where the order goes.
  static func noteOvertaken(of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE appointment SET overtaken = address_id IS NULL AND EXISTS (
        SELECT 1 FROM view_van_promise AS p
        WHERE p.sales_order_id = appointment.sales_order_id
          AND (p.expected_on IS NULL OR p.expected_on > (
            SELECT s.slot_on FROM delivery_slot AS s WHERE s.id = appointment.slot_id)))
      WHERE sales_order_id = ? AND kind = 'DELIVERY' AND state = 'BOOKED'
      """, order)
  }

  static func find(_ number: String, in snapshot: Snapshot) throws -> Appointment? {
    try snapshot.first(
      """
      SELECT id, number, sales_order_id, order_number, slot_id, state, minutes, asked_minutes,
        volume_ccm, explanation, booked_by, remark, missed_by, overtaken,
        (SELECT o.instructions FROM sales_order AS o WHERE o.id = appointment.sales_order_id),
        address_id
      FROM appointment WHERE number = ?
      """, number, map: row
    ).map { try $0.whole(in: snapshot) }
  }

  /// Those that are to come, each to a place of its own.
  static func booked(
    _ kind: SlotKind, of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> [Appointment] {
    try snapshot.all(
      """
      SELECT id, number, sales_order_id, order_number, slot_id, state, minutes, asked_minutes,
        volume_ccm, explanation, booked_by, remark, missed_by, overtaken,
        (SELECT o.instructions FROM sales_order AS o WHERE o.id = appointment.sales_order_id),
        address_id
      FROM appointment WHERE sales_order_id = ? AND kind = ? AND state = 'BOOKED'
      """, order, kind, map: row
    ).map { try $0.whole(in: snapshot) }
  }

  /// The one that is to come to a place: an address, or nil for where the order goes.
  static func booked(
    _ kind: SlotKind, of order: ID<SalesOrder>, at address: ID<Address>?, in snapshot: Snapshot
  ) throws -> Appointment? {
    try booked(kind, of: order, in: snapshot).first { $0.addressID == address }
  }

  /// Something of an order is still to be put together somewhere: the last that was booked for the
  /// place is to come, or nothing came of it.
  static func awaitsInstallation(
    _ order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> Bool {
    try snapshot.first(
      """
      SELECT 1 FROM appointment AS a
      WHERE a.sales_order_id = ? AND a.kind = 'INSTALLATION'
        AND (a.state = 'BOOKED' OR a.state = 'MISSED')
        AND NOT EXISTS (
          SELECT 1 FROM appointment AS later
          WHERE later.sales_order_id = a.sales_order_id AND later.kind = a.kind
            AND later.address_id IS a.address_id AND later.id > a.id)
      LIMIT 1
      """, order
    ) { _ in true } ?? false
  }

  /// The first day from one on at which what an order has at a place was put together; nil for
  /// none. `address`: nil for where the order goes.
  static func installed(
    of order: ID<SalesOrder>, at address: ID<Address>?, from day: Day, in snapshot: Snapshot
  ) throws -> Day? {
    try snapshot.first(
      """
      SELECT s.slot_on FROM appointment AS a JOIN delivery_slot AS s ON s.id = a.slot_id
      WHERE a.sales_order_id = ? AND a.kind = 'INSTALLATION' AND a.state = 'KEPT'
        AND a.address_id IS ? AND s.slot_on >= ?
      ORDER BY s.slot_on LIMIT 1
      """, order, address, day
    ) { $0.day(0) }
  }

  /// Of an order, whose owner is known to be in scope.
  static func list(
    of order: ID<SalesOrder>, slot: ID<DeliverySlot>?, before id: ID<Appointment>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Appointment] {
    try snapshot.all(
      """
      SELECT id, number, sales_order_id, order_number, slot_id, state, minutes, asked_minutes,
        volume_ccm, explanation, booked_by, remark, missed_by, overtaken,
        (SELECT o.instructions FROM sales_order AS o WHERE o.id = appointment.sales_order_id),
        address_id
      FROM appointment
      WHERE sales_order_id = ? AND id < ? AND (? IS NULL OR slot_id = ?)
      ORDER BY id DESC LIMIT ?
      """, order, id, slot, slot, limit, map: row
    ).map { try $0.whole(in: snapshot) }
  }

  static func list(
    in slot: ID<DeliverySlot>, before id: ID<Appointment>, limit: Int, snapshot: Snapshot
  ) throws -> [Appointment] {
    try snapshot.all(
      """
      SELECT a.id, a.number, a.sales_order_id, a.order_number, a.slot_id, a.state, a.minutes,
        a.asked_minutes, a.volume_ccm, a.explanation, a.booked_by, a.remark, a.missed_by,
        a.overtaken, (SELECT o.instructions FROM sales_order AS o WHERE o.id = a.sales_order_id),
        a.address_id
      FROM appointment AS a
      WHERE a.slot_id = ? AND a.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = a.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY a.id DESC LIMIT ?
      """, slot, id, limit, map: row
    ).map { try $0.whole(in: snapshot) }
  }

  static func all(
    before id: ID<Appointment>, limit: Int, in snapshot: Snapshot
  ) throws -> [Appointment] {
    try snapshot.all(
      """
      SELECT a.id, a.number, a.sales_order_id, a.order_number, a.slot_id, a.state, a.minutes,
        a.asked_minutes, a.volume_ccm, a.explanation, a.booked_by, a.remark, a.missed_by,
        a.overtaken, (SELECT o.instructions FROM sales_order AS o WHERE o.id = a.sales_order_id),
        a.address_id
      FROM appointment AS a
      WHERE a.id < ?
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = a.order_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY a.id DESC LIMIT ?
      """, id, limit, map: row
    ).map { try $0.whole(in: snapshot) }
  }

  /// Takes out of the appointments of a customer's orders what was said about them. Returns the
  /// numbers of all of them.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.all(
      """
      UPDATE appointment SET remark = ''
      WHERE sales_order_id IN (SELECT id FROM sales_order WHERE customer_code = ?)
      RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  /// An appointment before its slot is read.
  private struct Stored {
    let id: ID<Appointment>
    let number: String
    let order: ID<SalesOrder>
    let orderNumber: String
    let addressID: ID<Address>?
    let slot: ID<DeliverySlot>
    let state: AppointmentState
    let minutes: Int64
    let askedMinutes: Int64?
    let volume: Int64
    let explanation: Explanation
    let bookedBy: String
    let remark: String
    let missedBy: MissedBy?
    let isOvertaken: Bool
    let remarks: DeliveryRemarks?

    func whole(in snapshot: Snapshot) throws -> Appointment {
      guard let found = try DeliverySlotTable.fetch(slot, in: snapshot) else {
        throw MissingRow("delivery_slot", slot.value)
      }
      return Appointment(
        id: id, number: number, order: order, orderNumber: orderNumber, addressID: addressID,
        slot: found, state: state, minutes: minutes, askedMinutes: askedMinutes, volume: volume,
        explanation: explanation, bookedBy: bookedBy, remark: remark, missedBy: missedBy,
        isOvertaken: isOvertaken, remarks: remarks)
    }
  }

  private static func row(_ row: Row) throws -> Stored {
    Stored(
      id: row.id(0), number: row.text(1), order: row.id(2), orderNumber: row.text(3),
      addressID: row.optionalID(15), slot: row.id(4), state: try row.value(5),
      minutes: row.int64(6), askedMinutes: row.optionalInt64(7), volume: row.int64(8),
      explanation: Explanation(storedText: row.text(9)), bookedBy: row.text(10),
      remark: row.text(11), missedBy: try row.optionalValue(12), isOvertaken: row.bool(13),
      remarks: try row.instructions(14)?.delivery)
  }
}

extension AppointmentState: Bindable {}
extension MissedBy: Bindable {}
