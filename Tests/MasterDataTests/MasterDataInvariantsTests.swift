import MasterData
import Storage
import Testing
import Values

/// Damage done behind the back of the verbs, and the rule that must name it.
struct Damage: Sendable, CustomTestStringConvertible {
  let rule: String
  let sql: StaticString

  var testDescription: String { rule }

  static let all = [
    Damage(
      rule: "masterdata.prices-do-not-overlap",
      sql: "UPDATE price SET valid_until = NULL WHERE valid_until IS NOT NULL"),
    Damage(
      rule: "masterdata.prices-in-currency-of-list",
      sql: "UPDATE price SET currency = 'USD' WHERE valid_until IS NULL"),
    Damage(
      rule: "masterdata.rates-to-base-currency",
      sql: """
        INSERT INTO exchange_rate
          (currency, valid_from, base_currency, rate_micros, rate_units, source)
        VALUES ('EUR', 1, 'USD', 1, 1, '')
        """),
    Damage(
      rule: "masterdata.limits-in-base-currency",
      sql: "UPDATE customer SET currency = 'USD' WHERE code = 'ANNA'"),
    Damage(
      rule: "masterdata.tax-class-has-rate",
      sql: "UPDATE product SET tax_class = 'NONE' WHERE sku = 'CHAIR-1'"),
    Damage(
      rule: "masterdata.code-is-search-term", sql: "DELETE FROM search_term WHERE term = 'anna'"),
    Damage(
      rule: "masterdata.contact-of-address-is-the-customers",
      sql: """
        UPDATE customer_address SET customer_id = (SELECT id FROM customer WHERE code = 'BOB')
        """),
    Damage(
      rule: "masterdata.erased-means-all", sql: "UPDATE customer SET name = '' WHERE code = 'ANNA'"
    ),
    Damage(
      rule: "masterdata.group-is-not-above-itself",
      sql: "UPDATE customer SET parent_code = code WHERE code = 'BOB'"),
    Damage(
      rule: "masterdata.external-id-names-its-customers",
      sql: """
        INSERT INTO external_id
          (kind, external_id, customer_id, part_id, modified_at, is_removed)
        SELECT 'CONTACT', 'CRM:1', (SELECT id FROM customer WHERE code = 'BOB'), id, 0, 0
        FROM customer_contact
        """),
  ]
}

@Suite("Invariants of master data")
struct MasterDataInvariantsTests {
  private func books() async throws -> Books {
    let books = try Books()
    try await books.stock()
    try await books.write { tx in
      try UpsertCustomers([CustomerDraft(code: "BOB", name: "Bob")])
        .run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      let contact = try SetContact(customerCode: "ANNA", Contact(name: "Bea"))
        .run(in: tx, at: Books.now)
      _ = try SetAddress(
        customerCode: "ANNA",
        Address(
          label: "Home", region: Region(country: "", code: "330106"), street: "Road 1",
          contact: contact.id)
      ).run(in: tx, at: Books.now)
      let day = Books.day
      try UpsertPrices([
        PriceDraft(
          list: "RETAIL", sku: "CHAIR-1", unitPrice: price(500), validFrom: day,
          validUntil: day.adding(days: 4)),
        PriceDraft(
          list: "RETAIL", sku: "CHAIR-1", unitPrice: price(510), validFrom: day.adding(days: 5)),
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
    }
    return books
  }

  @Test("hold after the verbs")
  func clean() async throws {
    let books = try await books()
    #expect(try await books.database.read { try MasterDataInvariants.violations(in: $0) } == [])
  }

  @Test("name what is damaged", arguments: Damage.all)
  func damaged(_ damage: Damage) async throws {
    let books = try await books()
    let found = try await books.write { tx in
      try tx.execute(damage.sql)
      return try MasterDataInvariants.violations(in: tx)
    }
    #expect(found.map(\.rule) == [damage.rule])
  }
}
