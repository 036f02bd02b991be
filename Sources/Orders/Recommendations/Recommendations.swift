package import MasterData
package import Storage
package import Values

/// A product that goes with what a customer buys.
package struct Recommendation: Sendable {
  package let product: Product
  package let companion: CoPurchases.Companion
}

/// What to offer beside a basket, counted when it is asked over the newest orders of everybody. An
/// order pays nothing for it.
package enum Recommendations {
  /// Orders that are counted, and lines of each.
  static let newest = 3_000
  static let linesOfOne = 50
  /// A customer's own, where it has no basket.
  static let newestOfCustomer = 20
  /// Products in a basket.
  package static let largestBasket = 50
  /// Companions that are looked at for whether they can be ordered.
  static let mostLookedAt = 300

  package struct Answer: Sendable {
    package let recommendations: [Recommendation]
    /// By sku.
    package let basket: [String]
    package let orders: Int
  }

  /// Refuses an unknown customer, and products that there are not. Without `skus` what the customer
  /// bought lately is the basket.
  package static func of(
    _ skus: [String], for customerCode: String, limit: Int, on day: Day, in snapshot: Snapshot
  ) throws -> Answer {
    let customer = try Customers.require(code: customerCode, field: "customer_code", in: snapshot)
    var check = FieldCheck(.request)
    check.range(skus.count, "skus", 0...largestBasket)
    check.range(limit, "limit", 1...50)
    try check.pass()
    for (index, product) in try Products.find(skus: skus, in: snapshot).enumerated()
    where product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: "skus[\(index)]", sku: skus[index])
          .ifNamed(skus[index]))
    }
    try check.pass()
    let wanted =
      skus.isEmpty
      ? try PurchaseTable.skus(
        of: customer.code, orders: newestOfCustomer, limit: largestBasket, in: snapshot)
      : Set(skus)
    let baskets = try PurchaseTable.baskets(
      newest: newest, lines: linesOfOne, in: snapshot)
    var found: [Recommendation] = []
    for companion in CoPurchases.companions(of: wanted, in: baskets).prefix(mostLookedAt) {
      guard found.count < limit else { break }
      guard let product = try Products.find(sku: companion.sku, in: snapshot),
        Sourcing(product.kind) != nil,
        try product.lifecycleRefusal(on: day, field: "sku", in: snapshot) == nil
      else { continue }
      found.append(Recommendation(product: product, companion: companion))
    }
    return Answer(recommendations: found, basket: wanted.sorted(), orders: baskets.count)
  }
}
