/// An amount in minor units of one currency (123.45 CNY is 12345). Arithmetic is exact and checked.
package struct Money: Hashable, Sendable, CustomStringConvertible {
  package var minor: Int64
  package var currency: Currency

  package init(minor: Int64, currency: Currency) {
    self.minor = minor
    self.currency = currency
  }

  package static func zero(_ currency: Currency) -> Money { Money(minor: 0, currency: currency) }

  package static func + (left: Money, right: Money) throws(ArithmeticError) -> Money {
    try left.combined(with: right) { $0.addingReportingOverflow($1) }
  }

  package static func - (left: Money, right: Money) throws(ArithmeticError) -> Money {
    try left.combined(with: right) { $0.subtractingReportingOverflow($1) }
  }

  /// The tax (or discount) of this amount at `rate`, rounded once.
  package func share(
    _ rate: Rate, _ mode: Rounding.Mode = .halfAway
  ) throws(ArithmeticError) -> Money {
    let part = try Rounding.quotient(
      Int128(minor) * Int128(rate.micros), Int128(Rate.one.micros), mode)
    return Money(minor: part, currency: currency)
  }

  /// What this amount was before `rate` of it was added: amount ÷ (1 + rate), rounded once. The net
  /// of an amount that holds its tax.
  package func without(
    _ rate: Rate, _ mode: Rounding.Mode = .halfAway
  ) throws(ArithmeticError) -> Money {
    let one = Int128(Rate.one.micros)
    let rest = try Rounding.quotient(Int128(minor) * one, one + Int128(rate.micros), mode)
    return Money(minor: rest, currency: currency)
  }

  /// `part ÷ whole` of this amount, rounded once: the cumulative allocation A(part) by which
  /// partial invoices, shipments and refunds always sum to the total (DOMAIN 5.8). `whole` must be
  /// positive.
  package func allocated(
    _ part: Quantity, of whole: Quantity
  ) throws(ArithmeticError) -> Money {
    guard whole.micros > 0 else { throw .noWeight }
    let share = try Rounding.quotient(Int128(minor) * Int128(part.micros), Int128(whole.micros))
    return Money(minor: share, currency: currency)
  }

  /// "1299.00 CNY".
  package var description: String { "\(decimal) \(currency.code)" }

  /// "1299.00".
  package var decimal: String {
    FixedPoint.text(minor, digits: currency.exponent, minimumDigits: currency.exponent)
  }

  private func combined(
    with other: Money, _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
  ) throws(ArithmeticError) -> Money {
    guard currency == other.currency else { throw .currencyMismatch(currency, other.currency) }
    let (value, overflow) = operation(minor, other.minor)
    guard !overflow else { throw .overflow }
    return Money(minor: value, currency: currency)
  }
}

extension Collection<Money> {
  /// The sum; zero of `currency` for an empty collection.
  package func sum(_ currency: Currency) throws(ArithmeticError) -> Money {
    var total = Money.zero(currency)
    for amount in self { total = try total + amount }
    return total
  }
}
