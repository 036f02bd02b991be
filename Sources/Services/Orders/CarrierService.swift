internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about the last mile.
struct CarrierService: OrdersV1.CarrierService {
  let commands: CommandLog
  let questions: Questions

  func ingestCarrierEvents(
    _ request: OrdersV1.IngestCarrierEventsRequest, context: CallContext
  ) async throws -> OrdersV1.IngestCarrierEventsResponse {
    let clock = commands.clock
    let verb = TakeCarrierEvents(
      carrier: request.carrier,
      events: request.events.enumerated().map { row, event in
        let (read, faults) = CarrierEvent.read(
          event, of: request.carrier, row: "events[\(row)]")
        return ToldEvent(read, occurredOn: clock.day(of: read.occurredAt), malformed: faults)
      })
    return try await commands.run(request, context) { tx, command in
      .init(results: try verb.run(in: tx, at: command.moment).map { .init($0) })
    }
  }

  func listCarrierEvents(
    _ request: OrdersV1.ListCarrierEventsRequest, context: CallContext
  ) async throws -> OrdersV1.ListCarrierEventsResponse {
    try await questions.ask(context) { snapshot in
      let shipment = try Shipments.require(
        number: request.shipmentNumber, field: "shipment_number", in: snapshot)
      let events = try CarrierEvents.of(shipment, in: snapshot)
      return .init(
        events: events.map { .init($0) },
        status: CarrierEvents.status(of: events)?.message ?? .unspecified)
    }
  }

