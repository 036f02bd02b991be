import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: rules suggest prices, and people make them so")
struct PriceSuggestionTests {
  private typealias Rule = PricingV1.PriceRule

  /// Chairs that lie for long go down by a tenth, never below a fifth over cost.
  private static let clear = Rule(
    code: "CLEAR", priceListCode: "RETAIL",
    conditions: [.init(fact: .coverDays, bound: .atLeast, valueMicros: 60_000_000)],
    action: .changeMicros(-100_000), endingStep: yuan("10"), ending: yuan("9"),
    mostDownMicros: 150_000, farthestDownMicros: 200_000, floorMarginMicros: 200_000,
    minimumDays: 14)

  private func opened(_ rules: [PricingV1.PriceRule]) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    try await shop.stock("LAMP", 90, cost: "80")
    // Sixty of ninety lamps are gone: thirty last a fortnight.
    _ = try await shop.place([("LAMP", 60)], customer: "VIP")
    shop.clock.advance(days: 1)
    try await set(rules, shop)
    return shop
  }

  private func set(_ rules: [PricingV1.PriceRule], _ shop: Shop) async throws {
    _ = try await shop.suggestions.setPriceSuggestionPolicy(
      .init(rules: rules, reason: "a test"), options: shop.command())
  }

  private func suggest(
    _ shop: Shop, dryRun: Bool = false
  ) async throws -> PricingV1.SuggestPricesResponse {
    try await shop.suggestions.suggestPrices(
      .init(priceListCode: "RETAIL"), options: shop.command(dryRun: dryRun))
  }

  /// "CHAIR 449", for each.
  private func told(_ reply: PricingV1.SuggestPricesResponse) -> [String] {
    reply.suggestions.map { one in
      "\(one.sku) \((one.suggestedPrice?.micros ?? 0) / 10_000)\(one.beyondBand ? " beyond" : "")"
    }
  }

  private func accept(
    _ ids: [Int64], _ shop: Shop, by actor: String = "li.na"
  ) async throws -> PricingV1.AcceptPriceSuggestionsResponse {
    try await shop.suggestions.acceptPriceSuggestions(
      .init(ids: ids), options: shop.command(by: actor))
  }

  private func price(_ shop: Shop, _ sku: String, day: GoogleType.Date? = nil) async throws -> Int64
  {
    let reply = try await shop.catalog.getPrice(
      .init(customerCode: "CASH", sku: sku, day: day))
    return (reply.unitPrice?.micros ?? 0) / 10_000
  }

  private func state(_ id: Int64, _ shop: Shop) async throws -> PricingV1.PriceSuggestionState? {
    try await shop.suggestions.getPriceSuggestion(.init(id: id)).suggestion?.state
  }

  @Test("a chair that lies is suggested cheaper with its reasons, and accepting it makes a price")
  func clearance() async throws {
    let shop = try await opened([Self.clear])
    let shown = try await suggest(shop, dryRun: true)
    #expect(told(shown) == ["CHAIR 44900"])
    #expect(
      try await shop.suggestions.listPriceSuggestions(.init()).suggestions.isEmpty)
    let made = try await suggest(shop)
    #expect(made == shown)
    #expect(made.prices == 4)
    #expect(made.silences == [.init(silence: .noRule, prices: 3)])
    let again = try await suggest(shop)
    #expect(again.suggestions.isEmpty)
    #expect(
      again.silences == [
        .init(silence: .noRule, prices: 3), .init(silence: .open, prices: 1),
      ])

    let id = try #require(made.suggestions.first?.id)
    let one = try #require(
      try await shop.suggestions.getPriceSuggestion(.init(id: id)).suggestion)
    #expect(one.explanation?.steps.map(\.rule) == ["RULE", "COVER_DAYS", "CHANGE", "ENDING"])
    #expect(one.costExplanation?.steps.map(\.rule) == ["MARGIN_AFTER"])
    #expect(one.facts?.onHand == amount("90", "pcs") && one.facts?.coverDaysMicros == nil)
    #expect(one.facts?.unitCost == yuanEach("200"))
    // 299 of 499, and 249 of 449, rounded down.
    #expect(one.facts?.marginMicros == 599_198 && one.suggestedMarginMicros == 554_565)
    #expect(one.price == yuanEach("499") && one.listPrice == yuanEach("499"))
    #expect(one.expiresOn == .init(year: 2026, month: 3, day: 17))

    #expect(try await price(shop, "CHAIR") == 49_900)
    let done = try await accept([id], shop)
    #expect(done.verdicts.map(\.outcome) == [.updated])
    #expect(done.suggestions.first?.state == .accepted)
    #expect(done.suggestions.first?.appliedFrom == .init(year: 2026, month: 3, day: 3))
    #expect(try await price(shop, "CHAIR") == 44_900)
    #expect(
      try await price(shop, "CHAIR", day: .init(year: 2026, month: 3, day: 2)) == 49_900)
    let twice = try await accept([id, 99], shop)
    #expect(
      twice.verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" } == [
        "PRICE_SUGGESTION_DECIDED ids[0]", "UNKNOWN_PRICE_SUGGESTION ids[1]",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("step by step a price goes no farther from its list price than the band")
  func steps() async throws {
    let shop = try await opened([Self.clear])
    var prices: [String] = []
    for _ in 0..<4 {
      let made = try await suggest(shop)
      prices += told(made)
      _ = try await accept(
        made.suggestions.map(\.id).isEmpty ? [1] : made.suggestions.map(\.id), shop)
      // One day too few, and nothing is said.
      shop.clock.advance(days: 13)
      #expect(
        try await suggest(shop).silences.contains { $0.silence == .tooSoon }
          || prices.count == 3)
      shop.clock.advance(days: 1)
    }
    // A fifth below 499 is 399.20; nothing between that and 409 ends in 9.
    #expect(
      prices.filter { $0.hasPrefix("CHAIR") } == ["CHAIR 44900", "CHAIR 40900", "CHAIR 39920"])
    let listed = try await shop.suggestions.listPriceSuggestions(.init(sku: "CHAIR")).suggestions
    #expect(listed.map { $0.listPrice } == Array(repeating: yuanEach("499"), count: 3))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("beyond the band it takes two people, whatever the rule would do by itself")
  func beyond() async throws {
    var deep = Self.clear
    deep.action = .changeMicros(-300_000)
    (deep.beyondBand, deep.appliesWithinBand) = (true, true)
    let shop = try await opened([deep])
    let made = try await suggest(shop)
    #expect(told(made) == ["CHAIR 34900 beyond"])
    #expect(made.suggestions.first?.state == .open)
    let id = try #require(made.suggestions.first?.id)
    let accepted = try await accept([id], shop, by: "li.na")
    #expect(accepted.suggestions.first?.state == .pending)
    #expect(try await price(shop, "CHAIR") == 49_900)
    let alone = try await shop.suggestions.approvePriceSuggestions(
      .init(ids: [id]), options: shop.command(by: "li.na"))
    #expect(
      alone.verdicts.flatMap(\.violations).map(\.reason) == ["PRICE_SUGGESTION_TAKES_ANOTHER"])
    let agreed = try await shop.suggestions.approvePriceSuggestions(
      .init(ids: [id]), options: shop.command(by: "boss"))
    #expect(agreed.suggestions.first?.state == .accepted)
    #expect(agreed.suggestions.first?.acceptedBy == "li.na")
    #expect(agreed.suggestions.first?.decidedBy == "boss")
    #expect(try await price(shop, "CHAIR") == 34_900)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a rule may apply its own within the band; scarce goods go up")
  func automatic() async throws {
    let scarce = Rule(
      code: "SCARCE", priceListCode: "RETAIL",
      conditions: [
        .init(fact: .coverDays, bound: .atMost, valueMicros: 20_000_000),
        .init(fact: .unitsSold, bound: .atLeast, valueMicros: 1_000_000),
        .init(fact: .incomingUnits, bound: .atMost, valueMicros: 0),
      ], action: .changeMicros(50_000), mostUpMicros: 50_000, farthestUpMicros: 50_000,
      minimumDays: 7, appliesWithinBand: true)
    let shop = try await opened([scarce])
    let shown = try await suggest(shop, dryRun: true)
    #expect(try await price(shop, "LAMP") == 19_990)
    let made = try await suggest(shop)
    #expect(made == shown)
    // 209.895 is the end of the band.
    #expect(told(made) == ["LAMP 20989"])
    #expect(made.suggestions.first?.state == .accepted)
    #expect(made.suggestions.first?.facts?.coverDaysMicros == 14_000_000)
    #expect(try await price(shop, "LAMP") == 20_989)
    shop.clock.advance(days: 7)
    #expect(try await suggest(shop).silences.contains(.init(silence: .noChange, prices: 1)))

    // Sixty were ordered the day before; in the week since, seven more.
    _ = try await shop.place([("LAMP", 7)], customer: "VIP")
    shop.clock.advance(days: 7)
    let effect = try #require(
      try await shop.suggestions.listPriceEffects(.init(days: 14)).effects.first)
    #expect(effect.days == 14)
    #expect(effect.before?.units == amount("60", "pcs"))
    #expect(effect.before?.revenue == yuan("11994"))
    #expect(effect.after?.units == amount("7", "pcs"))
    #expect(effect.after?.revenue == yuan("1469.23"))
    #expect(effect.after?.unitsPerDay == amount("0.5", "pcs"))
    #expect(effect.after?.revenuePerDay == yuan("104.95"))
    // 129.89 of 209.89 is left over a cost of 80.
    #expect(effect.after?.marginMicros == 618_847)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was changed meanwhile is stale, what waits too long expires, and a no is heard")
  func endsOfSuggestions() async throws {
    let shop = try await opened([Self.clear])
    let first = try #require(try await suggest(shop).suggestions.first?.id)
    // Somebody else changes the price.
    let change = { (from: GoogleType.Date, price: String) in
      _ = try await shop.catalog.upsertPrices(
        .init(prices: [
          .init(
            priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("499"),
            validFrom: .init(year: 2026, month: 1, day: 1),
            validUntil: .init(year: 2026, month: 3, day: 2)),
          .init(
            priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach(price), validFrom: from),
        ]), options: shop.command())
    }
    try await change(.init(year: 2026, month: 3, day: 3), "480")
    let stale = try await accept([first], shop)
    #expect(
      stale.verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" } == [
        "PRICE_SUGGESTION_STALE ids[0]"
      ])
    shop.clock.advance(days: 14)
    // The new price is old enough, and makes the old suggestion give way.
    let second = try #require(try await suggest(shop).suggestions.first)
    #expect(second.price == yuanEach("480") && second.listPrice == yuanEach("480"))
    #expect(try await state(first, shop) == .stale)

    shop.clock.advance(days: 15)
    #expect(try await state(second.id, shop) == .expired)
    let late = try await accept([second.id], shop)
    #expect(late.verdicts.flatMap(\.violations).map(\.reason) == ["PRICE_SUGGESTION_EXPIRED"])
    #expect(
      try await shop.suggestions.listPriceSuggestions(.init(state: .expired)).suggestions
        .map(\.id).contains(second.id))
    let third = try #require(
      try await suggest(shop).suggestions.first { $0.sku == "CHAIR" })
    let rejected = try await shop.suggestions.rejectPriceSuggestions(
      .init(ids: [third.id], reason: "a fair is near"), options: shop.command())
    #expect(rejected.suggestions.first?.state == .rejected)
    #expect(rejected.suggestions.first?.reason == "a fair is near")
    shop.clock.advance(days: 13)
    #expect(!(try await suggest(shop).suggestions.contains { $0.sku == "CHAIR" }))
    shop.clock.advance(days: 1)
    #expect(try await suggest(shop).suggestions.contains { $0.sku == "CHAIR" })

    // Goods got dearer: a fifth over cost is more than what was suggested.
    let fourth = try await shop.suggestions.listPriceSuggestions(.init(state: .open, sku: "CHAIR"))
    try await shop.stock("CHAIR", 900, cost: "400")
    let dear = try await accept(fourth.suggestions.map(\.id), shop)
    #expect(
      dear.verdicts.flatMap(\.violations).map(\.reason) == ["PRICE_SUGGESTION_BELOW_FLOOR"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("prices of packs and of quantities are suggested each in its own words")
  func packsAndBreaks() async throws {
    let shop = try await opened([Self.clear])
    _ = try await shop.products.upsertProductUnits(
      .init(units: [.init(sku: "CHAIR", unitCode: "box", baseQuantity: pieces(6))]),
      options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("2600"),
          minimumQuantity: pieces(6), validFrom: .init(year: 2026, month: 1, day: 1),
          unitCode: "box")
      ]), options: shop.command())
    let made = try await suggest(shop)
    #expect(told(made) == ["CHAIR 44900", "CHAIR 233900"])
    #expect(made.suggestions.map(\.unitCode) == ["pcs", "box"])
    // Six cost 1,200.
    #expect(made.suggestions.last?.facts?.unitCost == yuanEach("1200"))
    _ = try await accept(made.suggestions.map(\.id), shop)
    let six = try await shop.catalog.getPrice(
      .init(customerCode: "CASH", sku: "CHAIR", quantity: pieces(6)))
    // 2,339 for six is 389.833333 each.
    #expect(six.unitPrice?.micros == 389_833_333)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a list in another currency with tax in it counts cost and margin in its own")
  func foreignList() async throws {
    var clear = Self.clear
    (clear.priceListCode, clear.endingStep, clear.ending) = ("EXPORT", nil, nil)
    let shop = try await opened([])
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(code: "EXPORT", name: "出口", taxIncluded: true, currencyCode: "USD")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "EXPORT", sku: "CHAIR",
          unitPrice: .init(currencyCode: "USD", micros: 45_200_000), validFrom: from)
      ]), options: shop.command())
    try await set([clear], shop)
    let search = { (dryRun: Bool) in
      try await shop.suggestions.suggestPrices(.init(), options: shop.command(dryRun: dryRun))
    }
    // Nobody knows what 200 CNY are.
    #expect(try await search(true).silences == [.init(silence: .costUnknown, prices: 1)])
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "USD", micros: 8_000_000, units: 1), validFrom: from)
      ]), options: shop.command())
    let one = try #require(try await search(false).suggestions.first)
    #expect(one.facts?.unitCost == .init(currencyCode: "USD", micros: 25_000_000))
    // 40 without tax, and 15 of them are earned.
    #expect(one.facts?.marginMicros == 375_000)
    #expect(one.suggestedPrice == .init(currencyCode: "USD", micros: 40_680_000))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rules are versions, and whatever is wrong with one is told with its field")
  func badInput() async throws {
    let shop = try await opened([Self.clear])
    let policies = try await shop.suggestions.listPriceSuggestionPolicies(.init()).policies
    #expect(policies.map(\.version) == [1])
    let bad = Rule(
      code: "not a code", priceListCode: "NONE", sku: "GHOST", supplierCode: "NOBODY",
      windowDays: 999,
      conditions: [
        .init(fact: .margin, bound: .atLeast),
        .init(fact: .coverDays, bound: .atMost, valueMicros: 1),
      ],
      endingStep: .init(currencyCode: "CNY", minorUnits: 0), mostDownMicros: -1,
      farthestUpMicros: 2_000_000, floorMarginMicros: 1_000_000)
    let error = await refusal {
      try await shop.suggestions.setPriceSuggestionPolicy(
        .init(rules: [bad, Self.clear, Self.clear]), options: shop.command())
    }
    #expect(error?.code == .invalidArgument)
    let told = Set(violations(error).map { String($0.split(separator: " ")[1]) })
    for field in [
      "reason", "rules[0].code", "rules[0].price_list_code", "rules[0].sku",
      "rules[0].supplier_code", "rules[0].window_days",
      "rules[0].change_micros",
      "rules[0].most_down_micros", "rules[0].farthest_up_micros",
      "rules[0].floor_margin_micros", "rules[0].minimum_days", "rules[2].code",
    ] {
      #expect(told.contains(field), "\(field) is not among \(told)")
    }
    let unknown = await refusal {
      try await shop.suggestions.suggestPrices(
        .init(priceListCode: "NONE"), options: shop.command())
    }
    #expect(unknown?.code == .notFound && reason(unknown) == "UNKNOWN_PRICE_LIST")
    let past = await refusal {
      try await shop.suggestions.suggestPrices(
        .init(day: .init(year: 2026, month: 3, day: 2)), options: shop.command())
    }
    #expect(violations(past).map { $0.hasSuffix(" day") } == [true])
    let nothing = await refusal { try await accept([], shop) }
    #expect(violations(nothing) == ["OUT_OF_RANGE ids"])
    let noReason = await refusal {
      try await shop.suggestions.rejectPriceSuggestions(
        .init(ids: [1]), options: shop.command())
    }
    #expect(violations(noReason) == ["REQUIRED reason"])
    let ghost = await refusal {
      try await shop.suggestions.getPriceSuggestion(.init(id: 7))
    }
    #expect(ghost?.code == .notFound)
    // Without rules nothing is looked at.
    try await set([], shop)
    let silent = try await suggest(shop)
    #expect(silent.prices == 0 && silent.suggestions.isEmpty && silent.silences.isEmpty)
    let first = try await shop.suggestions.getPriceSuggestionPolicy(.init(version: 1)).policy
    #expect(first == policies.first)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
