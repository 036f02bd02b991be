import MasterData
package import Storage
package import Values

/// Slots that an order could be booked into.
package struct SlotOffer: Sendable {
  /// The earliest first.
  package let slots: [DeliverySlot]
  package let earliestOn: Day
  /// Why none before, and what it takes.
  package let explanation: Explanation
  /// How many were passed over because they have no room.
  package let full: Int

  /// Slots that are looked through for one answer.
  static let horizon = 1_000

  /// `minutes` and `from` may be nil: what the products say, and the day that the customer wants.
  package static func find(
    _ kind: SlotKind, orderNumber: String, minutes: Int64?, from: Day?, limit: Int, on today: Day,
    in snapshot: Snapshot
  ) throws -> SlotOffer {
    var check = FieldCheck(.request)
    if let minutes { check.range(minutes, "minutes", 1...10_000) }
    check.range(limit, "limit", 1...100)
    try check.pass()
    let order = try SalesOrders.require(
      number: orderNumber, field: "order_number", in: snapshot)
    let terms = try AppointmentTerms(
      kind, of: order, minutes: minutes, on: today, in: snapshot)
    var explanation = terms.explanation
    var begin = terms.earliest
    if let wanted = from ?? order.requestedOn, wanted > begin.day {
      begin = SlotTime(day: wanted, minute: 0)
      explanation.add("WANTED", "Nothing is wanted before \(wanted)", [Fact("from", wanted)])
    }
    var (found, full): ([DeliverySlot], Int) = ([], 0)
    let serving = try DeliverySlotTable.serving(
      kind, from: order.warehouseCode, to: order.delivery?.zone ?? "", after: begin,
      limit: horizon, in: snapshot)
    for slot in serving where found.count < limit {
      if slot.shortage(of: terms.demand) == nil { found.append(slot) } else { full += 1 }
    }
    return SlotOffer(
      slots: found, earliestOn: terms.earliest.day, explanation: explanation, full: full)
  }
}

/// Takes a part of a slot for an order.
package struct BookAppointment: Sendable {
  package let orderNumber: String
  package let slotCode: String
  /// That it takes; nil for what the products say.
  package let minutes: Int64?
  /// Who asks.
  package let actor: String

  package init(orderNumber: String, slotCode: String, minutes: Int64? = nil, by actor: String) {
    self.orderNumber = orderNumber
    self.slotCode = slotCode
    self.minutes = minutes
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Appointment {
    var check = FieldCheck(.request)
    if let minutes { check.range(minutes, "minutes", 1...10_000) }
    try check.pass()
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    let slot = try DeliverySlots.require(
      code: slotCode, field: "slot_code", for: order, in: tx)
    let kind = slot.terms.kind
    if let other = try AppointmentTable.booked(kind, of: order.id, in: tx) {
      throw AppointmentRejection.alreadyBooked(
        field: "order_number", order: order.number, number: other.number)
    }
    let terms = try AppointmentTerms(kind, of: order, minutes: minutes, on: now.day, in: tx)
    try terms.check(slot, for: order, field: "slot_code", on: now.day)
    let number = try DocumentNumbers.next(.appointment, on: now.day, in: tx)
    try AppointmentTable.insert(
      number: number, of: order, in: slot, terms.demand, askedMinutes: minutes,
      terms.explanation, by: actor, tx: tx)
    try DeliverySlotTable.book(
      slot.id, stops: 1, minutes: terms.demand.minutes, volume: terms.demand.volume, in: tx)
    let booked = try Appointments.require(number: number, in: tx)
    try booked.moveDue(in: tx)
    booked.record("booked", [Fact("actor", actor)], in: tx)
    return booked
  }
}

/// Moves an appointment to another slot of its kind: the old one is free again at once.
package struct MoveAppointment: Sendable {
  package let number: String
  package let slotCode: String
  /// May be empty.
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, slotCode: String, reason: String = "", by actor: String) {
    self.number = number
    self.slotCode = slotCode
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Appointment {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500)
    try check.pass()
    var found = try Appointments.require(number: number, in: tx)
    try found.expectBooked(toBecome: .booked)
    let order = try SalesOrders.require(number: found.orderNumber, in: tx)
    let old = found.slot
    // What it takes of the old one is free for it, should both be the same.
    try DeliverySlotTable.book(
      old.id, stops: -1, minutes: -found.minutes, volume: -found.volume, in: tx)
    let slot = try DeliverySlots.require(
      code: slotCode, field: "slot_code", for: order, in: tx)
    let terms = try AppointmentTerms(
      old.terms.kind, of: order, minutes: found.askedMinutes, on: now.day, in: tx)
    try terms.check(slot, for: order, field: "slot_code", on: now.day)
    if old.terms.kind == .delivery,
      let next = try AppointmentTable.booked(.installation, of: order.id, in: tx),
      next.slot.begins < slot.ends
    {
      throw AppointmentRejection.installationBefore(
        field: "slot_code", code: slot.code, number: next.number, when: next.slot.words)
    }
    (found.minutes, found.volume) = (terms.demand.minutes, terms.demand.volume)
    found.explanation = terms.explanation
    found.isOvertaken = false
    found.slot = slot
    found.remark = reason
    try AppointmentTable.update(found, in: tx)
    try DeliverySlotTable.book(
      slot.id, stops: 1, minutes: found.minutes, volume: found.volume, in: tx)
    let moved = try Appointments.require(number: number, in: tx)
    try moved.moveDue(in: tx)
    moved.record("moved", [Fact("from", old.code), Fact("actor", actor)], in: tx)
    return moved
  }
}
