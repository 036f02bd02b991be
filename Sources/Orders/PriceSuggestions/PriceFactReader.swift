import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Values

/// Looks up what rules look at, of many products together.
struct PriceFactReader {
  let today: Day
  private let base: Currency
  private var stock: [ID<Product>: ShelfStock] = [:]
  private var incoming: [ID<Product>: Quantity] = [:]
  private var suppliers: [ID<Product>: SupplierPrice] = [:]
  /// By the days of a window.
  private var sold: [Int: [ID<Product>: Quantity]] = [:]

  init(today: Day, in snapshot: Snapshot) throws {
    self.today = today
    base = try Companies.current(in: snapshot).baseCurrency
  }

  /// What is known of other products is forgotten.
  mutating func read(_ products: [ID<Product>], in snapshot: Snapshot) throws {
    stock = try Availability.shelves(of: products, in: snapshot)
    suppliers = try SupplierPrices.preferred(for: products, in: snapshot)
    incoming = try Arrivals.ordered(of: products, in: snapshot)
    for (product, quantity) in try WorkOrders.coming(of: products, in: snapshot) {
      incoming[product] = try incoming[product, default: .zero] + quantity
    }
  }

  /// Empty where nobody is asked first.
  func supplier(of product: Product) -> String { suppliers[product.id]?.supplierCode ?? "" }

  /// Of a product that was read; how old its stock is only where a rule asks.
  mutating func facts(
    of product: Product, _ price: Price, in list: PriceList, window days: Int, askingAge: Bool,
    in snapshot: Snapshot
  ) throws -> PriceFacts {
    var facts = PriceFacts(today: today)
    let shelves = stock[product.id]
    facts.onHand = shelves?.onHand ?? .zero
    facts.reserved = shelves?.reserved ?? .zero
    facts.incoming = incoming[product.id] ?? .zero
    facts.windowDays = days
    facts.unitsSold = try sales(of: days, in: snapshot)[product.id] ?? .zero
    let end = [product.lifecycle?.orderableUntil, product.lifecycle?.discontinuedOn]
      .compactMap(\.self).min()
    facts.daysToEnd = end.map { Int64($0.daysSinceEpoch) - Int64(today.daysSinceEpoch) }
    if askingAge {
      let oldest = try StockMoves.oldest(of: product.id, onHand: facts.onHand, in: snapshot)
      facts.stockAgeDays = oldest.map {
        Int64(today.daysSinceEpoch) - Int64($0.daysSinceEpoch)
      }
    }
    facts.baseCost = try baseCost(of: product)
    facts.unitCost = try facts.baseCost.flatMap { try cost($0, asOf: price, in: snapshot) }
    facts.taxRate =
      list.isTaxIncluded
      ? try TaxRates.rate(of: product.taxClass, on: today, in: snapshot) : .zero
    return facts
  }

  /// On average on the shelves, else what the supplier asks who is asked first; nil where nobody
  /// knows.
  private func baseCost(of product: Product) throws(ArithmeticError) -> UnitPrice? {
    guard let shelves = stock[product.id], shelves.onHand.isPositive else {
      return suppliers[product.id].map(\.unitPrice).flatMap { $0.currency == base ? $0 : nil }
    }
    let value = Int128(shelves.value.minor) * PriceRule.minor(shelves.value.currency)
    return UnitPrice(
      micros: try Rounding.quotient(value * 1_000_000, Int128(shelves.onHand.micros)),
      currency: shelves.value.currency)
  }

  /// Of one of the unit that is priced, in the currency of the price; nil without a rate.
  private func cost(
    _ base: UnitPrice, asOf price: Price, in snapshot: Snapshot
  ) throws -> UnitPrice? {
    let currency = price.said.currency
    guard currency != base.currency else { return try price.said(ofBase: base) }
    let rate = try ExchangeRates.find(currency, on: today, in: snapshot)
    return try rate.map { try price.said(ofBase: $0.converted(base)) }
  }

  private mutating func sales(
    of days: Int, in snapshot: Snapshot
  ) throws -> [ID<Product>: Quantity] {
    if let known = sold[days] { return known }
    let found = try ProductSales.units(
      from: today.adding(days: -days), until: today.adding(days: -1), in: snapshot)
    sold[days] = found
    return found
  }
}
