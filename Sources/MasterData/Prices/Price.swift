package import Values

/// One price of a list: for a product, from a quantity on, in a period.
package struct Price: Hashable, Sendable {
  package let list: ID<PriceList>
  package let product: ID<Product>
  /// Of one base unit, without tax; of a pack rounded to a millionth.
  package var unitPrice: UnitPrice
  /// As it was said, where one base unit comes to no whole number of millionths.
  package var pack: PackPrice?
  /// What configured pieces of the product cost, in place of the unit price, which is nothing then.
  package var model: ModelTerms?
  /// Holds for quantities from this one on; 0 for any.
  package let minimumQuantity: Quantity
  package let validFrom: Day
  /// Last day on which it holds; nil for no end.
  package var validUntil: Day?

  /// The last day on which it holds, as a day that can be compared.
  var lastDay: Day { validUntil ?? Day(daysSinceEpoch: .max) }
}

extension Price {
  /// The price as it was said: of one pack where it is for one.
  package var said: UnitPrice { pack?.price ?? unitPrice }

  /// The unit that `said` is for one of; nil for the base unit.
  package var saidUnit: String? { pack?.unit }

  /// What one of the unit that it was said for costs, where a base unit costs so much; rounded to a
  /// millionth.
  package func said(ofBase cost: UnitPrice) throws(ArithmeticError) -> UnitPrice {
    guard let pack else { return cost }
    return UnitPrice(
      micros: try Rounding.quotient(
        Int128(cost.micros) * Int128(pack.base.micros), Int128(pack.quantity.micros)),
      currency: cost.currency)
  }

  /// The same price as a caller would say it, until another day.
  package func draft(
    list: String, sku: String, _ price: UnitPrice? = nil, from: Day? = nil, until: Day?
  ) -> PriceDraft {
    PriceDraft(
      list: list, sku: sku, unitPrice: price ?? said, unit: saidUnit ?? "",
      minimumQuantity: minimumQuantity, validFrom: from ?? validFrom, validUntil: until)
  }
}
