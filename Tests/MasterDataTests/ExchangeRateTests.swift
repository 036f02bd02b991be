import MasterData
import Storage
import Testing
import Values

@Suite("Exchange rates of a company")
struct ExchangeRateTests {
  private static func draft(
    _ code: String = "USD", _ micros: Int64 = 7_100_000, per units: Int64 = 1,
    from day: Day? = Books.day, base: String = "", source: String = "PBoC"
  ) -> ExchangeRateDraft {
    ExchangeRateDraft(
      currencyCode: code, baseCurrencyCode: base, micros: micros, units: units, validFrom: day,
      source: source)
  }

  private static func rate(_ day: Int, in snapshot: Snapshot) throws -> Int64? {
    do {
      return try ExchangeRates.require(
        .usd, on: Books.day.adding(days: day), field: "currency", in: snapshot
      ).rate.micros
    } catch is CurrencyRejection {
      return nil
    }
  }

  @Test("a rate holds from its day until a later one; a correction is told with what it was")
  func days() async throws {
    let books = try Books()
    let outcome = try await books.write { tx in
      let first = try UpsertExchangeRates([
        Self.draft(), Self.draft(from: Books.day.adding(days: 10)),
        Self.draft("JPY", 4_732_500, per: 100, base: "CNY"),
      ]).run(in: tx, at: Books.now)
      let again = try UpsertExchangeRates([Self.draft(), Self.draft("USD", 7_250_000)]).run(
        in: tx, at: Books.now)
      let corrected = try UpsertExchangeRates([Self.draft("USD", 7_250_000)]).run(
        in: tx, at: Books.now)
      return (
        (first + again + corrected).map(\.summary),
        try [-1, 0, 9, 10, 400].map { try Self.rate($0, in: tx) },
        tx.takeEvents().filter { $0.type == "exchange-rate.set" }.last?.facts
      )
    }
    #expect(
      outcome.0 == [
        "created", "created", "created", "unchanged",
        "refused DUPLICATE_IN_BATCH exchange_rates[1].rate.currency_code", "updated",
      ])
    #expect(outcome.1 == [nil, 7_250_000, 7_250_000, 7_100_000, 7_100_000])
    let told = [
      Fact("rate", "7.25 CNY for 1 USD"), Fact("valid_from", Books.day), Fact("source", "PBoC"),
      Fact("before", "7.1 CNY for 1 USD"),
    ]
    #expect(outcome.2 == told)
    let listed = try await books.write { tx in
      let all = try ExchangeRates.list(limit: 9, in: tx)
      let rest = try ExchangeRates.list(
        after: (currency: "JPY", day: Books.day), limit: 1, in: tx)
      let yen = try ExchangeRates.list(of: Currency("JPY"), limit: 9, in: tx)
      return [all, rest, yen].map { $0.map(\.rate.currency.code) }
    }
    #expect(listed == [["JPY", "USD", "USD"], ["USD"], ["JPY"]])
  }

  @Test(
    "bad rates are refused, naming the field",
    arguments: [
      (draft("USX"), "UNKNOWN_CURRENCY rate.currency_code"),
      (draft(""), "REQUIRED rate.currency_code"),
      (draft("CNY"), "RATE_OF_BASE_CURRENCY rate.currency_code"),
      (draft(base: "EUR"), "CURRENCY_NOT_ACCEPTED rate.base_currency_code"),
      (draft("USD", 0), "OUT_OF_RANGE rate.micros"),
      (draft("USD", -1), "OUT_OF_RANGE rate.micros"),
      (draft("USD", ExchangeRate.highestMicros + 1), "OUT_OF_RANGE rate.micros"),
      (draft(per: 7), "UNITS_NOT_QUOTED rate.units"),
      (draft(from: nil), "REQUIRED valid_from"),
      (draft(source: "a\nb"), "CONTROL_CHARACTER source"),
    ])
  func refused(draft: ExchangeRateDraft, expected: String) async throws {
    let books = try Books()
    let verdict = try await books.write { tx in
      try UpsertExchangeRates([draft]).run(in: tx, at: Books.now)[0]
    }
    #expect(
      verdict.violations.map { "\($0.reason) \($0.field ?? "")" }
        == [expected.replacing(" ", with: " exchange_rates[0].")])
  }

  @Test("the base currency is fixed once anything is worth something in it")
  func fixed() async throws {
    let books = try Books()
    let found = try await books.refusals { tx in
      _ = try UpsertExchangeRates([Self.draft()]).run(in: tx, at: Books.now)
      return try ConfigureCompany(baseCurrencyCode: "EUR").run(in: tx, at: Books.now)
    }
    #expect(found.map(\.reason) == ["CURRENCY_IN_USE"])
  }

  /// A list of each currency with a price of CHAIR-1, and customers of each.
  private static func priced(converts: Bool) async throws -> Books {
    let books = try Books()
    try await books.stock()
    try await books.write { tx in
      _ = try ConfigureCompany(convertsPrices: converts).run(in: tx, at: Books.now)
      _ = try UpsertExchangeRates([
        Self.draft(), Self.draft("EUR", 8_000_000),
      ]).run(in: tx, at: Books.now)
      try UpsertPriceLists([
        PriceListDraft(code: "DOLLAR", name: "Dollar", currencyCode: "USD"),
        PriceListDraft(code: "MANY", name: "Many", priority: 9, currencyCode: "USD"),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty, "\($0)") }
      try UpsertPrices([
        PriceDraft(list: "RETAIL", sku: "CHAIR-1", unitPrice: price(500), validFrom: Books.day),
        PriceDraft(
          list: "DOLLAR", sku: "CHAIR-1",
          unitPrice: UnitPrice(micros: 65_000_000, currency: .usd), validFrom: Books.day),
        PriceDraft(
          list: "MANY", sku: "CHAIR-1",
          unitPrice: UnitPrice(micros: 60_000_000, currency: .usd),
          minimumQuantity: Quantity(micros: 10_000_000), validFrom: Books.day),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty, "\($0)") }
      var (dollar, euro) = (
        CustomerDraft(code: "JOHN", name: "John"), CustomerDraft(code: "PIERRE", name: "Pierre")
      )
      (dollar.currencyCode, euro.currencyCode) = ("USD", "EUR")
      try UpsertCustomers([dollar, euro]).run(in: tx, at: Books.now)
        .forEach { precondition($0.violations.isEmpty, "\($0)") }
    }
    return books
  }

  @Test("a price comes from a list in the currency, or from another one where the company says so")
  func prices() async throws {
    for converts in [false, true] {
      let books = try await Self.priced(converts: converts)
      let told = try await books.write { tx in
        try [("ANNA", 1), ("JOHN", 1), ("JOHN", 10), ("PIERRE", 1)].map { code, count in
          let product = try Products.require(sku: "CHAIR-1", field: "sku", in: tx)
          let customer = try Customers.require(code: code, field: "code", in: tx)
          return try Prices.price(
            of: product, for: customer, quantity: Quantity(micros: Int64(count) * 1_000_000),
            on: Books.day, in: tx)
        }
      }
      #expect(
        told.map { $0?.unitPrice.description } == [
          "500 CNY", "65 USD", "60 USD", converts ? "62.5 EUR" : nil,
        ])
      #expect(
        told.last??.explanation.steps.map(\.rule)
          == (converts ? ["GENERAL_PRICE_LIST", "EXCHANGE_RATE"] : nil))
    }
  }

  @Test("a list keeps its currency once it has prices, and takes no others")
  func listCurrency() async throws {
    let books = try await Self.priced(converts: false)
    let found = try await books.write { tx in
      let moved = try UpsertPriceLists([PriceListDraft(code: "DOLLAR", name: "Dollar")]).run(
        in: tx, at: Books.now)
      let other = try UpsertPrices([
        PriceDraft(list: "DOLLAR", sku: "CHAIR-1", unitPrice: price(9), validFrom: Books.day)
      ]).run(in: tx, at: Books.now)
      return (moved + other).flatMap(\.violations).map { "\($0.reason) \($0.field ?? "")" }
    }
    #expect(
      found == [
        "FIXED_ONCE_CREATED price_lists[0].currency_code",
        "CURRENCY_NOT_ACCEPTED prices[0].unit_price",
      ])
    let violations = try await books.write { try MasterDataInvariants.violations(in: $0) }
    #expect(violations == [])
  }
}
