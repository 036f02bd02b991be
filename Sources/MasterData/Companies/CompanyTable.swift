import Storage
import Values

/// All SQL of `company`, a table of one row that its migration writes.
enum CompanyTable {
  static func fetch(in snapshot: Snapshot) throws -> Company {
    let company = try snapshot.first(
      "SELECT name, base_currency, time_zone FROM company WHERE id = 1"
    ) { Company(name: $0.text(0), baseCurrency: $0.currency(1), timeZone: $0.text(2)) }
    guard let company else { throw MissingRow("company", 1) }
    return company
  }

  static func update(_ company: Company, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE company SET name = ?, base_currency = ?, time_zone = ? WHERE id = 1", company.name,
      company.baseCurrency, company.timeZone)
  }
}
