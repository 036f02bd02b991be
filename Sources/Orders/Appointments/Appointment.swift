package import MasterData
package import Storage
package import Values

/// Where an appointment stands.
package enum AppointmentState: String, Hashable, Sendable, CaseIterable {
  /// It is to come.
  case booked = "BOOKED"
  /// It took place. Final.
  case kept = "KEPT"
  /// Nothing came of it, and what it took of its slot is used up. Final.
  case missed = "MISSED"
  /// It was given up, and its slot is free again. Final.
  case released = "RELEASED"

  /// What one does to get here, for a refusal: "cannot release".
  var action: String {
    switch self {
    case .booked: "move"
    case .kept: "keep"
    case .missed: "miss"
    case .released: "release"
    }
  }
}

/// Whose doing it is that nothing came of an appointment.
package enum MissedBy: String, Hashable, Sendable, CaseIterable {
  case customer = "CUSTOMER"
  case crew = "CREW"
  case goods = "GOODS"
}

/// A part of a slot that is taken for one of the places to which an order goes.
package struct Appointment: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Appointment>
  /// "AP-2026-000007".
  package let number: String
  package let order: ID<SalesOrder>
  package let orderNumber: String
  /// The customer's address at which it is; nil for where the order goes.
  package let addressID: ID<Address>?
  package internal(set) var slot: DeliverySlot
  package internal(set) var state: AppointmentState
  package internal(set) var minutes: Int64
  /// What the caller said that it takes; nil where the products say it.
  package let askedMinutes: Int64?
  /// Cubic centimetres.
  package internal(set) var volume: Int64
  package internal(set) var explanation: Explanation
  package let bookedBy: String
  /// Why it came to its end; what the crew reports.
  package internal(set) var remark: String
  package internal(set) var missedBy: MissedBy?
  /// It is to bring goods of which some are there only after it, by what is known now.
  package internal(set) var isOvertaken: Bool
  /// What whoever comes must mind, as the order says it now; nil for nothing.
  package let remarks: DeliveryRemarks?

  package var reference: DocumentReference { DocumentReference(.appointment, number) }

  /// Takes what it takes on a day.
  mutating func take(_ terms: AppointmentTerms, on day: Day) throws {
    let demand = try terms.demand(on: day)
    (minutes, volume) = (demand.minutes, demand.volume)
    explanation = try terms.explanation(on: day)
  }

  /// Leaves BOOKED for `next`, or refuses; BOOKED itself asks whether it may be moved.
  func expectBooked(toBecome next: AppointmentState) throws(AppointmentRejection) {
    guard state == .booked else {
      throw .stateForbids(number: number, state: state, action: next.action)
    }
  }

  /// Says what happened to it, on the order's timeline, too. Why, stands in the appointment, which
  /// can forget it; an event cannot.
  func record(_ event: String, _ facts: [Fact] = [], in tx: Transaction) {
    tx.record(
      DomainEvent(
        "appointment.\(event)", reference, related: DocumentReference(.salesOrder, orderNumber),
        [
          Fact("kind", slot.terms.kind.rawValue), Fact("slot", slot.code),
          Fact("when", slot.words),
        ] + (addressID.map { [Fact("address", $0.value)] } ?? []) + facts))
  }

  /// Comes to its end; what it took of its slot is free again where it was given up.
  mutating func end(
    _ next: AppointmentState, remark: String, missedBy: MissedBy? = nil, _ facts: [Fact] = [],
    in tx: Transaction
  ) throws {
    state = next
    self.remark = remark
    self.missedBy = missedBy
    isOvertaken = false
    try AppointmentTable.update(self, in: tx)
    if next == .released {
      try DeliverySlotTable.book(
        slot.id, stops: -1, minutes: -minutes, volume: -volume, in: tx)
    }
    record(next.rawValue.lowercased(), facts, in: tx)
  }
}

/// Questions about appointments.
package enum Appointments {
  /// The appointment that a field of a request names; refuses an unknown one, and one of an order
  /// out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Appointment {
    guard let found = try AppointmentTable.find(number, in: snapshot),
      try SalesOrderTable.isSeen(found.order, in: snapshot)
    else {
      throw AppointmentRejection.unknownAppointment(field: field(), number: number).ifNamed(number)
    }
    return found
  }

  /// Of orders in scope, the newest first, from the one before `id` on.
  package static func list(
    order: SalesOrder? = nil, slot: DeliverySlot? = nil, before id: ID<Appointment>? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [Appointment] {
    let id = id ?? ID(.max)
    if let order {
      return try AppointmentTable.list(
        of: order.id, slot: slot?.id, before: id, limit: limit, in: snapshot)
    }
    if let slot {
      return try AppointmentTable.list(
        in: slot.id, before: id, limit: limit, snapshot: snapshot)
    }
    return try AppointmentTable.all(before: id, limit: limit, in: snapshot)
  }
}
