package import MasterData
package import Storage
package import Values

/// Slots that a place of an order could be booked into.
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

  /// `address` is where it is, nil for where the order goes; `minutes` and `from` may be nil: what
  /// the products say, and the day that the customer wants.
  package static func find(
    _ kind: SlotKind, orderNumber: String, at address: ID<Address>?, minutes: Int64?, from: Day?,
    limit: Int, on today: Day, in snapshot: Snapshot
  ) throws -> SlotOffer {
    var check = FieldCheck(.request)
    if let minutes { check.range(minutes, "minutes", 1...10_000) }
    check.range(limit, "limit", 1...100)
    try check.pass()
    let order = try SalesOrders.require(
      number: orderNumber, field: "order_number", in: snapshot)
    let terms = try AppointmentTerms(
      kind, of: order, at: order.stop(named: address), minutes: minutes, on: today, in: snapshot)
    let wanted = (from ?? order.requestedOn).flatMap { $0 > terms.earliest.day ? $0 : nil }
    let begin = wanted.map { SlotTime(day: $0, minute: 0) } ?? terms.earliest
    var (found, full): ([DeliverySlot], Int) = ([], 0)
    let serving = try DeliverySlotTable.serving(
      kind, from: order.warehouseCode, to: terms.stop.place.zone, after: begin, limit: horizon,
      in: snapshot)
    for slot in serving where found.count < limit {
      let demand = try terms.demand(on: slot.terms.day)
      if slot.shortage(of: demand) == nil { found.append(slot) } else { full += 1 }
    }
    var explanation = try terms.explanation(on: found.first?.terms.day ?? begin.day)
    if let wanted {
      explanation.add("WANTED", "Nothing is wanted before \(wanted)", [Fact("from", wanted)])
    }
    return SlotOffer(
      slots: found, earliestOn: terms.earliest.day, explanation: explanation, full: full)
  }
}

/// Takes a part of a slot for a place of an order.
package struct BookAppointment: Sendable {
  package let orderNumber: String
  /// The customer's address at which it is; nil for where the order goes.
  package let addressID: ID<Address>?
  package let slotCode: String
  /// That it takes; nil for what the products say.
  package let minutes: Int64?
  /// Who asks.
  package let actor: String

  package init(
    orderNumber: String, at address: ID<Address>? = nil, slotCode: String, minutes: Int64? = nil,
    by actor: String
  ) {
    self.orderNumber = orderNumber
    addressID = address
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
    let address = order.stop(named: addressID)
    if let other = try AppointmentTable.booked(kind, of: order.id, at: address, in: tx) {
      throw AppointmentRejection.alreadyBooked(
        field: "order_number", order: order.number, number: other.number)
    }
    let terms = try AppointmentTerms(
      kind, of: order, at: address, minutes: minutes, on: now.day, in: tx)
    try terms.check(slot, field: "slot_code", on: now.day)
    let demand = try terms.demand(on: slot.terms.day)
    let number = try DocumentNumbers.next(.appointment, on: now.day, in: tx)
    try AppointmentTable.insert(
      number: number, for: terms.stop, in: slot, demand, askedMinutes: minutes,
      try terms.explanation(on: slot.terms.day), by: actor, tx: tx)
    try DeliverySlotTable.book(
      slot.id, stops: 1, minutes: demand.minutes, volume: demand.volume, in: tx)
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
      old.terms.kind, of: order, at: found.addressID, minutes: found.askedMinutes, on: now.day,
      in: tx)
    try terms.check(slot, field: "slot_code", on: now.day)
    if old.terms.kind == .delivery,
      let next = try AppointmentTable.booked(
        .installation, of: order.id, at: found.addressID, in: tx),
      next.slot.begins < slot.ends
    {
      throw AppointmentRejection.installationBefore(
        field: "slot_code", code: slot.code, number: next.number, when: next.slot.words)
    }
    try found.take(terms, on: slot.terms.day)
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
