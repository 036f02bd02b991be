import Finance
import Inventory
import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Quotes")
struct QuoteTests {
  @Test("price as an order does, and keep the price when prices change")
  func keepsPrice() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let draft = OrderDraft.of("HOTEL", [("CHAIR", 2), ("INSTALL", 1)])
    let priced = try shop.read { try PricedOrder.of(draft, at: Shop.now, in: $0) }
    let quote = try shop.quote("HOTEL", [("", draft)])
    #expect(quote.quote.number == "QU-2026-000001")
    #expect(quote.quote.gross == priced.gross)
    #expect(quote.revision.variants[0].order.lines == priced.lines)
    #expect(try shop.free("CHAIR") == units(9))
    #expect(try shop.creditUse(of: "HOTEL").total.minor == 0)
    try shop.write { try PriceFixture.set("CHAIR", micros: 900_000_000, in: $0) }
    let won = try shop.convert(quote.quote.number, day: 30)
    #expect(won.order.state == .confirmed)
    #expect(won.order.gross == priced.gross)
    #expect(won.order.lines.map(\.net) == priced.lines.map(\.net))
    #expect(won.order.lines.map(\.priceExplanation) == priced.lines.map(\.priceExplanation))
    #expect(try shop.free("CHAIR") == units(7))
    let stored = try shop.read { try SalesOrders.require(number: won.order.number, in: $0) }
    #expect(stored.gross == priced.gross)
    #expect(try shop.shown(quote.quote.number).quote == won.offered.quote)
    #expect(try shop.violations().isEmpty)
  }

  @Test("keep everything that an order says: discounts, coupons, charges, delivery, remarks")
  func keepsEverything() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    try shop.write { tx in
      let promotions = try UpsertPromotions([
        PromotionDraft(
          code: "NEW", name: "New", validFrom: Shop.day, needsCoupon: true,
          effect: .share(Rate(micros: 100_000)))
      ]).run(in: tx, at: Shop.now)
      #expect(promotions[0].violations.isEmpty)
      _ = try UpsertCoupons([CouponDraft(code: "C1", promotionCode: "NEW", limit: 1)])
        .run(in: tx, at: Shop.now)
      _ = try ReplaceTaxPolicyRules(rules: [
        TaxPolicyRule(
          channel: nil, customerClass: nil,
          policy: TaxPolicy(isIncluded: true, scope: .document, rounding: .halfEven))
      ]).run(in: tx, at: Shop.now)
    }
    let draft = OrderDraft(
      channel: .phone, externalID: "E-1", customerCode: "", warehouseCode: "MAIN",
      lines: [
        .init(sku: "CHAIR", quantity: units(3), discount: Rate(micros: 20_000), note: "red")
      ], requestedOn: Shop.day.adding(days: 9), shortage: .refuse, note: "ring twice",
      discount: .amount(fen(1_000)), couponCodes: ["C1"],
      delivery: Delivery(zone: "", floor: 3, hasLift: false, needsAssembly: true))
    let quote = try shop.quote("HOTEL", [("", draft)])
    let shown = try shop.shown(quote.quote.number)
    #expect(shown == quote)
    let won = try shop.convert(quote.quote.number)
    let (offered, order) = (shown.revision.variants[0].order, won.order)
    #expect(order.channel == .phone && order.externalID == "E-1" && order.note == "ring twice")
    #expect(order.requestedOn == draft.requestedOn && order.shortage == .refuse)
    #expect(order.discount == draft.discount && order.delivery == draft.delivery)
    #expect(order.policy == offered.policy && order.policy.isIncluded)
    #expect(order.lines.map(\.adjustments) == offered.lines.map(\.adjustments))
    #expect(order.lines[0].adjustments.map(\.kind) == [.promotion, .orderDiscount])
    #expect(order.gross == offered.gross)
    #expect(try shop.read { try Coupons.require(code: "C1", field: "", in: $0).redeemed } == 1)
    // Somebody else has used it up.
    let next = try shop.reasons { tx in
      try CreateQuote(
        customerCode: "HOTEL", QuoteDraft(variants: [.init(title: "", order: draft)]), by: "till"
      ).run(in: tx, at: Shop.now)
    }
    #expect(next == ["COUPON_USED_UP"])
    #expect(try shop.violations().isEmpty)
  }

  @Test("are the price of their order also when it is changed")
  func changed() throws {
    let shop = try Shop()
    let number = try shop.quote("HOTEL", [("", .of("", [("LAMP", 1)]))]).quote.number
    let later = Shop.day.adding(days: 5)
    try shop.write { try PriceFixture.set("LAMP", micros: 90_000_000, from: later, in: $0) }
    let order = try shop.convert(number, day: 10).order.number
    let changed = try shop.write { tx in
      try ChangeOrder(
        number: order, OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(2)))]),
        reason: "wish", by: "till"
      ).run(in: tx, at: Shop.at(day: 10)).order
    }
    #expect(changed.lines[0].net == fen(7_100))
    #expect(try shop.violations().isEmpty)
  }

  @Test("have the price of the site's day on which they were revised, not of the day in UTC")
  func changedAfterRevision() throws {
    let shop = try Shop()
    let number = try shop.quote("HOTEL", [("", .of("", [("LAMP", 1)]))]).quote.number
    let later = Shop.day.adding(days: 5)
    try shop.write { tx in
      try PriceFixture.set("LAMP", micros: 90_000_000, from: later, in: tx)
      // Seven in the morning in Shanghai is the evening before in UTC.
      let morning = Moment(
        instant: Shop.at(day: 4).instant.adding(seconds: 19 * 3600), day: later)
      _ = try ReviseQuote(number: number, QuoteDraft(variants: []), by: "till")
        .run(in: tx, at: morning)
    }
    let order = try shop.convert(number, day: 10).order
    #expect(order.lines[0].net == fen(9_000))
    let changed = try shop.write { tx in
      try ChangeOrder(
        number: order.number,
        OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(2)))]),
        reason: "wish", by: "till"
      ).run(in: tx, at: Shop.at(day: 10)).order
    }
    #expect(changed.lines[0].net == fen(18_000))
  }

  @Test("become one order, however often they are converted")
  func once() throws {
    let shop = try Shop()
    let number = try shop.quote("HOTEL", [("", .of("", [("LAMP", 1)]))]).quote.number
    let first = try shop.convert(number)
    let refused = try shop.refusals {
      try ConvertQuote(number: number, by: "other").run(in: $0, at: Shop.now)
    }
    #expect(refused.map(\.reason) == ["ALREADY_CONVERTED"])
    #expect(refused.first?.kind == .alreadyExists)
    #expect(refused.first?.facts.contains(Fact("order", first.order.number)) == true)
    #expect(try shop.read { try SalesOrders.list(limit: 9, in: $0) }.orders.count == 1)
  }

  @Test("expire by the clock; a revision prices them anew and opens them again")
  func expire() throws {
    let shop = try Shop()
    let number = try shop.quote(
      "HOTEL", [("", .of("", [("LAMP", 1)]))], validUntil: Shop.day.adding(days: 5)
    ).quote.number
    #expect(
      try shop.reasons {
        try ConvertQuote(number: number, by: "till").run(in: $0, at: Shop.at(day: 5))
      } == [])
    let late = Shop.at(day: 6)
    #expect(try shop.shown(number).quote.state(on: late.day) == .expired)
    let refused = try shop.refusals {
      try ConvertQuote(number: number, by: "till").run(in: $0, at: late)
    }
    #expect(refused.map(\.reason) == ["QUOTE_EXPIRED"])
    try shop.write { try PriceFixture.set("LAMP", micros: 40_000_000, in: $0) }
    let revised = try shop.write {
      try ReviseQuote(number: number, QuoteDraft(variants: []), by: "till").run(in: $0, at: late)
    }
    #expect(revised.quote.validUntil == late.day.adding(days: 30))
    #expect(revised.quote.gross == fen(4_520))
    #expect(try shop.convert(number, day: 7).order.gross == fen(4_520))
    let revisions = try shop.read { try Quotes.revisions(ofNumber: number, in: $0) }
    #expect(revisions.map(\.variants[0].order.gross) == [fen(4_012), fen(4_520)])
    #expect(revisions.map(\.variants[0].order.lines.isEmpty) == [true, true])
    let first = try shop.read { try Quotes.require(number: number, revision: 1, in: $0) }
    #expect(first.revision.variants[0].order.lines.map(\.net) == [fen(3_550)])
    #expect(try shop.violations().isEmpty)
  }

  @Test("offer alternatives of which the customer takes one")
  func alternatives() throws {
    let shop = try Shop()
    let number = try shop.quote(
      "HOTEL", [("Lamp", .of("", [("LAMP", 1)])), ("Chair", .of("HOTEL", [("CHAIR", 1)]))]
    ).quote.number
    #expect(
      try shop.refusals { try ConvertQuote(number: number, by: "till").run(in: $0, at: Shop.now) }
        .map(\.field) == ["variant_number"])
    let won = try shop.convert(number, variant: 2)
    #expect(won.order.lines.map(\.sku) == ["CHAIR"])
    #expect(won.offered.quote.wonVariant == 2)
    #expect(won.offered.quote.gross == won.order.gross)
    #expect(try shop.violations().isEmpty)
  }

  @Test("carry an approval into the order, and need a new one where rules ask for more")
  func approval() throws {
    let shop = try Shop()
    let draft = OrderDraft.of("", [("CHAIR", 30)])
    let number = try shop.quote("BIGCO", [("", draft)]).quote.number
    #expect(
      try shop.reasons {
        try ApproveQuote(number: number, by: "till", roles: ["GENERAL_MANAGER"])
          .run(in: $0, at: Shop.now)
      } == ["CREATOR_MAY_NOT_DECIDE"])
    #expect(
      try shop.reasons {
        try ApproveQuote(number: number, by: "boss", roles: ["SALES"]).run(in: $0, at: Shop.now)
      } == ["ROLE_MISSING"])
    try shop.write {
      _ = try ApproveQuote(number: number, by: "boss", roles: ["GENERAL_MANAGER"])
        .run(in: $0, at: Shop.now)
    }
    #expect(
      try shop.reasons {
        try ApproveQuote(number: number, by: "boss", roles: ["GENERAL_MANAGER"])
          .run(in: $0, at: Shop.now)
      } == ["NO_APPROVAL_PENDING"])
    let stricter = [
      ApprovalRule(
        customerClass: nil, minimumGross: cny(1_000), approverRole: "OWNER")
    ]
    try shop.write { tx in
      _ = try ReplaceApprovalRules(rules: stricter).run(in: tx, at: Shop.now)
      let reopened = try tx.attemptConversion(number)
      #expect(reopened.order.state == .submitted)
      #expect(reopened.order.approval.isPending)
      #expect(reopened.order.approval.requiredRole == "OWNER")
      _ = try ReplaceApprovalRules(rules: [
        ApprovalRule(
          customerClass: nil, minimumGross: cny(5_000), approverRole: "GENERAL_MANAGER")
      ]).run(in: tx, at: Shop.now)
    }
    let won = try shop.convert(number)
    #expect(won.order.state == .confirmed)
    #expect(won.order.approval.decidedBy == "boss")
    #expect(won.order.approval.explanation.steps.map(\.rule).last == "APPROVED_IN_QUOTE")
    #expect(try shop.violations().isEmpty)
  }

  @Test("that nobody approved become orders that wait, and their author does not decide")
  func fourEyes() throws {
    let shop = try Shop()
    let number = try shop.quote("BIGCO", [("", .of("", [("CHAIR", 30)]))]).quote.number
    let order = try shop.write {
      try ConvertQuote(number: number, by: "clerk").run(in: $0, at: Shop.now)
    }.order
    #expect(order.state == .submitted && order.approval.isPending)
    for actor in ["till", "clerk"] {
      #expect(
        try shop.reasons {
          try ApproveOrder(number: order.number, by: actor, roles: ["GENERAL_MANAGER"])
            .run(in: $0, at: Shop.now)
        } == ["CREATOR_MAY_NOT_DECIDE"])
    }
    #expect(
      try shop.reasons {
        try ApproveOrder(
          number: order.number, by: "deputy", roles: ["GENERAL_MANAGER"], standingInFor: ["till"]
        ).run(in: $0, at: Shop.now)
      } == ["STAND_IN_MAY_NOT_DECIDE"])
    _ = try shop.approve(order.number)
    #expect(try shop.confirm(order.number).state == .confirmed)
    #expect(try shop.violations().isEmpty)
  }

  @Test("hold what a manager may give without asking, whoever converts them")
  func exemption() throws {
    let shop = try Shop()
    let rule = ApprovalRule(
      customerClass: nil, minimumGross: nil, minimumDiscount: Rate(micros: 100_000),
      exemptRole: "SALES_MANAGER", approverRole: "SALES_MANAGER")
    let draft = OrderDraft.of(
      "", [("LAMP", 1)], discount: .share(Rate(micros: 150_000)))
    try shop.write { _ = try ReplaceApprovalRules(rules: [rule]).run(in: $0, at: Shop.now) }
    let given = try shop.quote("HOTEL", [("", draft)], by: "manager", roles: ["SALES_MANAGER"])
    #expect(try shop.convert(given.quote.number).order.state == .confirmed)
    let asked = try shop.quote("HOTEL", [("", draft)])
    #expect(try shop.convert(asked.quote.number).order.state == .submitted)
  }

  @Test("are lost for a reason or lapse, and the report says how often")
  func outcomes() throws {
    let shop = try Shop()
    let numbers = try (1...5).map { _ in
      try shop.quote(
        "HOTEL", [("", .of("", [("LAMP", 1)]))], validUntil: Shop.day.adding(days: 2)
      ).quote.number
    }
    _ = try shop.convert(numbers[0], reason: "DESIGN")
    try shop.write { tx in
      for number in numbers[1...2] {
        let lost = try LoseQuote(
          number: number, reasonCode: "TOO_LATE", comment: "in March", by: "till"
        ).run(in: tx, at: Shop.now)
        #expect(lost.quote.state(on: Shop.day) == .lost)
      }
    }
    let late = Shop.at(day: 9)
    let open = try shop.read {
      try QuoteOutcomes.of(from: nil, until: nil, on: Shop.day, in: $0)
    }
    #expect(open.rows.map(\.state) == [.open, .won, .lost])
    #expect(try open.winRate() == Rate(micros: 333_333))
    #expect(try shop.list(.expired, on: late.day) == [numbers[4], numbers[3]])
    #expect(try shop.list(.open, on: late.day) == [])
    #expect(try shop.write { try LapseQuotes().run(in: $0, at: late) } == [numbers[3], numbers[4]])
    #expect(try shop.list(.lapsed, on: late.day) == [numbers[4], numbers[3]])
    let ended = try shop.read { try QuoteOutcomes.of(from: nil, until: nil, on: late.day, in: $0) }
    #expect(ended.rows.map(\.reasonCode) == ["DESIGN", "TOO_LATE", ""])
    #expect(ended.rows.map(\.quotes) == [1, 2, 2])
    #expect(ended.rows.map(\.gross) == [fen(4_012), fen(8_024), fen(8_024)])
    #expect(try ended.winRate() == Rate(micros: 200_000))
    #expect(try ended.share(of: ended.rows[1]) == Rate(micros: 400_000))
    #expect(try shop.violations().isEmpty)
  }

  @Test("go with their customer when it is merged, and are forgotten with it")
  func customers() throws {
    let shop = try Shop()
    var draft = OrderDraft.of("", [("LAMP", 1)])
    draft = OrderDraft(
      channel: .web, customerCode: "", warehouseCode: "MAIN",
      lines: [.init(sku: "LAMP", quantity: units(1), note: "for Eve")], note: "ask Adam")
    let number = try shop.quote("ANNA", [("", draft)]).quote.number
    try shop.write {
      _ = try MergeCustomers(duplicate: "ANNA", into: "CAFE").run(in: $0, at: Shop.now)
    }
    #expect(try shop.shown(number).quote.customerCode == "CAFE")
    let erased = try shop.write {
      try EraseCustomer(code: "CAFE", reason: "asked").run(in: $0, at: Shop.now)
    }
    #expect(erased.quotes == [number])
    let shown = try shop.shown(number)
    #expect(shown.quote.customerName.isEmpty)
    #expect(shown.revision.variants[0].order.note.isEmpty)
    #expect(shown.revision.variants[0].order.lines[0].note.isEmpty)
    #expect(
      try shop.reasons { try ConvertQuote(number: number, by: "till").run(in: $0, at: Shop.now) }
        == ["CUSTOMER_GONE"])
    #expect(try shop.violations().isEmpty)
  }
}

