/// What customers buy together: a pure count over baskets, so that the same orders give the same
/// answer, and nobody's own purchase shows in it.
package enum CoPurchases {
  /// What a customer bought with one order.
  package struct Basket: Hashable, Sendable {
    package let customer: String
    package var skus: Set<String>

    package init(customer: String, skus: Set<String>) {
      self.customer = customer
      self.skus = skus
    }
  }

  /// Something that goes with a basket.
  package struct Companion: Hashable, Sendable {
    package let sku: String
    /// Who bought it with something of the basket.
    package let customers: Int
    /// With what, the most customers first.
    package let with: [Pair]
  }

  package struct Pair: Hashable, Sendable {
    package let sku: String
    package let customers: Int
  }

  /// Fewer customers could be recognised by what they bought.
  package static let fewestCustomers = 3

  /// What goes with `wanted`: the most customers first, then what goes with more of it, then by
  /// sku.
  package static func companions(of wanted: Set<String>, in baskets: [Basket]) -> [Companion] {
    var buyers: [String: Set<String>] = [:]
    var pairs: [String: [String: Set<String>]] = [:]
    for basket in baskets {
      let shared = basket.skus.intersection(wanted)
      guard !shared.isEmpty else { continue }
      for sku in basket.skus.subtracting(wanted) {
        buyers[sku, default: []].insert(basket.customer)
        for one in shared { pairs[sku, default: [:]][one, default: []].insert(basket.customer) }
      }
    }
    return buyers.filter { $0.value.count >= fewestCustomers }
      .map { sku, customers in
        let with = pairs[sku, default: [:]].map { Pair(sku: $0.key, customers: $0.value.count) }
          .filter { $0.customers >= fewestCustomers }
          .sorted { (-$0.customers, $0.sku) < (-$1.customers, $1.sku) }
        return Companion(sku: sku, customers: customers.count, with: with)
      }
      .sorted { (-$0.customers, -$0.with.count, $0.sku) < (-$1.customers, -$1.with.count, $1.sku) }
  }
}
