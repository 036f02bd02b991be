package import MasterData
package import Values

extension FieldCheck {
  /// A thousand million of the major unit for one piece.
  package static let highestUnitPriceMicros: Int64 = 1_000_000_000_000_000
  /// Ten million million of the major unit: sums of many such values still fit.
  package static let highestValueMinor: Int64 = 1_000_000_000_000_000

  /// A price or cost of one unit: 0 or more, in the currency of the books.
  package mutating func unitPrice(_ price: UnitPrice, _ name: String, base: Currency) {
    currency(price.currency, name, base: base)
    range(price.micros, name, 0...Self.highestUnitPriceMicros)
  }

  /// What `quantity` costs at that price; nil, and noted, when the value is beyond all reason.
  package mutating func value(
    of quantity: Quantity, at price: UnitPrice, _ name: String
  ) -> Money? {
    if let value = try? price.amount(for: quantity), abs(value.minor) <= Self.highestValueMinor {
      return value
    }
    refuse(
      MasterDataRejection.outOfRange(
        field: path.field(name), given: "\(quantity) × \(price)", lowest: "0",
        highest: Money(minor: Self.highestValueMinor, currency: price.currency).description))
    return nil
  }
}
