import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: price lists say what configured pieces cost")
struct ModelPriceTests {
  private static let from = GoogleType.Date(year: 2026, month: 1, day: 1)

  /// The oak table: 1.28 m² at 1200 an square metre are 1536.00, and oil is 120.00.
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 50, cost: "180")
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(code: "CLASS", name: "VIPs", customerClass: "VIP"),
        .init(code: "DEAL", name: "合同", customerCode: "CREDIT"),
      ]), options: shop.command())
    return shop
  }

  private func set(
    _ shop: Shop, _ list: String, _ terms: CatalogV1.ModelTerms, minimum: Int64 = 0,
    from: GoogleType.Date = from, until: GoogleType.Date? = nil, sku: String = "TABLE"
  ) async throws -> [String] {
    try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: list, sku: sku, minimumQuantity: pieces(minimum), validFrom: from,
          validUntil: until, model: terms)
      ]), options: shop.command()
    ).verdicts.flatMap { verdict in
      verdict.violations.isEmpty
        ? [verdict.outcome.name] : verdict.violations.map { "\($0.reason) \($0.field)" }
    }
  }

  private func input(
    _ settings: [(String, String)], count: Int64 = 1, customer: String = "VIP", in shop: Shop
  ) -> OrdersV1.OrderInput {
    var order = shop.input([("TABLE", count)], customer: customer)
    order.lines[0].configuration = .init(
      settings: settings.map { .init(name: $0.0, value: $0.1) })
    return order
  }

  private func price(
    _ settings: [(String, String)], count: Int64 = 1, customer: String = "VIP", in shop: Shop
  ) async throws -> PricingV1.PricedLine {
    let order = input(settings, count: count, customer: customer, in: shop)
    return try #require(
      try await shop.pricing.priceOrder(.init(order: order)).lines.first)
  }

  private let oiled = [("oiled", "yes")]

  @Test(
    "a share of all, a share of one part, an amount for another; a contract goes before a class")
  func terms() async throws {
    let shop = try await opened()
    // A unit price of the product is nothing to a configured piece.
    #expect(try await price(oiled, in: shop).unitPrice == yuanEach("1656"))
    #expect(
      try await set(
        shop, "CLASS",
        .init(shareMicros: 900_000, parts: [.init(partCode: "OIL", price: .amount(yuanEach("80")))])
      )
        == ["ROW_OUTCOME_CREATED"])
    let classed = try await price(oiled, in: shop)
    // 90 % of 1536.00, and 80.00.
    #expect(classed.unitPrice == yuanEach("1462.4"))
    #expect(
      classed.explanation?.steps.map(\.rule) == [
        "CONFIGURED_PRICE", "CLASS_PRICE_LIST", "MODEL_TERMS", "AMOUNT",
      ])
    #expect(
      classed.explanation?.steps.dropFirst(2).first?.text
        == "90% of the model's price, OIL 80 CNY: 1462.4 CNY per pcs")
    // What is not chosen costs nothing.
    #expect(try await price([], in: shop).unitPrice == yuanEach("1382.4"))
    // Others pay what the model says, and a contract goes before it.
    #expect(try await price(oiled, customer: "CREDIT", in: shop).unitPrice == yuanEach("1656"))
    #expect(
      try await set(
        shop, "DEAL", .init(parts: [.init(partCode: "TOP", price: .shareMicros(500_000))]))
        == ["ROW_OUTCOME_CREATED"])
    let deal = try await price(oiled, customer: "CREDIT", in: shop)
    #expect(deal.unitPrice == yuanEach("888"))
    #expect(deal.explanation?.steps.map(\.rule).contains("CONTRACT_PRICE_LIST") == true)
    let placed = try await shop.orders.placeOrder(
      .init(order: input(oiled, customer: "CREDIT", in: shop)), options: shop.command()
    ).order
    #expect(placed?.lines.first?.unitPrice == yuanEach("888"))
    #expect(placed?.lines.first?.configuration?.price == yuanEach("1656"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("from a quantity on, on some days, by steps over all lines, however each was chosen")
  func breaks() async throws {
    let shop = try await opened()
    let last = GoogleType.Date(year: 2026, month: 3, day: 8)
    _ = try await set(shop, "CLASS", .init(shareMicros: 900_000), until: last)
    _ = try await set(shop, "CLASS", .init(shareMicros: 800_000), minimum: 3, until: last)
    #expect(try await price([], count: 2, in: shop).unitPrice == yuanEach("1382.4"))
    #expect(try await price([], count: 3, in: shop).unitPrice == yuanEach("1228.8"))
    shop.clock.advance(days: 7)
    #expect(try await price([], count: 3, in: shop).unitPrice == yuanEach("1536"))
    // By steps, over the lines together: the first two at 90 %, what is beyond at half.
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(
          code: "STEPS", name: "Steps", customerClass: "VIP", priority: 1, breaks: .graduated,
          countsAcrossLines: true)
      ]), options: shop.command())
    _ = try await set(shop, "STEPS", .init(shareMicros: 900_000))
    _ = try await set(shop, "STEPS", .init(shareMicros: 500_000), minimum: 2)
    var order = input([], in: shop)
    order.lines.append(input(oiled, count: 3, in: shop).lines[0])
    let lines = try await shop.pricing.priceOrder(.init(order: order)).lines
    #expect(lines.map(\.net) == [yuan("1382.40"), yuan("3146.40")])
    #expect(lines.last?.unitPrice == yuanEach("1048.8"))
    #expect(lines.last?.explanation?.steps.filter { $0.rule == "PRICE_TIER" }.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was agreed stays, on orders and on quotes, whatever the list says later")
  func agreed() async throws {
    let shop = try await opened()
    _ = try await set(shop, "CLASS", .init(shareMicros: 900_000))
    let quote = try await shop.quotes.createQuote(
      .init(customerCode: "VIP", variants: [.init(order: input([], in: shop))]),
      options: shop.command())
    let placed = try await shop.orders.placeOrder(
      .init(order: input([], in: shop)), options: shop.command()
    ).order
    let number = placed?.number ?? ""
    #expect(try await set(shop, "CLASS", .init(shareMicros: 700_000)) == ["ROW_OUTCOME_UPDATED"])
    #expect(try await set(shop, "CLASS", .init(shareMicros: 700_000)) == ["ROW_OUTCOME_UNCHANGED"])
    let ordered = try await shop.quotes.convertQuote(
      .init(number: quote.quote?.number ?? ""), options: shop.command()
    ).order
    #expect(ordered?.lines.first?.unitPrice == yuanEach("1382.4"))
    let changed = try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(requestedOn: .init(year: 2026, month: 9, day: 1)),
        reason: "later"), options: shop.command()
    ).order
    #expect(changed?.lines.first?.unitPrice == yuanEach("1382.4"))
    let repriced = try await shop.orders.changeOrder(
      .init(number: number, change: .init(reprice: true), reason: "as today"),
      options: shop.command(roles: "SALES_MANAGER")
    ).order
    #expect(repriced?.lines.first?.unitPrice == yuanEach("1075.2"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "the models of a list in the base currency are converted where prices are, and tax is added")
  func currenciesAndTax() async throws {
    let shop = try await opened()
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "USD", micros: 8_000_000, units: 1), validFrom: Self.from,
          source: "PBoC")
      ]), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(code: "JOHN", name: "John", customerClass: "VIP", currencyCode: "USD")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(code: "CLASS", name: "VIPs", customerClass: "VIP", taxIncluded: true)
      ]), options: shop.command())
    _ = try await set(shop, "CLASS", .init(shareMicros: 500_000))
    let none = await refusal { try await price([], customer: "JOHN", in: shop) }
    #expect(none?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.reason) == ["NO_PRICE"])
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(convertsPrices: true)), options: shop.command())
    let line = try await price([], customer: "JOHN", in: shop)
    // Half of 1536.00 without tax, at 8.00 for a dollar.
    #expect(line.unitPrice == .init(currencyCode: "USD", micros: 96_000_000))
    #expect(line.net == .init(currencyCode: "USD", minorUnits: 96_00))
    #expect(
      line.explanation?.steps.map(\.rule) == [
        "CONFIGURED_PRICE", "CLASS_PRICE_LIST", "MODEL_TERMS", "EXCHANGE_RATE", "AMOUNT",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("terms that cannot be are refused, all at once, with their fields")
  func refused() async throws {
    let shop = try await opened()
    #expect(
      try await set(
        shop, "CLASS",
        .init(
          shareMicros: -1,
          parts: [
            .init(partCode: "TOP", price: .shareMicros(10_000_001)),
            .init(partCode: "TOP", price: .amount(.init(currencyCode: "USD", micros: 1))),
            .init(partCode: "OIL"), .init(price: .shareMicros(1)),
          ])) == [
          "REQUIRED prices[0].model.parts[2].price",
          "REQUIRED prices[0].model.parts[3].part_code",
          "OUT_OF_RANGE prices[0].model.share_micros",
          "OUT_OF_RANGE prices[0].model.parts[0].share_micros",
          "CURRENCY_NOT_ACCEPTED prices[0].model.parts[1].amount",
          "NAME_TAKEN prices[0].model.parts[1].part_code",
        ])
    #expect(
      try await set(
        shop, "CLASS", .init(parts: [.init(partCode: "LEGS", price: .shareMicros(1))]))
        == ["UNKNOWN_PRICE_PART prices[0].model.parts[0].part_code"])
    #expect(try await set(shop, "CLASS", .init(), sku: "CHAIR") == ["UNKNOWN_MODEL prices[0].sku"])
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "US", name: "US", currencyCode: "USD")]),
      options: shop.command())
    #expect(
      try await set(shop, "US", .init()) == ["CURRENCY_NOT_ACCEPTED prices[0].price_list_code"])
    let both = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "CLASS", sku: "TABLE", unitPrice: yuanEach("1"), validFrom: Self.from,
          unitCode: "pcs", model: .init())
      ]), options: shop.command())
    #expect(
      both.verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" }
        == ["NOT_BOTH prices[0].unit_price", "NOT_BOTH prices[0].unit_code"])
    #expect(try await price([], in: shop).unitPrice == yuanEach("1536"))
    await shop.close()
  }
}
