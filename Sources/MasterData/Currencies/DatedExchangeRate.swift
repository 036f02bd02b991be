package import Values

/// An exchange rate from a day on, until a later one of the same currency.
package struct DatedExchangeRate: Hashable, Sendable {
  package let rate: ExchangeRate
  package let validFrom: Day
  /// Where it is from.
  package let source: String
}

/// An exchange rate as a caller wants it to be, named by currency and first day.
package struct ExchangeRateDraft: BatchRow {
  /// ISO 4217 code.
  package var currencyCode: String
  /// Empty for that of the books, the only one there can be.
  package var baseCurrencyCode: String
  package var micros: Int64
  /// 0 means 1.
  package var units: Int64
  package var validFrom: Day?
  package var source: String
  package var malformed: [any Rejection]

  package init(
    currencyCode: String, baseCurrencyCode: String = "", micros: Int64, units: Int64 = 1,
    validFrom: Day?, source: String = "", malformed: [any Rejection] = []
  ) {
    self.currencyCode = currencyCode
    self.baseCurrencyCode = baseCurrencyCode
    self.micros = micros
    self.units = units
    self.validFrom = validFrom
    self.source = source
    self.malformed = malformed
  }

  package var code: String { currencyCode }
  package var identity: String { "\(currencyCode) \(validFrom?.description ?? "")" }
  package static var codeField: String { "rate.currency_code" }

  func exchangeRate(at path: FieldPath, base: Currency) throws -> DatedExchangeRate {
    var check = FieldCheck(path, malformed: malformed)
    let currency = check.knownCurrency(currencyCode, "rate.currency_code")
    if currency == base {
      check.refuse(
        CurrencyRejection.rateOfBaseCurrency(field: path.field("rate.currency_code"), base: base))
    }
    if !baseCurrencyCode.isEmpty,
      let given = check.knownCurrency(baseCurrencyCode, "rate.base_currency_code")
    {
      check.currency(given, "rate.base_currency_code", base: base)
    }
    check.range(micros, "rate.micros", 1...ExchangeRate.highestMicros)
    let units = units == 0 ? 1 : units
    if !ExchangeRate.quotations.contains(units) {
      check.refuse(
        CurrencyRejection.unitsNotQuoted(field: path.field("rate.units"), given: units))
    }
    let from = check.required(validFrom, "valid_from")
    check.text(source, "source")
    try check.pass()
    guard let currency, let from else {
      throw MasterDataRejection.missingValue(field: path.description)
    }
    return DatedExchangeRate(
      rate: ExchangeRate(currency: currency, base: base, micros: micros, units: units),
      validFrom: from, source: source)
  }
}

extension FieldCheck {
  /// The currency of a code; nil, and noted, when ISO 4217 has none.
  package mutating func knownCurrency(_ code: String, _ name: String) -> Currency? {
    if let currency = Currency(code) { return currency }
    refuse(
      code.isEmpty
        ? MasterDataRejection.missingValue(field: path.field(name))
        : .unknownCurrency(field: path.field(name), given: String(code.prefix(60))))
    return nil
  }
}
