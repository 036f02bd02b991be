import MasterData
package import Storage
package import Values

/// Which prices are looked at.
package struct PriceScope: Hashable, Sendable {
  /// Empty for any, as the others.
  package let list: String
  package let productClass: String
  package let sku: String
  package let supplier: String
  package let rule: String

  package init(
    list: String = "", productClass: String = "", sku: String = "", supplier: String = "",
    rule: String = ""
  ) {
    self.list = list
    self.productClass = productClass
    self.sku = sku
    self.supplier = supplier
    self.rule = rule
  }
}

/// What rules suggest on a day: found on a snapshot, since there is much to look up, and kept by
/// `SuggestPrices`.
package struct FoundPrices: Sendable {
  /// Nil where there are no rules: then nothing was looked at.
  let policyVersion: Int64?
  /// By list, sku and minimum quantity.
  fileprivate(set) var suggestions: [PriceSuggestion] = []
  package fileprivate(set) var hasMore = false
  /// That were looked at.
  package fileprivate(set) var prices: Int64 = 0
  /// How many of them nothing is suggested for.
  package fileprivate(set) var silences: [PriceSilence: Int64] = [:]

  /// What one command keeps at most.
  package static let limit = 500

  /// `day` is the one from which on suggested prices would hold; what is on hand and was sold is
  /// that of `today`.
  package static func find(
    _ scope: PriceScope, from day: Day, on today: Day, limit: Int = limit, in snapshot: Snapshot
  ) throws -> FoundPrices {
    if !scope.list.isEmpty {
      _ = try PriceLists.require(code: scope.list, field: "price_list_code", in: snapshot)
    }
    if !scope.sku.isEmpty {
      _ = try Products.require(sku: scope.sku, field: "sku", in: snapshot)
    }
    let policy = try PriceSuggestionPolicies.inForce(on: today, in: snapshot)
    var found = FoundPrices(policyVersion: policy?.version)
    guard let policy else { return found }
    let lists = Set(policy.rules.map(\.list)).filter { scope.list.isEmpty || $0 == scope.list }
    var reader = try PriceFactReader(today: today, in: snapshot)
    for code in lists.sorted() where !found.hasMore {
      var search = PriceSearch(
        list: try PriceLists.require(code: code, field: "price_list_code", in: snapshot),
        policy: policy, scope: scope, day: day, limit: limit)
      try search.run(&reader, into: &found, in: snapshot)
    }
    return found
  }
}

/// Goes over what one list holds.
private struct PriceSearch {
  let list: PriceList
  let policy: PriceSuggestionPolicy
  let scope: PriceScope
  let day: Day
  let limit: Int
  private let rules: [PriceRule]

  /// Prices that are read together.
  private static let together = 500

  init(
    list: PriceList, policy: PriceSuggestionPolicy, scope: PriceScope, day: Day, limit: Int
  ) {
    self.list = list
    self.policy = policy
    self.scope = scope
    self.day = day
    self.limit = limit
    rules = policy.rules.filter { $0.list == list.code }
  }

  mutating func run(
    _ reader: inout PriceFactReader, into found: inout FoundPrices, in snapshot: Snapshot
  ) throws {
    var last: PriceLists.Entry?
    while true {
      let entries = try PriceLists.entries(
        of: list, on: day, after: last, limit: Self.together, in: snapshot)
      guard let end = entries.last else { return }
      last = end
      let products = try Products.find(skus: entries.map(\.sku), in: snapshot)
      try reader.read(entries.map(\.price.product), in: snapshot)
      for (entry, product) in zip(entries, products) {
        guard let product, isLookedAt(product, reader) else { continue }
        if found.suggestions.count == limit {
          found.hasMore = true
          return
        }
        found.prices += 1
        switch try suggestion(product, entry.price, &reader, in: snapshot) {
        case .found(let one): found.suggestions.append(one)
        case .silent(let silence): found.silences[silence, default: 0] += 1
        }
      }
    }
  }

  private func isLookedAt(_ product: Product, _ reader: PriceFactReader) -> Bool {
    (scope.sku.isEmpty || scope.sku == product.sku)
      && (scope.productClass.isEmpty || scope.productClass == product.productClass)
      && (scope.supplier.isEmpty || scope.supplier == reader.supplier(of: product))
  }

  private enum Answer {
    case found(PriceSuggestion)
    case silent(PriceSilence)
  }

