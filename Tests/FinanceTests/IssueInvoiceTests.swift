import Finance
import MasterData
import Storage
import TestRandom
import Testing
import Values

@Suite("Issue invoice")
struct IssueInvoiceTests {
  @Test("posts receivable against revenue, service revenue and VAT, and exposes the gross")
  func posts() async throws {
    let books = try await Books()
    let (invoice, entries, use, events) = try await books.write { tx in
      let hotel = try Customer.named("HOTEL", in: tx)
      let invoice = try IssueInvoice(
        customer: hotel, order: order(1),
        lines: [.of(fen(55_55)), .of(fen(11_11), line: 2), .of(cny(100), line: 3, service: true)],
        text: "Chairs", dueOn: Books.day.adding(days: 30)
      ).run(in: tx, at: Books.now)
      return (
        invoice, try Journal.entries(of: invoice.reference, limit: 10, in: tx),
        try Receivables.exposure(of: hotel, in: tx), tx.takeEvents()
      )
    }
    #expect(invoice.number == "IN-2026-000001")
    #expect(invoice.net == fen(166_66))
    // 7.22 + 1.44 at 13 %, per line; 6.00 at 6 %.
    #expect(invoice.tax == fen(14_66))
    #expect(invoice.gross == fen(181_32))
    #expect(invoice.state == .open)
    #expect(
      try invoice.taxTotals().map { "\($0.rate) \($0.net.decimal) \($0.tax.decimal)" }
        == ["13% 66.66 8.66", "6% 100.00 6.00"])
    #expect(entries.map(\.event) == [.invoiceIssued])
    #expect(entries.flatMap(\.lines).map(\.party) == Array(repeating: "HOTEL", count: 4))
    #expect(
      try await books.balances() == [
        "receivable 181.32", "outputVAT -14.66", "revenue -66.66", "serviceRevenue -100.00",
      ])
    #expect(use.invoices == fen(181_32))
    #expect(events.map(\.type) == ["invoice.issued"])
    #expect(events.first?.related == order(1))
    #expect(try await books.read { try Invoices.find(number: invoice.number, in: $0) } == invoice)
    #expect(try await books.violations() == [])
  }

  @Test("a deposit pays part invoices, oldest money first, and never more than is open")
  func deposit() async throws {
    let books = try await Books()
    let (opens, states, left, types) = try await books.write { tx in
      _ = try ReceivePayment.of(cny(100), from: "HOTEL", for: order(1), in: tx)
      _ = try ReceivePayment.of(cny(80), from: "HOTEL", for: order(1), in: tx)
      _ = try ReceivePayment.of(cny(999), from: "HOTEL", for: order(2), in: tx)
      _ = tx.takeEvents()
      let invoices = try [cny(100), cny(100)].map {
        try IssueInvoice.of([$0], order: order(1), to: "HOTEL", in: tx)
      }
      return (
        invoices.map(\.open), invoices.map(\.state),
        try Payments.unapplied(earmark: order(1), in: tx), tx.takeEvents().map(\.type)
      )
    }
    #expect(opens == [cny(0), cny(46)])
    #expect(states == [.paid, .partlyPaid])
    #expect(left == cny(0))
    #expect(
      types == [
        "invoice.issued", "payment.applied", "payment.applied", "invoice.paid", "invoice.issued",
        "payment.applied",
      ])
    #expect(
      try await books.balances() == [
        "bank 1179.00", "receivable 46.00", "customerDeposits -999.00", "outputVAT -26.00",
        "revenue -200.00",
      ])
    #expect(try await books.violations() == [])
  }

  @Test("money for nothing in particular pays after the money for the order, never another order's")
  func unearmarked() async throws {
    let books = try await Books()
    let (invoice, payments) = try await books.write { tx in
      _ = try ReceivePayment.of(cny(50), from: "HOTEL", in: tx)
      _ = try ReceivePayment.of(cny(50), from: "HOTEL", for: order(2), in: tx)
      _ = try ReceivePayment.of(cny(50), from: "BANK", in: tx)
      _ = try ReceivePayment.of(cny(100), from: "HOTEL", for: order(1), in: tx)
      let invoice = try IssueInvoice.of([cny(100)], order: order(1), to: "HOTEL", in: tx)
      let payments = try (1...4).map {
        try Payments.require(number: "PY-2026-00000\($0)", field: "number", in: tx).unapplied
      }
      return (invoice, payments)
    }
    #expect(invoice.state == .paid)
    #expect(payments == [cny(37), cny(50), cny(50), cny(0)])
    #expect(try await books.violations() == [])
  }

  @Test("what is delivered is charged, whatever the credit limit says")
  func beyondLimit() async throws {
    let books = try await Books()
    let use = try await books.write { tx in
      _ = try IssueInvoice.of([cny(100)], order: order(1), to: "ANNA", in: tx)
      return try Receivables.exposure(of: .named("ANNA", in: tx), in: tx)
    }
    #expect(use.available == cny(-113))
  }

  @Test("an invoice of nothing is paid, numbered and posts nothing")
  func free() async throws {
    let books = try await Books()
    let (invoice, entries) = try await books.write { tx in
      let invoice = try IssueInvoice.of([cny(0)], order: order(1), to: "HOTEL", in: tx)
      return (invoice, try Journal.list(limit: 10, in: tx).count)
    }
    #expect(invoice.state == .paid)
    #expect(entries == 0)
    #expect(try await books.violations() == [])
  }

  @Test("part invoices of a line in any split sum to the line to the cent", arguments: 1...20)
  func splits(seed: UInt64) async throws {
    let books = try await Books()
    var random = Seeded(seed)
    let total = fen(.random(in: 1...1_000_000, using: &random))
    let tax = try total.share(Rate(micros: 130_000))
    let whole = Quantity(micros: 30_000_000)
    var cuts = (0..<6).map { _ in
      Quantity(micros: .random(in: 1..<30_000_000, using: &random))
    }
    cuts = cuts.sorted() + [whole]
    let plan = cuts
    let (net, taxes) = try await books.write { tx in
      var before = Quantity.zero
      for cut in plan {
        let line = InvoiceLine(
          orderLine: 1, description: "Fabric", quantity: try cut - before, unit: "m",
          net: try total.allocated(cut, of: whole) - total.allocated(before, of: whole),
          taxRate: Rate(micros: 130_000),
          tax: try tax.allocated(cut, of: whole) - tax.allocated(before, of: whole),
          isService: false)
        _ = try IssueInvoice(
          customer: .named("BANK", in: tx), order: order(1), lines: [line], text: "",
          dueOn: Books.day
        ).run(in: tx, at: Books.now)
        before = cut
      }
      let invoices = try Invoices.ofOrder(order(1), in: tx)
      return (try invoices.map(\.net).sum(.cny), try invoices.map(\.tax).sum(.cny))
    }
    #expect(net == total)
    #expect(taxes == tax)
    #expect(try await books.violations() == [])
  }
}
