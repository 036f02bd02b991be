import Finance
import MasterData
import Storage
import Testing
import Values

/// One refusal provoked, with what it must say.
struct Refusal: Sendable, CustomTestStringConvertible {
  let reason: String
  let field: String?
  let kind: RejectionKind
  let provoke: @Sendable (Transaction) throws -> Void

  init(
    _ reason: String, _ field: String?, _ kind: RejectionKind,
    _ provoke: @escaping @Sendable (Transaction) throws -> Void
  ) {
    self.reason = reason
    self.field = field
    self.kind = kind
    self.provoke = provoke
  }

  var testDescription: String { reason }

  /// Every case of `FinanceRejection`, in the order of its declaration.
  static let all: [Refusal] = [
    Refusal("AMOUNT_NOT_POSITIVE", "amount", .invalid) { tx in
      _ = try ReceivePayment.of(cny(0), from: "ANNA", in: tx)
    },
    Refusal("AMOUNT_NEGATIVE", "lines[1].net", .invalid) { tx in
      _ = try IssueInvoice(
        customer: .named("ANNA", in: tx), order: order(1),
        lines: [
          .of(cny(1)),
          InvoiceLine(
            orderLine: 2, description: "", quantity: .one, unit: "pcs", net: fen(-1),
            taxRate: .zero, tax: fen(0), isService: false),
        ], text: "", dueOn: Books.day
      ).run(in: tx, at: Books.now)
    },
    Refusal("DAY_IN_FUTURE", "received_on", .invalid) { tx in
      _ = try ReceivePayment(
        customer: .named("ANNA", in: tx), amount: cny(1), method: .cash,
        receivedOn: Books.day.adding(days: 1)
      ).run(in: tx, at: Books.now)
    },
    Refusal("EARNEST_WITHOUT_ORDER", "kind", .invalid) { tx in
      _ = try ReceivePayment(
        customer: .named("ANNA", in: tx), amount: cny(1), method: .cash,
        receivedOn: Books.day, kind: .earnest
      ).run(in: tx, at: Books.now)
    },
    Refusal("DUE_BEFORE_ISSUE", nil, .invalid) { tx in
      _ = try IssueInvoice.of([cny(1)], order: order(1), to: "ANNA", in: tx, dueIn: -1)
    },
    Refusal("UNKNOWN_INVOICE", "invoice_number", .notFound) { tx in
      _ = try Invoices.require(number: "IN-1", field: "invoice_number", in: tx)
    },
    Refusal("UNKNOWN_PAYMENT", "number", .notFound) { tx in
      _ = try Payments.require(number: "PY-1", field: "number", in: tx)
    },
    Refusal("UNKNOWN_CREDIT_NOTE", "number", .notFound) { tx in
      _ = try CreditNotes.require(number: "CN-1", field: "number", in: tx)
    },
    Refusal("UNKNOWN_CREDIT_GRANT", "id", .notFound) { tx in
      _ = try DecideCredit(id: ID(7), approve: true, by: "wang.fang").run(in: tx, at: Books.now)
    },
    Refusal("DUPLICATE_EXTERNAL_REFERENCE", "external_reference", .alreadyExists) { tx in
      for _ in 0..<2 {
        _ = try ReceivePayment(
          customer: .named("ANNA", in: tx), amount: cny(1), method: .alipay,
          externalReference: "ALI-77", receivedOn: Books.day
        ).run(in: tx, at: Books.now)
      }
    },
    Refusal("NOTHING_TO_INVOICE", nil, .precondition) { tx in
      _ = try IssueInvoice.of([], order: order(1), to: "ANNA", in: tx)
    },
    Refusal("NOT_THAT_MUCH_HELD", nil, .precondition) { tx in
      _ = try ReceivePayment.of(cny(2), from: "ANNA", for: order(1), in: tx)
      try UsePayments(of: order(1), for: .refunded, amount: cny(3)).run(in: tx, at: Books.now)
    },
    Refusal("MORE_THAN_INVOICED", nil, .precondition) { tx in
      let invoice = try IssueInvoice.of([cny(1)], order: order(1), to: "HOTEL", in: tx)
      _ = try IssueCreditNote(
        customer: .named("HOTEL", in: tx), invoice: invoice,
        parts: [.init(invoiceLine: 1, quantity: Quantity(micros: 1_000_001))],
        cause: IssueCreditNoteTests.cause, text: ""
      ).run(in: tx, at: Books.now)
    },
    Refusal("CREDIT_LIMIT_EXCEEDED", nil, .precondition) { tx in
      try SetExposure(
        customer: .named("HOTEL", in: tx), document: order(1), amount: fen(1_000_001),
        enforceLimit: true
      ).run(in: tx, at: Books.now)
    },
    Refusal("GROUP_LIMIT_EXCEEDED", nil, .precondition) { tx in
      let verdicts = try UpsertCustomers([.inGroup("HEAD", limit: cny(9_000)), .inGroup("PART")])
        .run(in: tx, at: Books.now)
      precondition(verdicts.allSatisfy { $0.violations.isEmpty })
      for (number, code) in ["HEAD", "PART"].enumerated() {
        try SetExposure(
          customer: .named(code, in: tx), document: order(number), amount: cny(5_000),
          enforceLimit: true
        ).run(in: tx, at: Books.now)
      }
    },
    Refusal("CREDIT_GRANT_DECIDED", nil, .precondition) { tx in
      let grant = try GrantCredit.of(cny(1), in: tx)
      for _ in 0..<2 {
        _ = try DecideCredit(id: grant.id, approve: true, by: "wang.fang")
          .run(in: tx, at: Books.now)
      }
    },
    Refusal("GRANTER_MAY_NOT_DECIDE", nil, .denied) { tx in
      let grant = try GrantCredit.of(cny(1), in: tx)
      _ = try DecideCredit(
        id: grant.id, approve: true, by: "wang.fang", standingInFor: ["li.na"]
      ).run(in: tx, at: Books.now)
    },
    Refusal("BALANCE_TOO_LARGE", nil, .precondition) { tx in
      for number in 0...1_000 {
        try PostEntry(
          event: .stockAdjusted, origin: Origin(.stockAdjustment, "SA-\(number)", line: 1),
          text: "Count",
          postings: [
            Posting(
              debit: .inventoryDifference, credit: .finishedGoods,
              amount: fen(1_000_000_000_000_000))
          ]
        ).run(in: tx, at: Books.now)
      }
    },
  ]
}

