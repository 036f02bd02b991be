import Finance
import MasterData
import Storage
import TestRandom
import Testing
import Values

/// Documents in another currency than that of the books: both close together (complaints 13, 14).
@Suite("Documents in other currencies")
struct CurrencyTests {
  private static func usd(_ cents: Int64) -> Money { Money(minor: cents, currency: .usd) }

  /// Books with JOHN, who trades in dollars.
  private static func books() async throws -> Books {
    let books = try await Books()
    try await books.write { tx in
      var john = CustomerDraft(
        code: "JOHN", name: "John", creditLimit: cny(1_000_000), terms: PaymentTerms(netDays: 30))
      john.currencyCode = "USD"
      try UpsertCustomers([john]).run(in: tx, at: Books.now)
        .forEach { precondition($0.violations.isEmpty, "\($0)") }
    }
    return books
  }

  @discardableResult
  private static func set(
    _ micros: Int64, _ code: String = "USD", on day: Int = 0, in tx: Transaction
  ) throws -> [RowVerdict] {
    try UpsertExchangeRates([
      ExchangeRateDraft(
        currencyCode: code, micros: micros, validFrom: Books.day.adding(days: day))
    ]).run(in: tx, at: Books.now)
  }

  /// "bank USD 316.40 2234.80": what is not zero in either currency.
  private static func balances(_ books: Books) async throws -> [String] {
    try await books.read { snapshot in
      try Ledger.trialBalance(in: snapshot).map { account in
        (account, try account.balance(), try account.baseBalance())
      }.filter { $1.minor != 0 || $2.minor != 0 }.map {
        "\($0.account) \($1.currency) \($1.decimal) \($2.decimal)"
      }
    }
  }

