import Finance
import MasterData
import Storage
import TestRandom
import Testing
import Values

@Suite("Receive payment")
struct ReceivePaymentTests {
  @Test("is a liability until something is owed")
  func deposit() async throws {
    let books = try await Books()
    let (payment, events, received) = try await books.write { tx in
      let payment = try ReceivePayment(
        customer: .named("ANNA", in: tx), amount: cny(300), method: .weChatPay,
        externalReference: "WX-1", earmark: order(1), receivedOn: Books.day.adding(days: -2)
      ).run(in: tx, at: Books.now)
      return (payment, tx.takeEvents(), try Payments.received(for: order(1), in: tx))
    }
    #expect(payment.number == "PY-2026-000001")
    #expect(payment.unapplied == cny(300))
    #expect(received == cny(300))
    #expect(events.map(\.type) == ["payment.received"])
    #expect(events.first?.subject == payment.reference)
    #expect(events.first?.related == order(1))
    #expect(try await books.balances() == ["bank 300.00", "customerDeposits -300.00"])
    #expect(
      try await books.read { try Payments.find(number: payment.number, in: $0) } == payment)
    #expect(try await books.violations() == [])
  }

  @Test("pays the invoices of its order, or else those that are due first")
  func sequence() async throws {
    let books = try await Books()
    let opens = try await books.write { tx in
      for (number, days) in [(1, 30), (2, 10), (3, 20), (4, 10)] {
        _ = try IssueInvoice.of(
          [cny(100)], order: order(number), to: "HOTEL", in: tx, dueIn: days)
      }
      _ = try IssueInvoice.of([cny(100)], order: order(5), to: "BANK", in: tx)
      let open = { try (1...5).map { try Receivables.open(of: order($0), in: tx) } }
      _ = try ReceivePayment.of(cny(13), from: "HOTEL", for: order(3), in: tx)
      let first = try open()
      _ = try ReceivePayment.of(cny(300), from: "HOTEL", in: tx)
      return [first, try open()]
    }
    #expect(opens[0] == [cny(113), cny(113), cny(100), cny(113), cny(113)])
    #expect(opens[1] == [cny(113), cny(0), cny(26), cny(0), cny(113)])
    #expect(try await books.violations() == [])
  }

  @Test("too much stays the customer's and pays the next invoice of the order")
  func overpaid() async throws {
    let books = try await Books()
    let (payment, unapplied, next) = try await books.write { tx in
      _ = try IssueInvoice.of([cny(100)], order: order(1), to: "HOTEL", in: tx)
      let payment = try ReceivePayment.of(
        cny(150), from: "HOTEL", for: order(1), in: tx)
      let unapplied = try Payments.unapplied(earmark: order(1), in: tx)
      let next = try IssueInvoice.of(
        [cny(100)], order: order(1), to: "HOTEL", in: tx)
      return (payment, unapplied, next)
    }
    #expect(payment.applications.map(\.amount) == [cny(113)])
    #expect(unapplied == cny(37))
    #expect(next.open == cny(76))
    #expect(try await books.violations() == [])
  }

  @Test("paying frees the credit of the invoice")
  func exposure() async throws {
    let books = try await Books()
    let uses = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      _ = try IssueInvoice.of([cny(100)], order: order(1), to: "HOTEL", in: tx)
      return try [cny(50), cny(63), cny(10)].map { amount in
        _ = try ReceivePayment.of(amount, from: "HOTEL", in: tx)
        return try Receivables.exposure(of: hotel, in: tx).invoices
      }
    }
    #expect(uses == [cny(63), cny(0), cny(0)])
  }

  @Test("an amount beyond any business is refused, so that the ledger can hold the next one")
  func amountOutOfRange() async throws {
    let books = try await Books()
    let refused = await #expect(throws: MasterDataRejection.self) {
      _ = try await books.write { tx in
        try ReceivePayment.of(fen(1_000_000_000_000_001), from: "HOTEL", in: tx)
      }
    }
    #expect(refused?.reason == "OUT_OF_RANGE")
    #expect(refused?.field == "amount")
    #expect(
      refused?.message == "10000000000000.01 CNY is not between 0 and 10000000000000.00 CNY")
    #expect(try await books.balances() == [])
  }

  @Test("any mix of payments and invoices adds up", arguments: 1...15)
  func property(seed: UInt64) async throws {
    let books = try await Books()
    var random = Seeded(seed)
    let steps = (0..<60).map { _ in
      (
        Bool.random(using: &random), fen(.random(in: 1...50_000, using: &random)),
        Int.random(in: 0...3, using: &random)
      )
    }
    let (paid, gross, open, deposits, applied) = try await books.write { tx in
      var (paid, gross) = (Int64(0), Int64(0))
      for (isPayment, amount, number) in steps {
        if isPayment {
          let earmark = number == 0 ? nil : order(number)
          _ = try ReceivePayment.of(amount, from: "BANK", for: earmark, in: tx)
          paid += amount.minor
        } else {
          gross += try IssueInvoice.of(
            [amount, fen(1)], order: order(max(1, number)), to: "BANK", in: tx
          ).gross.minor
        }
      }
      let open = try Ledger.balance(of: .receivable, in: tx).minor
      let deposits = try Ledger.balance(of: .customerDeposits, in: tx).minor
      let applied = try tx.first("SELECT COALESCE(SUM(amount_minor), 0) FROM payment_application") {
        $0.int64(0)
      }
      return (paid, gross, open, deposits, applied)
    }
    #expect(open == gross - (applied ?? 0))
    #expect(-deposits == paid - (applied ?? 0))
    #expect(try await books.violations() == [])
    // Money for nothing in particular and an open invoice never lie side by side.
    let (free, unpaid) = try await books.read { snapshot in
      (
        try snapshot.first(
          """
          SELECT COALESCE(SUM(amount_minor - applied_minor), 0) FROM payment
          WHERE earmark_kind IS NULL
          """
        ) { $0.int64(0) },
        try Invoices.list(.init(unpaidOnly: true), limit: 1, in: snapshot).count
      )
    }
    #expect(free == 0 || unpaid == 0)
  }
}
