import MasterData
import Storage
import Values

/// What must hold of suggested prices: none goes beyond the band of its rule unless it says so, or
/// below its floor, what goes beyond took two people, and what was accepted stands on its list.
enum PriceSuggestionInvariants {
  static let rules = [
    "orders.price-suggestion-within-bounds", "orders.price-suggestion-four-eyes",
    "orders.price-suggestion-is-price",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    var found: [InvariantViolation] = []
    let policies = Dictionary(
      try PriceSuggestionPolicyTable.all(in: snapshot).map { ($0.version, $0) },
      uniquingKeysWith: { $1 })
    try PriceSuggestionTable.forEach(in: snapshot) { one in
      let facts = [
        Fact("suggestion", one.id.value), Fact("price_list", one.subject.listCode),
        Fact("sku", one.subject.sku), Fact("suggested_price", one.suggested),
      ]
      if let rule = policies[one.policyVersion]?.rule(one.ruleCode),
        try !one.isWithin(rule)
      {
        found.append(
          InvariantViolation(
            "orders.price-suggestion-within-bounds",
            "A suggested price lies beyond the band or below the floor of its rule", facts))
      }
      if one.isBeyondBand, one.state == .accepted,
        one.decidedBy == nil || one.decidedBy == one.acceptedBy
      {
        found.append(
          InvariantViolation(
            "orders.price-suggestion-four-eyes",
            "A suggestion beyond the band became a price without a second person", facts))
      }
      if let from = one.appliedFrom, try !one.isEntry(from: from, in: snapshot) {
        found.append(
          InvariantViolation(
            "orders.price-suggestion-is-price",
            "An accepted suggestion is no entry of its list", facts))
      }
    }
    return found
  }
}

extension PriceSuggestion {
  fileprivate func isWithin(_ rule: PriceRule) throws(ArithmeticError) -> Bool {
    let band = try rule.limits(of: price, list: listPrice)
    let isInside = suggested.micros >= band.low && suggested.micros <= band.high
    if let floor = try rule.floor(facts), suggested.micros < floor { return false }
    return isBeyondBand ? rule.goesBeyondBand && !isInside : isInside
  }

  /// The price of that day may have been changed since, but not taken off.
  fileprivate func isEntry(from day: Day, in snapshot: Snapshot) throws -> Bool {
    try current(on: day, in: snapshot)?.validFrom == day
  }
}
