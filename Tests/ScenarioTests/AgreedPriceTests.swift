import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what was agreed is what it costs, whatever has become of the rules since")
struct AgreedPriceTests {
  private static let from = GoogleType.Date(year: 2026, month: 1, day: 1)

  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 60, cost: "210")
    try await shop.stock("LAMP", 60, cost: "90")
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "FREIGHT", name: "运费", kind: .service, unitCode: "pcs", taxClass: "REDUCED")
      ]), options: shop.command())
    return shop
  }

  private func charge(
    _ shop: Shop, _ base: String, zone: String = "", perPiece: String? = nil
  ) async throws {
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: zone,
          base: yuan(base), perPiece: perPiece.map { yuanEach($0) })
      ]), options: shop.command())
  }

  private func place(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], customer: String = "VIP",
    coupons: [String] = []
  ) async throws -> OrdersV1.Order {
    var input = shop.input(lines, customer: customer)
    input.delivery = .init(zoneCode: "")
    input.couponCodes = coupons
    return try #require(
      try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order)
  }

  private func change(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange
  ) async throws -> OrdersV1.Order {
    try #require(
      try await shop.orders.changeOrder(
        .init(number: number, change: change, reason: "called"), options: shop.command()
      ).order)
  }

  @Test("a charge beyond what can be counted is refused, and the server goes on")
  func beyondCounting() async throws {
    let shop = try await opened()
    try await charge(shop, "0", perPiece: "20")
    var input = shop.input([], customer: "VIP")
    input.lines = (1...500).map { _ in
      .init(sku: "CHAIR", quantity: pieces(1_000_000_000), discountMicros: 1_000_000)
    }
    input.delivery = .init()
    let refused = await refusal {
      try await shop.pricing.priceOrder(.init(order: input))
    }
    #expect(reason(refused) == "AMOUNT_TOO_LARGE")
    #expect(try await place(shop, [("CHAIR", 1)]).lines.count == 2)
    await shop.close()
  }

  @Test("promotions on more than can be counted are refused as well")
  func promotionsBeyondCounting() async throws {
    let shop = try await opened()
    _ = try await shop.catalog.upsertPrices(
      .init(
        prices: ["CHAIR", "LAMP"].map {
          .init(
            priceListCode: "RETAIL", sku: $0, unitPrice: yuanEach("60000000"),
            minimumQuantity: pieces(2), validFrom: Self.from)
        }), options: shop.command())
    _ = try await shop.pricing.upsertPromotions(
      .init(
        promotions: ["CHAIR", "LAMP"].map {
          .init(
            code: $0, name: $0, validFrom: Self.from, items: [.init(sku: $0)],
            effect: .shareMicros(1_000_000))
        }), options: shop.command())
    _ = try await shop.pricing.setPromotionLimit(
      .init(limit: .init(shareMicros: 500_000)), options: shop.command())
    let refused = await refusal {
      try await shop.pricing.priceOrder(
        .init(
          order: shop.input([("CHAIR", 1_000_000_000), ("LAMP", 1_000_000_000)], customer: "VIP")))
    }
    #expect(reason(refused) == "AMOUNT_TOO_LARGE")
    await shop.close()
  }

  @Test("another day changes no price, not even of an order that is billed in part")
  func anotherDay() async throws {
    let shop = try await opened()
    try await charge(shop, "100")
    let placed = try await place(shop, [("CHAIR", 4), ("LAMP", 100)])
    #expect(placed.lines.map(\.charge) == ["", "", "FREIGHT"])
    let shipment = try await shop.orders.prepareShipment(
      .init(
        orderNumber: placed.number, lines: [.init(lineNumber: 1, quantity: pieces(4))]),
      options: shop.command())
    try await shop.deliver(shipment: shipment.shipment?.number ?? "")
    _ = try await shop.orders.completeService(
      .init(orderNumber: placed.number, lines: [.init(lineNumber: 3, quantity: pieces(1))]),
      options: shop.command())
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: placed.number), options: shop.command())
    try await charge(shop, "200")
    let later = OrdersV1.OrderChange(requestedOn: .init(year: 2026, month: 9, day: 1))
    let changed = try await change(shop, placed.number, later)
    #expect(changed.lines.map(\.net) == placed.lines.map(\.net))
    #expect(changed.gross == placed.gross)
    #expect(try await shop.violations() == [])
    // And not where the rule is gone.
    _ = try await shop.pricing.replaceChargeRules(.init(rules: []), options: shop.command())
    let again = try await change(
      shop, placed.number, .init(requestedOn: .init(year: 2026, month: 9, day: 2)))
    #expect(again.gross == placed.gross)
    #expect(invoice.gross.map { $0.minorUnits > 0 } == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is added is priced by the rules that the order was priced by")
  func frozen() async throws {
    let shop = try await opened()
    try await charge(shop, "100", perPiece: "10")
    let offer = PricingV1.Promotion(
      code: "SPRING", name: "春", validFrom: Self.from, effect: .shareMicros(100_000))
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [offer]), options: shop.command())
    let placed = try await place(shop, [("CHAIR", 2)])
    #expect(placed.lines.map(\.net) == [yuan("898.20"), yuan("120.00")])
    // Everything becomes dearer, and the customer is of another class.
    try await charge(shop, "300")
    var less = offer
    less.effect = .shareMicros(10_000)
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        less,
        .init(code: "NEW", name: "新", validFrom: Self.from, effect: .shareMicros(500_000)),
      ]), options: shop.command())
    _ = try await shop.pricing.setPromotionLimit(
      .init(limit: .init(shareMicros: 1)), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("999"), validFrom: Self.from)
      ]), options: shop.command())
    let more = try await change(
      shop, placed.number, .init(addedLines: [.init(sku: "LAMP", quantity: pieces(1))]))
    // The chairs cost what they did, the lamp a tenth less, freight 100 and 10 a piece.
    #expect(more.lines.map(\.net) == [yuan("898.20"), yuan("130.00"), yuan("179.91")])
    #expect(more.lines[0].unitPrice == yuanEach("499"))
    #expect(try await shop.violations() == [])
    // Priced anew it is priced by what holds now.
    let anew = try await shop.orders.changeOrder(
      .init(number: placed.number, change: .init(reprice: true), reason: "agreed"),
      options: shop.command(by: "wang.fang", roles: "SALES_MANAGER")
    ).order
    #expect(anew?.lines.first?.unitPrice == yuanEach("999"))
    #expect(anew?.lines[1].net == yuan("300.00"))
    let after = try await change(
      shop, placed.number, .init(lines: [.init(lineNumber: 3, quantity: pieces(2))]))
    #expect(after.lines[1].net == yuan("300.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a coupon that the order was given it keeps, and gives back when it fits no more")
  func coupons() async throws {
    let shop = try await opened()
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        .init(
          code: "TEN", name: "十", validFrom: Self.from, needsCoupon: true,
          items: [.init(sku: "CHAIR")], effect: .shareMicros(100_000))
      ]), options: shop.command())
    let coupon = PricingV1.Coupon(code: "C1", promotionCode: "TEN", limit: 1)
    _ = try await shop.pricing.upsertCoupons(.init(coupons: [coupon]), options: shop.command())
    let placed = try await place(shop, [("CHAIR", 2), ("LAMP", 1)], coupons: ["C1"])
    #expect(placed.lines[0].net == yuan("898.20"))
    var over = coupon
    over.validUntil = .init(year: 2026, month: 2, day: 1)
    _ = try await shop.pricing.upsertCoupons(.init(coupons: [over]), options: shop.command())
    let more = try await change(
      shop, placed.number, .init(lines: [.init(lineNumber: 2, quantity: pieces(2))]))
    #expect(more.lines[0].net == yuan("898.20"))
    #expect(try await shop.violations() == [])
    let without = try await change(
      shop, placed.number, .init(lines: [.init(lineNumber: 1, remove: true)]))
    #expect(without.lines[0].net == yuan("0.00"))
    #expect(
      try await shop.pricing.getCoupon(.init(code: "C1")).coupon?.redeemed == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("goods that go where nobody has said what it costs are refused, not brought for nothing")
  func noZone() async throws {
    let shop = try await opened()
    try await charge(shop, "100", zone: "CITY")
    var input = shop.input([("CHAIR", 1)], customer: "VIP")
    input.delivery = .init(zoneCode: "")
    func refused() async -> RPCError? {
      await refusal {
        try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      }
    }
    #expect(violations(await refused()) == ["CHARGE_HAS_NO_ZONE order.delivery.zone_code"])
    // A zone that only another charge knows is none for freight.
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: "CITY",
          base: yuan("100")),
        .init(
          charge: "STAIRS", sku: "FREIGHT", occasion: .stairs, zoneCode: "FAR",
          perFloor: yuanEach("10")),
      ]), options: shop.command())
    input.delivery = .init(zoneCode: "FAR")
    #expect(violations(await refused()) == ["CHARGE_HAS_NO_ZONE order.delivery.zone_code"])
    input.delivery = .init(zoneCode: "CITY")
    #expect(
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
        .order?.lines.last?.net == yuan("100.00"))
    await shop.close()
  }
}