/// One row per refusal, in the order of their precedence, each of the first quote of a shop.
@Suite("What quotes refuse")
struct QuoteRejectionTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let reason: String
    let kind: RejectionKind
    var field: String?
    let command: @Sendable (String, Transaction) throws -> Void

    var testDescription: String { reason }
  }

  @Test("refuses", arguments: Self.rows)
  func refuses(row: Refusal) throws {
    let shop = try Shop()
    let number = try shop.quote("HOTEL", [("", Self.lamp)]).quote.number
    let refusals = try shop.refusals { try row.command(number, $0) }
    #expect(refusals.map(\.reason) == [row.reason])
    #expect(refusals.first?.kind == row.kind)
    #expect(refusals.first?.field == row.field)
    #expect(refusals.first?.message.isEmpty == false)
  }

  private static let lamp = OrderDraft.of("", [("LAMP", 1)])

  static let rows: [Refusal] = [
    Refusal(reason: "DUPLICATE_TITLE", kind: .invalid, field: "variants[1].title") { _, tx in
      let draft = QuoteDraft(
        variants: [.init(title: "A", order: lamp), .init(title: "A", order: lamp)])
      _ = try CreateQuote(customerCode: "HOTEL", draft, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "OUT_OF_RANGE", kind: .invalid, field: "valid_until") { _, tx in
      let draft = QuoteDraft(
        variants: [.init(title: "", order: lamp)], validUntil: Shop.day.adding(days: 367))
      _ = try CreateQuote(customerCode: "HOTEL", draft, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(
      reason: "OTHER_CUSTOMER", kind: .invalid, field: "variants[0].order.customer_code"
    ) { number, tx in
      let draft = QuoteDraft(variants: [
        .init(title: "", order: .of("ANNA", [("LAMP", 1)]))
      ])
      _ = try ReviseQuote(number: number, draft, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "NO_PRICE", kind: .precondition, field: "variants[0].order.lines[0].sku") {
      number, tx in
      let draft = QuoteDraft(variants: [.init(title: "", order: .of("", [("SECRET", 1)]))])
      _ = try ReviseQuote(number: number, draft, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "UNKNOWN_QUOTE", kind: .notFound, field: "number") { _, tx in
      _ = try ConvertQuote(number: "QU-1", by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "UNKNOWN_REVISION", kind: .notFound, field: "revision") { number, tx in
      _ = try Quotes.require(number: number, revision: 2, in: tx)
    },
    Refusal(reason: "VERSION_CONFLICT", kind: .conflict, field: "expected_version") { number, tx in
      _ = try ConvertQuote(number: number, expectedVersion: 2, by: "till").run(
        in: tx, at: Shop.now)
    },
    Refusal(reason: "ALREADY_CONVERTED", kind: .alreadyExists) { number, tx in
      _ = try ConvertQuote(number: number, by: "till").run(in: tx, at: Shop.now)
      _ = try LoseQuote(number: number, reasonCode: "TOO_LATE", by: "till").run(
        in: tx, at: Shop.now)
    },
    Refusal(reason: "QUOTE_EXPIRED", kind: .precondition) { number, tx in
      _ = try ConvertQuote(number: number, by: "till").run(in: tx, at: Shop.at(day: 31))
    },
    Refusal(reason: "QUOTE_STATE_FORBIDS", kind: .precondition) { number, tx in
      _ = try LoseQuote(number: number, reasonCode: "TOO_LATE", by: "till").run(
        in: tx, at: Shop.now)
      _ = try ConvertQuote(number: number, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "TOO_MANY_REVISIONS", kind: .precondition) { number, tx in
      for _ in 1...100 {
        _ = try ReviseQuote(number: number, QuoteDraft(variants: []), by: "till").run(
          in: tx, at: Shop.now)
      }
    },
    Refusal(reason: "UNKNOWN_VARIANT", kind: .notFound, field: "variant_number") { number, tx in
      _ = try ConvertQuote(number: number, variant: 2, by: "till").run(in: tx, at: Shop.now)
    },
    Refusal(reason: "UNKNOWN_REASON", kind: .notFound, field: "reason_code") { number, tx in
      _ = try ConvertQuote(number: number, reasonCode: "TOO_LATE", by: "till").run(
        in: tx, at: Shop.now)
    },
    Refusal(reason: "OUT_OF_RANGE", kind: .invalid, field: "expired_before") { _, tx in
      _ = try LapseQuotes(expiredBefore: Shop.day.adding(days: 1)).run(in: tx, at: Shop.now)
    },
    Refusal(reason: "OUT_OF_RANGE", kind: .invalid, field: "created_from") { _, tx in
      _ = try QuoteOutcomes.of(
        from: Shop.day.adding(days: -366), until: nil, on: Shop.day, in: tx)
    },
    Refusal(reason: "CREDIT_LIMIT_EXCEEDED", kind: .precondition) { number, tx in
      let draft = QuoteDraft(variants: [
        .init(title: "", order: .of("", [("CHAIR", 20), ("CHAIR", 80)]))
      ])
      _ = try ReplaceApprovalRules(rules: [
        ApprovalRule(customerClass: nil, minimumGross: nil, approverRole: nil)
      ]).run(in: tx, at: Shop.now)
      _ = try ReviseQuote(number: number, draft, by: "till").run(in: tx, at: Shop.now)
      _ = try ConvertQuote(number: number, by: "till").run(in: tx, at: Shop.now)
    },
  ]
}

extension Shop {
  func quote(
    _ customer: String, _ variants: [(String, OrderDraft)], validUntil: Day? = nil,
    by actor: String = "till", roles: Set<String> = []
  ) throws -> OfferedQuote {
    let draft = QuoteDraft(
      variants: variants.map { .init(title: $0.0, order: $0.1) }, validUntil: validUntil)
    return try write {
      try CreateQuote(customerCode: customer, draft, by: actor, roles: roles)
        .run(in: $0, at: Self.now)
    }
  }

  func convert(
    _ number: String, variant: Int = 0, reason: String = "", day: Int = 0
  ) throws -> ConvertQuote.Outcome {
    try write {
      try ConvertQuote(number: number, variant: variant, reasonCode: reason, by: "clerk")
        .run(in: $0, at: Self.at(day: day))
    }
  }

  func shown(_ number: String) throws -> OfferedQuote {
    try read { try Quotes.require(number: number, in: $0) }
  }

  fileprivate func list(_ state: QuoteState, on day: Day) throws -> [String] {
    try read {
      let byState = try Quotes.list(.init(state: state), limit: 9, on: day, in: $0)
      let byCustomer = try Quotes.list(
        .init(customerCode: "HOTEL", state: state), limit: 9, on: day, in: $0)
      #expect(byState == byCustomer)
      return byState.map(\.number)
    }
  }
}

extension Transaction {
  /// What a conversion would come to; nothing of it stays.
  fileprivate func attemptConversion(_ number: String) throws -> ConvertQuote.Outcome {
    struct Enough: Error {}
    var outcome: ConvertQuote.Outcome?
    do {
      try attempt {
        outcome = try ConvertQuote(number: number, by: "clerk").run(in: self, at: Shop.now)
        throw Enough()
      }
    } catch is Enough {}
    return try #require(outcome)
  }
}
