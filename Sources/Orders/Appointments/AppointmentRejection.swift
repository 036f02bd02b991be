package import Values

/// What slots and appointments refuse beyond the order itself, in the order in which it is checked.
package enum AppointmentRejection: Rejection, Hashable {
  case unknownSlot(field: String, code: String)
  case unknownAppointment(field: String, number: String)
  /// A crew is in one place at a time.
  case crewBusy(field: String, crew: String, slot: String, when: String)
  /// Customers were told when somebody comes.
  case slotTaken(field: String, code: String, stops: Int)
  case capacityBooked(field: String, code: String, wanted: Int64, booked: Int64)
  case alreadyBooked(field: String, order: String, number: String)
  case stateForbids(number: String, state: AppointmentState, action: String)
  /// The customer fetches the goods.
  case notBrought(order: String)
  case nothingToBring(order: String)
  /// Nothing of it comes with our own van.
  case suppliersBring(order: String)
  /// Nobody can say when a line is there.
  case notPromised(order: String, line: Int, sku: String)
  case deliveryNotBooked(order: String)
  case durationUnknown(order: String)
  case otherKind(field: String, code: String, kind: SlotKind)
  case notServed(field: String, code: String, warehouse: String, zone: String, order: String)
  case slotOver(field: String, code: String, day: Day)
  case tooEarly(field: String, code: String, when: String, earliest: Day)
  /// The slot has ended before anybody gets in.
  case entryTooEarly(field: String, code: String, when: String, from: String)
  case slotFull(field: String, code: String, capacity: String, left: Int64, needed: Int64)
  case installationBefore(field: String, code: String, number: String, when: String)
  case notYet(number: String, day: Day)
  case notDelivered(order: String, line: Int)
}

extension AppointmentRejection {
  package var kind: RejectionKind {
    switch self {
    case .unknownSlot, .unknownAppointment: .notFound
    case .alreadyBooked: .alreadyExists
    case .crewBusy, .slotTaken, .capacityBooked, .stateForbids, .notBrought, .nothingToBring,
      .suppliersBring, .entryTooEarly, .notPromised, .deliveryNotBooked, .durationUnknown,
      .otherKind, .notServed, .slotOver,
      .tooEarly, .slotFull, .installationBefore, .notYet, .notDelivered:
      .precondition
    }
  }

  package var reason: String {
    switch self {
    case .unknownSlot: "UNKNOWN_SLOT"
    case .unknownAppointment: "UNKNOWN_APPOINTMENT"
    case .crewBusy: "CREW_BUSY"
    case .slotTaken: "SLOT_TAKEN"
    case .capacityBooked: "CAPACITY_BOOKED"
    case .alreadyBooked: "ALREADY_BOOKED"
    case .stateForbids: "APPOINTMENT_STATE"
    case .notBrought: "NOT_BROUGHT"
    case .nothingToBring: "NOTHING_TO_BRING"
    case .suppliersBring: "SUPPLIERS_BRING"
    case .notPromised: "NOT_PROMISED"
    case .deliveryNotBooked: "DELIVERY_NOT_BOOKED"
    case .durationUnknown: "DURATION_UNKNOWN"
    case .otherKind: "OTHER_SLOT_KIND"
    case .notServed: "SLOT_SERVES_OTHERS"
    case .slotOver: "SLOT_OVER"
    case .tooEarly: "SLOT_TOO_EARLY"
    case .entryTooEarly: "ENTRY_TOO_EARLY"
    case .slotFull: "SLOT_FULL"
    case .installationBefore: "INSTALLATION_BEFORE_DELIVERY"
    case .notYet: "NOT_YET"
    case .notDelivered: "NOT_DELIVERED"
    }
  }

