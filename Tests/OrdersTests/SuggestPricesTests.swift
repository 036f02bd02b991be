import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Suggested prices are kept, decided and verified")
struct SuggestPricesTests {
  private static func rule(_ change: Int64, isBeyond: Bool = false) -> PriceRule {
    PriceRule(
      code: "R", list: "RETAIL", sku: "CHAIR", action: .change(Rate(micros: change)),
      band: .init(
        mostDown: Rate(micros: 150_000), mostUp: .zero, farthestDown: Rate(micros: 150_000),
        farthestUp: .zero),
      minimumDays: 1, goesBeyondBand: isBeyond)
  }

  private static func set(_ rule: PriceRule, in tx: Transaction) throws {
    _ = try SetPriceSuggestionPolicy(
      validFrom: nil, rules: [rule], reason: "a test", by: "boss"
    ).run(in: tx, at: Shop.now)
  }

  private static func find(in tx: Transaction) throws -> FoundPrices {
    try FoundPrices.find(PriceScope(), from: Shop.day, on: Shop.day, in: tx)
  }

  private static func keep(_ found: FoundPrices, in tx: Transaction) throws -> [PriceSuggestion] {
    try SuggestPrices(found, by: "boss").run(in: tx, at: Shop.now).suggestions
  }

  @discardableResult
  private static func decide(
    _ decision: DecidePriceSuggestions.Decision, by actor: String, for others: Set<String> = [],
    in tx: Transaction
  ) throws -> [String] {
    try DecidePriceSuggestions([ID(1)], decision, by: actor, standingInFor: others)
      .run(in: tx, at: Shop.now).verdicts.flatMap(\.violations).map(\.reason)
  }

  private static func setPrice(_ micros: Int64, in tx: Transaction) throws {
    let from = Shop.day.adding(days: -100)
    let verdicts = try UpsertPrices([
      PriceDraft(
        list: "RETAIL", sku: "CHAIR", unitPrice: UnitPrice(micros: micros, currency: .cny),
        validFrom: from)
    ]).run(in: tx, at: Shop.now)
    #expect(verdicts.flatMap(\.violations).isEmpty)
  }

  @Test("what was found by other rules, or from another price, is not kept")
  func outdated() throws {
    let shop = try Shop()
    try shop.write { tx in
      try Self.set(Self.rule(-100_000), in: tx)
      let found = try Self.find(in: tx)
      #expect(found.prices == 5)
      try Self.setPrice(210_000_000, in: tx)
      let kept = try SuggestPrices(found, by: "boss").run(in: tx, at: Shop.now)
      #expect(kept.suggestions.isEmpty && kept.hasMore)
      let again = try Self.find(in: tx)
      try Self.set(Self.rule(-50_000), in: tx)
      #expect(throws: PriceSuggestionRejection.policyChanged(version: 1, current: 2)) {
        try Self.keep(again, in: tx)
      }
    }
  }

  @Test("who stands in for whom has accepted it does not approve it either")
  func standIn() throws {
    let shop = try Shop()
    try shop.write { tx in
      try Self.set(Self.rule(-300_000, isBeyond: true), in: tx)
      #expect(try Self.keep(try Self.find(in: tx), in: tx).map(\.isBeyondBand) == [true])
      #expect(try Self.decide(.approve, by: "cfo", in: tx) == ["PRICE_SUGGESTION_DECIDED"])
      try Self.decide(.accept(from: nil), by: "boss", in: tx)
      #expect(
        try Self.decide(.approve, by: "deputy", for: ["boss"], in: tx)
          == ["PRICE_SUGGESTION_TAKES_ANOTHER"])
      #expect(try Self.decide(.approve, by: "cfo", in: tx) == [])
      #expect(try OrdersInvariants.violations(in: tx).isEmpty)
    }
  }

  enum Corruption: String, CaseIterable {
    /// Below the band, and said to lie in it.
    case below
    /// In the band, and said to lie beyond.
    case inside
    case alone
    case noPrice

    var rule: String {
      switch self {
      case .below, .inside: "orders.price-suggestion-within-bounds"
      case .alone: "orders.price-suggestion-four-eyes"
      case .noPrice: "orders.price-suggestion-is-price"
      }
    }

    func corrupt(in tx: Transaction) throws {
      switch self {
      case .below: try tx.execute("UPDATE price_suggestion SET beyond_band = 0")
      case .inside: try tx.execute("UPDATE price_suggestion SET suggested_micros = 190000000")
      case .alone: try tx.execute("UPDATE price_suggestion SET decided_by = accepted_by")
      case .noPrice:
        try tx.execute("UPDATE price_suggestion SET applied_from = applied_from + 1")
      }
    }
  }

  @Test("what is wrong with suggested prices is found", arguments: Corruption.allCases)
  func invariants(corruption: Corruption) throws {
    let shop = try Shop()
    try shop.write { tx in
      try Self.set(Self.rule(-300_000, isBeyond: true), in: tx)
      _ = try Self.keep(try Self.find(in: tx), in: tx)
      try Self.decide(.accept(from: nil), by: "boss", in: tx)
      try Self.decide(.approve, by: "cfo", in: tx)
      #expect(try OrdersInvariants.violations(in: tx).isEmpty)
      try corruption.corrupt(in: tx)
      #expect(try OrdersInvariants.violations(in: tx).map(\.rule) == [corruption.rule])
    }
  }
}
