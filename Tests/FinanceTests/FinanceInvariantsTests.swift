import Finance
import MasterData
import Storage
import Testing
import Values

/// Damage done behind the back of the verbs, and the rules that must name it.
struct Damage: Sendable, CustomTestStringConvertible {
  let rules: [String]
  let sql: StaticString

  init(_ rules: String..., sql: StaticString) {
    self.rules = rules.map { "finance." + $0 }
    self.sql = sql
  }

  var testDescription: String { rules.joined(separator: ", ") }

  static let all = [
    Damage(
      "entry-has-lines",
      sql: """
        INSERT INTO journal_entry (number, posted_on, posted_at, event, origin_kind, origin_number,
          origin_line, occurrence, text)
        VALUES ('JE-X', 0, 0, 'STOCK_MOVED', 'SHIPMENT', 'SH-X', 0, 0, '')
        """),
    Damage(
      "balance-is-sum-of-lines", "base-amount-is-amount",
      sql: "UPDATE journal_line SET amount_minor = amount_minor + 1 WHERE id = 1"),
    Damage(
      "balance-is-sum-of-lines", "debits-equal-credits",
      sql: "UPDATE account_balance SET debit_minor = debit_minor + 1 WHERE account = '1002'"),
    Damage(
      "balance-is-sum-of-lines", "debits-equal-credits", "receivable-is-open-invoices",
      sql: "UPDATE account_balance SET credit_minor = credit_minor + 1 WHERE account = '1122'"),
    Damage(
      "deposits-are-unapplied-payments", "document-is-worth-its-rate",
      sql: "UPDATE payment SET amount_minor = amount_minor + 1 WHERE id = 1"),
    Damage(
      "exposure-is-sum-of-documents",
      sql: "UPDATE credit_total SET exposure_minor = exposure_minor + 1"),
    Damage(
      "exposure-is-sum-of-documents",
      sql: "UPDATE credit_total SET invoiced_minor = invoiced_minor - 1"),
    Damage(
      "exposure-is-sum-of-documents", "invoice-exposure-is-open-amount",
      sql: "UPDATE credit_exposure SET amount_minor = 1 WHERE document_kind = 'INVOICE'"),
    Damage(
      "invoice-is-sum-of-lines", "invoice-is-worth-its-lines",
      sql: "UPDATE invoice_line SET tax_minor = tax_minor + 1 WHERE line_no = 1"),
    Damage(
      "invoice-paid-is-sum-of-applications", "payment-applied-is-sum-of-applications",
      sql: "UPDATE payment_application SET amount_minor = amount_minor - 1"),
    Damage(
      "payment-applied-is-sum-of-applications",
      sql: "UPDATE payment SET settled_minor = settled_minor + 1 WHERE id = 1"),
  ]
}

@Suite("Invariants of finance")
struct FinanceInvariantsTests {
  private func books() async throws -> Books {
    let books = try await Books()
    try await books.write { tx in
      _ = try ReceivePayment.of(cny(200), from: "HOTEL", for: order(1), in: tx)
      _ = try IssueInvoice.of([cny(300), cny(20)], order: order(1), to: "HOTEL", in: tx)
      try SetExposure(
        customer: .named("HOTEL", in: tx), document: order(2), amount: cny(5), enforceLimit: true
      ).run(in: tx, at: Books.now)
    }
    return books
  }

  @Test("hold after the verbs")
  func clean() async throws {
    #expect(try await books().violations() == [])
  }

  @Test("name what is damaged", arguments: Damage.all)
  func damaged(_ damage: Damage) async throws {
    let books = try await books()
    try await books.write { _ = try $0.execute(damage.sql) }
    let found = try await books.violations()
    #expect(Set(found.map(\.rule)) == Set(damage.rules))
  }
}
