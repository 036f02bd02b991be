package import Values

/// What the last mile refuses beyond the shipment itself, in the order in which it is checked.
package enum CarrierRejection: Rejection, Hashable {
  case toCome(field: String, carrier: String, eventID: String)
  /// Something is wrong, and the status says nothing of it.
  case noTrouble(field: String, carrier: String, eventID: String)
  /// The same id, and something else than before.
  case eventDiffers(field: String, carrier: String, eventID: String)
  /// Not a refusal of the event, which is kept.
  case unknownShipment(field: String, carrier: String, named: String)
  case unknownEvent(field: String, carrier: String, eventID: String)
  case matched(field: String, carrier: String, eventID: String)
  case proofRecorded(field: String, shipment: String)
  case noProof(field: String, shipment: String)
  case notOnItsWay(field: String, shipment: String, state: ShipmentState)
  case signedBefore(field: String, shipment: String, dispatchedOn: Day)
  case signedToCome(field: String)
  case lineNotShipped(field: String, shipment: String, line: Int)
  case tooManySerials(field: String, given: Int, pieces: Int64)
  case duplicateSerial(field: String, serial: String)
}

extension CarrierRejection {
  package var kind: RejectionKind {
    switch self {
    case .toCome, .noTrouble, .signedToCome, .tooManySerials, .duplicateSerial: .invalid
    case .unknownShipment, .unknownEvent, .noProof: .notFound
    case .eventDiffers, .matched, .proofRecorded: .alreadyExists
    case .notOnItsWay, .signedBefore, .lineNotShipped: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .toCome: "EVENT_TO_COME"
    case .noTrouble: "NO_TROUBLE"
    case .eventDiffers: "EVENT_DIFFERS"
    case .unknownShipment: "UNKNOWN_SHIPMENT"
    case .unknownEvent: "UNKNOWN_EVENT"
    case .matched: "EVENT_MATCHED"
    case .proofRecorded: "PROOF_RECORDED"
    case .noProof: "NO_PROOF"
    case .notOnItsWay: "NOT_ON_ITS_WAY"
    case .signedBefore: "SIGNED_BEFORE_DISPATCH"
    case .signedToCome: "SIGNED_TO_COME"
    case .lineNotShipped: "LINE_NOT_SHIPPED"
    case .tooManySerials: "TOO_MANY_SERIALS"
    case .duplicateSerial: "DUPLICATE_SERIAL"
    }
  }

  package var message: String {
    switch self {
    case .toCome(_, let carrier, let eventID):
      "Event \(eventID) of \(carrier) is said to happen in the future"
    case .noTrouble(_, let carrier, let eventID):
      "Event \(eventID) of \(carrier) says what is wrong, and is no exception"
    case .eventDiffers(_, let carrier, let eventID):
      "Event \(eventID) of \(carrier) was told before and said something else"
    case .unknownShipment(_, let carrier, let named):
      "\(carrier) reports of \(named), which no shipment is known by; it is kept until one is"
    case .unknownEvent(_, let carrier, let eventID): "\(carrier) has not told of event \(eventID)"
    case .matched(_, let carrier, let eventID):
      "Event \(eventID) of \(carrier) has its shipment"
    case .proofRecorded(_, let shipment): "What was signed for \(shipment) is recorded"
    case .noProof(_, let shipment): "Nothing is recorded that was signed for \(shipment)"
    case .notOnItsWay(_, let shipment, let state):
      "\(shipment) is \(state.rawValue): nobody can have signed for it"
    case .signedBefore(_, let shipment, let day):
      "\(shipment) left on \(day): nobody can have signed for it before"
    case .signedToCome: "Nobody signs in the future"
    case .lineNotShipped(_, let shipment, let line): "\(shipment) holds nothing of line \(line)"
    case .tooManySerials(_, let given, let pieces):
      "\(given) serial numbers were given for \(pieces) pieces"
    case .duplicateSerial(_, let serial): "Serial number \(serial) is given twice"
    }
  }

  package var field: String? {
    switch self {
    case .toCome(let field, _, _), .noTrouble(let field, _, _), .eventDiffers(let field, _, _),
      .unknownShipment(let field, _, _), .unknownEvent(let field, _, _),
      .matched(let field, _, _), .proofRecorded(let field, _), .noProof(let field, _),
      .notOnItsWay(let field, _, _), .signedBefore(let field, _, _), .signedToCome(let field),
      .lineNotShipped(let field, _, _), .tooManySerials(let field, _, _),
      .duplicateSerial(let field, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .toCome(_, let carrier, let eventID), .noTrouble(_, let carrier, let eventID),
      .eventDiffers(_, let carrier, let eventID),
      .unknownEvent(_, let carrier, let eventID), .matched(_, let carrier, let eventID):
      [Fact("carrier", carrier), Fact("event_id", eventID)]
    case .unknownShipment(_, let carrier, let named):
      [Fact("carrier", carrier), Fact("named", named)]
    case .proofRecorded(_, let shipment), .noProof(_, let shipment): [Fact("shipment", shipment)]
    case .notOnItsWay(_, let shipment, let state):
      [Fact("shipment", shipment), Fact("state", state.rawValue)]
    case .signedBefore(_, let shipment, let day):
      [Fact("shipment", shipment), Fact("dispatched_on", day)]
    case .signedToCome: []
    case .lineNotShipped(_, let shipment, let line):
      [Fact("shipment", shipment), Fact("line", line)]
    case .tooManySerials(_, let given, let pieces):
      [Fact("given", given), Fact("pieces", pieces)]
    case .duplicateSerial(_, let serial): [Fact("serial", serial)]
    }
  }
}
