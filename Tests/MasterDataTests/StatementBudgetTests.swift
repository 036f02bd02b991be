import MasterData
import Storage
import Testing
import Values

/// What a till calls for every line of every order must stay cheap.
@Suite("Statements of the hot path")
struct StatementBudgetTests {
  @Test("finding, pricing and taxing take one statement each, then none; numbering two")
  func one() async throws {
    let books = try Books()
    try await books.stock()
    let (chair, anna) = try await books.write { tx in
      try UpsertPrices([
        PriceDraft(list: "RETAIL", sku: "CHAIR-1", unitPrice: price(1), validFrom: Books.day)
      ]).run(in: tx, at: Books.now).forEach { precondition($0.violations.isEmpty) }
      return (
        try Products.require(sku: "CHAIR-1", field: "sku", in: tx),
        try Customers.require(code: "ANNA", field: "customer_code", in: tx)
      )
    }
    let counts = {
      [
        try await books.statements { try Products.find(sku: "CHAIR-1", in: $0) },
        try await books.statements {
          try Prices.price(of: chair, for: anna, quantity: .one, on: Books.day, in: $0)
        },
        try await books.statements { try TaxRates.rate(of: "STANDARD", on: Books.day, in: $0) },
        try await books.statements { try Customers.find(code: "ANNA", in: $0) },
        try await books.statements {
          try DocumentNumbers.next(.salesOrder, on: Books.day, in: $0)
        },
      ]
    }
    // Of prices, also who has a contract.
    let first = try await counts()
    #expect(first[0] <= 1 && first[1] <= 2 && first[2] <= 1)
    let later = try await counts()
    #expect(later == [0, 0, 0, 1, 2])
  }
}
