import Messages
import RPC
import TestKit
import TestRandom
import Testing

@Suite("Simulation: suggested prices over months against a model")
struct PriceSimulationTests {
  @Test(
    "what is suggested, accepted, stale and expired is what the model says",
    arguments: SimulationTests.seeds)
  func pricesFollowModel(seed: UInt64) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var traders = PriceTraders(shop: shop, seed: seed)
    try await traders.begin()
    for step in 1...150 {
      try await traders.step()
      if step % 30 == 0 { #expect(try await shop.violations() == []) }
    }
    await shop.close()
  }
}

/// People who buy, sell and set prices.
private struct PriceTraders {
  let shop: Shop
  var random: Seeded
  var model = PriceModel()
  /// Days since Monday, the 2nd of March 2026.
  var today = 0

  private static let skus = ["CHAIR", "LAMP"]

  init(shop: Shop, seed: UInt64) {
    self.shop = shop
    random = Seeded(seed)
  }

  private func date(_ day: Int) -> GoogleType.Date {
    var (month, rest) = (3, day + 1)
    for length in [31, 30, 31, 30, 31, 31, 30, 31, 30] {
      if rest < length { break }
      rest -= length
      month += 1
    }
    return .init(year: 2026, month: Int32(month), day: Int32(rest + 1))
  }

