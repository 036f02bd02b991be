package import Values

/// One price of a list: for a product, from a quantity on, in a period.
package struct Price: Hashable, Sendable {
  package let list: ID<PriceList>
  package let product: ID<Product>
  /// Of one base unit, without tax; of a pack rounded to a millionth.
  package var unitPrice: UnitPrice
  /// As it was said, where one base unit comes to no whole number of millionths.
  package var pack: PackPrice?
  /// Holds for quantities from this one on; 0 for any.
  package let minimumQuantity: Quantity
  package let validFrom: Day
  /// Last day on which it holds; nil for no end.
  package var validUntil: Day?

  /// The last day on which it holds, as a day that can be compared.
  var lastDay: Day { validUntil ?? Day(daysSinceEpoch: .max) }
}