  @Test("an invoice that was paid at other rates is closed in both currencies")
  func differences() async throws {
    let books = try await Self.books()
    let invoice = try await books.write { tx in
      try Self.set(7_100_000, in: tx)
      // 113.00 dollars.
      let invoice = try IssueInvoice.of([Self.usd(100_00)], order: order(1), to: "JOHN", in: tx)
      try Self.set(7_300_000, on: 1, in: tx)
      _ = try ReceivePayment.of(
        Self.usd(50_00), from: "JOHN", for: order(1), in: tx, at: Books.at(day: 1))
      try Self.set(6_900_000, on: 2, in: tx)
      let last = try ReceivePayment.of(
        Self.usd(63_00), from: "JOHN", in: tx, at: Books.at(day: 2))
      #expect(last.applications.map(\.exchangeGain) == [fen(-12_60)])
      // A later word about a day changes nothing that was written.
      try Self.set(1_000_000, in: tx)
      return invoice
    }
    #expect(invoice.baseGross == fen(802_30) && invoice.rate?.micros == 7_100_000)
    let stored = try await books.read {
      try Invoices.require(number: invoice.number, field: "number", in: $0)
    }
    #expect(stored.state == .paid && stored.baseOpen == fen(0) && stored.basePaid == fen(802_30))
    #expect(stored.lines.map(\.baseNet) == [fen(710_00)])
    #expect(stored.lines.map(\.baseTax) == [fen(92_30)])
    #expect(
      try await Self.balances(books) == [
        "bank USD 113.00 799.70", "outputVAT USD -13.00 -92.30", "revenue USD -100.00 -710.00",
        "exchangeGain USD 0.00 -10.00", "exchangeLoss USD 0.00 12.60",
      ])
    #expect(try await books.violations() == [])
    let use = try await books.read {
      try Receivables.exposure(of: .named("JOHN", in: $0), in: $0)
    }
    #expect(use.total == cny(0))
  }

  @Test("credit is used in the base currency; money pays only what is in its own")
  func separate() async throws {
    let books = try await Self.books()
    let open = try await books.write { tx in
      try Self.set(7_100_000, in: tx)
      _ = try IssueInvoice.of([Self.usd(100_00)], order: order(1), to: "JOHN", in: tx)
      _ = try IssueInvoice.of([cny(100)], order: order(2), to: "JOHN", in: tx)
      _ = try ReceivePayment.of(cny(500), from: "JOHN", in: tx)
      let use = try Receivables.exposure(of: .named("JOHN", in: tx), in: tx)
      #expect(use.invoices == fen(802_30))
      #expect(try Payments.unapplied(of: .named("JOHN", in: tx), in: tx) == cny(387))
      return try [order(1), order(2)].map { try Receivables.open(of: $0, in: tx).minor }
    }
    #expect(open == [113_00, 0])
    #expect(try await books.violations() == [])
  }

  @Test("money in a currency of nobody's, and of no rate, is refused naming the field")
  func refused() async throws {
    let books = try await Self.books()
    let pay = { (amount: Money, code: String) in
      try await books.refusals { try ReceivePayment.of(amount, from: code, in: $0) }
        .map { "\($0.reason) \($0.field ?? "")" }
    }
    let euro = try #require(Currency("EUR"))
    #expect(
      try await pay(Money(minor: 1, currency: euro), "JOHN")
        == ["CURRENCY_NOT_TRADED amount.currency_code"])
    #expect(try await pay(Self.usd(1), "HOTEL") == ["CURRENCY_NOT_TRADED amount.currency_code"])
    #expect(try await pay(Self.usd(1), "JOHN") == ["NO_EXCHANGE_RATE amount.currency_code"])
    let bill = try await books.refusals {
      try IssueInvoice.of([Self.usd(100)], order: order(1), to: "JOHN", in: $0)
    }
    #expect(bill.map(\.reason) == ["NO_EXCHANGE_RATE"])
  }

  @Test("a company without other currencies asks no statement more")
  func statements() async throws {
    let books = try await Books()
    let received = try await books.statements {
      try ReceivePayment.of(cny(100), from: "HOTEL", in: $0)
    }
    let billed = try await books.statements {
      try IssueInvoice.of([cny(50)], order: order(1), to: "HOTEL", in: $0)
    }
    #expect(received == 11)
    #expect(billed == 26)
  }

  /// Invoices, money, credits and refunds at random, at rates that move: every amount is used up
  /// when its document is, and the books hold in both currencies after each step.
  @Test(
    "whatever is paid, credited and given back at whatever rates, both close", arguments: 1...40)
  func random(seed: UInt64) async throws {
    var random = Seeded(seed)
    let books = try await Self.books()
    let trade = try Trade(&random)
    try await books.write { tx in
      var draft = CustomerDraft(code: "ABROAD", name: "Abroad", creditLimit: cny(1_000_000_000))
      draft.currencyCode = trade.currency.code
      _ = try UpsertCustomers([draft]).run(in: tx, at: Books.now)
    }
    for step in 0..<40 {
      let rate = Int64.random(in: 10_000...90_000_000, using: &random)
      let (share, choice) = (Int64.random(in: 1...100, using: &random), random.next())
      try await books.write { tx in
        _ = try UpsertExchangeRates([
          ExchangeRateDraft(
            currencyCode: trade.currency.code, micros: rate, units: trade.units,
            validFrom: Books.day.adding(days: step))
        ]).run(in: tx, at: Books.now)
        try trade.act(step: step, share: share, choice, in: tx)
      }
      #expect(try await books.violations() == [], "seed \(seed) step \(step)")
    }
    // What is left open is paid, and nothing is left in any currency.
    try await books.write { tx in
      let now = Books.at(day: 40)
      let open = try Receivables.open(of: order(1), trade.currency, in: tx)
      if open.minor > 0 {
        _ = try ReceivePayment.of(open, from: "ABROAD", for: order(1), in: tx, at: now)
      }
      let held = try Payments.unapplied(earmark: order(1), trade.currency, in: tx)
      try UsePayments(of: order(1), for: .refunded, amount: held).run(in: tx, at: now)
      #expect(try Receivables.exposure(of: .named("ABROAD", in: tx), in: tx).total == cny(0))
      #expect(try Ledger.balance(of: .receivable, in: tx) == cny(0), "seed \(seed)")
    }
    #expect(try await books.violations() == [], "seed \(seed)")
  }

  /// What one customer abroad buys again and again.
  private struct Trade {
    let currency: Currency
    let units: Int64
    let counts: [Int64]
    let nets: [Int64]

    init(_ random: inout Seeded) throws {
      let quoted: [(String, Int64)] = [("USD", 1), ("JPY", 100), ("KWD", 1), ("VND", 10_000)]
      let picked = try #require(quoted.randomElement(using: &random))
      currency = try #require(Currency(picked.0))
      units = picked.1
      counts = (1...3).map { _ in Int64.random(in: 1...9, using: &random) }
      nets = counts.map { _ in Int64.random(in: 1...999_999, using: &random) }
    }

    func act(step: Int, share: Int64, _ choice: UInt64, in tx: Transaction) throws {
      let now = Books.at(day: step)
      let customer = try Customer.named("ABROAD", in: tx)
      let invoices = try Invoices.ofOrder(order(1), in: tx)
      if invoices.isEmpty || step % 17 == 16 { return try bill(customer, in: tx, at: now) }
      switch choice % 4 {
      case 0, 1:
        let open = try Receivables.open(of: order(1), currency, in: tx)
        guard open.minor > 0 else { return }
        let part = choice % 8 < 2 ? open.minor : max(1, open.minor * share / 100)
        _ = try ReceivePayment.of(
          Money(minor: part, currency: currency), from: "ABROAD",
          for: choice % 16 < 8 ? order(1) : nil, in: tx, at: now)
      case 2:
        let invoice = invoices[Int(choice / 4 % UInt64(invoices.count))]
        let (line, one) = (Int(choice / 64 % 3) + 1, Quantity(micros: 1_000_000))
        guard try CreditNotes.next(one, ofLine: line, of: [invoice], in: tx) != nil else { return }
        _ = try IssueCreditNote(
          customer: customer, invoice: invoice,
          parts: [CreditedQuantity(invoiceLine: line, quantity: one)],
          cause: IssueCreditNoteTests.cause, text: "Back"
        ).run(in: tx, at: now)
        _ = try PayWithFreeMoney(customer: customer, order: order(1)).run(in: tx, at: now)
      default:
        let held = try Payments.unapplied(earmark: order(1), currency, in: tx)
        try UsePayments(
          of: order(1), for: .refunded,
          amount: Money(minor: held.minor * share / 100, currency: currency)
        ).run(in: tx, at: now)
      }
    }

    private func bill(_ customer: Customer, in tx: Transaction, at now: Moment) throws {
      let rate = Rate(micros: 130_000)
      _ = try IssueInvoice(
        customer: customer, order: order(1),
        lines: zip(counts, nets).enumerated().map { index, line in
          let net = Money(minor: line.1, currency: currency)
          return InvoiceLine(
            orderLine: index + 1, description: "Chair",
            quantity: Quantity(micros: line.0 * 1_000_000), unit: "pcs", net: net, taxRate: rate,
            tax: try net.share(rate), isService: false)
        }, text: "Goods", dueOn: now.day
      ).run(in: tx, at: now)
    }
  }

  static let damages = [
    Damage(
      "invoice-is-worth-its-lines", "document-is-worth-its-rate",
      "receivable-is-open-invoices", "invoice-exposure-is-open-amount",
      sql: "UPDATE invoice SET base_gross_minor = base_gross_minor + 1"),
    Damage(
      "settled-is-worth-nothing", "receivable-is-open-invoices",
      "invoice-exposure-is-open-amount",
      sql: "UPDATE invoice SET base_paid_minor = base_paid_minor - 1"),
    Damage(
      "settled-is-worth-nothing",
      sql: "UPDATE payment_application SET invoice_base_minor = invoice_base_minor + 1"),
    Damage(
      "settled-is-worth-nothing",
      sql: "UPDATE payment_application SET payment_base_minor = payment_base_minor + 1"),
    Damage(
      "balance-is-sum-of-lines",
      sql: "UPDATE journal_line SET base_minor = base_minor + 1 WHERE id = 1"),
    Damage(
      "document-is-worth-its-rate",
      sql: "UPDATE payment SET rate_micros = rate_micros + 100000 WHERE id = 1"),
  ]

  @Test("damage has a name", arguments: damages)
  func damaged(_ damage: Damage) async throws {
    let books = try await Self.books()
    try await books.write { tx in
      try Self.set(7_100_000, in: tx)
      _ = try IssueInvoice.of([Self.usd(100_00)], order: order(1), to: "JOHN", in: tx)
      try Self.set(7_300_000, on: 1, in: tx)
      _ = try ReceivePayment.of(
        Self.usd(50_00), from: "JOHN", for: order(1), in: tx, at: Books.at(day: 1))
    }
    try await books.write { _ = try $0.execute(damage.sql) }
    #expect(Set(try await books.violations().map(\.rule)) == Set(damage.rules))
  }
}
