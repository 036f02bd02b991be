import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a marketplace sells for us, and is told what becomes of it")
struct MarketplaceTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "210")
    let made = try await shop.marketplaces.upsertMarketplaces(
      .init(marketplaces: [
        .init(
          code: "TMALL", name: "天猫", customerCode: "CREDIT", warehouseCode: "MAIN",
          toleranceMicros: 10_000,
          statuses: [
            .init(state: .confirmed, word: "WAIT_SELLER_SEND"),
            .init(state: .delivered, word: "TRADE_FINISHED"),
          ])
      ]), options: shop.command())
    #expect(made.verdicts.map(\.outcome) == [.created])
    let named = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(
        marketplaceCode: "TMALL",
        products: [.init(externalSku: "tm-1", sku: "CHAIR"), .init(externalSku: "tm-9", sku: "?")]),
      options: shop.command())
    #expect(named.verdicts.map(\.outcome) == [.created, .refused])
    return shop
  }

  private static let home = OrdersV1.MarketplaceAddress(
    recipient: "赵敏", phone: "13700001111", regionCode: "330106", street: "文三路1号",
    postcode: "310012")

  private func order(
    _ id: String, sku: String = "tm-1", price: String? = "499",
    to address: OrdersV1.MarketplaceAddress? = home
  ) -> OrdersV1.MarketplaceOrder {
    .init(
      orderId: id,
      lines: [
        .init(externalSku: sku, quantity: pieces(1), unitPrice: price.map { yuanEach($0) })
      ],
      address: address)
  }

  private func take(
    _ shop: Shop, _ orders: [OrdersV1.MarketplaceOrder], options: CallOptions? = nil
  ) async throws -> OrdersV1.TakeMarketplaceOrdersResponse {
    try await shop.marketplaces.takeMarketplaceOrders(
      .init(marketplaceCode: "TMALL", orders: orders), options: options ?? shop.command())
  }

  @Test("an order is taken once, goes where its buyer lives, and its state goes back")
  func roundTrip() async throws {
    let shop = try await opened()
    let first = try await take(shop, [order("77-1")])
    #expect(first.counts == .init(placed: 1))
    let number = first.verdicts[0].orderNumber
    #expect(first.verdicts[0].externalId == "77-1")
    let placed = try #require(try await shop.orders.getOrder(.init(number: number)).order)
    #expect(placed.channel == .marketplace && placed.externalId == "TMALL/77-1")
    #expect(placed.customerCode == "CREDIT" && placed.lines.map(\.sku) == ["CHAIR"])
    let place = try await shop.orders.getDeliveryAddress(.init(number: number)).address
    #expect(place?.street == "文三路1号" && place?.contactName == "赵敏")
    let again = try await take(shop, [order("77-1"), order("77-2")])
    #expect(again.counts == .init(placed: 1, unchanged: 1))
    #expect(again.verdicts[0].orderNumber == number)
    let other = try await take(shop, [order("77-1", price: "450")])
    #expect(other.verdicts[0].violations.map(\.reason) == ["IMPORTED_OTHERWISE"])

    try await shop.deliver(number)
    let page = try await shop.marketplaces.listMarketplaceOrders(
      .init(marketplaceCode: "TMALL", pageSize: 1))
    #expect(page.orders.map(\.orderId) == ["77-1"])
    #expect(page.orders.map(\.word) == ["TRADE_FINISHED"])
    #expect(page.orders.map(\.carrier) == ["德邦"])
    let rest = try await shop.marketplaces.listMarketplaceOrders(
      .init(marketplaceCode: "TMALL", pageSize: 1, pageToken: page.nextPageToken))
    #expect(rest.orders.map { "\($0.orderId) \($0.word)" } == ["77-2 WAIT_SELLER_SEND"])
    #expect(rest.nextPageToken.isEmpty)
    let cancelled = rest.orders[0].orderNumber
    _ = try await shop.orders.cancelOrder(
      .init(number: cancelled, reason: .customerWish), options: shop.command())
    let now = try await shop.marketplaces.listMarketplaceOrders(.init(marketplaceCode: "TMALL"))
    #expect(now.orders.map(\.word) == ["TRADE_FINISHED", "CANCELLED"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is doubtful is refused or held with its reason, never taken in silence")
  func doubts() async throws {
    let shop = try await opened()
    var nowhere = Self.home
    nowhere.regionCode = "999999"
    let done = try await take(
      shop,
      [
        order("1", sku: "tm-2"), order("2", price: "450"), order("3", price: "495"),
        order("4", to: nil), order("5", to: nowhere), order("6", price: nil), order(""),
      ])
    #expect(
      done.verdicts.map(\.outcome) == [
        .refused, .waiting, .placed, .placed, .placed, .placed, .refused,
      ])
    #expect(
      done.verdicts[0].violations.map { "\($0.reason) \($0.field)" } == [
        "UNKNOWN_MARKETPLACE_SKU order.lines[0].external_sku"
      ])
    #expect(
      done.verdicts.map { $0.holds.map(\.kind) } == [
        [], [.price], [], [.address], [.address], [], [],
      ])
    let found = try await shop.intake.getFindingReport(.init(dimensions: [.cause, .source]))
    #expect(found.rows.contains(.init(cause: "MARKETPLACE_PRICE", source: "TMALL", count: 1)))
    #expect(
      found.rows.contains(.init(cause: "MARKETPLACE_ADDRESS_UNKNOWN", source: "TMALL", count: 1)))

    // Once the product is known, the same order is taken.
    _ = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(marketplaceCode: "TMALL", products: [.init(externalSku: "tm-2", sku: "LAMP")]),
      options: shop.command())
    let retried = try await take(shop, [order("1", sku: "tm-2", price: "199.9")])
    #expect(retried.counts == .init(placed: 1))
    #expect(try await shop.violations() == [])

    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [.init(regionPrefix: "31", zoneCode: "SH")]), options: shop.command())
    let far = try await take(shop, [order("8")])
    #expect(far.verdicts[0].holds.map(\.reason) == ["We do not deliver to CN 330106"])
    await shop.close()
  }

  @Test("names are listed; what is unknown or too much is refused with its field")
  func requests() async throws {
    let shop = try await opened()
    let listed = try await shop.marketplaces.listMarketplaces(.init())
    #expect(listed.marketplaces.map(\.code) == ["TMALL"])
    #expect(listed.marketplaces[0].statuses.map(\.word) == ["WAIT_SELLER_SEND", "TRADE_FINISHED"])
    let products = try await shop.marketplaces.listMarketplaceProducts(
      .init(marketplaceCode: "TMALL"))
    #expect(products.products == [.init(externalSku: "tm-1", sku: "CHAIR")])
    let bad = try await shop.marketplaces.upsertMarketplaces(
      .init(marketplaces: [
        .init(code: "A/B", name: "", customerCode: "?", warehouseCode: "?", toleranceMicros: -1)
      ]), options: shop.command())
    #expect(
      bad.verdicts[0].violations.map(\.field) == [
        "marketplaces[0].code", "marketplaces[0].name", "marketplaces[0].tolerance_micros",
        "marketplaces[0].customer_code", "marketplaces[0].warehouse_code",
      ])
    for (request, field) in [
      (OrdersV1.TakeMarketplaceOrdersRequest(marketplaceCode: "TMALL"), "orders"),
      (.init(marketplaceCode: "JD", orders: [order("1")]), "marketplace_code"),
    ] {
      let refused = await refusal {
        try await shop.marketplaces.takeMarketplaceOrders(request, options: shop.command())
      }
      let fields = refused?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field)
      #expect(fields == [field])
    }
    let dry = try await take(shop, [order("9")], options: shop.command(dryRun: true))
    #expect(dry.counts == .init(placed: 1))
    #expect(
      try await shop.marketplaces.listMarketplaceOrders(.init(marketplaceCode: "TMALL")).orders
        .isEmpty)
    await shop.close()
  }

  @Test("one thing of a marketplace is changed, and the others stay as they are")
  func update() async throws {
    let shop = try await opened()
    func set(_ row: OrdersV1.Marketplace, _ mask: String...) async throws -> OrdersV1.Marketplace? {
      let done = try await shop.marketplaces.upsertMarketplaces(
        .init(marketplaces: [row], updateMask: mask), options: shop.command())
      #expect(done.verdicts.map(\.outcome) == [.updated])
      return try await shop.marketplaces.listMarketplaces(.init()).marketplaces.first
    }
    let before = try await shop.marketplaces.listMarketplaces(.init()).marketplaces.first
    var expected = try #require(before)
    expected.name = "天猫旗舰店"
    let named = try await set(.init(code: "TMALL", name: "天猫旗舰店"), "name")
    #expect(named == expected)
    expected.allocation = .init(shareMicros: 1_000_000, keepBackUnits: 2)
    let kept = try await set(
      .init(code: "TMALL", allocation: .init(keepBackUnits: 2)), "allocation.keep_back_units")
    #expect(kept == expected)
    expected.allocation = .init(shareMicros: 500_000, keepBackUnits: 2, atMostUnits: 9)
    let shared = try await set(
      .init(code: "TMALL", allocation: .init(shareMicros: 500_000, atMostUnits: 9)),
      "allocation.share_micros", "allocation.at_most_units")
    #expect(shared == expected)
    expected.statuses = [.init(state: .shipped, word: "SENT")]
    expected.allocation = .init(shareMicros: 1_000_000)
    let words = try await set(
      .init(code: "TMALL", statuses: expected.statuses), "statuses", "allocation")
    #expect(words == expected)
    let unknown = await refusal {
      try await shop.marketplaces.upsertMarketplaces(
        .init(marketplaces: [.init(code: "TMALL")], updateMask: ["name", "words"]),
        options: shop.command())
    }
    let told = violations(unknown)
    #expect(told == ["UNKNOWN_VALUE update_mask[1]"])
    let all = try await set(
      .init(code: "TMALL", name: "T", customerCode: "CREDIT", warehouseCode: "MAIN"))
    #expect(all?.statuses == [] && all?.toleranceMicros == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
