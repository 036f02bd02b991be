package import MasterData
package import Storage
package import Values

/// What a crew does in a slot.
package enum SlotKind: String, Hashable, Sendable, CaseIterable {
  case delivery = "DELIVERY"
  /// It puts together what was brought.
  case installation = "INSTALLATION"
}

/// A day and a minute of it, at the company's site.
struct SlotTime: Hashable, Comparable {
  let day: Day
  /// After midnight, 0–1440.
  let minute: Int

  static func < (left: SlotTime, right: SlotTime) -> Bool {
    (left.day, left.minute) < (right.day, right.minute)
  }
}

/// What an appointment takes of a slot, beside its stop.
struct SlotDemand: Hashable {
  let minutes: Int64
  /// Cubic centimetres.
  let volume: Int64
}

/// What a slot is: everything that a caller says of it.
package struct SlotTerms: Hashable, Sendable {
  package let kind: SlotKind
  package let warehouseCode: String
  /// Empty for any.
  package let zoneCode: String
  package let crewCode: String
  package let day: Day
  /// Minutes after midnight.
  package let begins: Int
  package let ends: Int
  /// Customers that it serves; 0 for none any more.
  package let stops: Int
  /// Of work, together; nil for no limit.
  package let minutes: Int64?
  /// Cubic centimetres, together; nil for no limit.
  package let volume: Int64?

  package init(
    kind: SlotKind, warehouseCode: String, zoneCode: String, crewCode: String, day: Day,
    begins: Int, ends: Int, stops: Int, minutes: Int64?, volume: Int64?
  ) {
    self.kind = kind
    self.warehouseCode = warehouseCode
    self.zoneCode = zoneCode
    self.crewCode = crewCode
    self.day = day
    self.begins = begins
    self.ends = ends
    self.stops = stops
    self.minutes = minutes
    self.volume = volume
  }

  /// The crew is there from `begins` to `ends`.
  func overlaps(_ other: SlotTerms) -> Bool {
    day == other.day && begins < other.ends && other.begins < ends
  }

  /// Nothing that customers were told is another.
  func keepsWord(of other: SlotTerms) -> Bool {
    (kind, warehouseCode, zoneCode, crewCode) == (
      other.kind, other.warehouseCode, other.zoneCode, other.crewCode
    ) && (day, begins, ends) == (other.day, other.begins, other.ends)
  }
}

/// A window of a day in which a crew serves customers, and what of it is booked.
package struct DeliverySlot: Hashable, Sendable {
  package let id: ID<DeliverySlot>
  package let code: String
  package let terms: SlotTerms
  package let bookedStops: Int
  package let bookedMinutes: Int64
  /// Cubic centimetres.
  package let bookedVolume: Int64

  var begins: SlotTime { SlotTime(day: terms.day, minute: terms.begins) }
  var ends: SlotTime { SlotTime(day: terms.day, minute: terms.ends) }

  /// Of what there is not enough left for one appointment more; nil where there is room.
  func shortage(of demand: SlotDemand) -> (capacity: String, left: Int64, needed: Int64)? {
    if bookedStops >= terms.stops { return ("stops", 0, 1) }
    if let minutes = terms.minutes, minutes - bookedMinutes < demand.minutes {
      return ("minutes", minutes - bookedMinutes, demand.minutes)
    }
    if let volume = terms.volume, volume - bookedVolume < demand.volume {
      return ("cubic centimetres", volume - bookedVolume, demand.volume)
    }
    return nil
  }

  /// "2026-03-12 09:00–12:00".
  var words: String {
    "\(terms.day) \(ClockTime.text(terms.begins))–\(ClockTime.text(terms.ends))"
  }
}

