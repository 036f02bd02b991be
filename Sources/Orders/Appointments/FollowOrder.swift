import MasterData
import Purchasing
import Storage
import Values

// What becomes of appointments when their order does something else.
extension SalesOrder {
  /// After a change or a cancellation: what still fits its slot takes what it takes now, and what
  /// does not is given up, in the same transaction.
  func fitAppointments(in tx: Transaction, at now: Moment) throws -> [SupplyVerdict] {
    // The goods first: what is put together comes after them.
    try [SlotKind.delivery, .installation].flatMap { kind in
      try AppointmentTable.booked(kind, of: id, in: tx).compactMap { found in
        try fit(found, in: tx, at: now)
      }
    }
  }

  /// Nil where it stays as it is, or takes what it takes now.
  private func fit(
    _ booked: Appointment, in tx: Transaction, at now: Moment
  ) throws -> SupplyVerdict? {
    let (kind, taken) = (booked.slot.terms.kind, booked.slot)
    // A day that is over is no reason to give it up: somebody says what came of it.
    if taken.terms.day < now.day, state != .cancelled,
      try kind == .installation
        || Stop(of: self, at: booked.addressID, in: tx)?.hasLoads ?? false
    {
      return nil
    }
    try DeliverySlotTable.book(
      taken.id, stops: -1, minutes: -booked.minutes, volume: -booked.volume, in: tx)
    guard let free = try DeliverySlotTable.fetch(taken.id, in: tx) else {
      throw MissingRow("delivery_slot", taken.id.value)
    }
    var found = booked
    do {
      let terms = try AppointmentTerms(
        kind, of: self, at: found.addressID, minutes: found.askedMinutes, on: now.day, in: tx)
      try terms.check(free, field: "slot_code", on: now.day)
      try found.take(terms, on: taken.terms.day)
      found.isOvertaken = false
      try DeliverySlotTable.book(
        free.id, stops: 1, minutes: found.minutes, volume: found.volume, in: tx)
      if found != booked { try AppointmentTable.update(found, in: tx) }
      return nil
    } catch let refusal as any Rejection {
      try DeliverySlotTable.book(
        free.id, stops: 1, minutes: booked.minutes, volume: booked.volume, in: tx)
      found = booked
      try found.end(
        .released, remark: refusal.message, [Fact("because", refusal.reason)], in: tx)
      return SupplyVerdict(
        found.reference, .cancelled, text: "\(taken.words) is given up: \(refusal.message)")
    }
  }

  /// After goods were brought: the appointment that was to bring them there is kept, or is not
  /// needed any more when they came before its day. What a supplier brings himself keeps no
  /// appointment of ours.
  func keepDelivery(
    by shipment: Shipment, in tx: Transaction, at now: Moment
  ) throws {
    guard
      var found = try AppointmentTable.booked(
        .delivery, of: id, at: shipment.addressID, in: tx)
    else { return }
    let isOwn = try !DropShipments.isOne(shipment, in: tx)
    let hasLoads = try Stop(of: self, at: found.addressID, in: tx)?.hasLoads ?? false
    if !isOwn, hasLoads { return }
    if isOwn, found.slot.terms.day <= now.day {
      try found.end(.kept, remark: "", in: tx)
    } else if !hasLoads {
      try found.end(.released, remark: "All was delivered before", in: tx)
    } else {
      _ = try fitAppointments(in: tx, at: now)
    }
  }

  /// Notes of what is to bring goods whether it comes before they are there, by what is known now.
  func noteOvertaken(in tx: Transaction, on today: Day) throws {
    try AppointmentTable.noteOvertaken(of: id, in: tx)
    for var found in try AppointmentTable.booked(.delivery, of: id, in: tx) {
      let loads = try Stop(of: self, at: found.addressID, in: tx)?.loads(on: today, in: tx)
      // A van that waits for nothing is to bring a part at least.
      guard let loads, loads.allSatisfy(\.isLater) else { continue }
      found.isOvertaken = !loads.contains { $0.comes(on: found.slot.terms.day) }
      try AppointmentTable.update(found, in: tx)
    }
  }

  /// Lines that are services and open until what was brought is put together: what the customer
  /// asked for, and what is charged for it. Freight is none of them.
  func servicesOfInstallation(in snapshot: Snapshot) throws -> [Int] {
    let open = openServices
    guard !open.isEmpty else { return [] }
    let assembly = Set(
      try ChargeRuleTable.list(in: snapshot).filter { $0.occasion == .assembly }.map(\.charge))
    return open.filter { $0.charge.isEmpty || assembly.contains($0.charge) }.map(\.number)
  }

  /// The same, while somebody is to come for it.
  func servicesAwaitingInstallation(in snapshot: Snapshot) throws -> Set<Int> {
    try AppointmentTable.awaitsInstallation(id, in: snapshot)
      ? Set(servicesOfInstallation(in: snapshot)) : []
  }
}