@Suite("Refusals of finance")
struct FinanceRejectionTests {
  @Test("says what, where and of which kind", arguments: Refusal.all)
  func refuses(_ refusal: Refusal) async throws {
    let books = try await Books()
    let found = try await books.refusals(refusal.provoke)
    #expect(found.map(\.reason) == [refusal.reason])
    #expect(found.first?.field == refusal.field)
    #expect(found.first?.kind == refusal.kind)
    #expect(found.first?.message.isEmpty == false)
    #expect(try await books.balances() == [])
  }

  @Test("shape comes before references, references before state")
  func precedence() {
    let ranks = Refusal.all.map { refusal in
      switch refusal.kind {
      case .invalid: 0
      case .notFound: 1
      default: 2
      }
    }
    #expect(ranks == ranks.sorted())
  }

  @Test("shows every mistake of a payment at once, and takes no number for it")
  func collects() async throws {
    let books = try await Books()
    let found = try await books.refusals { tx in
      try ReceivePayment(
        customer: .named("ANNA", in: tx), amount: Money(minor: -5, currency: .usd), method: nil,
        externalReference: String(repeating: "x", count: 101),
        receivedOn: Books.day.adding(days: 1)
      ).run(in: tx, at: Books.now)
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "AMOUNT_NOT_POSITIVE amount", "CURRENCY_NOT_TRADED amount.currency_code",
        "REQUIRED method",
        "TEXT_TOO_LONG external_reference", "DAY_IN_FUTURE received_on",
      ])
    let number = try await books.write {
      try ReceivePayment.of(cny(1), from: "ANNA", in: $0).number
    }
    #expect(number == "PY-2026-000001")
  }

  @Test("takes no amount of a currency that the customer does not trade in, or of no rate")
  func currency() async throws {
    let books = try await Books()
    let payment = try await books.refusals { tx in
      try ReceivePayment.of(Money(minor: 5, currency: .usd), from: "ANNA", in: tx)
    }
    let invoice = try await books.refusals { tx in
      try IssueInvoice.of([Money(minor: 5, currency: .usd)], order: order(1), to: "ANNA", in: tx)
    }
    #expect(payment.map(\.reason) == ["CURRENCY_NOT_TRADED"])
    #expect(
      invoice.map { "\($0.reason) \($0.field ?? "")" } == ["NO_EXCHANGE_RATE order_number"])
  }

  @Test("a refused duplicate names the payment that carries the reference")
  func duplicate() async throws {
    let books = try await Books()
    let first = try await books.write { tx in
      try ReceivePayment(
        customer: .named("ANNA", in: tx), amount: cny(1), method: .card, externalReference: "R1",
        receivedOn: Books.day
      ).run(in: tx, at: Books.now).number
    }
    let found = try await books.refusals { tx in
      // The same reference of another method is another receipt.
      try [PaymentMethod.cash, .card].map { method in
        try ReceivePayment(
          customer: .named("HOTEL", in: tx), amount: cny(2), method: method,
          externalReference: "R1", receivedOn: Books.day
        ).run(in: tx, at: Books.now)
      }
    }
    #expect(found.first?.facts.contains(Fact("payment", first)) == true)
  }
}

extension CustomerDraft {
  /// With a limit of its own of 10,000; below HEAD, unless it is that.
  fileprivate static func inGroup(_ code: String, limit: Money? = nil) -> CustomerDraft {
    var draft = CustomerDraft(code: code, name: code, creditLimit: cny(10_000))
    draft.groupLimit = limit
    if code != "HEAD" { draft.parentCode = "HEAD" }
    return draft
  }
}

extension GrantCredit {
  /// To HOTEL for a day, by li.na.
  static func of(_ amount: Money, in tx: Transaction) throws -> CreditGrant {
    try GrantCredit(
      customerCode: "HOTEL", amount: amount, validUntil: Books.day, reason: "fair", by: "li.na"
    ).run(in: tx, at: Books.now)
  }
}