/// Questions about slots.
package enum DeliverySlots {
  /// Where a page ended.
  package struct Key: Hashable, Sendable {
    package let day: Day
    package let begins: Int
    package let id: ID<DeliverySlot>

    package init(day: Day, begins: Int, id: ID<DeliverySlot>) {
      self.day = day
      self.begins = begins
      self.id = id
    }
  }

  /// Of warehouses in scope, by day and time, from a day or from the one after `key` on.
  package static func list(
    warehouse: String?, kind: SlotKind?, from day: Day, after key: Key?, limit: Int,
    in snapshot: Snapshot
  ) throws -> [DeliverySlot] {
    let after = key ?? Key(day: day, begins: -1, id: ID(0))
    return try DeliverySlotTable.list(
      warehouse: warehouse, kind: kind, after: after, limit: limit, in: snapshot)
  }

  /// The slot that a field of a request names; refuses an unknown one, and one of a warehouse out
  /// of scope, but for that of an order that is in it.
  package static func require(
    code: String, field: @autoclosure () -> String, for order: SalesOrder? = nil,
    in snapshot: Snapshot
  ) throws -> DeliverySlot {
    guard let slot = try DeliverySlotTable.find(code, in: snapshot),
      try slot.terms.warehouseCode == order?.warehouseCode
        || Warehouses.seen(code: slot.terms.warehouseCode, in: snapshot) != nil
    else {
      throw AppointmentRejection.unknownSlot(field: field(), code: code).ifNamed(code)
    }
    return slot
  }
}

/// A slot as a caller wants it to be.
package struct DeliverySlotDraft: BatchRow {
  package let code: String
  package let terms: SlotTerms
  package let malformed: [any Rejection]

  package init(code: String, terms: SlotTerms, malformed: [any Rejection] = []) {
    self.code = code
    self.terms = terms
    self.malformed = malformed
  }

  package static var codeField: String { "code" }

  func check(_ stored: DeliverySlot?, at path: FieldPath, in snapshot: Snapshot) throws {
    var check = FieldCheck(path, malformed: malformed)
    check.code(code, "code")
    check.code(terms.crewCode, "crew_code")
    if !terms.zoneCode.isEmpty { check.code(terms.zoneCode, "zone_code") }
    check.range(terms.begins, "begins_minute", 0...1_439)
    check.range(terms.ends, "ends_minute", min(1_440, max(0, terms.begins) + 1)...1_440)
    check.range(terms.stops, "stops", 0...10_000)
    if let minutes = terms.minutes { check.range(minutes, "minutes", 1...100_000) }
    if let volume = terms.volume { check.range(volume, "volume_ccm", 1...1_000_000_000) }
    if try Warehouses.find(code: terms.warehouseCode, in: snapshot) == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(
          field: path.field("warehouse_code"), code: terms.warehouseCode
        ).ifNamed(terms.warehouseCode))
    }
    try check.pass()
    for other in try DeliverySlotTable.ofCrew(terms.crewCode, on: terms.day, in: snapshot)
    where other.code != code && other.terms.overlaps(terms) {
      check.refuse(
        AppointmentRejection.crewBusy(
          field: path.field("crew_code"), crew: terms.crewCode, slot: other.code,
          when: other.words))
    }
    if let stored { checkBooked(stored, &check) }
    try check.pass()
  }

  private func checkBooked(_ stored: DeliverySlot, _ check: inout FieldCheck) {
    let isUsed = stored.bookedStops > 0
    if isUsed, !terms.keepsWord(of: stored.terms) {
      check.refuse(
        AppointmentRejection.slotTaken(
          field: check.path.field("code"), code: code, stops: stored.bookedStops))
    }
    let capacities = [
      ("stops", Int64(terms.stops), Int64(stored.bookedStops)),
      ("minutes", terms.minutes ?? .max, stored.bookedMinutes),
      ("volume_ccm", terms.volume ?? .max, stored.bookedVolume),
    ]
    for (name, wanted, booked) in capacities where wanted < booked {
      check.refuse(
        AppointmentRejection.capacityBooked(
          field: check.path.field(name), code: code, wanted: wanted, booked: booked))
    }
  }
}

/// Adds or changes slots by code.
package struct UpsertDeliverySlots: Sendable {
  package let rows: [DeliverySlotDraft]

  package init(_ rows: [DeliverySlotDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "slots", in: tx) { draft, path in
      let stored = try DeliverySlotTable.find(draft.code, in: tx)
      try draft.check(stored, at: path, in: tx)
      guard let stored else {
        try DeliverySlotTable.insert(draft.code, draft.terms, in: tx)
        return .created
      }
      guard draft.terms != stored.terms else { return .unchanged }
      try DeliverySlotTable.update(stored.id, draft.terms, in: tx)
      return .updated
    }
  }
}
