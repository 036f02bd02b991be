import Finance
import MasterData
import Storage
import Testing
import Values

@Suite("Carry payments to another document")
struct CarryPaymentsTests {
  private static func carry(_ amount: Money, in tx: Transaction) throws {
    try CarryPayments(
      of: .named("HOTEL", in: tx), from: order(1), to: order(2), amount: amount
    ).run(in: tx, at: Books.at(day: 1))
  }

  /// Two payments of 30.00 and 50.00 for the first order; an invoice of 113.00 of the second.
  private func books() async throws -> Books {
    let books = try await Books()
    try await books.write { tx in
      _ = try ReceivePayment.of(cny(30), from: "HOTEL", for: order(1), in: tx)
      _ = try ReceivePayment.of(cny(50), from: "HOTEL", for: order(1), in: tx)
      _ = try IssueInvoice(
        customer: .named("HOTEL", in: tx), order: order(2), lines: [.of(cny(100))], text: "Goods",
        dueOn: Books.day
      ).run(in: tx, at: Books.now)
    }
    return books
  }

  @Test("the oldest first; the company owes it as before, and it pays what is open at once")
  func oldestFirst() async throws {
    let books = try await books()
    try await books.write { try Self.carry(cny(40), in: $0) }
    let (left, parts) = try await books.read { snapshot in
      (
        try Payments.unapplied(earmark: order(1), in: snapshot),
        try Payments.earmarked(to: order(2), in: snapshot)
      )
    }
    #expect(left == cny(40))
    #expect(parts.map(\.amount) == [cny(30), cny(10)])
    #expect(parts.allSatisfy { $0.unapplied.minor == 0 })
    #expect(parts.map(\.receivedOn) == [Books.day, Books.day])
    let sources = try await books.read { try Payments.earmarked(to: order(1), in: $0) }
    #expect(sources.map { $0.uses.map(\.amount) } == [[cny(30)], [cny(10)]])
    #expect(parts.map(\.carriedFrom) == sources.map(\.number))
    #expect(sources.map { $0.uses.map(\.carriedTo) } == parts.map { [$0.number] })
    let taken = try await books.read { try Payments.used(.carried, of: order(1), in: $0) }
    #expect(taken == cny(40))
    // 80.00 came in; of the invoice of 113.00 the carried 40.00 are paid.
    #expect(
      try await books.balances() == [
        "bank 80.00", "receivable 73.00", "customerDeposits -40.00", "outputVAT -13.00",
        "revenue -100.00",
      ])
    #expect(try await books.violations() == [])
  }

  @Test("nothing for nothing, and no more than there is")
  func bounds() async throws {
    let books = try await books()
    try await books.write { try Self.carry(.zero(.cny), in: $0) }
    #expect(try await books.read { try Payments.earmarked(to: order(2), in: $0) }.isEmpty)
    let refused = try await books.refusals { try Self.carry(cny(81), in: $0) }
    #expect(refused.map(\.reason) == ["NOT_THAT_MUCH_HELD"])
    #expect(try await books.violations() == [])
  }

  @Test("a part that is not what it says is found")
  func damaged() async throws {
    let books = try await books()
    try await books.write { tx in
      try Self.carry(cny(40), in: tx)
      try tx.execute("UPDATE payment SET received_on = received_on + 1 WHERE id = 1")
    }
    #expect(try await books.violations().map(\.rule) == ["finance.carried-payment-is-part"])
  }

  @Test("earnest money is a prepayment where it is carried to")
  func earnest() async throws {
    let books = try await Books()
    let kinds = try await books.write { tx in
      _ = try ReceivePayment(
        customer: .named("HOTEL", in: tx), amount: cny(10), method: .cash, earmark: order(1),
        receivedOn: Books.day, kind: .earnest
      ).run(in: tx, at: Books.now)
      try Self.carry(cny(10), in: tx)
      return try Payments.earmarked(to: order(2), in: tx).map(\.kind)
    }
    #expect(kinds == [.prepayment])
    #expect(try await books.violations() == [])
  }
}
