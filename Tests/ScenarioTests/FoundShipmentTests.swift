import Messages
import TestKit
import Testing

@Suite("Scenario: a parcel that was given up turns up")
struct FoundShipmentTests {
  /// Two chairs, cost 420, were given up and are to be brought again.
  private func lost() async throws -> (shop: Shop, order: String, shipment: String) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    let order = try await shop.place([("CHAIR", 2)], customer: "CREDIT").number
    let number = try await send(shop, order)
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .redeliver), options: shop.command())
    return (shop, order, number)
  }

  private func pack(_ shop: Shop, _ order: String) async throws -> String {
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    return number
  }

  private func send(_ shop: Shop, _ order: String) async throws -> String {
    let number = try await pack(shop, order)
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦", trackingNumber: "T-\(number)"), options: shop.command())
    return number
  }

  /// Minutes after 2 March 2026, 09:00, when the shop begins.
  private func report(
    _ shop: Shop, _ shipment: String, _ status: OrdersV1.CarrierStatus, minute: Int64
  ) async throws {
    let result = try await shop.carriers.ingestCarrierEvents(
      .init(
        carrier: "德邦",
        events: [
          .init(
            eventId: "E\(minute)", shipmentNumber: shipment, status: status,
            occurredAt: .init(seconds: 1_772_413_200 + minute * 60))
        ]), options: shop.command())
    #expect(result.results.map(\.outcome) == [.applied])
  }

  private func find(
    _ shop: Shop, _ shipment: String, _ resolution: OrdersV1.FoundResolution
  ) async throws -> OrdersV1.ReportFoundResponse {
    try await shop.claims.reportFound(
      .init(shipmentNumber: shipment, resolution: resolution, comment: "behind the ramp"),
      options: shop.command())
  }

  private func state(_ shop: Shop, _ order: String) async throws -> OrdersV1.OrderState? {
    try await shop.orders.getOrder(.init(number: order)).order?.state
  }

  private func board(_ shop: Shop) async throws -> [String?] {
    try await shop.shortages.listExceptions(.init(kinds: [.lostSeen])).rows
      .map { $0.document?.number }
  }

  private func loss(_ shop: Shop) async throws -> Int64 {
    try await shop.finance.getTrialBalance(.init()).accounts
      .first { $0.account == "6401.03" }?.balance?.minorUnits ?? 0
  }

  private func onHand(_ shop: Shop) async throws -> [Int64?] {
    try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels.map(\.onHand?.micros)
  }

  @Test(
    "the customer has it already: what was packed in its place stays, and the loss is taken back")
  func delivered() async throws {
    let (shop, order, number) = try await lost()
    let packed = try await pack(shop, order)
    #expect(try await board(shop) == [])
    #expect(try await loss(shop) == 420_00)
    try await report(shop, number, .delivered, minute: 30)
    #expect(try await board(shop) == [number])
    #expect(try await state(shop, order) == .confirmed)
    let found = try await find(shop, number, .goOn)
    #expect(found.shipment?.state == .delivered && found.order?.state == .delivered)
    #expect(try await loss(shop) == 0)
    #expect(try await board(shop) == [])
    let claim = try await shop.claims.listClaims(.init()).claims.first
    #expect(claim?.state == .withdrawn && claim?.reason == "\(number) has turned up")
    let shipments = try await shop.orders.listShipments(.init(orderNumber: order)).shipments
    #expect(shipments.first { $0.number == packed }?.state == .cancelled)
    #expect(try await onHand(shop) == [8_000_000])
    let billed = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(billed.gross == yuan("1127.74"))
    let twice = await refusal { try await find(shop, number, .comeBack) }
    #expect(violation(twice) == "NOT_LOST shipment_number")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("others were brought already: it comes back to the shelves, once")
  func cameBack() async throws {
    let (shop, order, number) = try await lost()
    let again = try await send(shop, order)
    try await report(shop, number, .inTransit, minute: 40)
    #expect(try await board(shop) == [number])
    let tooMuch = await refusal { try await find(shop, number, .goOn) }
    #expect(violation(tooMuch) == "NOT_OPEN_ANY_MORE resolution")
    let unsaid = await refusal { try await find(shop, number, .unspecified) }
    #expect(violation(unsaid) == "REQUIRED resolution")
    #expect(try await find(shop, number, .comeBack).shipment?.state == .lost)
    #expect(try await onHand(shop) == [8_000_000])
    #expect(try await board(shop) == [])
    #expect(try await loss(shop) == 0)
    let twice = await refusal { try await find(shop, number, .comeBack) }
    #expect(violation(twice) == "NOT_LOST shipment_number")
    _ = try await shop.orders.deliverShipment(.init(number: again), options: shop.command())
    #expect(try await state(shop, order) == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("its order was cancelled: it comes back, and nobody gets it")
  func afterCancellation() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "210")
    let order = try await shop.place([("CHAIR", 2)], customer: "CREDIT").number
    let number = try await send(shop, order)
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .cancel, reason: "NOT_AVAILABLE"),
      options: shop.command())
    #expect(try await state(shop, order) == .cancelled)
    let waiting = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    let none = await refusal { try await find(shop, number, .goOn) }
    #expect(violation(none) == "NOT_OPEN_ANY_MORE resolution")
    _ = try await find(shop, number, .comeBack)
    let served = try await shop.orders.getOrder(.init(number: waiting)).order
    #expect(served?.lines.map(\.reserved?.micros) == [1_000_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("its carrier had accepted the claim: that is taken back, and accepted anew when it is lost")
  func accepted() async throws {
    let (shop, _, number) = try await lost()
    _ = try await advance(shop, number, .filed, .accepted)
    #expect(try await books(shop) == [0, 420_00, 0, -420_00])
    _ = try await find(shop, number, .goOn)
    #expect(try await books(shop) == [0, 420_00, 0, -420_00])
    let withdrawn = try await advance(shop, number, .withdrawn)
    #expect(withdrawn?.state == .withdrawn && withdrawn?.accepted == nil)
    #expect(try await books(shop) == [0, 0, 0, 0])
    let again = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .redeliver), options: shop.command())
    #expect(again.claim?.state == .open)
    for state in [OrdersV1.ClaimState.filed, .accepted, .withdrawn, .open, .filed, .accepted] {
      #expect(try await advance(shop, number, state)?.state == state)
    }
    #expect(try await books(shop) == [0, 420_00, 0, -420_00])
    _ = try await advance(shop, number, .paid)
    let paid = await refusal { try await advance(shop, number, .withdrawn) }
    #expect(violation(paid) == "CLAIM_STATE_FORBIDS number")
    #expect(try await books(shop) == [420_00, 0, 0, -420_00])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func advance(
    _ shop: Shop, _ number: String, _ states: OrdersV1.ClaimState...
  ) async throws -> OrdersV1.CarrierClaim? {
    var claim: OrdersV1.CarrierClaim?
    for state in states {
      claim =
        try await shop.claims.advanceClaim(
          .init(number: "\(number)/LOST", to: state, reason: "so it is"), options: shop.command()
        ).claim
    }
    return claim
  }

  /// Bank, claims on carriers, owed back to them, and earned.
  private func books(_ shop: Shop) async throws -> [Int64] {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts
    return ["1002", "1221.02", "2241.02", "6301"].map { code in
      accounts.first { $0.account == code }?.balance?.minorUnits ?? 0
    }
  }

  private func unsettled(_ shop: Shop) async throws -> [String] {
    try await shop.shortages.listExceptions(.init(kinds: [.claimOpen])).rows.map(\.text)
  }

  @Test("its carrier had paid: it is to have its money back, is paid back, and pays anew")
  func paid() async throws {
    let (shop, _, number) = try await lost()
    _ = try await advance(shop, number, .filed, .accepted, .paid)
    #expect(try await books(shop) == [420_00, 0, 0, -420_00])
    #expect(try await unsettled(shop) == [])
    _ = try await find(shop, number, .goOn)
    let owed = try await shop.claims.listClaims(.init(state: .owedBack)).claims.first
    #expect(owed?.accepted == yuan("420") && owed?.reason == "\(number) has turned up")
    #expect(try await books(shop) == [420_00, 0, -420_00, 0])
    #expect(
      try await unsettled(shop) == ["\(number)/LOST: 德邦 is to have back what it paid"])
    for state in [OrdersV1.ClaimState.paid, .withdrawn, .open, .accepted] {
      let refused = await refusal { try await advance(shop, number, state) }
      #expect(violation(refused) == "CLAIM_STATE_FORBIDS number")
    }
    let paidBack = try await advance(shop, number, .paidBack)
    #expect(paidBack?.state == .paidBack && paidBack?.accepted == yuan("420"))
    #expect(try await books(shop) == [0, 0, 0, 0])
    #expect(try await unsettled(shop) == [])
    #expect(try await shop.violations() == [])
    let again = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .redeliver), options: shop.command())
    #expect(again.claim?.state == .open && again.claim?.accepted == nil)
    _ = try await advance(shop, number, .filed, .accepted, .paid)
    #expect(try await books(shop) == [420_00, 0, 0, -420_00])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was owed back is ours when it is lost once more, and when its carrier waives it")
  func waived() async throws {
    let (shop, order, number) = try await lost()
    _ = try await advance(shop, number, .filed, .accepted, .paid)
    for _ in 1...2 {
      _ = try await find(shop, number, .goOn)
      #expect(try await books(shop) == [420_00, 0, -420_00, 0])
      let again = try await shop.claims.reportLoss(
        .init(shipmentNumber: number, resolution: .redeliver), options: shop.command())
      #expect(again.claim?.state == .paid)
      #expect(try await books(shop) == [420_00, 0, 0, -420_00])
      #expect(try await shop.violations() == [])
    }
    _ = try await find(shop, number, .comeBack)
    #expect(try await books(shop) == [420_00, 0, -420_00, 0])
    let unsaid = await refusal {
      try await shop.claims.advanceClaim(
        .init(number: "\(number)/LOST", to: .waived), options: shop.command())
    }
    #expect(violation(unsaid) == "REQUIRED reason")
    #expect(try await advance(shop, number, .waived)?.state == .waived)
    #expect(try await books(shop) == [420_00, 0, 0, -420_00])
    #expect(try await unsettled(shop) == [])
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events.map(\.type)
    #expect(told.filter { $0 == "claim.owed-back" }.count == 3 && told.contains("claim.waived"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("its carrier had accepted, and pays all the same: it is to have that back")
  func paidAfter() async throws {
    let (shop, _, number) = try await lost()
    _ = try await advance(shop, number, .filed, .accepted)
    _ = try await find(shop, number, .goOn)
    let claim = try await shop.claims.listClaims(.init()).claims.first
    #expect(claim?.state == .accepted && claim?.turnedUpOn != nil)
    #expect(
      try await unsettled(shop) == [
        "\(number)/LOST: 德邦 has not paid what it accepted, and its goods have turned up"
      ])
    let paid = try await advance(shop, number, .paid)
    #expect(paid?.state == .owedBack && paid?.turnedUpOn == nil)
    #expect(try await books(shop) == [420_00, 0, -420_00, 0])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("nobody had given it up, its carrier had paid, and it arrives: the money is owed back")
  func arrived() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    let order = try await shop.place([("CHAIR", 2)], customer: "CREDIT").number
    let number = try await send(shop, order)
    _ = try await shop.carriers.ingestCarrierEvents(
      .init(
        carrier: "德邦",
        events: [
          .init(
            eventId: "L", shipmentNumber: number, status: .exception,
            occurredAt: .init(seconds: 1_772_413_200), trouble: .lost)
        ]), options: shop.command())
    _ = try await advance(shop, number, .filed, .accepted, .paid)
    #expect(try await books(shop) == [420_00, 0, 0, -420_00])
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    #expect(try await books(shop) == [420_00, 0, -420_00, 0])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what its carrier saw after it had lost it is on the board, whenever it tells that")
  func seenLate() async throws {
    let (shop, _, number) = try await lost()
    func tell(_ minute: Int64, _ isLost: Bool) async throws {
      _ = try await shop.carriers.ingestCarrierEvents(
        .init(
          carrier: "德邦",
          events: [
            .init(
              eventId: "E\(minute)", shipmentNumber: number,
              status: isLost ? .exception : .inTransit,
              occurredAt: .init(seconds: 1_772_413_200 + minute * 60),
              trouble: isLost ? .lost : .unspecified)
          ]), options: shop.command())
    }
    try await tell(-40, false)
    #expect(try await board(shop) == [])
    try await tell(-30, true)
    #expect(try await board(shop) == [])
    try await tell(-20, false)
    #expect(try await board(shop) == [number])
    try await tell(40, true)
    try await tell(30, false)
    #expect(try await board(shop) == [])
    try await tell(50, false)
    #expect(try await board(shop) == [number])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a supplier had sent it: what he was to send again is called off")
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
    func open() async throws -> [String] {
      try await shop.dropShipments.listDropShipments(.init(orderNumber: order)).dropShipments
        .filter { $0.state == .ordered }.map(\.purchaseOrderNumber)
    }
    let purchase = try #require(try await open().first)
    let number = try await shop.dropShipments.shipDropShipment(
      .init(purchaseOrderNumber: purchase, carrier: "SF"), options: shop.command()
    ).shipmentNumber
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: number, resolution: .redeliver), options: shop.command())
    #expect(try await open().count == 1)
    #expect(try await find(shop, number, .goOn).order?.state == .shipped)
    #expect(try await open() == [])
    _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    #expect(try await state(shop, order) == .delivered)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