  private func suggestion(
    _ product: Product, _ price: Price, _ reader: inout PriceFactReader, in snapshot: Snapshot
  ) throws -> Answer {
    guard product.kind != .rawMaterial else { return .silent(.notSold) }
    guard let (rule, facts) = try firstRule(product, price, &reader, in: snapshot),
      scope.rule.isEmpty || scope.rule == rule.code
    else { return .silent(.noRule) }
    if let open = try PriceSuggestionTable.open(price, in: snapshot),
      open.state(on: reader.today).isOpen, open.isFrom(price)
    {
      return .silent(.open)
    }
    let rejected = try PriceSuggestionTable.rejectedOn(price, by: rule.code, in: snapshot)
    if price.validFrom.adding(days: rule.minimumDays) > day
      || rejected.map({ $0.adding(days: rule.minimumDays) > reader.today }) ?? false
    {
      return .silent(.tooSoon)
    }
    let listPrice = try PriceSuggestionTable.listPrice(of: price, in: snapshot) ?? price.said
    switch try rule.propose(insteadOf: price.said, list: listPrice, facts) {
    case .silent(let silence): return .silent(silence)
    case .suggested(let proposal):
      return .found(
        PriceSuggestion(
          subject: .init(
            list: list.id, listCode: list.code, product: product.id, sku: product.sku,
            minimumQuantity: price.minimumQuantity, baseUnit: product.unit,
            unit: price.saidUnit ?? product.unit),
          price: price.said, priceFrom: price.validFrom, listPrice: listPrice,
          suggested: proposal.price, isBeyondBand: proposal.isBeyondBand,
          policyVersion: policy.version, ruleCode: rule.code, facts: facts, validFrom: day,
          expiresOn: reader.today.adding(days: rule.expiresAfterDays),
          explanation: proposal.explanation, costExplanation: proposal.costExplanation))
    }
  }

  /// The first that fits, with what it knows; nil where none does.
  private func firstRule(
    _ product: Product, _ price: Price, _ reader: inout PriceFactReader, in snapshot: Snapshot
  ) throws -> (PriceRule, PriceFacts)? {
    for rule in rules where rule.isAbout(product, supplier: reader.supplier(of: product)) {
      let facts = try reader.facts(
        of: product, price, in: list, window: rule.windowDays,
        askingAge: rule.conditions.contains { $0.fact == .stockAgeDays }, in: snapshot)
      if rule.holds(at: price.said, facts) { return (rule, facts) }
    }
    return nil
  }
}

/// Keeps what was found, of what still is as it was when it was looked at. Of one price there is
/// one open suggestion at a time: one whose days are over, or whose price was changed, makes room.
package struct SuggestPrices: Sendable {
  package let found: FoundPrices
  /// Who asks.
  package let actor: String

  package init(_ found: FoundPrices, by actor: String) {
    self.found = found
    self.actor = actor
  }

  package struct Outcome: Sendable {
    /// Those that were kept.
    package let suggestions: [PriceSuggestion]
    package let hasMore: Bool
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    guard let version = found.policyVersion else {
      return Outcome(suggestions: [], hasMore: false)
    }
    let policy = try PriceSuggestionPolicies.require(version: version, on: now.day, in: tx)
    let current = try PriceSuggestionPolicies.inForce(on: now.day, in: tx)
    if let current, current.version != version {
      throw PriceSuggestionRejection.policyChanged(version: version, current: current.version)
    }
    var kept: [PriceSuggestion] = []
    for var one in found.suggestions {
      guard try makeRoom(for: one, in: tx, at: now) else { continue }
      one.id = try PriceSuggestionTable.insert(one, in: tx)
      if let rule = policy.rule(one.ruleCode), rule.appliesWithinBand, !one.isBeyondBand {
        one.acceptedBy = actor
        try one.apply(from: one.validFrom, in: tx, at: now)
        one.record("price-suggestion.accepted", by: actor, [Fact("from", one.validFrom)], in: tx)
      }
      kept.append(one)
    }
    if let first = kept.first, let last = kept.last {
      tx.record(
        DomainEvent(
          "price-suggestions.made", DocumentReference(.masterData, "price-suggestions"),
          [
            Fact("suggestions", kept.count),
            Fact("waiting", kept.count { $0.state.isOpen }),
            Fact("beyond_band", kept.count { $0.isBeyondBand }), Fact("policy", version),
            Fact("first_id", first.id.value), Fact("last_id", last.id.value), Fact("actor", actor),
          ]))
    }
    return Outcome(
      suggestions: kept, hasMore: found.hasMore || kept.count < found.suggestions.count)
  }

  /// False where there is an open one, or the price is not the one that was looked at.
  private func makeRoom(
    for one: PriceSuggestion, in tx: Transaction, at now: Moment
  ) throws -> Bool {
    guard let price = try one.current(on: one.validFrom, in: tx), one.isFrom(price) else {
      return false
    }
    guard var open = try PriceSuggestionTable.open(price, in: tx) else { return true }
    switch open.state(on: now.day) {
    case .expired: open.state = .expired
    case .open where !open.isFrom(price), .pending where !open.isFrom(price): open.state = .stale
    default: return false
    }
    try PriceSuggestionTable.update(open, in: tx)
    return true
  }
}
