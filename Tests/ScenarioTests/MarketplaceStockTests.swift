import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a marketplace is told what it may offer, and misses no change")
struct MarketplaceStockTests {
  /// What a marketplace knows: the quantities that it was told, and where to go on.
  private struct Adapter {
    let marketplace: String
    var quantities: [String: String] = [:]
    var token = ""

    /// Asks until nothing else has changed; returns what came, in its order.
    @discardableResult
    mutating func ask(_ shop: Shop, pageSize: Int32 = 0) async throws -> [String] {
      var came: [String] = []
      var answer = OrdersV1.ListMarketplaceStockResponse()
      repeat {
        answer = try await shop.marketplaces.listMarketplaceStock(
          .init(marketplaceCode: marketplace, pageSize: pageSize, resumeToken: token))
        token = answer.resumeToken
        for row in answer.rows {
          quantities[row.externalSku] = row.quantity.map { "\($0.micros / 1_000_000)" }
          came.append(row.externalSku)
        }
      } while !answer.caughtUp
      return came
    }
  }

  private func opened(
    _ allocation: OrdersV1.StockAllocation? = nil,
    _ products: [OrdersV1.MarketplaceProduct] = [.init(externalSku: "tm-1", sku: "CHAIR")]
  ) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "210")
    _ = try await shop.marketplaces.upsertMarketplaces(
      .init(marketplaces: [
        .init(
          code: "TMALL", name: "天猫", customerCode: "CREDIT", warehouseCode: "MAIN",
          allocation: allocation)
      ]), options: shop.command())
    try await name(shop, products)
    return shop
  }

  private func name(_ shop: Shop, _ products: [OrdersV1.MarketplaceProduct]) async throws {
    let named = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(marketplaceCode: "TMALL", products: products), options: shop.command())
    #expect(named.verdicts.allSatisfy { $0.outcome != .refused })
  }

  private func sell(_ shop: Shop, _ count: Int64) async throws {
    _ = try await shop.orders.placeOrder(
      .init(order: shop.input([("CHAIR", count)], customer: "VIP")), options: shop.command())
  }

  @Test("what it may offer follows from the stock, its share, what is kept back, and the most")
  func allocation() async throws {
    let shop = try await opened(
      .init(shareMicros: 500_000, keepBackUnits: 3),
      [
        .init(externalSku: "chair", sku: "CHAIR"),
        .init(
          externalSku: "few", sku: "CHAIR",
          allocation: .init(
            shareMicros: 1_000_000, atMostUnits: 5)),
        .init(externalSku: "none", sku: "CHAIR", allocation: .init()),
        .init(externalSku: "lamp", sku: "LAMP"),
        .init(externalSku: "table", sku: "TABLE"),
        .init(externalSku: "made", sku: "TABLE", allocation: .init(atMostUnits: 7)),
        .init(
          externalSku: "board", sku: "BOARD",
          allocation: .init(
            shareMicros: 1_000_000, atMostUnits: 7)),
      ])
    var adapter = Adapter(marketplace: "TMALL")
    try await adapter.ask(shop)
    // Half of the 37 that are not kept back, in whole chairs. Nobody sells boards.
    #expect(
      adapter.quantities == [
        "chair": "18", "few": "5", "none": "0", "lamp": "0", "table": "0", "made": "7",
        "board": "0",
      ])
    try await sell(shop, 38)
    #expect(try await adapter.ask(shop).sorted() == ["chair", "few"])
    #expect(adapter.quantities["chair"] == "0" && adapter.quantities["few"] == "2")

    _ = try await shop.assortment.upsertLifecycles(
      .init(lifecycles: [
        .init(sku: "TABLE", orderableUntil: .init(year: 2026, month: 1, day: 31))
      ]), options: shop.command())
    #expect(try await adapter.ask(shop) == ["made"])
    #expect(adapter.quantities["made"] == "0")
    let kept = try await shop.marketplaces.listMarketplaceProducts(
      .init(marketplaceCode: "TMALL")
    ).products
    #expect(
      kept.first { $0.externalSku == "few" }?.allocation
        == .init(shareMicros: 1_000_000, atMostUnits: 5))
    #expect(kept.first { $0.externalSku == "chair" }?.allocation == nil)
    #expect(
      try await shop.marketplaces.listMarketplaces(.init()).marketplaces[0].allocation
        == .init(shareMicros: 500_000, keepBackUnits: 3))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who comes back is told what has changed since, however long ago, and nothing else")
  func resuming() async throws {
    let shop = try await opened(
      nil,
      (1...5).map { .init(externalSku: "tm-\($0)", sku: $0 == 5 ? "LAMP" : "CHAIR") })
    var often = Adapter(marketplace: "TMALL")
    #expect(try await often.ask(shop, pageSize: 2) == ["tm-1", "tm-2", "tm-3", "tm-4", "tm-5"])
    #expect(try await often.ask(shop) == [])
    var seldom = often
    try await sell(shop, 4)
    #expect(try await often.ask(shop, pageSize: 3) == ["tm-1", "tm-2", "tm-3", "tm-4"])
    try await shop.stock("LAMP", 2, cost: "90")
    #expect(try await often.ask(shop) == ["tm-5"])
    try await sell(shop, 1)
    let removed = try await shop.marketplaces.removeMarketplaceProducts(
      .init(marketplaceCode: "TMALL", externalSkus: ["tm-2", "?", "tm-2"]),
      options: shop.command())
    #expect(removed.verdicts.map(\.outcome) == [.removed, .unchanged, .refused])
    try await name(shop, [.init(externalSku: "tm-3", sku: "LAMP")])
    try await often.ask(shop)
    try await seldom.ask(shop, pageSize: 1)
    var new = Adapter(marketplace: "TMALL")
    try await new.ask(shop)
    let wanted = ["tm-1": "35", "tm-2": "0", "tm-3": "2", "tm-4": "35", "tm-5": "2"]
    #expect(often.quantities == wanted && seldom.quantities == wanted && new.quantities == wanted)

    // A name that comes back is offered again.
    try await name(shop, [.init(externalSku: "tm-2", sku: "CHAIR")])
    #expect(try await seldom.ask(shop) == ["tm-2"])
    #expect(seldom.quantities["tm-2"] == "35")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an order that was taken stays so when its product is no longer named")
  func forgotten() async throws {
    let shop = try await opened()
    let request = OrdersV1.TakeMarketplaceOrdersRequest(
      marketplaceCode: "TMALL",
      orders: [.init(orderId: "1", lines: [.init(externalSku: "tm-1", quantity: pieces(1))])])
    let taken = try await shop.marketplaces.takeMarketplaceOrders(
      request, options: shop.command())
    #expect(taken.counts == .init(placed: 1))
    _ = try await shop.marketplaces.removeMarketplaceProducts(
      .init(marketplaceCode: "TMALL", externalSkus: ["tm-1"]), options: shop.command())
    let again = try await shop.marketplaces.takeMarketplaceOrders(
      request, options: shop.command())
    #expect(again.counts == .init(unchanged: 1))
    var other = request
    other.orders[0].orderId = "2"
    let refused = try await shop.marketplaces.takeMarketplaceOrders(
      other, options: shop.command())
    #expect(refused.verdicts[0].violations.map(\.reason) == ["UNKNOWN_MARKETPLACE_SKU"])
    await shop.close()
  }

  @Test("all who ask while others buy end with what is there")
  func concurrently() async throws {
    let shop = try await opened()
    let known = try await withThrowingTaskGroup(of: Adapter.self) { group in
      for _ in 0..<3 {
        group.addTask {
          var adapter = Adapter(marketplace: "TMALL")
          for _ in 0..<10 { try await adapter.ask(shop) }
          return adapter
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { buyers in
        for _ in 0..<12 { buyers.addTask { try await sell(shop, 2) } }
        try await buyers.waitForAll()
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for var adapter in known {
      try await adapter.ask(shop)
      #expect(adapter.quantities == ["tm-1": "16"])
    }
    await shop.close()
  }

  @Test("a token of something else is refused, and so is what is no allocation")
  func refusals() async throws {
    let shop = try await opened()
    let other = try await opened()
    var adapter = Adapter(marketplace: "TMALL")
    try await adapter.ask(shop)
    try await sell(shop, 1)
    try await adapter.ask(shop)
    func refused(_ token: String, at place: Shop) async -> String? {
      reason(
        await refusal {
          try await place.marketplaces.listMarketplaceStock(
            .init(marketplaceCode: "TMALL", resumeToken: token))
        })
    }
    #expect(await refused(adapter.token, at: other) == "RESUME_TOKEN_AHEAD")
    try await sell(other, 2)
    try await sell(other, 3)
    #expect(await refused(adapter.token, at: other) == "RESUME_TOKEN_FOREIGN")
    #expect(await refused("1234", at: shop) == "RESUME_TOKEN_INVALID")
    let unknown = await refusal {
      try await shop.marketplaces.listMarketplaceStock(.init(marketplaceCode: "JD"))
    }
    #expect(reason(unknown) == "UNKNOWN_MARKETPLACE")
    let bad = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(
        marketplaceCode: "TMALL",
        products: [
          .init(
            externalSku: "x", sku: "CHAIR",
            allocation: .init(shareMicros: 1_000_001, keepBackUnits: -1, atMostUnits: -1))
        ]), options: shop.command())
    #expect(
      bad.verdicts[0].violations.map(\.field) == [
        "products[0].allocation.share_micros", "products[0].allocation.keep_back_units",
        "products[0].allocation.at_most_units",
      ])
    await shop.close()
    await other.close()
  }
}
