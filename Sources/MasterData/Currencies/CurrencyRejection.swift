package import Values

/// What is refused of currencies and their rates.
package enum CurrencyRejection: Rejection, Hashable {
  /// The currency of the books is worth itself.
  case rateOfBaseCurrency(field: String, base: Currency)
  /// Rates are quoted for 1, 10, 100, 1000 or 10000 of a currency.
  case unitsNotQuoted(field: String, given: Int64)
  /// The customer buys in another currency, or in that of the books.
  case notTraded(field: String, given: Currency, customer: String, traded: Currency)
  /// The order, or what the money is for, is in another currency.
  case otherThanDocument(field: String, given: Currency, document: String, expected: Currency)
  /// No rate of the currency was set for that day or one before.
  case noExchangeRate(field: String, currency: Currency, day: Day)
}

extension CurrencyRejection {
  package var kind: RejectionKind {
    switch self {
    case .rateOfBaseCurrency, .unitsNotQuoted, .notTraded, .otherThanDocument: .invalid
    case .noExchangeRate: .precondition
    }
  }

  package var reason: String {
    switch self {
    case .rateOfBaseCurrency: "RATE_OF_BASE_CURRENCY"
    case .unitsNotQuoted: "UNITS_NOT_QUOTED"
    case .notTraded: "CURRENCY_NOT_TRADED"
    case .otherThanDocument: "CURRENCY_OF_DOCUMENT"
    case .noExchangeRate: "NO_EXCHANGE_RATE"
    }
  }

  package var message: String {
    switch self {
    case .rateOfBaseCurrency(_, let base): "The books are kept in \(base): it has no rate"
    case .unitsNotQuoted(_, let given):
      "A rate is quoted for 1, 10, 100, 1000 or 10000 of a currency, not for \(given)"
    case .notTraded(_, let given, let customer, let traded):
      "\(customer) buys in \(traded) or in the base currency, not in \(given)"
    case .otherThanDocument(_, let given, let document, let expected):
      "\(document) is in \(expected), and this in \(given)"
    case .noExchangeRate(_, let currency, let day):
      "No exchange rate of \(currency) was set for \(day) or a day before"
    }
  }

  package var field: String? {
    switch self {
    case .rateOfBaseCurrency(let field, _), .unitsNotQuoted(let field, _),
      .notTraded(let field, _, _, _), .otherThanDocument(let field, _, _, _),
      .noExchangeRate(let field, _, _):
      field
    }
  }

  package var facts: [Fact] {
    switch self {
    case .rateOfBaseCurrency(_, let base): [Fact("base_currency", base)]
    case .unitsNotQuoted(_, let given): [Fact("given", given)]
    case .notTraded(_, let given, let customer, let traded):
      [Fact("given", given), Fact("customer", customer), Fact("currency", traded)]
    case .otherThanDocument(_, let given, let document, let expected):
      [Fact("given", given), Fact("document", document), Fact("currency", expected)]
    case .noExchangeRate(_, let currency, let day):
      [Fact("currency", currency), Fact("day", day)]
    }
  }
}
