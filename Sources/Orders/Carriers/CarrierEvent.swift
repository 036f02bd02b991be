import MasterData
package import Storage
package import Values

/// What a carrier says of a shipment.
package enum CarrierStatus: String, Hashable, Sendable, CaseIterable {
  case accepted = "ACCEPTED"
  case inTransit = "IN_TRANSIT"
  case outForDelivery = "OUT_FOR_DELIVERY"
  /// Whatever happens later takes its place.
  case exception = "EXCEPTION"
  /// It may be brought again.
  case refused = "REFUSED"
  /// Nothing takes its place.
  case delivered = "DELIVERED"

  /// Of what is said to have happened at the same time, what comes later on the way.
  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  var isFinal: Bool { self == .delivered }
}

/// What is wrong with a shipment, as its carrier says.
package enum CarrierTrouble: String, Hashable, Sendable, CaseIterable {
  case late = "LATE"
  case lost = "LOST"
  case damaged = "DAMAGED"
  case address = "ADDRESS"

  /// "It reports …".
  var words: String {
    switch self {
    case .late: "that it is late"
    case .lost: "that it is lost"
    case .damaged: "that it is damaged"
    case .address: "that the address is wrong"
    }
  }
}

/// What a carrier reports, named by the carrier and the carrier's own id of it.
package struct CarrierEvent: Hashable, Sendable {
  package let carrier: String
  package let eventID: String
  /// The carrier's number of the shipment; may be empty.
  package let trackingNumber: String
  /// Our number of it, as the carrier gave it; may be empty.
  package let shipmentNumber: String
  package let status: CarrierStatus
  /// Of an exception; nil where the carrier does not say.
  package let trouble: CarrierTrouble?
  package let occurredAt: Instant
  package let place: String
  package let text: String

  package init(
    carrier: String, eventID: String, trackingNumber: String, shipmentNumber: String,
    status: CarrierStatus, trouble: CarrierTrouble? = nil, occurredAt: Instant, place: String,
    text: String
  ) {
    self.carrier = carrier
    self.eventID = eventID
    self.trackingNumber = trackingNumber
    self.shipmentNumber = shipmentNumber
    self.status = status
    self.trouble = trouble
    self.occurredAt = occurredAt
    self.place = place
    self.text = text
  }

  /// It says that the goods are somewhere, wherever that is.
  var hasSeen: Bool { status != .exception || trouble.map { $0 != .lost } ?? false }

  /// Whether it decides rather than `other`: by when it happened, never by when it was told.
  func decides(over other: CarrierEvent) -> Bool {
    if status.isFinal != other.status.isFinal { return status.isFinal }
    if occurredAt != other.occurredAt { return occurredAt > other.occurredAt }
    return status.rank > other.status.rank
  }
}

/// An event as it is kept.
package struct KeptCarrierEvent: Hashable, Sendable {
  package let id: ID<CarrierEvent>
  package let event: CarrierEvent
  /// Nil while its shipment is not known.
  package let shipment: ID<Shipment>?
  package let toldAt: Instant
}

/// What became of an event.
package struct CarrierEventResult: Sendable {
  package enum Outcome: Sendable {
    case applied, late, duplicate
    /// Kept until its shipment is known.
    case unmatched(any Rejection)
    case refused([any Rejection])
  }

  package let eventID: String
  package let outcome: Outcome
  /// Nil where it is not known.
  package let shipmentNumber: String?
}

/// Questions about what carriers reported.
package enum CarrierEvents {
  /// Of a shipment, in the order in which it happened; a shipment has few.
  package static func of(
    _ shipment: Shipment, in snapshot: Snapshot
  ) throws -> [KeptCarrierEvent] {
    try CarrierEventTable.of(shipment.id, in: snapshot)
  }

  /// Where a shipment stands by what was reported; nil where nothing was.
  package static func status(of events: [KeptCarrierEvent]) -> CarrierStatus? {
    events.max { $1.event.decides(over: $0.event) }?.event.status
  }

  /// Of shipments that are not known, the oldest first, from the one after `id` on.
  package static func unmatched(
    after id: ID<CarrierEvent>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [KeptCarrierEvent] {
    try CarrierEventTable.unmatched(after: id ?? ID(0), limit: limit, in: snapshot)
  }
}
