package import Storage
package import Values

/// Questions about exchange rates.
package enum ExchangeRates {
  /// What a currency is worth on a day. Refuses one of which no rate was set for that day or one
  /// before.
  package static func require(
    _ currency: Currency, on day: Day, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> DatedExchangeRate {
    guard let found = try ExchangeRateTable.rate(of: currency, on: day, in: snapshot) else {
      throw CurrencyRejection.noExchangeRate(field: field(), currency: currency, day: day)
    }
    return found
  }

  /// The rate of a document of that day; nil, and nothing read, where its currency is that of the
  /// books.
  package static func rate(
    of currency: Currency, base: Currency, on day: Day, field: @autoclosure () -> String,
    in snapshot: Snapshot
  ) throws -> ExchangeRate? {
    guard currency != base else { return nil }
    return try require(currency, on: day, field: field(), in: snapshot).rate
  }

  /// The rate of a day; nil where none was set for that day or one before.
  package static func find(
    _ currency: Currency, on day: Day, in snapshot: Snapshot
  ) throws -> ExchangeRate? {
    try ExchangeRateTable.rate(of: currency, on: day, in: snapshot)?.rate
  }

  /// Whether any currency has a rate.
  package static func areKept(in snapshot: Snapshot) throws -> Bool {
    try ExchangeRateTable.isKept(in: snapshot)
  }

  /// In the order of currency and day, from the one after that pair on (nil: from the first).
  package static func list(
    of currency: Currency? = nil, after: (currency: String, day: Day)? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [DatedExchangeRate] {
    let first = Day(daysSinceEpoch: .min)
    guard let currency else {
      return try ExchangeRateTable.list(
        after: after?.currency ?? "", after?.day ?? first, limit: limit, in: snapshot)
    }
    return try ExchangeRateTable.list(
      of: currency, after: after?.day ?? first, limit: limit, in: snapshot)
  }
}

/// Sets exchange rates. Documents keep the rate that they were written with.
package struct UpsertExchangeRates: Sendable {
  package let rows: [ExchangeRateDraft]

  package init(_ rows: [ExchangeRateDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "exchange_rates", in: tx) { draft, path in
      let dated = try draft.exchangeRate(at: path, base: base)
      let stored = try ExchangeRateTable.find(
        dated.rate.currency, from: dated.validFrom, in: tx)
      guard stored != dated else { return .unchanged }
      try ExchangeRateTable.set(dated, in: tx)
      tx.record(
        DomainEvent(
          "exchange-rate.set",
          DocumentReference(.masterData, "exchange-rate/\(dated.rate.currency)"),
          [
            Fact("rate", dated.rate), Fact("valid_from", dated.validFrom),
            Fact("source", dated.source), Fact("before", stored?.rate.description ?? ""),
          ]))
      return stored == nil ? .created : .updated
    }
  }
}
