package import MasterData
package import Values

/// A reduction that everybody gets who buys what it asks for, while it runs.
///
/// Of the promotions of one stacking group an order gets the one that takes off the most; groups
/// add up, each on what those before have left. An exclusive promotion goes with no other: it is
/// given instead of all the rest when it takes off at least as much as they do.
package struct Promotion: Hashable, Sendable {
  /// What it takes off.
  package enum Effect: Hashable, Sendable {
    /// Of what the goods come to.
    case share(Rate)
    /// Of all its goods together; of a set: of each set.
    case amount(Money)
    /// Each set costs this.
    case setPrice(Money)
  }

  /// A product that it is about.
  package struct Item: Hashable, Sendable {
    package let sku: String
    /// How much of it makes a set; 0 when the promotion is not about sets.
    package let quantity: Quantity

    package init(sku: String, quantity: Quantity = .zero) {
      self.sku = sku
      self.quantity = quantity
    }
  }

  package let id: ID<Promotion>
  /// Names the promotion for ever.
  package let code: String
  package var name: String
  package var validFrom: Day
  /// Last day; nil for no end.
  package var validUntil: Day?
  /// Only orders that come this way; nil for any.
  package var channel: Channel?
  /// Class of customers it is for; nil for all.
  package var customerClass: String?
  /// Of those of one group the best one counts; empty: a group of its own.
  package var group: String
  package var isExclusive: Bool
  /// Groups come in turn, the one with the largest priority first, then by name; among promotions
  /// that take off the same, the larger priority wins, then the code.
  package var priority: Int
  /// Leaves out lines with a discount of their own and prices agreed with the customer.
  package var isForFullPriceOnly: Bool
  /// Only orders that bring one of its coupons.
  package var needsCoupon: Bool
  /// Its products; none for all.
  package var items: [Item]
  /// Its items make a set (a bundle, a room): it is about complete sets.
  package var isSet: Bool
  /// Its goods must be at least so many.
  package var minimumQuantity: Quantity
  /// Its goods must come to at least this much, counted as prices are.
  package var minimumAmount: Money?
  package var effect: Effect
  /// The most that it takes off an order.
  package var cap: Money?

  /// Of those with the same name, one counts.
  var groupName: String { group.isEmpty ? "=" + code : group }

  /// Its amounts in the currency of a document.
  mutating func convert(by rate: ExchangeRate) throws(ArithmeticError) {
    minimumAmount = try minimumAmount.converted(by: rate)
    cap = try cap.converted(by: rate)
    switch effect {
    case .share: break
    case .amount(let amount): effect = .amount(try rate.converted(amount))
    case .setPrice(let price): effect = .setPrice(try rate.converted(price))
    }
  }

  /// Whether an order of that customer by that channel may have it at all on the day that it was
  /// listed for. `coupons` are the promotions for which it brings one.
  func isOffered(to customerClass: String, by channel: Channel, coupons: Set<String>) -> Bool {
    (self.channel == nil || self.channel == channel)
      && (self.customerClass == nil || self.customerClass == customerClass)
      && (!needsCoupon || coupons.contains(code))
  }
}
