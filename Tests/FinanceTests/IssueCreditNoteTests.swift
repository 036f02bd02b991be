import Finance
import MasterData
import Storage
import Testing
import Values

@Suite("Issue a credit note")
struct IssueCreditNoteTests {
  static let cause = DocumentReference(.customerReturn, "RT-1")

  /// Seven pieces for 100.00 and 13.01 of tax: no share of it is even.
  private static func invoice(in tx: Transaction) throws -> Invoice {
    try IssueInvoice(
      customer: .named("HOTEL", in: tx), order: order(1),
      lines: [
        InvoiceLine(
          orderLine: 1, description: "Chair", quantity: units(7), unit: "pcs", net: cny(100),
          taxRate: Rate(micros: 130_000), tax: fen(13_01), isService: false)
      ], text: "Goods", dueOn: Books.day
    ).run(in: tx, at: Books.now)
  }

  private static func units(_ count: Int64) -> Quantity { Quantity(micros: count * 1_000_000) }

  @discardableResult
  static func credit(_ count: Int64, in tx: Transaction) throws -> CreditNote {
    let number = try #require(try Invoices.ofOrder(order(1), in: tx).first).number
    return try IssueCreditNote(
      customer: .named("HOTEL", in: tx),
      invoice: try Invoices.require(number: number, field: "number", in: tx),
      parts: [CreditedQuantity(invoiceLine: 1, quantity: units(count))], cause: cause, text: "Back"
    ).run(in: tx, at: Books.now)
  }

  /// An invoice of 113.01 of which 60.00 were paid for the order and 10.00 for nothing in
  /// particular.
  static func books() async throws -> Books {
    let books = try await Books()
    try await books.write { tx in
      _ = try ReceivePayment.of(cny(10), from: "HOTEL", in: tx)
      _ = try ReceivePayment.of(cny(60), from: "HOTEL", for: order(1), in: tx)
      _ = try invoice(in: tx)
    }
    return books
  }

  @Test("pieces that come back one by one sum to the invoice, whatever was paid", arguments: 1...6)
  func sums(step: Int64) async throws {
    let books = try await Self.books()
    var left: Int64 = 7
    var (net, tax, released): (Int64, Int64, Int64) = (0, 0, 0)
    while left > 0 {
      let count = min(step, left)
      let note = try await books.write { try Self.credit(count, in: $0) }
      net += note.net.minor
      tax += note.tax.minor
      released += note.released.minor
      left -= count
      #expect(try await books.violations() == [])
    }
    #expect(net == 100_00 && tax == 13_01)
    // No more than what was paid, and all of it.
    #expect(released == 70_00)
    #expect(
      try await books.balances() == [
        "bank 70.00", "customerDeposits -70.00", "revenue -100.00", "salesReturns 100.00",
      ])
    let invoice = try await books.read {
      try #require(try Invoices.ofOrder(order(1), in: $0).first)
    }
    #expect(invoice.state == .paid && invoice.paid == cny(0) && invoice.credited == invoice.gross)
  }

  @Test("what is open goes first, then the order's own money, then the other")
  func turn() async throws {
    let books = try await Self.books()
    let notes = try await books.write { tx in try [2, 3, 2].map { try Self.credit($0, in: tx) } }
    // 43.01 was open.
    #expect(notes.map(\.gross) == [fen(32_29), fen(48_43), fen(32_29)])
    #expect(notes.map(\.released) == [cny(0), fen(37_71), fen(32_29)])
    let payments = try await books.read { snapshot in
      try Payments.newest(of: .named("HOTEL", in: snapshot), limit: 9, in: snapshot)
    }
    #expect(payments.map(\.unapplied) == [cny(60), cny(10)])
    #expect(payments.map { $0.releases.map(\.amount) } == [[fen(37_71), fen(22_29)], [cny(10)]])
  }

  @Test("no more is credited than was invoiced and is not credited yet")
  func tooMuch() async throws {
    let books = try await Self.books()
    _ = try await books.write { try Self.credit(5, in: $0) }
    let found = try await books.refusals { try Self.credit(3, in: $0) }
    #expect(found.map(\.reason) == ["MORE_THAN_INVOICED"])
    let next = try await books.read { snapshot in
      let invoices = try Invoices.ofOrder(order(1), in: snapshot)
      return try [2, 3].map { count in
        try CreditNotes.next(Self.units(count), ofLine: 1, of: invoices, in: snapshot)?.map(\.part)
      }
    }
    #expect(next == [[CreditedQuantity(invoiceLine: 1, quantity: Self.units(2))], nil])
  }

  @Test("free money pays what is due first")
  func freeMoney() async throws {
    let books = try await Self.books()
    try await books.write { tx in
      _ = try IssueInvoice.of([cny(40)], order: order(2), to: "HOTEL", in: tx)
      _ = try Self.credit(7, in: tx)
      let paid = try PayWithFreeMoney(customer: .named("HOTEL", in: tx))
        .run(in: tx, at: Books.now)
      #expect(paid == [order(2)])
    }
    let open = try await books.read { try Receivables.open(of: order(2), in: $0) }
    #expect(open == fen(35_20))
    #expect(try await books.violations() == [])
  }

  static let damages = [
    Damage(
      "credit-note-is-sum-of-lines", "credit-is-share-of-invoice",
      sql: "UPDATE credit_note_line SET net_minor = net_minor + 1"),
    Damage(
      "credit-is-share-of-invoice",
      sql: "UPDATE credit_note_line SET quantity_micros = quantity_micros + 1000000"),
    Damage(
      "credit-releases-what-was-paid", "invoice-paid-is-sum-of-applications",
      sql: "UPDATE invoice SET credited_minor = credited_minor - 1"),
    Damage(
      "credit-releases-what-was-paid", "invoice-paid-is-sum-of-applications",
      "payment-applied-is-sum-of-applications",
      sql: "UPDATE payment_release SET amount_minor = amount_minor + 1 WHERE id = 1"),
  ]

  @Test("damage has a name", arguments: damages)
  func damaged(_ damage: Damage) async throws {
    let books = try await Self.books()
    _ = try await books.write { try Self.credit(5, in: $0) }
    try await books.write { _ = try $0.execute(damage.sql) }
    #expect(Set(try await books.violations().map(\.rule)) == Set(damage.rules))
  }
}
