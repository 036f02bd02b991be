package import Storage
import Synchronization
package import Values

/// Prices of products for customers.
package enum Prices {
  /// What the offers of all products depend on besides the price lists.
  private struct Buyer: Hashable {
    let day: Day
    let channel: Channel?
    let currency: Currency
    /// By which prices in the base currency are converted.
    let rate: ExchangeRate?
    let customerClass: String
    /// Empty of a customer with neither a list of its own nor a contract: they share what they are
    /// offered with the others of their class.
    let customer: String
  }

  /// Found for each line of each order: two numbers.
  private struct OfferKey: Hashable {
    let product: ID<Product>
    let buyer: UInt64
  }

  private static let known = LookupCache<OfferKey, PriceOffers>(limit: 20_000)
  /// A number never has a second meaning: what is forgotten gets another one.
  private static let buyers = LookupCache<Buyer, UInt64>(limit: 20_000)
  private static let lastBuyer = Atomic<UInt64>(0)

  /// What `customer` can have each of the products for on `day`, buying by `channel` (nil: by any
  /// way that is not named by a list), in a currency: with a rate of it from the base currency as
  /// well, where the company converts prices.
  package static func offers(
    of products: [Product], for customer: Customer, by channel: Channel?, on day: Day,
    as currency: Currency, _ rate: ExchangeRate?, in snapshot: Snapshot
  ) throws -> [PriceOffers] {
    let rate = try rate.flatMap { try areConverted(in: snapshot) ? $0 : nil }
    let isAlone =
      try customer.priceList != nil
      || PriceListTable.contractors(in: snapshot).contains(customer.code)
    let buyer = try snapshot.lookUp(
      Buyer(
        day: day, channel: channel, currency: currency, rate: rate,
        customerClass: customer.customerClass, customer: isAlone ? customer.code : ""), in: buyers
    ) { lastBuyer.add(1, ordering: .relaxed).newValue }
    let keys = products.map { OfferKey(product: $0.id, buyer: buyer) }
    let found = try snapshot.lookUp(all: keys, in: known) { missing in
      let rows = try PriceTable.offers(
        of: missing.map(\.product), for: customer, by: channel, on: day, in: currency,
        orConvertedBy: rate, in: snapshot)
      let units = Dictionary(products.map { ($0.id, $0.unit) }) { unit, _ in unit }
      return Dictionary(
        missing.map { key in
          let offers = PriceOffers(
            rows[key.product] ?? [], unit: units[key.product] ?? "", for: customer)
          return (key, offers)
        }
      ) { offers, _ in offers }
    }
    return found.map { $0 ?? PriceOffers([], unit: "", for: customer) }
  }

  /// Whether prices in the base currency count at the exchange rate where there are no others.
  package static func areConverted(in snapshot: Snapshot) throws -> Bool {
    try CompanyTable.convertsPrices(in: snapshot)
  }

  /// The price of one unit when `customer` buys `quantity` on `day` and nothing else, in a currency
  /// (nil: the customer's); nil when no list has one.
  package static func price(
    of product: Product, for customer: Customer, by channel: Channel? = nil, quantity: Quantity,
    as currency: Currency? = nil, on day: Day, in snapshot: Snapshot
  ) throws -> PriceDecision? {
    let currency = currency ?? customer.currency
    let rate = try ExchangeRates.rate(
      of: currency, base: customer.baseCurrency, on: day, field: "currency_code", in: snapshot)
    return try offers(
      of: [product], for: customer, by: channel, on: day, as: currency, rate, in: snapshot)[0]
      .price(of: quantity)
  }
}