  package var message: String {
    switch self {
    case .unknownSlot(_, let code): "There is no slot \(code)"
    case .unknownAppointment(_, let number): "There is no appointment \(number)"
    case .crewBusy(_, let crew, let slot, let when):
      "Crew \(crew) has \(slot) at the same time: \(when)"
    case .slotTaken(_, let code, let stops):
      "\(code) has \(stops) appointments and keeps its crew, place and time"
    case .capacityBooked(_, let code, let wanted, let booked):
      "Of \(code) \(booked) are booked, which is more than \(wanted)"
    case .alreadyBooked(_, let order, let number): "\(order) has the appointment \(number)"
    case .stateForbids(let number, let state, let action):
      "\(number) is \(state.rawValue): cannot \(action)"
    case .notBrought(let order): "\(order) is fetched by its customer: it has no delivery"
    case .nothingToBring(let order): "Nothing of \(order) is left to bring"
    case .suppliersBring(let order):
      "Suppliers bring all that is left of \(order): none of it comes with our van"
    case .notPromised(let order, let line, let sku):
      "Nobody can say when line \(line) of \(order) (\(sku)) is there"
    case .deliveryNotBooked(let order):
      "\(order) is not delivered, and no slot is booked to bring it"
    case .durationUnknown(let order):
      "Nobody has said how long it takes to put together what \(order) has"
    case .otherKind(_, let code, let kind): "\(code) is a slot for \(kind.rawValue.lowercased())"
    case .notServed(_, let code, let warehouse, let zone, let order):
      "\(code) serves \(warehouse)" + (zone.isEmpty ? "" : " in zone \(zone)") + ", not \(order)"
    case .slotOver(_, let code, let day): "\(code) was on \(day)"
    case .tooEarly(_, let code, let when, let earliest):
      "\(code) (\(when)) is too early: possible from \(earliest)"
    case .entryTooEarly(_, let code, let when, let from):
      "\(code) (\(when)) is over when somebody gets in: not before \(from)"
    case .slotFull(_, let code, let capacity, let left, let needed):
      "\(code) has \(left) \(capacity) left; \(needed) are needed"
    case .installationBefore(_, let code, let number, let when):
      "\(number) puts the goods together \(when), before \(code) has brought them"
    case .notYet(let number, let day): "\(number) is on \(day)"
    case .notDelivered(let order, let line): "Line \(line) of \(order) is not delivered"
    }
  }

  package var field: String? {
    switch self {
    case .unknownSlot(let field, _), .unknownAppointment(let field, _),
      .crewBusy(let field, _, _, _), .slotTaken(let field, _, _),
      .capacityBooked(let field, _, _, _), .alreadyBooked(let field, _, _),
      .otherKind(let field, _, _), .notServed(let field, _, _, _, _), .slotOver(let field, _, _),
      .tooEarly(let field, _, _, _), .slotFull(let field, _, _, _, _),
      .entryTooEarly(let field, _, _, _),
      .installationBefore(let field, _, _, _):
      field
    case .notBrought, .nothingToBring, .suppliersBring, .notPromised, .deliveryNotBooked,
      .durationUnknown:
      "order_number"
    case .stateForbids, .notYet, .notDelivered: nil
    }
  }

  package var facts: [Fact] {
    switch self {
    case .unknownSlot(_, let code): [Fact("code", code)]
    case .unknownAppointment(_, let number): [Fact("number", number)]
    case .crewBusy(_, let crew, let slot, let when):
      [Fact("crew", crew), Fact("slot", slot), Fact("when", when)]
    case .slotTaken(_, let code, let stops): [Fact("code", code), Fact("booked_stops", stops)]
    case .capacityBooked(_, let code, let wanted, let booked):
      [Fact("code", code), Fact("wanted", wanted), Fact("booked", booked)]
    case .alreadyBooked(_, let order, let number):
      [Fact("order", order), Fact("appointment", number)]
    case .stateForbids(let number, let state, let action):
      [Fact("appointment", number), Fact("state", state.rawValue), Fact("action", action)]
    case .notBrought(let order), .nothingToBring(let order), .deliveryNotBooked(let order),
      .durationUnknown(let order), .suppliersBring(let order):
      [Fact("order", order)]
    case .notPromised(let order, let line, let sku):
      [Fact("order", order), Fact("line", line), Fact("sku", sku)]
    case .otherKind(_, let code, let kind): [Fact("code", code), Fact("kind", kind.rawValue)]
    case .notServed(_, let code, let warehouse, let zone, let order):
      [
        Fact("code", code), Fact("warehouse", warehouse), Fact("zone", zone), Fact("order", order),
      ]
    case .slotOver(_, let code, let day): [Fact("code", code), Fact("day", day)]
    case .tooEarly(_, let code, let when, let earliest):
      [Fact("code", code), Fact("when", when), Fact("earliest_on", earliest)]
    case .entryTooEarly(_, let code, let when, let from):
      [Fact("code", code), Fact("when", when), Fact("from", from)]
    case .slotFull(_, let code, let capacity, let left, let needed):
      [
        Fact("code", code), Fact("capacity", capacity), Fact("left", left), Fact("needed", needed),
      ]
    case .installationBefore(_, let code, let number, let when):
      [Fact("code", code), Fact("appointment", number), Fact("when", when)]
    case .notYet(let number, let day): [Fact("appointment", number), Fact("day", day)]
    case .notDelivered(let order, let line): [Fact("order", order), Fact("line", line)]
    }
  }
}
