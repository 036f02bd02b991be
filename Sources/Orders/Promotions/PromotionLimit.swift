import MasterData
package import Storage
package import Values

/// What all promotions of one order may take off together: the smaller of both.
package struct PromotionLimit: Hashable, Sendable {
  /// Of what the goods come to before promotions; nil for no such limit.
  package let share: Rate?
  /// Nil for no such limit.
  package let amount: Money?

  package static let none = PromotionLimit(share: nil, amount: nil)

  package init(share: Rate?, amount: Money?) {
    self.share = share
    self.amount = amount
  }

  /// In minor units, of goods that come to `value`.
  func most(of value: Money, _ mode: Rounding.Mode) throws(ArithmeticError) -> Int64 {
    let byAmount = amount?.minor ?? .max
    guard let share else { return byAmount }
    return min(try value.share(share, mode).minor, byAmount)
  }
}

/// Questions about what limits promotions.
package enum PromotionLimits {
  package static func current(in snapshot: Snapshot) throws -> PromotionLimit {
    try PricingRulesTable.kinds(in: snapshot).promotionLimit
  }
}

/// Sets what all promotions of one order may take off together. Orders keep what they were
/// submitted with.
package struct SetPromotionLimit: Sendable {
  package let limit: PromotionLimit

  package init(_ limit: PromotionLimit) { self.limit = limit }

  package func run(in tx: Transaction, at now: Moment) throws -> PromotionLimit {
    var check = FieldCheck(FieldPath("limit"))
    if let share = limit.share { check.range(share, "share_micros", Rate(micros: 1) ... .one) }
    if let amount = limit.amount {
      check.amount(amount, "amount", base: try Companies.current(in: tx).baseCurrency)
    }
    try check.pass()
    try PricingRulesTable.set(promotionLimit: limit, in: tx)
    tx.record(
      DomainEvent(
        "promotion-limit.set", DocumentReference(.masterData, "promotion-limit"),
        [
          Fact("share", limit.share?.description ?? ""),
          Fact("amount", limit.amount?.description ?? ""),
        ]))
    return limit
  }
}
