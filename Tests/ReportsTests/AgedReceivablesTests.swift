import Finance
import MasterData
import Reports
import Storage
import Testing
import Values

@Suite("Aged receivables")
struct AgedReceivablesTests {
  static let issued = Day(daysSinceEpoch: 20_000)

  /// B owes 100 due on the day of issue, 200 after 10 days and 400 after 100; A owes 50 after 5
  /// days; C has paid.
  private func books() throws -> Database {
    let database = try Database.inMemory(
      migrations: MasterDataMigrations.all + FinanceMigrations.all)
    try database.writeBlocking { tx in
      let now = Moment(instant: Instant(microseconds: 0), day: Self.issued)
      _ = try UpsertCustomers(["A", "B", "C"].map { CustomerDraft(code: $0, name: $0) })
        .run(in: tx, at: now)
      for (index, (code, yuan, days)) in [
        ("B", 100, 0), ("B", 200, 10), ("B", 400, 100), ("A", 50, 5), ("C", 70, 0),
      ].enumerated() {
        let customer = try Customers.require(code: code, field: "code", in: tx)
        let net = Money(minor: Int64(yuan) * 100, currency: .cny)
        _ = try IssueInvoice(
          customer: customer, order: DocumentReference(.salesOrder, "SO-\(index)"),
          lines: [
            InvoiceLine(
              orderLine: 1, description: "Chair", quantity: .one, unit: "pcs", net: net,
              taxRate: .zero, tax: .zero(.cny), isService: false)
          ], text: "", dueOn: Self.issued.adding(days: days)
        ).run(in: tx, at: now)
        guard code == "C" else { continue }
        _ = try ReceivePayment(
          customer: customer, amount: net, method: .cash, receivedOn: Self.issued
        ).run(in: tx, at: now)
      }
    }
    return database
  }

  private func rows(after days: Int, in books: Database) throws -> [String] {
    try books.readBlocking { snapshot in
      try AgedReceivables.page(on: Self.issued.adding(days: days), limit: 10, in: snapshot).map {
        let parts = [$0.notDue, $0.days30, $0.days60, $0.days90, $0.older, $0.total]
        return ([$0.customerCode] + parts.map { String($0.minor / 100) }).joined(separator: " ")
      }
    }
  }

  @Test("an invoice moves through the buckets day by day")
  func buckets() throws {
    let books = try books()
    #expect(try rows(after: 0, in: books) == ["A 50 0 0 0 0 50", "B 700 0 0 0 0 700"])
    #expect(try rows(after: 1, in: books) == ["A 50 0 0 0 0 50", "B 600 100 0 0 0 700"])
    #expect(try rows(after: 30, in: books) == ["A 0 50 0 0 0 50", "B 400 300 0 0 0 700"])
    #expect(try rows(after: 31, in: books) == ["A 0 50 0 0 0 50", "B 400 200 100 0 0 700"])
    #expect(try rows(after: 95, in: books) == ["A 0 0 0 50 0 50", "B 400 0 0 200 100 700"])
    #expect(try rows(after: 190, in: books) == ["A 0 0 0 0 50 50", "B 0 0 0 400 300 700"])
  }

  @Test("goes on after the last customer of a page")
  func pages() throws {
    let found = try books().readBlocking { snapshot in
      let first = try AgedReceivables.page(on: Self.issued, limit: 1, in: snapshot)
      return try first.map(\.customerCode)
        + AgedReceivables.page(
          on: Self.issued, after: first.last?.customerCode, limit: 1, in: snapshot
        ).map(\.customerCode)
    }
    #expect(found == ["A", "B"])
  }
}
