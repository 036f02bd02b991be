import Messages
import TestKit
import Testing

@Suite("Scenario: a carrier loses two chairs and breaks a lamp")
struct LostShipmentTests {
  /// Two chairs (1,127.74, cost 420) and a lamp (225.89, cost 80) are on their way.
  private func onItsWay(
    customer: String = "CREDIT", paid: Bool = false
  ) async throws -> (shop: Shop, order: String, shipment: String) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    try await shop.stock("LAMP", 1, cost: "80")
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1)], customer: customer).number
    if paid {
      _ = try await shop.finance.receivePayment(
        .init(
          customerCode: customer, amount: yuan("1353.63"), method: .bankTransfer,
          orderNumber: order), options: shop.command())
    }
    return (shop, order, try await dispatch(shop, order))
  }

  private func dispatch(_ shop: Shop, _ order: String) async throws -> String {
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 3), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦", trackingNumber: "T-\(number)"), options: shop.command())
    return number
  }

  private func report(
    _ shop: Shop, _ shipment: String, _ status: OrdersV1.CarrierStatus,
    _ trouble: OrdersV1.CarrierTrouble = .unspecified, id: String = "1"
  ) async throws -> OrdersV1.CarrierEventResult {
    try #require(
      try await shop.carriers.ingestCarrierEvents(
        .init(
          carrier: "德邦",
          events: [
            .init(
              eventId: id, shipmentNumber: shipment, status: status,
              occurredAt: .init(seconds: 1_772_413_200), trouble: trouble)
          ]), options: shop.command()
      ).results.first)
  }

  private func lose(
    _ shop: Shop, _ shipment: String, _ resolution: OrdersV1.LossResolution, reason: String = ""
  ) async throws -> OrdersV1.ReportLossResponse {
    try await shop.claims.reportLoss(
      .init(
        shipmentNumber: shipment, resolution: resolution, reason: reason, comment: "truck fire"),
      options: shop.command())
  }

  private func advance(
    _ shop: Shop, _ claim: String, _ state: OrdersV1.ClaimState, accepted: String? = nil,
    reason: String = ""
  ) async throws -> OrdersV1.CarrierClaim {
    try #require(
      try await shop.claims.advanceClaim(
        .init(
          number: claim, to: state, accepted: accepted.map { yuan($0) }, reference: "DB-7",
          reason: reason), options: shop.command()
      ).claim)
  }

  private func claims(_ shop: Shop) async throws -> [String] {
    try await shop.claims.listClaims(.init()).claims.map { "\($0.number) \($0.state)" }
  }

  private func board(_ shop: Shop) async throws -> [String?] {
    try await shop.shortages.listExceptions(.init(kinds: [.claimOpen])).rows
      .map { $0.document?.number }
  }

  private func books(_ shop: Shop) async throws -> [String: Int64] {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts.filter {
      ["1002", "1221.02", "1406", "2204", "6301", "6401.03"].contains($0.account)
        && $0.balance?.minorUnits != 0
    }
    return Dictionary(
      accounts.map { ($0.account, $0.balance?.minorUnits ?? 0) }, uniquingKeysWith: { $1 })
  }

  @Test("what the carrier reports as lost is claimed; what turns up is not claimed any more")
  func reportedLost() async throws {
    let (shop, _, number) = try await onItsWay()
    let wrong = try await report(shop, number, .inTransit, .lost, id: "0")
    #expect(wrong.outcome == .refused)
    #expect(
      wrong.violations.map { "\($0.reason) \($0.field)" } == ["NO_TROUBLE events[0].trouble"])
    #expect(try await report(shop, number, .exception, .lost).outcome == .applied)
    #expect(try await claims(shop) == ["\(number)/LOST open"])
    #expect(try await board(shop) == [number])
    let claim = try #require(try await shop.claims.listClaims(.init()).claims.first)
    #expect(claim.claimed == yuan("500") && claim.basis == .cost)
    #expect(claim.lines.map(\.cost) == [yuan("420"), yuan("80")])
    _ = try await report(shop, number, .delivered, id: "2")
    #expect(try await claims(shop) == ["\(number)/LOST withdrawn"])
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("lost goods are brought again: nobody pays twice, and the carrier pays what it accepts")
  func redelivered() async throws {
    let (shop, order, number) = try await onItsWay()
    _ = try await shop.claims.setClaimTerms(
      .init(carrier: "德邦", basis: .salesValue), options: shop.command())
    let lost = try await lose(shop, number, .redeliver)
    #expect(lost.shipment?.state == .lost && lost.order?.state == .confirmed)
    // 998 and 199.90 without tax.
    #expect(lost.claim?.claimed == yuan("1197.90") && lost.claim?.state == .open)
    #expect(lost.order?.lines.map(\.reserved?.micros) == [2_000_000, 0])
    #expect(try await books(shop) == ["6401.03": 500_00])
    // It is not confirmed a second time, which would be written to the customer.
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events.map(\.type)
    #expect(told.filter { $0 == "order.confirmed" || $0 == "order.reopened" }.count == 2)
    #expect(told.contains("order.reopened") && told.contains("shipment.lost"))
    let twice = await refusal { try await lose(shop, number, .redeliver) }
    #expect(violation(twice) == "SHIPMENT_STATE_FORBIDS")
    let deliver = await refusal {
      try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    }
    #expect(violation(deliver) == "SHIPMENT_STATE_FORBIDS")
    let leave = await refusal {
      try await shop.orders.dispatchShipment(
        .init(number: number, carrier: "德邦"), options: shop.command())
    }
    #expect(violation(leave) == "SHIPMENT_STATE_FORBIDS")
    #expect(try await shop.violations() == [])

    // The lamp is bought again.
    try await shop.stock("LAMP", 1, cost: "80")
    let again = try await dispatch(shop, order)
    _ = try await shop.orders.deliverShipment(.init(number: again), options: shop.command())
    let billed = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(billed.gross == yuan("1353.63"))
    let name = "\(number)/LOST"
    let early = await refusal { try await advance(shop, name, .paid) }
    #expect(violation(early) == "CLAIM_STATE_FORBIDS number")
    #expect(try await advance(shop, name, .filed).reference == "DB-7")
    let unsaid = await refusal { try await advance(shop, name, .rejected) }
    #expect(violation(unsaid) == "REQUIRED reason")
    #expect(try await advance(shop, name, .rejected, reason: "packed badly").state == .rejected)
    _ = try await advance(shop, name, .filed)
    let tooMuch = await refusal { try await advance(shop, name, .accepted, accepted: "1197.91") }
    #expect(violation(tooMuch) == "MORE_THAN_CLAIMED accepted")
    #expect(try await advance(shop, name, .accepted, accepted: "1000").accepted == yuan("1000"))
    #expect(
      try await books(shop) == ["1221.02": 1000_00, "6301": -1000_00, "6401.03": 500_00])
    #expect(try await board(shop) == [number])
    _ = try await advance(shop, name, .paid)
    #expect(try await books(shop) == ["1002": 1000_00, "6301": -1000_00, "6401.03": 500_00])
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("lost goods are cancelled: their money goes back, and nothing is left of the order")
  func cancelled() async throws {
    let (shop, order, number) = try await onItsWay(customer: "CASH", paid: true)
    let unknown = await refusal { try await lose(shop, number, .cancel, reason: "NO-SUCH") }
    #expect(unknown != nil)
    let lost = try await lose(shop, number, .cancel, reason: "NOT_AVAILABLE")
    #expect(lost.order?.state == .cancelled && lost.missingRoles.isEmpty)
    #expect(lost.refund == yuan("1353.63"))
    let paid = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .bankTransfer), options: shop.command(by: "cashier"))
    #expect(paid.refund?.total == yuan("1353.63"))
    #expect(try await books(shop) == ["6401.03": 500_00])
    let stock = try await shop.inventory.getAvailability(.init(sku: "CHAIR"))
    #expect(stock.levels.map(\.onHand?.micros) == [8_000_000])
    #expect(stock.levels.map(\.available?.micros) == [8_000_000])
    #expect(try await claims(shop) == ["\(number)/LOST open"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was to be paid at the door is not due when it is lost, and is when it comes again")
  func paidAtDoor() async throws {
    let (shop, order, _) = try await onItsWay()
    _ = order
    let second = try await shop.place([("CHAIR", 1)], customer: "CASH").number
    func send() async throws -> OrdersV1.Shipment {
      let number =
        try await shop.orders.prepareShipment(
          .init(orderNumber: second), options: shop.command()
        ).shipment?.number ?? ""
      _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
      _ = try await shop.orders.packShipment(
        .init(number: number, cartons: 1), options: shop.command())
      _ = try await shop.cashOnDelivery.arrangeCashOnDelivery(
        .init(shipmentNumber: number, collector: .carrier), options: shop.command())
      return try #require(
        try await shop.orders.dispatchShipment(
          .init(number: number, carrier: "德邦"), options: shop.command()
        ).shipment)
    }
    let first = try await send()
    let lost = try await lose(shop, first.number, .redeliver)
    #expect(lost.shipment?.cashOnDelivery?.state == .calledOff)
    #expect(try await send().cashOnDelivery?.due == yuan("563.87"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("by what is claimed can be read: from all others first, a page at a time")
  func terms() async throws {
    let shop = try await Shop.open()
    func read(_ size: Int32 = 0) async throws -> [String] {
      var (told, token) = ([String](), "")
      repeat {
        let page = try await shop.claims.listClaimTerms(.init(pageSize: size, pageToken: token))
        told += page.terms.map { "\($0.carrier) \($0.basis)" }
        token = page.nextPageToken
      } while !token.isEmpty
      return told
    }
    func set(_ carrier: String, _ basis: OrdersV1.ClaimBasis) async throws {
      _ = try await shop.claims.setClaimTerms(
        .init(carrier: carrier, basis: basis), options: shop.command())
    }
    #expect(try await read() == [" cost"])
    try await set("SF", .salesValue)
    try await set("DEBON", .cost)
    #expect(try await read() == [" cost", "DEBON cost", "SF salesValue"])
    try await set("", .salesValue)
    try await set("SF", .cost)
    let all = [" salesValue", "DEBON cost", "SF cost"]
    #expect(try await read() == all)
    #expect(try await read(1) == all)
    #expect(try await read(2) == all)
    await shop.close()
  }

  @Test("a lamp that is refused because the carrier broke it is claimed")
  func damaged() async throws {
    let (shop, _, number) = try await onItsWay()
    shop.clock.advance(days: 1)
    _ = try await shop.carriers.recordProofOfDelivery(
      .init(
        shipmentNumber: number,
        proof: .init(
          signedBy: "张伟", signedAt: .init(seconds: 1_772_413_200 + 3_600),
          lines: [
            .init(orderLineNumber: 1, refused: pieces(1), reasonCode: "DEFECT"),
            .init(orderLineNumber: 2, refused: pieces(1), reasonCode: "DAMAGED"),
          ])), options: shop.command())
    let claim = try #require(try await shop.claims.listClaims(.init()).claims.first)
    #expect(claim.number == "\(number)/DAMAGED" && claim.claimed == yuan("80"))
    #expect(claim.lines.map(\.sku) == ["LAMP"])
    _ = try await advance(shop, claim.number, .withdrawn, reason: "it was our forklift")
    #expect(try await board(shop) == [])
    let none = await refusal { try await advance(shop, "SH-2026-999999/LOST", .filed) }
    #expect(violation(none) == "UNKNOWN_CLAIM number")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a table that was made and lost is made again")
  func madeAgain() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 20, cost: "180")
    let order = try await shop.place([("TABLE", 1)], customer: "VIP").number
    func make() async throws {
      let works = try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders
      let work = try #require(works.first { $0.state == .planned || $0.state == .released }).number
      _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
      _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
      _ = try await shop.production.completeWorkOrder(
        .init(number: work, good: pieces(1)), options: shop.command())
    }
    try await make()
    let number = try await dispatch(shop, order)
    #expect(try await lose(shop, number, .redeliver).order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    try await make()
    let again = try await dispatch(shop, order)
    _ = try await shop.orders.deliverShipment(.init(number: again), options: shop.command())
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "whatever a carrier reports in whatever order, what was seen last after a loss is not claimed")
  func outOfOrder() async throws {
    let (shop, _, number) = try await onItsWay()
    func tell(_ id: String, _ hour: Int64, _ lost: Bool) async throws {
      _ = try await shop.carriers.ingestCarrierEvents(
        .init(
          carrier: "德邦",
          events: [
            .init(
              eventId: id, shipmentNumber: number, status: lost ? .exception : .inTransit,
              occurredAt: .init(seconds: 1_772_413_200 + hour * 60),
              trouble: lost ? .lost : .unspecified)
          ]), options: shop.command())
    }
    try await tell("A", 3, false)
    try await tell("B", 2, true)
    #expect(try await claims(shop) == [])
    try await tell("C", 4, true)
    #expect(try await claims(shop) == ["\(number)/LOST open"])
    try await tell("D", 5, false)
    #expect(try await claims(shop) == ["\(number)/LOST withdrawn"])
    try await tell("E", 6, true)
    #expect(try await claims(shop) == ["\(number)/LOST open"])
    // What the carrier was told of is settled with it, whatever it sees then.
    _ = try await advance(shop, "\(number)/LOST", .filed)
    try await tell("F", 7, false)
    #expect(try await claims(shop) == ["\(number)/LOST filed"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("parts of a line that were lost are open again on their days, and what was asked is kept")
  func scheduled() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "210")
    var input = shop.input([("CHAIR", 10)], customer: "VIP")
    input.lines[0].schedules = [
      .init(requestedOn: .init(year: 2026, month: 4, day: 1), quantity: pieces(6)),
      .init(requestedOn: .init(year: 2026, month: 5, day: 1), quantity: pieces(4)),
    ]
    input.instructions = .init(delivery: .init(text: "gate 3"))
    let order =
      try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order?.number
      ?? ""
    func send(_ schedule: Int32) async throws -> OrdersV1.Shipment {
      let prepared = try await shop.orders.prepareShipment(
        .init(
          orderNumber: order, schedules: [.init(lineNumber: 1, scheduleNumber: schedule)]),
        options: shop.command())
      let number = prepared.shipment?.number ?? ""
      _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
      _ = try await shop.orders.packShipment(
        .init(number: number, cartons: 1), options: shop.command())
      return try #require(
        try await shop.orders.dispatchShipment(
          .init(number: number, carrier: "德邦"), options: shop.command()
        ).shipment)
    }
    func shipped() async throws -> [Int64?] {
      try await shop.orders.getOrder(.init(number: order)).order?.lines[0].schedules
        .map { $0.shipped?.micros } ?? []
    }
    let second = try await send(2)
    #expect(second.dueOn == .init(year: 2026, month: 5, day: 1))
    let first = try await send(1)
    #expect(try await shipped() == [6_000_000, 4_000_000])
    let lost = try await lose(shop, first.number, .redeliver)
    #expect(try await shipped() == [0, 4_000_000])
    #expect(lost.shipment?.instructions?.delivery?.text == "gate 3")
    #expect(try await shop.violations() == [])
    _ = try await lose(shop, second.number, .cancel, reason: "NOT_AVAILABLE")
    #expect(try await shipped() == [0, 0])
    #expect(try await shop.violations() == [])
    let again = try await send(1)
    _ = try await shop.orders.deliverShipment(.init(number: again.number), options: shop.command())
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what a supplier sent straight to the customer and was lost he sends again")
  func dropShipped() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.purchasing.upsertSupplierPrices(
      .init(prices: [
        .init(supplierCode: "WOOD", sku: "CHAIR", unitPrice: yuanEach("210"), preferred: true)
      ]), options: shop.command())
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    _ = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: order, lineNumber: 1), options: shop.command())
    func purchases() async throws -> [String] {
      try await shop.dropShipments.listDropShipments(.init(orderNumber: order)).dropShipments
        .map(\.purchaseOrderNumber)
    }
    func send(_ purchase: String) async throws -> String {
      try await shop.dropShipments.shipDropShipment(
        .init(purchaseOrderNumber: purchase, carrier: "SF"), options: shop.command()
      ).shipmentNumber
    }
    let first = try await purchases()
    let number = try await send(first[0])
    let lost = try await lose(shop, number, .redeliver)
    #expect(lost.order?.state == .confirmed && lost.claim?.claimed == yuan("420"))
    let second = try #require(try await purchases().first { $0 != first[0] })
    #expect(try await shop.violations() == [])
    let again = try await send(second)
    _ = try await lose(shop, again, .cancel, reason: "NOT_AVAILABLE")
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .cancelled)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a piece of a showroom cannot be brought again, and is cancelled")
  func piece() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "210")
    let piece = try await shop.showroom.showPiece(
      .init(sku: "CHAIR", warehouseCode: "MAIN"), options: shop.command()
    ).piece
    let sold = try await shop.showroom.sellPiece(
      .init(number: piece?.number ?? "", order: shop.input([], customer: "CREDIT")),
      options: shop.command())
    let number = try await dispatch(shop, sold.order?.number ?? "")
    let again = await refusal { try await lose(shop, number, .redeliver) }
    #expect(violation(again) == "PIECE_LOST resolution")
    let lost = try await lose(shop, number, .cancel, reason: "NOT_AVAILABLE")
    #expect(lost.order?.state == .cancelled)
    #expect(try await shop.violations() == [])
    _ = try await shop.claims.reportFound(
      .init(shipmentNumber: number, resolution: .comeBack), options: shop.command())
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