  mutating func begin() async throws {
    // Prices of furnish hold since New Year's Day, 60 days ago.
    model.prices = [
      "CHAIR": .init(cents: 49_900, since: -60, list: 49_900),
      "LAMP": .init(cents: 19_990, since: -60, list: 19_990),
    ]
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "RICH", name: "富豪", creditLimit: yuan("90000000"), terms: .init(netDays: 60))
      ]), options: shop.command())
    let window = Int32(PriceModel.window)
    let expiry = Int32(PriceModel.expiry)
    _ = try await shop.suggestions.setPriceSuggestionPolicy(
      .init(
        rules: [
          .init(
            code: "OLD", priceListCode: "RETAIL", windowDays: window,
            conditions: [.init(fact: .stockAgeDays, bound: .atLeast, valueMicros: 20_000_000)],
            action: .changeMicros(-300_000), mostDownMicros: 100_000,
            farthestDownMicros: 400_000, floorMarginMicros: 100_000, minimumDays: 4,
            expiresAfterDays: expiry, beyondBand: true, appliesWithinBand: true),
          .init(
            code: "SLOW", priceListCode: "RETAIL", windowDays: window,
            conditions: [.init(fact: .coverDays, bound: .atLeast, valueMicros: 30_000_000)],
            action: .changeMicros(-80_000), endingStep: yuan("1"), ending: yuan("0.90"),
            mostDownMicros: 100_000, farthestDownMicros: 250_000, floorMarginMicros: 200_000,
            minimumDays: 3, expiresAfterDays: expiry),
          .init(
            code: "SCARCE", priceListCode: "RETAIL", windowDays: window,
            conditions: [
              .init(fact: .coverDays, bound: .atMost, valueMicros: 5_000_000),
              .init(fact: .unitsSold, bound: .atLeast, valueMicros: 1),
            ], action: .changeMicros(70_000), mostUpMicros: 50_000, farthestUpMicros: 150_000,
            minimumDays: 2, expiresAfterDays: expiry, appliesWithinBand: true),
        ], reason: "simulated"), options: shop.command())
  }

  mutating func step() async throws {
    switch random.number(0...11) {
    case 0, 1: try await receive()
    case 2, 3, 4: try await sell()
    case 5, 6:
      let days = Int(random.number(1...6))
      today += days
      shop.clock.advance(days: Int64(days))
    case 7, 8: try await suggest()
    case 9: try await accept()
    case 10: try await random.chance(50) ? approve() : reject()
    default: try await random.chance(40) ? change() : look()
    }
  }

  private mutating func pick() -> String { random.chance(50) ? "CHAIR" : "LAMP" }

  private mutating func receive() async throws {
    let sku = pick()
    let (count, cost) = (random.number(1...30), random.number(40...300))
    try await shop.stock(sku, count, cost: "\(cost)")
    model.stock[sku, default: .init()].receipts.append((today, count))
    model.stock[sku]?.value += count * cost * 100
  }

  /// Reserved on the day, and sometimes delivered at once.
  private mutating func sell() async throws {
    let sku = pick()
    let free = (model.stock[sku]?.onHand ?? 0) - (model.stock[sku]?.reserved ?? 0)
    guard free > 0 else { return }
    let count = random.number(1...min(free, 5))
    let order = try await shop.place([(sku, count)], customer: "RICH")
    #expect(order.lines.first?.unitPrice?.micros == (model.prices[sku]?.cents ?? 0) * 10_000)
    model.stock[sku]?.sold.append((today, count))
    if random.chance(20) {
      _ = try await shop.orders.cancelOrder(
        .init(number: order.number, reason: .entryError), options: shop.command())
      model.stock[sku]?.sold.removeLast()
      return
    }
    if random.chance(30) {
      model.stock[sku]?.reserved += count
      return
    }
    try await shop.deliver(order.number)
    model.take(sku, count, on: today)
  }

  private mutating func suggest() async throws {
    var expected: [PriceModel.Suggestion] = []
    for sku in Self.skus {
      guard var one = model.suggested(sku, on: today) else { continue }
      if one.rule != "SLOW", !one.isBeyond { (one.state, one.by) = (.accepted, "li.na") }
      expected.append(one)
    }
    let shown = try await shop.suggestions.suggestPrices(
      .init(), options: shop.command(dryRun: true))
    let options = shop.command()
    let made = try await shop.suggestions.suggestPrices(.init(), options: options)
    #expect(made == shown)
    #expect(
      made.suggestions.map { "\($0.sku) \($0.ruleCode) \($0.suggestedPrice?.micros ?? 0)" }
        == expected.map { "\($0.sku) \($0.rule) \($0.cents * 10_000)" }, "day \(today)")
    #expect(made.suggestions.map(\.beyondBand) == expected.map(\.isBeyond), "day \(today)")
    for one in expected {
      for index in model.suggestions.indices where model.suggestions[index].sku == one.sku {
        let other = model.suggestions[index]
        guard other.state == .open || other.state == .pending else { continue }
        model.suggestions[index].state = other.until < today ? .expired : .stale
      }
      model.suggestions.append(one)
      if one.state == .accepted { model.accept(model.suggestions.count - 1, on: today) }
    }
    #expect(try await shop.suggestions.suggestPrices(.init(), options: options) == made)
    #expect(
      try await shop.suggestions.suggestPrices(.init(), options: shop.command()).suggestions == [])
  }

  /// One of the last, whatever has become of it.
  private mutating func some() -> Int? {
    model.suggestions.indices.suffix(4).randomElement(using: &random)
  }

  /// Why one cannot be made a price; nil where it can.
  private func refusal(
    of index: Int, in states: [PriceModel.Suggestion.State], by actor: String? = nil
  ) -> String? {
    let one = model.suggestions[index]
    if [.open, .pending].contains(one.state), one.until < today {
      return "PRICE_SUGGESTION_EXPIRED"
    }
    guard states.contains(one.state) else { return "PRICE_SUGGESTION_DECIDED" }
    if let actor, actor == one.by { return "PRICE_SUGGESTION_TAKES_ANOTHER" }
    guard model.isCurrent(one) else { return "PRICE_SUGGESTION_STALE" }
    if let floor = PriceModel.floor(of: one.rule), !model.keeps(floor, one.cents, one.sku) {
      return "PRICE_SUGGESTION_BELOW_FLOOR"
    }
    return nil
  }

  private mutating func accept() async throws {
    guard let index = some() else { return }
    let actor = random.chance(50) ? "li.na" : "boss"
    let expected = refusal(of: index, in: [.open])
    let done = try await shop.suggestions.acceptPriceSuggestions(
      .init(ids: [Int64(index + 1)]), options: shop.command(by: actor))
    #expect(
      done.verdicts.flatMap(\.violations).map(\.reason) == [expected].compactMap(\.self),
      "\(index + 1) on day \(today)")
    guard expected == nil else { return }
    model.suggestions[index].by = actor
    if model.suggestions[index].isBeyond {
      model.suggestions[index].state = .pending
    } else {
      model.accept(index, on: today)
    }
  }

  private mutating func approve() async throws {
    guard let index = some() else { return }
    let actor = random.chance(50) ? "li.na" : "boss"
    let expected = refusal(of: index, in: [.pending], by: actor)
    let done = try await shop.suggestions.approvePriceSuggestions(
      .init(ids: [Int64(index + 1)]), options: shop.command(by: actor))
    #expect(
      done.verdicts.flatMap(\.violations).map(\.reason) == [expected].compactMap(\.self),
      "\(index + 1) on day \(today)")
    if expected == nil { model.accept(index, on: today) }
  }

  private mutating func reject() async throws {
    guard let index = some() else { return }
    let one = model.suggestions[index]
    let expected =
      [.open, .pending].contains(one.state)
      ? (one.until < today ? "PRICE_SUGGESTION_EXPIRED" : nil) : "PRICE_SUGGESTION_DECIDED"
    let done = try await shop.suggestions.rejectPriceSuggestions(
      .init(ids: [Int64(index + 1)], reason: "not now"), options: shop.command())
    #expect(
      done.verdicts.flatMap(\.violations).map(\.reason) == [expected].compactMap(\.self),
      "\(index + 1) on day \(today)")
    guard expected == nil else { return }
    (model.suggestions[index].state, model.suggestions[index].decided) = (.rejected, today)
  }

  /// Somebody sets a price: what was suggested for the old one is stale.
  private mutating func change() async throws {
    let sku = pick()
    guard let old = model.prices[sku], old.since < today else { return }
    let cents = random.number(15_000...60_000)
    let new = TypeV1.UnitPrice(currencyCode: "CNY", micros: cents * 10_000)
    let from = old.since == -60 ? GoogleType.Date(year: 2026, month: 1, day: 1) : date(old.since)
    let done = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: sku,
          unitPrice: .init(currencyCode: "CNY", micros: old.cents * 10_000), validFrom: from,
          validUntil: date(today - 1)),
        .init(priceListCode: "RETAIL", sku: sku, unitPrice: new, validFrom: date(today)),
      ]), options: shop.command())
    #expect(done.verdicts.map(\.outcome) == [.updated, .created], "\(done.verdicts)")
    model.prices[sku] = .init(cents: cents, since: today, list: cents)
  }

  /// Every suggestion is what it should be.
  private mutating func look() async throws {
    let found = try await shop.suggestions.listPriceSuggestions(.init(pageSize: 500)).suggestions
    let wanted = model.suggestions.map { one -> PricingV1.PriceSuggestionState in
      switch one.state {
      case .open: one.until < today ? .expired : .open
      case .pending: one.until < today ? .expired : .pending
      case .accepted: .accepted
      case .rejected: .rejected
      case .expired: .expired
      case .stale: .stale
      }
    }
    #expect(found.reversed().map(\.state) == wanted, "day \(today)")
    #expect(
      found.reversed().map(\.listPrice?.micros) == model.suggestions.map { $0.from.list * 10_000 })
    for state in [PricingV1.PriceSuggestionState.open, .pending, .accepted, .expired, .stale] {
      let some = try await shop.suggestions.listPriceSuggestions(
        .init(pageSize: 500, state: state)
      ).suggestions
      #expect(some == found.filter { $0.state == state })
    }
  }
}
