import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: there are too few, and the customer chooses")
struct ShortageTests {
  /// Ten chairs wanted, four there; stools may stand in, two for a chair, and lamps one for one.
  private func short(
    _ shop: Shop, customer: String = "VIP", count: Int64 = 10
  ) async throws -> String {
    try await shop.furnish()
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "STOOL", name: "凳", nameEnglish: "Stool", kind: .stocked, unitCode: "pcs",
          taxClass: "STANDARD")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "STOOL", unitPrice: yuanEach("100"),
          validFrom: .init(year: 2026, month: 1, day: 1))
      ]), options: shop.command())
    _ = try await shop.purchasing.upsertSupplierPrices(
      .init(prices: [
        .init(
          supplierCode: "WOOD", sku: "CHAIR", unitPrice: yuanEach("210"), leadDays: 10,
          preferred: true)
      ]), options: shop.command())
    let verdicts = try await shop.catalog.upsertSubstitutes(
      .init(substitutes: [
        .init(sku: "CHAIR", substituteSku: "LAMP", rank: 2, note: "at least it is light"),
        .init(sku: "CHAIR", substituteSku: "STOOL", rank: 1, quantity: pieces(2)),
        .init(
          sku: "CHAIR", substituteSku: "TABLE", rank: 3,
          validFrom: .init(year: 2027, month: 1, day: 1)),
      ]), options: shop.command()
    ).verdicts
    #expect(verdicts.map(\.outcome) == [.created, .created, .created])
    try await shop.stock("CHAIR", 4, cost: "200")
    try await shop.stock("STOOL", 20, cost: "40")
    return try await shop.place([("CHAIR", count)], customer: customer).number
  }

  private func requests(_ shop: Shop) async throws -> [String] {
    try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions.map {
      "\($0.sku) \(($0.quantity?.micros ?? 0) / 1_000_000)"
    }
  }

  private func settled(_ shop: Shop, _ order: String) async throws -> [String] {
    try await shop.orders.getOrderTimeline(.init(number: order)).events
      .filter { $0.type == "order.shortage-settled" }
      .map { $0.facts.first { $0.name == "choice" }?.value ?? "" }
  }

  @Test("what waits is told, with what could stand in")
  func offers() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    let told = try await shop.shortages.getShortage(.init(orderNumber: order))
    #expect(told.lines.map(\.held) == [amount("4", "pcs")])
    #expect(told.substitutes.map(\.sku) == ["STOOL", "LAMP"])
    #expect(told.substitutes.first?.quantity == amount("12", "pcs"))
    #expect(told.substitutes.first?.available == amount("20", "pcs"))
    #expect(told.substitutes.last?.note == "at least it is light")
    let listed = try await shop.catalog.listSubstitutes(.init(sku: "CHAIR"))
    #expect(listed.substitutes.map(\.substituteSku) == ["STOOL", "LAMP", "TABLE"])
    await shop.close()
  }

  @Test("something cheaper: no fee is due for what is not there, and what is too much goes back")
  func cheaper() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(rules: [.init(shareMicros: 300_000)], reason: "a third"), options: shop.command())
    let gross = try #require(try await shop.orders.getOrder(.init(number: order)).order?.gross)
    _ = try await shop.finance.receivePayment(
      .init(amount: gross, method: .card, orderNumber: order), options: shop.command())
    let done = try await shop.shortages.substituteLine(
      .init(orderNumber: order, lineNumber: 1, sku: "STOOL"), options: shop.command())
    let less = -(done.change?.impact?.grossChange?.minorUnits ?? 0)
    #expect(less > 0)
    #expect(done.change?.impact?.fee == yuan("0.00"))
    let proposed = try await shop.cancellations.listRefunds(.init()).refunds
    #expect(proposed.map { $0.amount?.minorUnits } == [less])
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .card), options: shop.command(by: "cashier"))
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("wait: the day that is known now is promised, and late no more")
  func wait() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    let bought = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [
          .init(
            requisitionNumber: try await shop.purchasing.listRequisitions(.init()).requisitions
              .first?.number ?? "")
        ], expectedOn: .init(year: 2026, month: 4, day: 30)), options: shop.command())
    let before = try await shop.promises.getPromises(.init(orderNumber: order)).lines.first
    #expect(before?.late == true)
    let done = try await shop.shortages.agreeToWait(
      .init(orderNumber: order, lineNumber: 1, comment: "no hurry"), options: shop.command())
    #expect(done.line?.promisedOn == .init(year: 2026, month: 4, day: 30))
    #expect(done.line?.late == false)
    #expect(try await requests(shop) == [])
    // The order to the supplier is cancelled, and another choice of the same kind is possible.
    _ = try await shop.purchasing.cancelPurchaseOrder(
      .init(number: bought.purchaseOrder?.number ?? ""), options: shop.command())
    #expect(try await requests(shop) == ["CHAIR 6"])
    #expect(try await settled(shop, order) == ["WAIT"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("wait: goods that nobody has asked for are asked to be bought")
  func waitForLost() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: "CHAIR", warehouseCode: "MAIN", correction: .counted(pieces(0)), reason: "fire"),
      options: shop.command())
    let before = try await shop.promises.getPromises(.init(orderNumber: order))
    #expect(before.readyOn == nil)
    #expect(before.steps.last?.kind == .nothing)
    let done = try await shop.shortages.agreeToWait(
      .init(orderNumber: order, lineNumber: 1), options: shop.command())
    #expect(done.line?.readyOn == .init(year: 2026, month: 3, day: 12))
    #expect(try await requests(shop) == ["CHAIR 6", "CHAIR 4"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("substitute: what waits is taken out, something else is added, previewed to the cent")
  func substitute() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    var request = OrdersV1.SubstituteLineRequest(orderNumber: order, lineNumber: 1, sku: "STOOL")
    let shown = try await shop.shortages.substituteLine(
      request, options: shop.command(dryRun: true))
    request.preview = shown.change?.preview ?? ""
    let done = try await shop.shortages.substituteLine(request, options: shop.command())
    #expect(done == shown)
    let lines = try #require(done.change?.order?.lines)
    #expect(lines.map(\.sku) == ["CHAIR", "STOOL"])
    #expect(lines.map(\.ordered) == [amount("4", "pcs"), amount("12", "pcs")])
    #expect(lines.map(\.reserved) == [amount("4", "pcs"), amount("12", "pcs")])
    // 6 × 499 less and 12 × 100 more, with 13 % tax.
    #expect(done.change?.impact?.grossChange == yuan("-2027.22"))
    #expect(try await requests(shop) == [])
    #expect(try await settled(shop, order) == ["SUBSTITUTE"])
    let again = await refusal {
      try await shop.shortages.substituteLine(
        .init(orderNumber: order, lineNumber: 1, sku: "STOOL"), options: shop.command())
    }
    #expect(again?.code == .failedPrecondition)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("part-ship: what is there leaves, and the rest is promised for its day")
  func partShip() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    let done = try await shop.shortages.partShipLine(
      .init(orderNumber: order, lineNumber: 1), options: shop.command())
    #expect(done.shipment?.lines.map(\.quantity) == [amount("4", "pcs")])
    #expect(done.line?.promisedOn == .init(year: 2026, month: 3, day: 12))
    let nothing = await refusal {
      try await shop.shortages.partShipLine(
        .init(orderNumber: order, lineNumber: 1), options: shop.command())
    }
    #expect(nothing?.code == .failedPrecondition)
    let number = done.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦"), options: shop.command())
    let after = try await shop.orders.getOrder(.init(number: order)).order
    #expect(after?.state == .partlyShipped)
    #expect(try await settled(shop, order) == ["PART_SHIP"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("cancel and refund: what is not there goes, with its request, and its money goes back")
  func cancel() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop, customer: "CASH", count: 8)
    let gross = try #require(try await shop.orders.getOrder(.init(number: order)).order?.gross)
    _ = try await shop.finance.receivePayment(
      .init(amount: gross, method: .card, orderNumber: order), options: shop.command())
    var request = OrdersV1.CancelShortLineRequest(orderNumber: order, lineNumber: 1)
    let shown = try await shop.shortages.cancelShortLine(
      request, options: shop.command(dryRun: true))
    request.preview = shown.cancellation?.preview ?? ""
    let done = try await shop.shortages.cancelShortLine(request, options: shop.command())
    #expect(done == shown)
    #expect(done.cancellation?.impact?.reasonCode == "NOT_AVAILABLE")
    #expect(done.cancellation?.impact?.refund == yuan("2255.48"))
    #expect(done.cancellation?.order?.lines.first?.cancelled == amount("4", "pcs"))
    #expect(try await requests(shop) == [])
    let refunds = try await shop.cancellations.listRefunds(.init()).refunds
    #expect(refunds.map(\.total) == [yuan("2255.48")])
    #expect(try await settled(shop, order) == ["CANCEL"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is asked wrongly is refused by its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    let order = try await short(shop)
    let noLine = await refusal {
      try await shop.shortages.agreeToWait(
        .init(orderNumber: order, lineNumber: 7), options: shop.command())
    }
    #expect(violations(noLine) == ["UNKNOWN_LINE line_number"])
    let noOrder = await refusal {
      try await shop.shortages.agreeToWait(
        .init(orderNumber: "SO-1", lineNumber: 1), options: shop.command())
    }
    #expect(violations(noOrder) == ["UNKNOWN_ORDER order_number"])
    let stranger = await refusal {
      try await shop.shortages.substituteLine(
        .init(orderNumber: order, lineNumber: 1, sku: "TABLE"), options: shop.command())
    }
    #expect(violations(stranger) == ["NOT_A_SUBSTITUTE sku"])
    let many = await refusal {
      try await shop.shortages.substituteLine(
        .init(orderNumber: order, lineNumber: 1, sku: "STOOL", quantity: pieces(11)),
        options: shop.command())
    }
    #expect(violations(many) == ["MORE_THAN_OPEN quantity"])
    let long = await refusal {
      try await shop.shortages.agreeToWait(
        .init(
          orderNumber: order, lineNumber: 1, comment: String(repeating: "x", count: 501)),
        options: shop.command())
    }
    #expect(violations(long) == ["TEXT_TOO_LONG comment"])
    let full = try await shop.place([("STOOL", 1)]).number
    let notShort = await refusal {
      try await shop.shortages.agreeToWait(
        .init(orderNumber: full, lineNumber: 1), options: shop.command())
    }
    #expect(violations(notShort) == ["NOT_SHORT line_number"])
    let rows = try await shop.catalog.upsertSubstitutes(
      .init(substitutes: [
        .init(sku: "CHAIR", substituteSku: "CHAIR", rank: 1),
        .init(sku: "CHAIR", substituteSku: "BOARD", rank: 0),
        .init(sku: "GHOST", substituteSku: "LAMP", rank: 1, quantity: pieces(2_000)),
        .init(
          sku: "LAMP", substituteSku: "CHAIR", rank: 1,
          validFrom: .init(year: 2026, month: 5, day: 1),
          validUntil: .init(year: 2026, month: 4, day: 1)),
        .init(sku: "CHAIR", substituteSku: "STOOL", rank: 1, quantity: pieces(2)),
      ]), options: shop.command()
    ).verdicts
    #expect(
      rows.map { $0.violations.map(\.field) } == [
        ["substitutes[0].substitute_sku"],
        ["substitutes[1].substitute_sku", "substitutes[1].rank"],
        ["substitutes[2].sku", "substitutes[2].quantity"], ["substitutes[3].valid_until"], [],
      ])
    #expect(rows.last?.outcome == .unchanged)
    await shop.close()
  }
}
