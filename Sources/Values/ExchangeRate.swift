/// What a currency is worth in the currency of the books, as somebody quoted it: 100 JPY are 4.7325
/// CNY. Amounts are converted exactly and rounded once.
package struct ExchangeRate: Hashable, Sendable, CustomStringConvertible {
  /// The currency that is quoted.
  package let currency: Currency
  /// The currency of the books.
  package let base: Currency
  /// What `units` of the one's major unit are worth, in millionths of the other's; greater than 0.
  package let micros: Int64
  /// One of `quotations`.
  package let units: Int64

  package static let quotations: [Int64] = [1, 10, 100, 1_000, 10_000]
  /// A thousand million of the base currency's major unit.
  package static let highestMicros: Int64 = 1_000_000_000_000_000

  package init(currency: Currency, base: Currency, micros: Int64, units: Int64 = 1) {
    precondition(micros > 0 && units > 0, "a rate is checked where it enters")
    self.currency = currency
    self.base = base
    self.micros = micros
    self.units = units
  }

  /// An amount of the quoted currency in the base currency, rounded once.
  package func base(of amount: Money) throws(ArithmeticError) -> Money {
    guard amount.currency == currency else { throw .currencyMismatch(amount.currency, currency) }
    return Money(
      minor: try Rounding.quotient(
        try product(amount.minor, micros, 1, power: base.exponent),
        Int128(units) * million * Int128(FixedPoint.powerOfTen(currency.exponent))),
      currency: base)
  }

  /// An amount of the base currency in the quoted one, rounded once.
  package func converted(_ amount: Money) throws(ArithmeticError) -> Money {
    guard amount.currency == base else { throw .currencyMismatch(amount.currency, base) }
    return Money(
      minor: try Rounding.quotient(
        try product(amount.minor, units, 1_000_000, power: currency.exponent),
        Int128(micros) * Int128(FixedPoint.powerOfTen(base.exponent))),
      currency: currency)
  }

  /// A price in the base currency in the quoted one, rounded to a millionth.
  package func converted(_ price: UnitPrice) throws(ArithmeticError) -> UnitPrice {
    guard price.currency == base else { throw .currencyMismatch(price.currency, base) }
    return UnitPrice(
      micros: try Rounding.quotient(
        try product(price.micros, units, 1_000_000, power: 0), Int128(micros)),
      currency: currency)
  }

  /// What each of these amounts, none below zero, is of what all of them are together in the base
  /// currency: the whole is rounded once, and the parts sum to it (DOMAIN 5.8).
  package func base(ofEach amounts: [Money]) throws(ArithmeticError) -> [Money] {
    var (sum, before) = (Money.zero(currency), Money.zero(base))
    var parts: [Money] = []
    parts.reserveCapacity(amounts.count)
    for amount in amounts {
      sum = try sum + amount
      let after = try base(of: sum)
      parts.append(try after - before)
      before = after
    }
    return parts
  }

  /// "4.7325 CNY for 100 JPY".
  package var description: String {
    "\(FixedPoint.text(micros, digits: 6)) \(base.code) for \(units) \(currency.code)"
  }

  private var million: Int128 { 1_000_000 }

  private func product(
    _ amount: Int64, _ factor: Int64, _ scale: Int64, power: Int
  ) throws(ArithmeticError) -> Int128 {
    let factors = Int128(factor) * Int128(scale) * Int128(FixedPoint.powerOfTen(power))
    let (product, overflow) = Int128(amount).multipliedReportingOverflow(by: factors)
    guard !overflow else { throw .overflow }
    return product
  }
}

extension Money {
  /// `part ÷ whole` of this amount, rounded once; all of it where that is the whole. `part` lies
  /// between 0 and `whole`, in another currency perhaps.
  package func share(
    of part: Money, in whole: Money
  ) throws(ArithmeticError) -> Money {
    guard part.minor != whole.minor else { return self }
    guard whole.minor > 0 else { throw .noWeight }
    return Money(
      minor: try Rounding.quotient(
        Int128(minor) * Int128(part.minor), Int128(whole.minor)), currency: currency)
  }
}
