import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// All that is held of an order leaves and arrives: as staff say, as a carrier reports, twice and
  /// in any order, or as the customer signs, who may refuse some of it.
  mutating func bringHome(_ number: String, _ order: ShopModel.Order) async throws {
    guard random.chance(50) || !order.set.isEmpty else {
      return try await shop.deliver(number)
    }
    let shipment = try await pack(number)
    try await load(shipment, of: order)
    let isReported = random.chance(50)
    let events = reports(of: shipment, untilDelivered: isReported)
    // Some of it is told before anybody here knows the number.
    let early = random.number(0...Int64(events.count))
    var told = DoorstepModel()
    try await tell(Array(events.prefix(Int(early))), &told)
    _ = try await shop.orders.dispatchShipment(
      .init(number: shipment, carrier: "SF", trackingNumber: "T-\(shipment)"),
      options: shop.command())
    told.dispatch()
    try await tell(Array(events.dropFirst(Int(early))), &told)
    if random.chance(30) { try await match(shipment, &told) }
    let shown = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
      .first { $0.number == shipment }
    #expect(shown?.carrierStatus == told.status, "\(shipment)")
    #expect((shown?.state == .delivered) == isReported, "\(shipment)")
    let open = try await shop.claims.listClaims(.init(pageSize: 500, state: .open)).claims
    #expect(
      open.contains { $0.shipmentNumber == shipment } == (told.isLost && !isReported), "\(shipment)"
    )
    let board = try await shop.shortages.listExceptions(.init(kinds: [.carrierTrouble])).rows
    let isTrouble = !isReported && (told.status == .exception || told.status == .refused)
    #expect(board.compactMap(\.document?.number) == (isTrouble ? [shipment] : []))
    if !isReported, random.chance(30) { try await giveUp(shipment, untilFound: number) }
    if !isReported || random.chance(50) { try await sign(shipment, number) }
  }

  /// What happens on the way, as it is told.
  private mutating func reports(
    of shipment: String, untilDelivered: Bool
  ) -> [OrdersV1.CarrierEvent] {
    var way: [OrdersV1.CarrierStatus] = [.accepted, .inTransit, .exception, .outForDelivery]
    if untilDelivered { way.append(.delivered) }
    let events = way.enumerated().map { hour, status in
      OrdersV1.CarrierEvent(
        eventId: "\(shipment)-\(hour)", trackingNumber: "T-\(shipment)",
        shipmentNumber: random.chance(30) ? shipment : "", status: status,
        occurredAt: .init(seconds: 1_772_413_200 + Int64(hour)),
        trouble: status == .exception && random.chance(50) ? .lost : .unspecified)
    }
    let again = events.filter { _ in random.chance(40) }
    return (events + again).shuffled(using: &random)
  }

  /// It is given up, and turns up before anything was brought in its place: all is as it was.
  private func giveUp(_ shipment: String, untilFound number: String) async throws {
    func order() async throws -> OrdersV1.Order? {
      try await shop.orders.getOrder(.init(number: number)).order
    }
    let before = try await order()
    let lost = try await shop.claims.reportLoss(
      .init(shipmentNumber: shipment, resolution: .redeliver), options: shop.command())
    #expect(lost.shipment?.state == .lost && lost.claim?.state == .open, "\(shipment)")
    let found = try await shop.claims.reportFound(
      .init(shipmentNumber: shipment, resolution: .goOn), options: shop.command())
    #expect(found.shipment?.state == .dispatched, "\(shipment)")
    let after = try await order()
    #expect(after?.lines == before?.lines && after?.state == before?.state, "\(shipment)")
  }

  /// A report with a number that nobody knows; somebody says later which shipment it is of.
  private mutating func match(_ shipment: String, _ told: inout DoorstepModel) async throws {
    let event = OrdersV1.CarrierEvent(
      eventId: "\(shipment)-X", trackingNumber: "X-\(shipment)", status: .inTransit,
      occurredAt: .init(seconds: 1_772_413_200 + (random.chance(50) ? 9 : -9)))
    let results = try await shop.carriers.ingestCarrierEvents(
      .init(carrier: "SF", events: [event]), options: shop.command()
    ).results
    #expect(results.map(\.outcome) == [.unmatched])
    let expected = told.hear(event)
    let request = OrdersV1.MatchCarrierEventRequest(
      carrier: "SF", eventId: event.eventId, shipmentNumber: shipment)
    let matched = try await shop.carriers.matchCarrierEvent(request, options: shop.command())
    #expect(matched.result?.outcome == expected, "\(shipment)")
    let twice = await refusal {
      try await shop.carriers.matchCarrierEvent(request, options: shop.command())
    }
    #expect(twice != nil, "\(shipment)")
  }

  private func tell(
    _ events: [OrdersV1.CarrierEvent], _ told: inout DoorstepModel
  ) async throws {
    guard !events.isEmpty else { return }
    let expected = events.map { told.hear($0) }
    let results = try await shop.carriers.ingestCarrierEvents(
      .init(carrier: "SF", events: events), options: shop.command()
    ).results
    #expect(results.map(\.outcome) == expected)
  }

  /// Somebody signs. Of an order of which nothing is left to come some may be refused: it comes
  /// back at once, and is credited when all is billed.
  private mutating func sign(_ shipment: String, _ number: String) async throws {
    guard let order = model.orders[number] else { return }
    var proof = OrdersV1.ProofOfDelivery(
      signedBy: "somebody", signedAt: .init(seconds: 1_772_413_200))
    let held = order.leaving.sorted()
    let isWhole = order.lines.indices.allSatisfy {
      order.lines[$0].open == (held.contains($0) ? order.lines[$0].held : 0)
    }
    let index = held.randomElement(using: &random) ?? 0
    let count = random.number(1...max(1, order.lines[index].held))
    let isRefused = isWhole && random.chance(50)
    if isRefused {
      proof.lines = [
        .init(
          orderLineNumber: Int32(index + 1), refused: pieces(count), reasonCode: "DEFECT")
      ]
    }
    let request = OrdersV1.RecordProofOfDeliveryRequest(shipmentNumber: shipment, proof: proof)
    let options = shop.command()
    let done = try await shop.carriers.recordProofOfDelivery(request, options: options)
    #expect(done.shipment?.state == .delivered && done.returnNumber.isEmpty != isRefused)
    repeatLast = { [shop] in
      let again = try await shop.carriers.recordProofOfDelivery(request, options: options)
      #expect(again == done)
    }
    if isRefused { refused = (done.returnNumber, index, count) }
  }

  /// What was refused at the door is credited, once what was brought is billed.
  mutating func settleRefusal(_ number: String) async throws {
    guard let back = refused else { return }
    refused = nil
    guard random.chance(70) else {
      _ = try await shop.returns.cancelReturn(
        .init(number: back.number, reason: "taken after all"), options: shop.command())
      return
    }
    if isInvoicedTogether(number) {
      try await invoiceTogether(number)
    } else {
      _ = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
      _ = model.invoice(number)
    }
    try await take(back.number, number, line: back.line, count: back.count, isWish: false)
  }
}

