import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: an offer, its revisions, and the order that comes of it")
struct QuoteToOrderTests {
  @Test("two alternatives are offered, revised and approved; one becomes an order at its price")
  func quoteToOrder() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    var chairs = shop.input([("CHAIR", 10)])
    chairs.customerCode = ""
    let request = OrdersV1.CreateQuoteRequest(
      customerCode: "CREDIT",
      variants: [
        .init(title: "Ten chairs", order: chairs),
        .init(title: "A table", order: shop.input([("TABLE", 1)])),
      ], note: "as discussed")
    let preview = try await shop.quotes.createQuote(request, options: shop.command(dryRun: true))
    let given = try #require(
      try await shop.quotes.createQuote(request, options: shop.command(key: "offer")).quote)
    #expect(preview.quote == given)
    let again = try await shop.quotes.createQuote(request, options: shop.command(key: "offer"))
    #expect(again.quote == given)
    #expect(given.state == .open && given.version == 1)
    #expect(given.revision?.variants.map(\.order?.state) == [.draft, .draft])
    #expect(given.revision?.variants[0].order?.approval?.pending == true)
    let price = try await shop.pricing.priceOrder(.init(order: shop.input([("CHAIR", 10)])))
    #expect(given.revision?.variants[0].order?.gross == price.gross)

    let revised = try await shop.quotes.reviseQuote(
      .init(
        number: given.number, expectedVersion: 1,
        variants: [
          .init(title: "Eleven chairs", order: shop.input([("CHAIR", 11)])),
          .init(title: "A table", order: shop.input([("TABLE", 1)])),
        ], note: "one more"), options: shop.command())
    let offer = try #require(revised.quote)
    #expect(offer.revisions == 2 && offer.version == 2)
    let approved = try await shop.quotes.approveQuote(
      .init(number: given.number, comment: "fine"),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    #expect(approved.quote?.revision?.variants[0].order?.approval?.decidedBy == "boss")

    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR", unitPrice: yuanEach("9999"),
          validFrom: .init(year: 2026, month: 2, day: 1))
      ]), options: shop.command())
    let won = try await shop.quotes.convertQuote(
      .init(number: given.number, variantNumber: 1, reasonCode: "DESIGN"),
      options: shop.command(by: "zhao"))
    let order = try #require(won.order)
    #expect(order.state == .confirmed)
    #expect(order.gross == offer.revision?.variants[0].order?.gross)
    #expect(order.approval?.decidedBy == "boss")
    #expect(won.quote?.state == .won && won.quote?.orderNumber == order.number)
    let shown = try await shop.quotes.getQuote(.init(number: given.number))
    #expect(shown.quote == won.quote)
    let first = try await shop.quotes.getQuote(.init(number: given.number, revision: 1))
    #expect(first.quote?.revision == given.revision)
    let revisions = try await shop.quotes.listQuoteRevisions(.init(number: given.number))
    #expect(revisions.revisions.map(\.note) == ["as discussed", "one more"])
    #expect(revisions.revisions[0].variants.map(\.title) == ["Ten chairs", "A table"])
    #expect(revisions.revisions[0].variants[0].gross == price.gross)
    #expect(revisions.revisions[0].variants.allSatisfy { $0.order == nil })
    let story = try await shop.orders.getOrderTimeline(.init(number: order.number))
    #expect(story.events.map(\.type).contains("quote.won"))
    let report = try await shop.quotes.getQuoteOutcomes(.init())
    #expect(report.winRateMicros == 1_000_000)
    #expect(report.rows.map(\.reasonText) == ["Design and quality"])
    try await shop.deliver(order.number)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("two revisions differ in what a person would say that they differ in")
  func differences() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let given = try await shop.quotes.createQuote(
      .init(
        customerCode: "CREDIT",
        variants: [
          .init(title: "Chairs", order: shop.input([("CHAIR", 2), ("LAMP", 1)])),
          .init(title: "A table", order: shop.input([("TABLE", 1)])),
        ]), options: shop.command()
    ).quote
    let number = given?.number ?? ""
    var second = shop.input([("CHAIR", 3), ("INSTALL", 1)])
    second.discountMicros = 100_000
    _ = try await shop.quotes.reviseQuote(
      .init(
        number: number,
        variants: [
          .init(title: "More chairs", order: second),
          .init(title: "A table", order: shop.input([("TABLE", 1)])),
          .init(title: "Lamps", order: shop.input([("LAMP", 2)])),
        ], validUntil: .init(year: 2026, month: 5, day: 1)), options: shop.command())
    _ = try await shop.quotes.reviseQuote(
      .init(number: number, variants: [.init(title: "More chairs", order: second)]),
      options: shop.command())
    func diff(_ from: Int32, _ to: Int32 = 0) async throws -> OrdersV1.DiffQuoteRevisionsResponse {
      try await shop.quotes.diffQuoteRevisions(
        .init(number: number, fromRevision: from, toRevision: to))
    }
    let first = try await diff(1, 2)
    #expect(first.validUntilBefore == .init(year: 2026, month: 4, day: 1))
    #expect(first.validUntil == .init(year: 2026, month: 5, day: 1))
    #expect(first.variants.map(\.variantNumber) == [1, 3])
    let chairs = try #require(first.variants.first)
    #expect(chairs.titleBefore == "Chairs" && chairs.title == "More chairs")
    #expect(
      chairs.differences.filter { $0.lineNumber == 0 }.map(\.field)
        == [.discount, .net, .tax, .gross])
    #expect(
      chairs.differences.filter { $0.lineNumber > 0 && $0.field != .net && $0.field != .tax }
        .map { "\($0.lineNumber) \($0.field.name)" }
        == [
          "1 ORDER_FIELD_QUANTITY", "2 ORDER_FIELD_LINE_REMOVED", "2 ORDER_FIELD_LINE_ADDED",
        ])
    #expect(first.variants[1].added && first.variants[1].title == "Lamps")
    let rest = try await diff(2)
    #expect(rest.variants.map(\.removed) == [true, true])
    #expect(try await diff(3, 3).variants == [])
    let unknown = await refusal { try await diff(1, 9) }
    #expect(violations(unknown) == ["UNKNOWN_REVISION to_revision"])
    await shop.close()
  }

  @Test("twenty tills convert one quote at once: one order, and the others are told which")
  func concurrency() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 40, cost: "80")
    let number = try await offer(shop)
    let told = try await withThrowingTaskGroup(of: (won: String, told: String).self) { group in
      for till in 0..<20 {
        group.addTask {
          do {
            let reply = try await shop.quotes.convertQuote(
              .init(number: number), options: shop.command(by: "till-\(till)"))
            return (reply.order?.number ?? "", "")
          } catch let error as RPCError {
            #expect(error.code == .alreadyExists)
            let info = error.detail(GoogleRPC.ErrorInfo.self)
            #expect(info?.reason == "ALREADY_CONVERTED")
            return ("", info?.metadata["order"] ?? "")
          }
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    let orders = try await shop.orders.listOrders(.init()).orders.map(\.number)
    #expect(orders.count == 1)
    #expect(told.map(\.won).filter { !$0.isEmpty } == orders)
    #expect(Set(told.map(\.told).filter { !$0.isEmpty }) == Set(orders))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the clock has closed is refused, lapses, and is listed as what it is")
  func validity() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let number = try await offer(shop)
    let other = try await offer(shop)
    shop.clock.advance(days: 31)
    let refused = await refusal {
      try await shop.quotes.convertQuote(.init(number: number), options: shop.command())
    }
    #expect(refused?.code == .failedPrecondition)
    #expect(reason(refused) == "QUOTE_EXPIRED")
    let expired = try await shop.quotes.listQuotes(.init(pageSize: 1, state: .expired))
    #expect(expired.quotes.map(\.number) == [other])
    let next = try await shop.quotes.listQuotes(
      .init(pageSize: 1, pageToken: expired.nextPageToken, state: .expired))
    #expect(next.quotes.map(\.number) == [number] && next.quotes[0].state == .expired)
    let anew = try await shop.quotes.reviseQuote(.init(number: number), options: shop.command())
    #expect(anew.quote?.state == .open)
    let lapsed = try await shop.quotes.lapseQuotes(.init(), options: shop.command())
    #expect(lapsed.numbers == [other])
    let lost = try await shop.quotes.loseQuote(
      .init(number: number, reasonCode: "COMPETITOR", comment: "two streets on"),
      options: shop.command())
    #expect(lost.quote?.state == .lost && lost.quote?.decidedOn != nil)
    let closed = await refusal {
      try await shop.quotes.reviseQuote(.init(number: other), options: shop.command())
    }
    #expect(reason(closed) == "QUOTE_STATE_FORBIDS")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("whatever is wrong with a variant is told with the field of that variant")
  func fields() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    func fields(_ request: OrdersV1.CreateQuoteRequest) async -> [String] {
      let refused = await refusal {
        try await shop.quotes.createQuote(request, options: shop.command())
      }
      return refused?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field) ?? []
    }
    let good = shop.input([("LAMP", 1)])
    var bad = shop.input([("LAMP", 1), ("NOTHING", 1)])
    bad.warehouseCode = "NOWHERE"
    #expect(
      await fields(
        .init(
          customerCode: "CREDIT",
          variants: [.init(title: "A", order: good), .init(title: "B", order: bad)]))
        == ["variants[1].order.warehouse_code", "variants[1].order.lines[1].sku"])
    #expect(
      await fields(.init(customerCode: "CREDIT", variants: [.init(), .init(order: good)])).first
        == "variants[0].order.channel")
    #expect(
      await fields(
        .init(
          customerCode: "NOBODY", variants: [.init(order: good), .init(order: good)],
          validUntil: .init(year: 2020, month: 1, day: 1), note: "a\nb"))
        == ["valid_until", "note", "variants[0].title", "variants[1].title", "customer_code"])
    #expect(await fields(.init(customerCode: "CREDIT")) == ["variants"])
    var other = good
    other.customerCode = "VIP"
    #expect(
      await fields(.init(customerCode: "CREDIT", variants: [.init(order: other)]))
        == ["variants[0].order.customer_code"])
    await shop.close()
  }

  @Test("reasons are rows: replaced, listed and asked for from then on")
  func reasonsAreRows() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let number = try await offer(shop)
    let rows: [OrdersV1.QuoteReason] = [.init(code: "GREY", text: "Too grey", outcome: .lost)]
    _ = try await shop.quotes.replaceQuoteReasons(.init(reasons: rows), options: shop.command())
    #expect(try await shop.quotes.listQuoteReasons(.init()).reasons == rows)
    for (code, expected) in [
      ("TOO_LATE", "UNKNOWN_REASON reason_code"), ("", "REQUIRED reason_code"),
    ] {
      let refused = await refusal {
        try await shop.quotes.loseQuote(
          .init(number: number, reasonCode: code), options: shop.command())
      }
      #expect(violations(refused) == [expected])
    }
    let wrong = await refusal {
      try await shop.quotes.replaceQuoteReasons(
        .init(reasons: [rows[0], .init(code: "GREY", text: "", outcome: .won)]),
        options: shop.command())
    }
    #expect(violations(wrong) == ["REQUIRED reasons[1].text", "DUPLICATE_REASON reasons[1].code"])
    _ = try await shop.quotes.loseQuote(
      .init(number: number, reasonCode: "GREY"), options: shop.command())
    await shop.close()
  }

  private func offer(_ shop: Shop) async throws -> String {
    let reply = try await shop.quotes.createQuote(
      .init(customerCode: "CREDIT", variants: [.init(order: shop.input([("LAMP", 1)]))]),
      options: shop.command())
    return try #require(reply.quote).number
  }
}
