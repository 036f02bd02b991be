package import Values

/// A price for one of another unit, where one base unit comes to no whole number of millionths:
/// 25.00 for a box of 6. It is kept as it was said.
package struct PackPrice: Hashable, Sendable {
  /// Of the unit.
  package let unit: String
  /// Of one `unit`.
  package let price: UnitPrice
  /// So much in the base unit is as much as `quantity` in `unit`: the exact ratio.
  let base: Quantity
  let quantity: Quantity

  package init(unit: String, price: UnitPrice, base: Quantity, quantity: Quantity) {
    self.unit = unit
    self.price = price
    self.base = base
    self.quantity = quantity
  }

  init(_ price: UnitPrice, for unit: ProductUnit) {
    self.init(unit: unit.code, price: price, base: unit.base, quantity: unit.quantity)
  }

  /// The same pack in another currency.
  func converted(by rate: ExchangeRate) throws(ArithmeticError) -> PackPrice {
    PackPrice(unit: unit, price: try rate.converted(price), base: base, quantity: quantity)
  }

  /// Of one base unit, rounded to a millionth: what is shown where there is no quantity.
  func unitPrice() throws(ArithmeticError) -> UnitPrice {
    UnitPrice(
      micros: try Rounding.quotient(
        Int128(price.micros) * Int128(quantity.micros), Int128(base.micros)),
      currency: price.currency)
  }

  /// What so much in the base unit is made of, at the two millionths around the price of one, so
  /// that together it costs exactly what the packs do: to a millionth of a millionth where they
  /// come to no whole number of those.
  package func parts(of amount: Quantity) throws(ArithmeticError) -> [PricedQuantity] {
    let product = Int128(price.micros) * Int128(quantity.micros)
    let low = product / Int128(base.micros)
    let (scaled, isTooMuch) = (product % Int128(base.micros)).multipliedReportingOverflow(
      by: Int128(amount.micros))
    guard !isTooMuch, let floor = Int64(exactly: low), floor < .max else { throw .overflow }
    let dear = try Rounding.quotient(scaled, Int128(base.micros))
    return [
      (Quantity(micros: dear), floor + 1), (Quantity(micros: amount.micros - dear), floor),
    ].filter(\.0.isPositive).map { part, micros in
      PricedQuantity(part, at: UnitPrice(micros: micros, currency: price.currency))
    }
  }
}
