import Messages
import RPC
import Storage
import TestKit
import Testing
import Values

@Suite("Scenario: an order is as far as the goods that have come the least far")
struct OrderStageTests {
  /// Tables are sawn, and then inspected.
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 100, cost: "180")
    _ = try await shop.production.upsertWorkCentres(
      .init(workCentres: [
        .init(code: "CHECK", name: "检验", hourlyRate: yuan("60"), inspects: true)
      ]), options: shop.command())
    _ = try await shop.production.upsertBillsOfMaterial(
      .init(bills: [
        .init(
          sku: "TABLE", components: [.init(sku: "BOARD", quantity: amount("2.5", "m2"))],
          operations: [
            .init(
              sequence: 1, name: "裁切", workCentreCode: "SAW", unitMinutesMicros: 40_000_000),
            .init(
              sequence: 2, name: "检验", workCentreCode: "CHECK", unitMinutesMicros: 5_000_000),
          ])
      ]), options: shop.command())
    return shop
  }

  /// Where an order stands, by whatever it is asked, and that a search by stage finds it there and
  /// nowhere else.
  private func stage(_ shop: Shop, _ number: String) async throws -> OrdersV1.OrderStage {
    let standing = try #require(
      try await shop.orders.getOrder(.init(number: number)).standing)
    let allowed = try await shop.orders.getAllowedActions(.init(number: number))
    let timeline = try await shop.orders.getOrderTimeline(.init(number: number))
    #expect(allowed.standing == standing && timeline.standing == standing)
    #expect((allowed.nextStages == []) == (standing.stage == .cancelled))
    var found: [OrdersV1.OrderStage] = []
    for stage in OrdersV1.OrderStage.allCases where stage != .unspecified {
      let page = try await shop.orders.listOrders(.init(stage: stage))
      for order in page.orders where order.number == number {
        #expect(order.stage == stage)
        found.append(stage)
      }
    }
    #expect(found == [standing.stage])
    return standing.stage
  }

  private func report(_ shop: Shop, _ work: String, _ sequence: Int32) async throws {
    _ = try await shop.production.reportOperation(
      .init(number: work, sequence: sequence, minutesMicros: 5_000_000, done: true),
      options: shop.command())
  }

  private func tell(
    _ shop: Shop, _ shipment: String, _ id: String, _ status: OrdersV1.CarrierStatus
  ) async throws {
    shop.clock.advance(seconds: 60)
    let told = try await shop.carriers.ingestCarrierEvents(
      .init(
        carrier: "德邦",
        events: [
          .init(
            eventId: id, shipmentNumber: shipment, status: status,
            occurredAt: .init(seconds: shop.clock.now.microseconds / 1_000_000))
        ]), options: shop.command())
    #expect(told.results.map(\.outcome) == [.applied])
  }

  @Test("a table goes through every stage: written, sawn, inspected, packed, on its way, paid")
  func table() async throws {
    let shop = try await opened()
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("TABLE", 2)], customer: "VIP")), options: shop.command())
    let number = try #require(draft.order?.number)
    #expect(try await stage(shop, number) == .created)
    _ = try await shop.orders.submitOrder(.init(number: number), options: shop.command())
    #expect(try await stage(shop, number) == .inReview)
    _ = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    #expect(try await stage(shop, number) == .confirmed)
    let works = try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders
    let work = try #require(works.first)
    #expect(works.count == 1 && work.operations.map(\.inspects) == [false, true])
    _ = try await shop.production.releaseWorkOrder(
      .init(number: work.number), options: shop.command())
    #expect(try await stage(shop, number) == .inProduction)
    _ = try await shop.production.issueMaterials(
      .init(number: work.number), options: shop.command())
    try await report(shop, work.number, 1)
    #expect(try await stage(shop, number) == .qualityCheck)
    // Nothing reaches the shelf before it is inspected; what fails is scrap.
    let early = await refusal {
      try await shop.production.completeWorkOrder(
        .init(number: work.number, good: pieces(1)), options: shop.command())
    }
    #expect(early?.code == .failedPrecondition && reason(early) == "INSPECTION_OPEN")
    try await report(shop, work.number, 2)
    #expect(try await stage(shop, number) == .inProduction)
    _ = try await shop.production.completeWorkOrder(
      .init(number: work.number, good: pieces(1), scrapped: pieces(1)), options: shop.command())
    // One is on the shelf. For the other a new work order is planned, which nobody has begun.
    #expect(try await stage(shop, number) == .confirmed)
    try await ship(shop, number)
    #expect(try await stage(shop, number) == .confirmed)
    let again = try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders
    let second = try #require(again.first { $0.state == .planned }?.number)
    _ = try await shop.production.releaseWorkOrder(.init(number: second), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: second), options: shop.command())
    #expect(try await stage(shop, number) == .inProduction)
    try await report(shop, second, 1)
    try await report(shop, second, 2)
    _ = try await shop.production.completeWorkOrder(
      .init(number: second), options: shop.command())
    let last = try await ship(shop, number)
    #expect(try await stage(shop, number) == .shipped)
    try await arrive(shop, number, last: last)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// Hands to the carrier all that is there, and returns the shipment.
  @discardableResult
  private func ship(_ shop: Shop, _ number: String) async throws -> String {
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: number), options: shop.command())
    let shipment = try #require(prepared.shipment?.number)
    #expect(try await stage(shop, number) == .picking)
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    #expect(try await stage(shop, number) == .picking)
    _ = try await shop.orders.dispatchShipment(
      .init(number: shipment, carrier: "德邦", trackingNumber: shipment),
      options: shop.command())
    return shipment
  }

  private func arrive(_ shop: Shop, _ number: String, last: String) async throws {
    let shipments = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
    let first = try #require(shipments.first?.number)
    // Of one the carrier has said nothing yet.
    try await tell(shop, last, "1", .inTransit)
    #expect(try await stage(shop, number) == .shipped)
    try await tell(shop, first, "2", .accepted)
    #expect(try await stage(shop, number) == .shipped)
    try await tell(shop, first, "3", .outForDelivery)
    #expect(try await stage(shop, number) == .inDelivery)
    try await tell(shop, first, "4", .delivered)
    #expect(try await stage(shop, number) == .inDelivery)
    try await tell(shop, last, "5", .delivered)
    #expect(try await stage(shop, number) == .delivered)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    #expect(try await stage(shop, number) == .delivered)
    _ = try await shop.finance.receivePayment(
      .init(amount: invoice.gross, method: .card, orderNumber: number), options: shop.command())
    #expect(try await stage(shop, number) == .completed)
  }

  @Test("what is cancelled stands nowhere, and without a policy nothing is kept")
  func nothingKept() async throws {
    let shop = try await opened()
    try await shop.stock("CHAIR", 2, cost: "200")
    let number = try await shop.place([("CHAIR", 5)], customer: "VIP").number
    #expect(try await stage(shop, number) == .confirmed)
    _ = try await ship(shop, number)
    // Two have left; three wait.
    #expect(try await stage(shop, number) == .confirmed)
    let other = try await shop.place([("TABLE", 1)], customer: "VIP").number
    let work = try #require(
      try await shop.production.listWorkOrders(.init(orderNumber: other)).workOrders.first?.number)
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    #expect(try await stage(shop, other) == .inProduction)
    _ = try await shop.orders.cancelOrder(
      .init(number: other, reason: .customerWish), options: shop.command())
    #expect(try await stage(shop, other) == .cancelled)
    let kept = try await shop.stages.getOrderStages(.init(orderNumber: number))
    #expect(kept.visits == [] && kept.standing == .init(stage: .confirmed))
    let swept = try await shop.stages.sweepStages(.init(), options: shop.command())
    #expect(swept == .init())
    let none = await refusal { try await shop.stages.getStagePolicy(.init()) }
    #expect(none?.code == .notFound && reason(none) == "UNKNOWN_STAGE_POLICY")
    let written = try await shop.database.read { snapshot in
      try snapshot.first("SELECT count(*) FROM order_stage_visit") { $0.int64(0) }
    }
    #expect(written == 0)
    let timeline = try await shop.orders.getOrderTimeline(.init(number: number)).events
    #expect(!timeline.contains { $0.type.hasPrefix("order.stage") })
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a search for a stage may be kept, and goes with other filters")
  func views() async throws {
    let shop = try await opened()
    try await shop.stock("CHAIR", 9, cost: "200")
    let vip = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    let other = try await shop.place([("CHAIR", 1)]).number
    for number in [vip, other] {
      _ = try await shop.orders.prepareShipment(
        .init(orderNumber: number), options: shop.command())
    }
    let waiting = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    _ = try await shop.orderViews.saveOrderView(
      .init(name: "packing", filters: .init(customerCode: "VIP", stage: .picking)),
      options: shop.command())
    let views = try await shop.orderViews.listOrderViews(.init(), options: shop.command()).views
    #expect(views.map { $0.filters?.stage } == [.picking])
    let seen = try await shop.orders.listOrders(
      .init(view: "packing"), options: shop.command()
    ).orders.map(\.number)
    #expect(seen == [vip])
    let picking = try await shop.orders.listOrders(.init(stage: .picking)).orders
    #expect(picking.map(\.number) == [other, vip])
    // A state and a stage are both asked for.
    let none = try await shop.orders.listOrders(.init(state: .shipped, stage: .picking)).orders
    #expect(none == [])
    let confirmed = try await shop.orders.listOrders(.init(state: .confirmed, stage: .confirmed))
    #expect(confirmed.orders.map(\.number) == [waiting])
    // Page by page the same.
    var paged: [String] = []
    var token = ""
    repeat {
      let page = try await shop.orders.listOrders(
        .init(pageSize: 1, pageToken: token, stage: .picking))
      paged += page.orders.map(\.number)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(paged == [other, vip])
    let unknown = await refusal {
      try await shop.orders.listOrders(.init(stage: .unrecognized(77)))
    }
    #expect(unknown?.code == .invalidArgument)
    await shop.close()
  }
}
