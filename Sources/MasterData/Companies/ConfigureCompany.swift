package import Storage
package import Values

/// Sets name, time zone, base currency, what credit limit one person alone may give, whether prices
/// are converted, and under which prefix cartons are numbered; nil or empty keeps what is stored.
/// The currency is fixed once customers, prices or models count in it, and documents need the first
/// two.
package struct ConfigureCompany: Sendable {
  package let name: String?
  /// ISO 4217 code.
  package let baseCurrencyCode: String?
  /// IANA name; whoever has a zone database checks that the zone exists.
  package let timeZone: String?
  package let creditLimitAlone: Money?
  package let convertsPrices: Bool?
  package let gs1Prefix: String?
  /// Who asks.
  package let actor: String

  package init(
    name: String? = nil, baseCurrencyCode: String? = nil, timeZone: String? = nil,
    creditLimitAlone: Money? = nil, convertsPrices: Bool? = nil, gs1Prefix: String? = nil,
    by actor: String = ""
  ) {
    self.name = name
    self.baseCurrencyCode = baseCurrencyCode
    self.timeZone = timeZone
    self.creditLimitAlone = creditLimitAlone
    self.convertsPrices = convertsPrices
    self.gs1Prefix = gs1Prefix
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Company {
    let stored = try CompanyTable.fetch(in: tx)
    let company = try changed(stored)
    guard company != stored else { return stored }
    if company.baseCurrency != stored.baseCurrency {
      guard try CustomerTable.isEmpty(in: tx), try PriceTable.isEmpty(in: tx),
        try ModelTable.isEmpty(in: tx), try ExchangeRateTable.isEmpty(in: tx)
      else {
        throw MasterDataRejection.currencyInUse(
          field: "company.base_currency_code", base: stored.baseCurrency)
      }
    }
    try CompanyTable.update(company, in: tx)
    tx.record(
      DomainEvent(
        "company.configured", DocumentReference(.masterData, "company"),
        [
          Fact("name", company.name), Fact("base_currency", company.baseCurrency),
          Fact("time_zone", company.timeZone),
          Fact("credit_limit_alone", company.creditLimitAlone?.description ?? ""),
          Fact("converts_prices", company.convertsPrices ? "true" : ""),
          Fact("gs1_prefix", company.gs1Prefix),
        ]))
    return company
  }

  private func changed(_ stored: Company) throws -> Company {
    let path = FieldPath("company")
    var check = FieldCheck(path)
    var company = stored
    if let name, !name.isEmpty {
      check.text(name, "name", required: true)
      company.name = name
    }
    if let code = baseCurrencyCode, !code.isEmpty {
      if let currency = Currency(code) {
        company.baseCurrency = currency
      } else {
        check.refuse(
          MasterDataRejection.unknownCurrency(
            field: path.field("base_currency_code"), given: String(code.prefix(60))))
      }
    }
    if let zone = timeZone, !zone.isEmpty {
      if Self.isZoneName(zone) {
        company.timeZone = zone
      } else {
        check.refuse(
          MasterDataRejection.unknownTimeZone(
            field: path.field("time_zone"), given: String(zone.prefix(60))))
      }
    }
    if let limit = creditLimitAlone {
      check.amount(
        limit, "credit_limit_alone", base: company.baseCurrency,
        highest: CustomerDraft.highestLimitMinor)
      company.setCreditLimitAlone(limit, by: actor)
    }
    if let convertsPrices { company.convertsPrices = convertsPrices }
    if let prefix = gs1Prefix, !prefix.isEmpty {
      if !SSCC.isPrefix(prefix) {
        check.refuse(
          ProductRejection.invalidPrefix(
            field: path.field("gs1_prefix"), given: String(prefix.prefix(20))))
      }
      company.gs1Prefix = prefix
    }
    try check.pass()
    return company
  }

  /// Shaped like "Asia/Shanghai" or "Etc/GMT+8".
  private static func isZoneName(_ text: String) -> Bool {
    text.utf8.count <= 64
      && text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || "0123456789_+-/".unicodeScalars.contains($0))
      }
  }
}
