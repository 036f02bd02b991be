import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: cancelled at every stage, however the goods come to be, nothing stays behind")
struct CancelEverywhereTests {
  /// How far an order has come, by how its goods come to be.
  enum Case: String, CaseIterable {
    case stockHeld, stockWaiting, stockSetApart, stockPartlyGone
    case madePlanned, madeInWork, madeMade, madeSetApart
    case directAsked, directConfirmed, directPartlyGone
    case pieceSold, pieceSetApart
    case preorderUnpaid, preorderQueued, preorderReady
  }

  @Test("nothing is left of it but what has gone", arguments: Case.allCases)
  func nothingStays(at stage: Case) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 100, cost: "180")
    let number = try await order(at: stage, in: shop)
    let before = try #require(try await shop.orders.getOrder(.init(number: number)).order)
    let gone = before.lines.reduce(0) { $0 + ($1.shipped?.micros ?? 0) }
    let done = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command())
    #expect(done.order?.state == (gone == 0 ? .cancelled : .delivered))
    #expect(done.order?.lines.allSatisfy { $0.reserved?.micros ?? 0 == 0 } == true)
    #expect(
      done.order?.lines.reduce(0) { $0 + ($1.cancelled?.micros ?? 0) + ($1.shipped?.micros ?? 0) }
        == before.lines.reduce(0) { $0 + ($1.ordered?.micros ?? 0) })
    for sku in ["CHAIR", "TABLE"] {
      let levels = try await shop.inventory.getAvailability(.init(sku: sku)).levels
      #expect(levels.allSatisfy { $0.onHand == $0.available }, "\(sku)")
    }
    let works = try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders
    // What the workshop has begun or finished goes on, for the shelf.
    let begun: [ProductionV1.WorkOrderState] = [.cancelled, .inProgress, .completed]
    #expect(works.allSatisfy { begun.contains($0.state) })
    #expect(
      works.map(\.state).contains(.cancelled) == (stage == .madePlanned), "\(works.map(\.state))")
    let asked = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    #expect(asked == [])
    let shipments = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
    #expect(shipments.allSatisfy { [.cancelled, .delivered].contains($0.state) })
    let credit = try await shop.customers.getCustomer(.init(code: before.customerCode)).credit
    if gone == 0 { #expect(credit?.orders?.minorUnits ?? 0 == 0) }
    let refunds = try await shop.cancellations.listRefunds(.init()).refunds
    let paid = stage == .preorderQueued || stage == .preorderReady ? [yuan("225.55")] : []
    #expect(refunds.map(\.amount) == paid)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func order(at stage: Case, in shop: Shop) async throws -> String {
    switch stage {
    case .stockHeld, .stockWaiting, .stockSetApart, .stockPartlyGone:
      try await shop.stock("CHAIR", stage == .stockWaiting ? 1 : 4, cost: "200")
      let number = try await shop.place([("CHAIR", 4)]).number
      if stage == .stockSetApart { try await setApart(shop, number) }
      if stage == .stockPartlyGone {
        let shipment = try await shop.orders.prepareShipment(
          .init(orderNumber: number, lines: [.init(lineNumber: 1, quantity: pieces(1))]),
          options: shop.command())
        try await shop.deliver(shipment: shipment.shipment?.number ?? "")
      }
      return number
    case .madePlanned, .madeInWork, .madeMade, .madeSetApart:
      let number = try await shop.place([("TABLE", 2)], customer: "VIP").number
      if stage != .madePlanned { try await begin(shop, number) }
      if stage == .madeMade || stage == .madeSetApart { try await finish(shop, number) }
      if stage == .madeSetApart { try await setApart(shop, number) }
      return number
    case .directAsked, .directConfirmed, .directPartlyGone:
      return try await direct(shop, stage)
    case .pieceSold, .pieceSetApart:
      try await shop.stock("CHAIR", 1, cost: "200")
      let piece = try await shop.showroom.showPiece(
        .init(sku: "CHAIR", warehouseCode: "MAIN", condition: "new", discountMicros: 100_000),
        options: shop.command())
      let sold = try await shop.showroom.sellPiece(
        .init(
          number: piece.piece?.number ?? "",
          order: .init(channel: .store, customerCode: "CREDIT", shortageRule: .wait)),
        options: shop.command())
      let number = sold.order?.number ?? ""
      if stage == .pieceSetApart { try await setApart(shop, number) }
      return number
    case .preorderUnpaid, .preorderQueued, .preorderReady:
      return try await preorder(shop, stage)
    }
  }

  private func setApart(_ shop: Shop, _ number: String) async throws {
    _ = try await shop.orders.prepareShipment(
      .init(orderNumber: number), options: shop.command())
  }

  private func begin(_ shop: Shop, _ number: String) async throws {
    for work in try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders {
      _ = try await shop.production.releaseWorkOrder(
        .init(number: work.number), options: shop.command())
      _ = try await shop.production.issueMaterials(
        .init(number: work.number), options: shop.command())
    }
  }

  private func finish(_ shop: Shop, _ number: String) async throws {
    for work in try await shop.production.listWorkOrders(.init(orderNumber: number)).workOrders {
      _ = try await shop.production.completeWorkOrder(
        .init(number: work.number, good: pieces(2)), options: shop.command())
    }
  }

  private func direct(_ shop: Shop, _ stage: Case) async throws -> String {
    let number = try await shop.place([("CHAIR", 4)], customer: "VIP").number
    let asked = try await shop.dropShipments.dropShipLine(
      .init(orderNumber: number, lineNumber: 1, supplierCode: "WOOD"), options: shop.command())
    let purchase = asked.dropShipment?.purchaseOrderNumber ?? ""
    if stage != .directAsked {
      _ = try await shop.purchasing.confirmPurchaseOrder(
        .init(number: purchase, expectedOn: .init(year: 2026, month: 3, day: 20)),
        options: shop.command())
    }
    if stage == .directPartlyGone {
      _ = try await shop.dropShipments.shipDropShipment(
        .init(
          purchaseOrderNumber: purchase, quantity: pieces(1), carrier: "SF",
          trackingNumber: "T-1"), options: shop.command())
      let shipped = try await shop.orders.listShipments(.init(orderNumber: number)).shipments
      for shipment in shipped {
        _ = try await shop.orders.deliverShipment(
          .init(number: shipment.number, receivedBy: "Door"), options: shop.command())
      }
    }
    return number
  }

  private func preorder(_ shop: Shop, _ stage: Case) async throws -> String {
    _ = try await shop.preorders.setPresale(
      .init(
        presale: .init(
          sku: "CHAIR", opensOn: .init(year: 2026, month: 3, day: 1),
          closesOn: .init(year: 2026, month: 3, day: 31),
          releasesOn: .init(year: 2026, month: 4, day: 1), limit: pieces(6),
          depositMicros: 200_000, depositKind: .prepayment, depositDays: 3)),
      options: shop.command())
    let placed = try await shop.preorders.placePreorder(
      .init(order: shop.input([("CHAIR", 2)], customer: "CASH")), options: shop.command())
    let number = placed.preorder?.orderNumber ?? ""
    if stage != .preorderUnpaid {
      _ = try await shop.finance.receivePayment(
        .init(amount: yuan("225.55"), method: .card, orderNumber: number),
        options: shop.command())
    }
    if stage == .preorderReady { try await shop.stock("CHAIR", 2, cost: "200") }
    return number
  }
}
