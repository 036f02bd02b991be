import Finance
import MasterData
import Storage
import Testing
import Values

@Suite("Lists of invoices")
struct InvoicesTests {
  @Test("every filter pages through the right invoices, the newest first")
  func filters() async throws {
    let books = try await Books()
    let all = try await books.write { tx in
      try (0..<24).map { number in
        let code = number % 2 == 0 ? "HOTEL" : "BANK"
        let invoice = try IssueInvoice.of(
          [cny(1)], order: order(number % 4), to: code, in: tx)
        if number % 3 == 0 {
          _ = try ReceivePayment.of(invoice.gross, from: code, for: order(number % 4), in: tx)
        }
        return invoice.id
      }
    }
    let stored = try await books.read { snapshot in
      try all.map { id in
        try #require(
          try Invoices.list(before: ID(id.value + 1), limit: 1, in: snapshot).first)
      }
    }
    let customers = Set(stored.map(\.customer)).map(Optional.some) + [nil]
    for customer in customers {
      for document in [nil, order(1), order(2)] {
        for unpaidOnly in [false, true] {
          let filter = Invoices.Filter(
            customer: customer, order: document, unpaidOnly: unpaidOnly)
          let expected = stored.reversed().filter { invoice in
            (customer == nil || invoice.customer == customer)
              && (document == nil || invoice.order == document)
              && (!unpaidOnly || invoice.state != .paid)
          }
          let found = try await books.read { try walk(filter, in: $0) }
          #expect(found == Array(expected), "\(filter)")
        }
      }
    }
  }
}

private func walk(_ filter: Invoices.Filter, in snapshot: Snapshot) throws -> [Invoice] {
  var all: [Invoice] = []
  while true {
    let next = try Invoices.list(filter, before: all.last?.id, limit: 5, in: snapshot)
    if next.isEmpty { return all }
    all += next
  }
}
