package import MasterData
package import Values

extension FieldCheck {
  /// What `quantity` costs at that price; nil, and noted, when the value is beyond all reason.
  package mutating func value(
    of quantity: Quantity, at price: UnitPrice, _ name: String
  ) -> Money? {
    if let value = try? price.amount(for: quantity), abs(value.minor) <= Self.highestAmountMinor {
      return value
    }
    refuse(
      MasterDataRejection.outOfRange(
        field: path.field(name), given: "\(quantity) × \(price)", lowest: "0",
        highest: Money(minor: Self.highestAmountMinor, currency: price.currency).description))
    return nil
  }
}
