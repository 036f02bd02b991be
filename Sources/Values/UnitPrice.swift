/// A price for one unit of a product, in millionths of the currency's major unit (12.5 CNY is
/// 12500000). Finer than money on purpose: screws cost less than a cent.
package struct UnitPrice: Hashable, Sendable, CustomStringConvertible {
  package var micros: Int64
  package var currency: Currency

  package init(micros: Int64, currency: Currency) {
    self.micros = micros
    self.currency = currency
  }

  /// The price of one that costs this amount.
  package init(of amount: Money) throws(ArithmeticError) {
    let scale = Int64(FixedPoint.powerOfTen(6 - amount.currency.exponent))
    let (micros, overflow) = amount.minor.multipliedReportingOverflow(by: scale)
    guard !overflow else { throw .overflow }
    self.init(micros: micros, currency: amount.currency)
  }

  /// What `quantity` costs after `discount`: price × quantity × (1 − discount), rounded once to the
  /// currency.
  package func amount(
    for quantity: Quantity, discount: Rate = .zero, _ mode: Rounding.Mode = .halfAway
  ) throws(ArithmeticError) -> Money {
    try Self.amount(
      Int128(micros) * Int128(quantity.micros), currency, discount: discount, mode)
  }

  /// The same for quantities that have prices of their own, rounded once for all of them.
  package static func amount(
    of parts: [PricedQuantity], _ currency: Currency, discount: Rate = .zero,
    _ mode: Rounding.Mode = .halfAway
  ) throws(ArithmeticError) -> Money {
    try amount(try exact(parts), currency, discount: discount, mode)
  }

  /// What a unit costs on average of such quantities, rounded to a millionth; together they must be
  /// more than nothing.
  package static func average(
    of parts: [PricedQuantity], _ currency: Currency
  ) throws(ArithmeticError) -> UnitPrice {
    let quantity = parts.reduce(Int128(0)) { $0 + Int128($1.quantity.micros) }
    guard quantity > 0 else { throw .noWeight }
    return UnitPrice(
      micros: try Rounding.quotient(try exact(parts), quantity), currency: currency)
  }

  /// This price with `rate` of it added, rounded to a millionth.
  package func with(_ rate: Rate) throws(ArithmeticError) -> UnitPrice {
    let one = Int128(Rate.one.micros)
    return UnitPrice(
      micros: try Rounding.quotient(Int128(micros) * (one + Int128(rate.micros)), one),
      currency: currency)
  }

  /// This price before `rate` of it was added, rounded to a millionth.
  package func without(_ rate: Rate) throws(ArithmeticError) -> UnitPrice {
    let one = Int128(Rate.one.micros)
    return UnitPrice(
      micros: try Rounding.quotient(Int128(micros) * one, one + Int128(rate.micros)),
      currency: currency)
  }

  /// Σ price × quantity, in millionths of millionths.
  private static func exact(_ parts: [PricedQuantity]) throws(ArithmeticError) -> Int128 {
    var sum: Int128 = 0
    for part in parts {
      let product = Int128(part.unitPrice.micros) * Int128(part.quantity.micros)
      let (next, overflow) = sum.addingReportingOverflow(product)
      guard !overflow else { throw .overflow }
      sum = next
    }
    return sum
  }

  private static func amount(
    _ exact: Int128, _ currency: Currency, discount: Rate, _ mode: Rounding.Mode
  ) throws(ArithmeticError) -> Money {
    let (product, overflow) = exact.multipliedReportingOverflow(
      by: Int128(discount.complement.micros))
    guard !overflow else { throw .overflow }
    // micros × micros × micros of rate, down to minor units: 10^18 ÷ 10^exponent.
    let scale = Int128(1_000_000_000_000_000_000) / Int128(FixedPoint.powerOfTen(currency.exponent))
    return Money(minor: try Rounding.quotient(product, scale, mode), currency: currency)
  }

  /// "12.5 CNY".
  package var description: String { "\(FixedPoint.text(micros, digits: 6)) \(currency.code)" }
}

/// A part of a quantity, with the price of its units.
package struct PricedQuantity: Hashable, Sendable {
  package let quantity: Quantity
  package let unitPrice: UnitPrice

  package init(_ quantity: Quantity, at unitPrice: UnitPrice) {
    self.quantity = quantity
    self.unitPrice = unitPrice
  }
}