  func listUnmatchedCarrierEvents(
    _ request: OrdersV1.ListUnmatchedCarrierEventsRequest, context: CallContext
  ) async throws -> OrdersV1.ListUnmatchedCarrierEventsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["unmatched-events"])
    return try await questions.ask(context) { snapshot in
      let found = try CarrierEvents.unmatched(
        after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(events: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func matchCarrierEvent(
    _ request: OrdersV1.MatchCarrierEventRequest, context: CallContext
  ) async throws -> OrdersV1.MatchCarrierEventResponse {
    let clock = commands.clock
    let verb = MatchCarrierEvent(
      carrier: request.carrier, eventID: request.eventId, shipmentNumber: request.shipmentNumber,
      day: { clock.day(of: $0) })
    return try await commands.run(request, context) { tx, command in
      .init(result: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func recordProofOfDelivery(
    _ request: OrdersV1.RecordProofOfDeliveryRequest, context: CallContext
  ) async throws -> OrdersV1.RecordProofOfDeliveryResponse {
    let proof = try FailureStatus.refusing {
      try DeliveryProof(request.proof ?? OrdersV1.ProofOfDelivery())
    }
    let collected = try CollectedCash.read(request.collected)
    let signedOn = commands.clock.day(of: proof.signedAt)
    return try await commands.run(request, context) { tx, command in
      let done = try RecordDeliveryProof(
        shipmentNumber: request.shipmentNumber, proof, collected: collected, signedOn: signedOn,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        shipment: OrdersV1.Shipment(done.shipment),
        returnNumber: done.customerReturn?.number ?? "")
    }
  }

  func getProofOfDelivery(
    _ request: OrdersV1.GetProofOfDeliveryRequest, context: CallContext
  ) async throws -> OrdersV1.GetProofOfDeliveryResponse {
    try await questions.ask(context) { snapshot in
      let shipment = try Shipments.require(
        number: request.shipmentNumber, field: "shipment_number", in: snapshot)
      let kept = try KeptProof.require(of: shipment, field: "shipment_number", in: snapshot)
      return .init(
        proof: .init(kept.proof), recordedBy: kept.recordedBy,
        returnNumber: kept.returnNumber ?? "")
    }
  }
}

extension CarrierEvent {
  fileprivate static func read(
    _ event: OrdersV1.CarrierEvent, of carrier: String, row: String
  ) -> (event: CarrierEvent, faults: [any Rejection]) {
    var reader = RequestReader(row: row)
    let status = reader.choice(CarrierStatus(event.status), event.status.rawValue, "status")
    let trouble = reader.choice(
      CarrierTrouble(event.trouble), event.trouble.rawValue, "trouble", required: false)
    let at = reader.requiredInstant(event.occurredAt, "occurred_at")
    let read = CarrierEvent(
      carrier: carrier, eventID: event.eventId, trackingNumber: event.trackingNumber,
      shipmentNumber: event.shipmentNumber, status: status ?? .accepted, trouble: trouble,
      occurredAt: at,
      place: event.place, text: event.text)
    return (read, reader.found)
  }
}

extension OrdersV1.KeptCarrierEvent {
  init(_ kept: KeptCarrierEvent) {
    let event = kept.event
    self.init(
      carrier: event.carrier,
      event: .init(
        eventId: event.eventID, trackingNumber: event.trackingNumber,
        shipmentNumber: event.shipmentNumber, status: event.status.message,
        occurredAt: GoogleProtobuf.Timestamp(event.occurredAt), place: event.place,
        text: event.text, trouble: event.trouble?.message ?? .unspecified),
      toldAt: GoogleProtobuf.Timestamp(kept.toldAt))
  }
}

extension OrdersV1.CarrierEventResult {
  fileprivate init(_ result: CarrierEventResult) {
    var violations: [any Rejection] = []
    let outcome: OrdersV1.CarrierEventOutcome
    switch result.outcome {
    case .applied: outcome = .applied
    case .late: outcome = .late
    case .duplicate: outcome = .duplicate
    case .unmatched(let why): (outcome, violations) = (.unmatched, [why])
    case .refused(let all): (outcome, violations) = (.refused, all)
    }
    self.init(
      eventId: result.eventID, outcome: outcome, shipmentNumber: result.shipmentNumber ?? "",
      violations: violations.map { TypeV1.Violation($0) })
  }
}

extension DeliveryProof {
  fileprivate init(_ proof: OrdersV1.ProofOfDelivery) throws {
    var reader = RequestReader()
    let signedAt = reader.requiredInstant(proof.signedAt, "proof.signed_at")
    _ = reader.count(proof.lines.count, "proof.lines", 0...500)
    try reader.check()
    self.init(
      signedBy: proof.signedBy, signedAt: signedAt, place: proof.place,
      attachments: proof.attachmentDigests,
      lines: proof.lines.map { line in
        Line(
          orderLine: Int(line.orderLineNumber),
          refused: line.refused.map { GivenQuantity($0) } ?? GivenQuantity(.zero),
          reasonCode: line.reasonCode, serials: line.serialNumbers, cartons: Int(line.cartons))
      })
  }
}

extension OrdersV1.ProofOfDelivery {
  init(_ proof: DeliveryProof) {
    self.init(
      signedBy: proof.signedBy, signedAt: GoogleProtobuf.Timestamp(proof.signedAt),
      place: proof.place, attachmentDigests: proof.attachments,
      lines: proof.lines.map { line in
        .init(
          orderLineNumber: Int32(line.orderLine),
          refused: TypeV1.Quantity(line.refused.quantity, line.refused.unit),
          reasonCode: line.reasonCode, serialNumbers: line.serials, cartons: Int32(line.cartons))
      })
  }
}

extension CarrierTrouble {
  fileprivate init?(_ message: OrdersV1.CarrierTrouble) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  var message: OrdersV1.CarrierTrouble {
    switch self {
    case .late: .late
    case .lost: .lost
    case .damaged: .damaged
    case .address: .address
    }
  }
}

extension CarrierStatus {
  fileprivate init?(_ message: OrdersV1.CarrierStatus) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  var message: OrdersV1.CarrierStatus {
    switch self {
    case .accepted: .accepted
    case .inTransit: .inTransit
    case .outForDelivery: .outForDelivery
    case .exception: .exception
    case .refused: .refused
    case .delivered: .delivered
    }
  }
}
