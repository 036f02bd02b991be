package import Values

/// What a line costs less than its price and its own discount say, and why. Amounts are counted as
/// prices are: with tax where the document's prices hold it.
package struct Adjustment: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// By a promotion, which the code names.
    case promotion = "PROMOTION"
    /// The line's share of a discount on the whole order.
    case orderDiscount = "ORDER_DISCOUNT"
  }

  package let kind: Kind
  /// Names the rule among those of its kind; empty where there is but one.
  package let code: String
  /// Positive.
  package let amount: Money
}

/// A discount on the whole order.
package enum OrderDiscount: Hashable, Sendable {
  /// A share of what the lines come to.
  case share(Rate)
  /// An amount, counted as prices are.
  case amount(Money)
}
