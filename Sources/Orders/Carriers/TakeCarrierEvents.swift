import MasterData
package import Storage
package import Values

/// An event as a carrier told it, with what was wrong with its shape, and the day on which it
/// happened at the company's site.
package struct ToldEvent: Sendable {
  package let event: CarrierEvent
  package let occurredOn: Day
  package let malformed: [any Rejection]

  package init(_ event: CarrierEvent, occurredOn: Day, malformed: [any Rejection] = []) {
    self.event = event
    self.occurredOn = occurredOn
    self.malformed = malformed
  }
}

/// Takes what a carrier reports: each event once, whatever the order. One alone never stops the
/// others.
package struct TakeCarrierEvents: Sendable {
  package let carrier: String
  package let events: [ToldEvent]

  package init(carrier: String, events: [ToldEvent]) {
    self.carrier = carrier
    self.events = events
  }

  /// A clock that runs ahead is no reason to lose an event; a day is.
  static let lead: Int64 = 86_400

  package func run(in tx: Transaction, at now: Moment) throws -> [CarrierEventResult] {
    var check = FieldCheck(.request)
    check.text(carrier, "carrier", limit: 100, required: true)
    check.range(events.count, "events", 1...500)
    try check.pass()
    return try events.enumerated().map { row, told in
      do {
        return try tx.attempt {
          try take(told, FieldPath("events", row: row), in: tx, at: now)
        }
      } catch let several as Rejections {
        return refused(told, several.all)
      } catch let one as any Rejection {
        return refused(told, [one])
      }
    }
  }

  private func refused(_ told: ToldEvent, _ all: [any Rejection]) -> CarrierEventResult {
    CarrierEventResult(
      eventID: told.event.eventID, outcome: .refused(all), shipmentNumber: nil)
  }

  private func take(
    _ told: ToldEvent, _ path: FieldPath, in tx: Transaction, at now: Moment
  ) throws -> CarrierEventResult {
    let event = told.event
    try check(told, path, at: now)
    if let kept = try CarrierEventTable.find(carrier: carrier, eventID: event.eventID, in: tx) {
      guard kept.event == event else {
        throw CarrierRejection.eventDiffers(
          field: path.field("event_id"), carrier: carrier, eventID: event.eventID)
      }
      return CarrierEventResult(
        eventID: event.eventID, outcome: .duplicate,
        shipmentNumber: try shipment(of: event, in: tx)?.number)
    }
    guard let shipment = try shipment(of: event, in: tx) else {
      try CarrierEventTable.insert(event, of: nil, at: now.instant, in: tx)
      return CarrierEventResult(
        eventID: event.eventID,
        outcome: .unmatched(
          CarrierRejection.unknownShipment(
            field: path.field(event.shipmentNumber.isEmpty ? "tracking_number" : "shipment_number"),
            carrier: carrier,
            named: event.shipmentNumber.isEmpty ? event.trackingNumber : event.shipmentNumber)),
        shipmentNumber: nil)
    }
    let before = try CarrierEvents.of(shipment, in: tx)
    try CarrierEventTable.insert(event, of: shipment.id, at: now.instant, in: tx)
    let isLatest = try shipment.follow(
      event, on: told.occurredOn, after: before, in: tx, at: now)
    return CarrierEventResult(
      eventID: event.eventID, outcome: isLatest ? .applied : .late,
      shipmentNumber: shipment.number)
  }

  private func check(_ told: ToldEvent, _ path: FieldPath, at now: Moment) throws {
    var check = FieldCheck(path, malformed: told.malformed)
    let event = told.event
    check.text(event.eventID, "event_id", limit: 100, required: true)
    check.text(event.trackingNumber, "tracking_number", limit: 100)
    check.text(event.shipmentNumber, "shipment_number", limit: 40)
    check.text(event.place, "place")
    check.text(event.text, "text", limit: 500)
    if event.trouble != nil, event.status != .exception, told.malformed.isEmpty {
      check.refuse(
        CarrierRejection.noTrouble(
          field: path.field("trouble"), carrier: carrier, eventID: event.eventID))
    }
    if event.trackingNumber.isEmpty, event.shipmentNumber.isEmpty {
      check.refuse(MasterDataRejection.missingValue(field: path.field("tracking_number")))
    }
    if told.malformed.isEmpty, event.occurredAt > now.instant.adding(seconds: Self.lead) {
      check.refuse(
        CarrierRejection.toCome(
          field: path.field("occurred_at"), carrier: carrier, eventID: event.eventID))
    }
    try check.pass()
  }

  /// By our number, or else by the carrier's; nil where there is none in scope, or it has not left
  /// with this carrier (yet): the event waits until it has.
  private func shipment(of event: CarrierEvent, in tx: Transaction) throws -> Shipment? {
    let number =
      event.shipmentNumber.isEmpty
      ? try ShipmentTable.number(
        carrier: carrier, tracking: event.trackingNumber, in: tx) : event.shipmentNumber
    guard let number, let found = try Shipments.find(number: number, in: tx),
      found.carrier == carrier, try SalesOrderTable.isSeen(found.order, in: tx)
    else { return nil }
    return found
  }
}

