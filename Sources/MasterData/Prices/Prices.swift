package import Storage
package import Values

/// Prices of products for customers.
package enum Prices {
  /// What `customer` can have the products for on `day`, buying by `channel` (nil: by any way that
  /// is not named by a list); as many as there are products, by one statement.
  package static func offers(
    of products: [Product], for customer: Customer, by channel: Channel?, on day: Day,
    in snapshot: Snapshot
  ) throws -> [PriceOffers] {
    let offers = try PriceTable.offers(
      of: products, for: customer, by: channel, on: day, in: snapshot)
    return products.map {
      PriceOffers(
        offers: offers[$0.id] ?? [], unit: $0.unit, customerCode: customer.code,
        customerClass: customer.customerClass)
    }
  }

  /// The price of one unit when `customer` buys `quantity` on `day` and nothing else; nil when no
  /// list has one.
  package static func price(
    of product: Product, for customer: Customer, by channel: Channel? = nil, quantity: Quantity,
    on day: Day, in snapshot: Snapshot
  ) throws -> PriceDecision? {
    try offers(of: [product], for: customer, by: channel, on: day, in: snapshot)[0]
      .price(of: quantity)
  }
}
