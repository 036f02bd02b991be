import Storage
import Values

/// All SQL of `company`, a table of one row that its migration writes.
enum CompanyTable {
  private static let knownToConvert = LookupCache<OnlyKey, Bool>()

  static func convertsPrices(in snapshot: Snapshot) throws -> Bool {
    try snapshot.lookUp(in: knownToConvert) {
      try snapshot.first("SELECT converts_prices FROM company WHERE id = 1") { $0.bool(0) } ?? false
    }
  }

  static func fetch(in snapshot: Snapshot) throws -> Company {
    let company = try snapshot.first(
      """
      SELECT name, base_currency, time_zone, credit_alone_minor, credit_alone_raised_by,
        credit_alone_before_minor, converts_prices, gs1_prefix
      FROM company WHERE id = 1
      """
    ) { row in
      let base = row.currency(1)
      let raise = row.optionalInt64(5).map {
        CreditRaise(person: row.text(4), before: Money(minor: $0, currency: base))
      }
      return Company(
        name: row.text(0), baseCurrency: base, timeZone: row.text(2),
        creditLimitAlone: row.optionalInt64(3).map { Money(minor: $0, currency: base) },
        convertsPrices: row.bool(6), gs1Prefix: row.text(7), creditRaise: raise)
    }
    guard let company else { throw MissingRow("company", 1) }
    return company
  }

  static func update(_ company: Company, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE company SET name = ?, base_currency = ?, time_zone = ?, credit_alone_minor = ?,
        credit_alone_raised_by = ?, credit_alone_before_minor = ?, converts_prices = ?,
        gs1_prefix = ?
      WHERE id = 1
      """, company.name, company.baseCurrency, company.timeZone, company.creditLimitAlone?.minor,
      company.creditRaise?.person, company.creditRaise?.before.minor,
      company.convertsPrices, company.gs1Prefix)
  }
}
