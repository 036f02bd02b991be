import MasterData
import Purchasing
import Storage
import Values

// What becomes of appointments when their order does something else.
extension SalesOrder {
  /// After a change or a cancellation: what still fits its slot takes what it takes now, and what
  /// does not is given up, in the same transaction.
  func fitAppointments(in tx: Transaction, at now: Moment) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    // The goods first: what is put together comes after them.
    for kind in [SlotKind.delivery, .installation] {
      guard var found = try AppointmentTable.booked(kind, of: id, in: tx) else { continue }
      // A day that is over is no reason to give it up: somebody says what came of it.
      let isPast = found.slot.terms.day < now.day
      let isWanted = kind == .installation || lines.contains(where: \.isBroughtByUs)
      if isPast, isWanted, state != .cancelled { continue }
      let (old, taken) = (found, found.slot)
      try DeliverySlotTable.book(
        taken.id, stops: -1, minutes: -found.minutes, volume: -found.volume, in: tx)
      guard let free = try DeliverySlotTable.fetch(taken.id, in: tx) else {
        throw MissingRow("delivery_slot", taken.id.value)
      }
      do {
        let terms = try AppointmentTerms(
          kind, of: self, minutes: found.askedMinutes, on: now.day, in: tx)
        try terms.check(free, for: self, field: "slot_code", on: now.day)
        (found.minutes, found.volume) = (terms.demand.minutes, terms.demand.volume)
        found.explanation = terms.explanation
        found.isOvertaken = false
        try DeliverySlotTable.book(
          free.id, stops: 1, minutes: found.minutes, volume: found.volume, in: tx)
        if found != old { try AppointmentTable.update(found, in: tx) }
      } catch let refusal as any Rejection {
        try DeliverySlotTable.book(
          free.id, stops: 1, minutes: found.minutes, volume: found.volume, in: tx)
        try found.end(
          .released, remark: refusal.message, [Fact("because", refusal.reason)], in: tx)
        verdicts.append(
          SupplyVerdict(
            found.reference, .cancelled,
            text: "\(taken.words) is given up: \(refusal.message)"))
      }
    }
    return verdicts
  }

  /// After goods were brought: the appointment that was to bring them is kept, or is not needed any
  /// more when they came before its day. What a supplier brings himself keeps no appointment of
  /// ours.
  func keepDelivery(
    by shipment: Shipment, in tx: Transaction, at now: Moment
  ) throws {
    guard var found = try AppointmentTable.booked(.delivery, of: id, in: tx) else { return }
    let isOwn = try !DropShipments.isOne(shipment, in: tx)
    if !isOwn, lines.contains(where: \.isBroughtByUs) { return }
    let isDue = found.slot.terms.day <= now.day
    if isDue, isOwn {
      try found.end(.kept, remark: "", in: tx)
    } else if !lines.contains(where: \.isBroughtByUs) {
      try found.end(.released, remark: "All was delivered before", in: tx)
    } else {
      _ = try fitAppointments(in: tx, at: now)
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
    switch try AppointmentTable.lastState(.installation, of: id, in: snapshot) {
    case .booked, .missed: Set(try servicesOfInstallation(in: snapshot))
    case .kept, .released, nil: []
    }
  }
}
