/// A price for one unit of a product, in millionths of the currency's major unit (12.5 CNY is
/// 12500000). Finer than money on purpose: screws cost less than a cent.
package struct UnitPrice: Hashable, Sendable, CustomStringConvertible {
  package var micros: Int64
  package var currency: Currency

  package init(micros: Int64, currency: Currency) {
    self.micros = micros
    self.currency = currency
  }

  /// What `quantity` costs after `discount`: price × quantity × (1 − discount), rounded once to the
  /// currency.
  package func amount(
    for quantity: Quantity, discount: Rate = .zero
  ) throws(ArithmeticError) -> Money {
    let kept = discount.complement.micros
    let (product, overflow) =
      (Int128(micros) * Int128(quantity.micros)).multipliedReportingOverflow(by: Int128(kept))
    guard !overflow else { throw .overflow }
    // micros × micros × micros of rate, down to minor units: 10^18 ÷ 10^exponent.
    let scale = Int128(1_000_000_000_000_000_000) / Int128(FixedPoint.powerOfTen(currency.exponent))
    return Money(minor: try Rounding.quotient(product, scale), currency: currency)
  }

  /// "12.5 CNY".
  package var description: String { "\(FixedPoint.text(micros, digits: 6)) \(currency.code)" }
}