/// What an independent listener makes of a carrier's reports of one shipment.
struct DoorstepModel {
  private var heard: [String: (status: OrdersV1.CarrierStatus, isLost: Bool, at: Int64)] = [:]
  private var isKnown = false

  /// By when things happened, and a delivery before all else.
  var status: OrdersV1.CarrierStatus {
    if heard.values.contains(where: { $0.status == .delivered }) { return .delivered }
    return heard.values.max { $0.at < $1.at }?.status ?? .unspecified
  }

  /// Nothing that happened after it was lost says that it is there.
  var isLost: Bool {
    let last = heard.values.filter { $0.isLost || $0.status != .exception }.max { $0.at < $1.at }
    return status != .delivered && last?.isLost ?? false
  }

  mutating func dispatch() { isKnown = true }

  mutating func hear(_ event: OrdersV1.CarrierEvent) -> OrdersV1.CarrierEventOutcome {
    let (id, status) = (event.eventId, event.status)
    let at = event.occurredAt?.seconds ?? 0
    if heard[id] != nil { return .duplicate }
    let isLatest =
      self.status != .delivered
      && (status == .delivered || heard.values.allSatisfy { $0.at < at })
    heard[id] = (status, event.trouble == .lost, at)
    guard isKnown else { return .unmatched }
    return isLatest ? .applied : .late
  }
}
