package import Storage
package import Values

/// Prices of products for customers.
package enum Prices {
  /// What `customer` can have `product` for on `day`, buying up to `quantity` of it by `channel`
  /// (nil: by any way that is not named by a list).
  package static func offers(
    of product: Product, for customer: Customer, by channel: Channel?, upTo quantity: Quantity,
    on day: Day, in snapshot: Snapshot
  ) throws -> PriceOffers {
    PriceOffers(
      offers: try PriceTable.offers(
        of: product.id, for: customer, by: channel, quantity: quantity, on: day, in: snapshot),
      unit: product.unit, customerCode: customer.code, customerClass: customer.customerClass)
  }

  /// The price of one unit when `customer` buys `quantity` on `day` and nothing else; nil when no
  /// list has one.
  package static func price(
    of product: Product, for customer: Customer, by channel: Channel? = nil, quantity: Quantity,
    on day: Day, in snapshot: Snapshot
  ) throws -> PriceDecision? {
    try offers(
      of: product, for: customer, by: channel, upTo: quantity, on: day, in: snapshot
    ).price(of: quantity)
  }
}