/// Says of which shipment an event is that was not known.
package struct MatchCarrierEvent: Sendable {
  package let carrier: String
  package let eventID: String
  package let shipmentNumber: String
  /// On which it happened, at the company's site.
  private let day: @Sendable (Instant) -> Day

  package init(
    carrier: String, eventID: String, shipmentNumber: String,
    day: @escaping @Sendable (Instant) -> Day
  ) {
    self.carrier = carrier
    self.eventID = eventID
    self.shipmentNumber = shipmentNumber
    self.day = day
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CarrierEventResult {
    guard let kept = try CarrierEventTable.find(carrier: carrier, eventID: eventID, in: tx) else {
      throw CarrierRejection.unknownEvent(field: "event_id", carrier: carrier, eventID: eventID)
    }
    guard kept.shipment == nil else {
      throw CarrierRejection.matched(field: "event_id", carrier: carrier, eventID: eventID)
    }
    let shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    let isLatest = try shipment.adopt(kept, on: day(kept.event.occurredAt), in: tx, at: now)
    return CarrierEventResult(
      eventID: eventID, outcome: isLatest ? .applied : .late, shipmentNumber: shipment.number)
  }
}

extension Shipment {
  /// Takes up what carriers have told of it before it was known by this name. `now` stands for the
  /// day of what happened: what was told before it left cannot have happened on an earlier one.
  func adoptWaiting(in tx: Transaction, at now: Moment) throws {
    for kept in try CarrierEventTable.waiting(
      carrier: carrier, tracking: trackingNumber, number: number, in: tx)
    {
      _ = try adopt(kept, on: now.day, in: tx, at: now)
    }
    // Or somebody had said before it left that it had arrived.
    if carrierStatus == .delivered,
      let found = try Shipments.find(number: number, in: tx), found.state == .dispatched
    {
      _ = try DeliverShipment(number: number, acceptedOn: now.day).run(in: tx, at: now)
    }
  }

  fileprivate func adopt(
    _ kept: KeptCarrierEvent, on day: Day, in tx: Transaction, at now: Moment
  ) throws -> Bool {
    let before = try CarrierEvents.of(self, in: tx)
    try CarrierEventTable.match(kept.id, to: id, in: tx)
    return try follow(kept.event, on: day, after: before, in: tx, at: now)
  }

  /// Does what an event says that is new: whether it is the latest that happened. What a carrier
  /// reports as delivered is delivered, if it has left.
  fileprivate func follow(
    _ event: CarrierEvent, on day: Day, after before: [KeptCarrierEvent], in tx: Transaction,
    at now: Moment
  ) throws -> Bool {
    try followLoss(event, after: before, in: tx, at: now)
    guard before.allSatisfy({ event.decides(over: $0.event) }) else { return false }
    var told = self
    told.carrierStatus = event.status
    try ShipmentTable.update(told, in: tx)
    guard state != .delivered else { return false }
    tx.record(
      DomainEvent(
        "shipment.carrier-status", reference,
        related: DocumentReference(.salesOrder, orderNumber),
        [
          Fact("status", event.status.rawValue), Fact("carrier", event.carrier),
          Fact("event_id", event.eventID), Fact("occurred_at", event.occurredAt.description),
          Fact("trouble", event.trouble?.rawValue ?? ""),
        ]))
    if event.status == .delivered, state == .dispatched {
      _ = try DeliverShipment(number: number, acceptedOn: day).run(in: tx, at: now)
    }
    return true
  }

  /// What is lost is claimed, and what was seen after that is not: by when it happened, whenever
  /// that is told.
  private func followLoss(
    _ event: CarrierEvent, after before: [KeptCarrierEvent], in tx: Transaction, at now: Moment
  ) throws {
    guard state == .dispatched, event.hasSeen || event.trouble == .lost, !event.status.isFinal,
      before.map(\.event).allSatisfy({ other in
        !(other.hasSeen || other.trouble == .lost) || event.decides(over: other)
      })
    else { return }
    if event.hasSeen {
      try withdrawLoss(
        because: "\(event.carrier) has seen \(number) again", in: tx, at: now)
    } else {
      try claimLoss(in: tx, at: now)
    }
  }
}
