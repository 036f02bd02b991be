import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a file of orders is imported, and imported again")
struct OrderImportTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 1_000, cost: "210")
    return shop
  }

  /// What one import came to.
  private struct Outcome {
    var verdicts: [OrdersV1.ImportVerdict] = []
    var counts = OrdersV1.ImportCounts()
    var messages = 0

    mutating func add(_ reply: OrdersV1.ImportOrdersResponse) {
      messages += 1
      verdicts += reply.verdicts
      counts.placed += reply.counts?.placed ?? 0
      counts.waiting += reply.counts?.waiting ?? 0
      counts.unchanged += reply.counts?.unchanged ?? 0
      counts.refused += reply.counts?.refused ?? 0
    }
  }

  private func row(
    _ shop: Shop, _ number: Int64, sku: String = "CHAIR", count: Int64 = 1,
    customer: String = "VIP", externalID: String? = nil
  ) -> OrdersV1.ImportRow {
    .init(
      row: number,
      order: shop.input(
        [(sku, count)], customer: customer, channel: .web,
        externalID: externalID ?? "W-\(number)"))
  }

  private func send(
    _ shop: Shop, _ rows: [OrdersV1.ImportRow], mode: OrdersV1.ImportMode = .bestEffort,
    all: Bool = false, options: CallOptions? = nil
  ) async throws -> Outcome {
    let replies = try await shop.intake.importOrders(options: options ?? shop.command()) { writer in
      try await writer.write(
        .init(opening: .init(mode: mode, source: "web-shop.csv", allVerdicts: all)))
      for start in stride(from: 0, to: rows.count, by: 7) {
        try await writer.write(.init(rows: Array(rows[start..<min(start + 7, rows.count)])))
      }
    }
    var outcome = Outcome()
    for try await reply in replies { outcome.add(reply) }
    return outcome
  }

  private func count(_ shop: Shop) async throws -> Int {
    try await shop.orders.listOrders(.init(pageSize: 500, channel: .web)).orders.count
  }

  @Test("bad rows are told, good ones are placed; the same file again does only what is left")
  func bestEffort() async throws {
    let shop = try await opened()
    var rows = (1...80).map { row(shop, Int64($0)) }
    rows[9].order?.lines[0].sku = "SOFA"
    rows[40].order?.externalId = ""
    rows[41].order?.channel = .unspecified
    rows[70].order?.customerCode = "NOBODY"
    rows[79] = row(shop, 80, count: 60)
    let first = try await send(shop, rows)
    #expect(first.counts == .init(placed: 76, refused: 4))
    #expect(first.verdicts.map(\.row) == [10, 41, 42, 71])
    #expect(first.verdicts.allSatisfy { $0.outcome == .refused && $0.orderNumber.isEmpty })
    #expect(
      first.verdicts.flatMap(\.violations).map { "\($0.reason) \($0.field)" } == [
        "UNKNOWN_PRODUCT order.lines[0].sku", "REQUIRED order.external_id",
        "REQUIRED order.channel", "UNKNOWN_CUSTOMER order.customer_code",
      ])
    #expect(try await count(shop) == 76)
    #expect(try await shop.violations() == [])

    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "SOFA", name: "沙发", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "SOFA", unitPrice: yuanEach("2999"),
          validFrom: .init(year: 2026, month: 1, day: 1))
      ]), options: shop.command())
    rows[20].order?.lines[0].quantity = pieces(2)
    let second = try await send(shop, rows)
    #expect(second.counts == .init(placed: 1, unchanged: 75, refused: 4))
    #expect(
      second.verdicts.first { $0.row == 21 }?.violations.map(\.reason) == ["IMPORTED_OTHERWISE"])
    let causes = try await shop.intake.getFindingReport(.init(dimensions: [.cause, .source]))
    #expect(
      causes.rows.map { "\($0.count) \($0.cause) \($0.source)" } == [
        "2 REQUIRED web-shop.csv", "1 IMPORTED_OTHERWISE web-shop.csv",
        "1 UNKNOWN_CUSTOMER web-shop.csv", "1 UNKNOWN_PRODUCT web-shop.csv",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("all or nothing takes nothing for one bad row, and everything for none")
  func atomic() async throws {
    let shop = try await opened()
    var rows = (1...40).map { row(shop, Int64($0)) }
    rows[39].order?.lines[0].sku = "SOFA"
    let refused = try await send(shop, rows, mode: .atomic)
    #expect(refused.counts == .init(refused: 40))
    #expect(refused.verdicts.map(\.row) == [40])
    #expect(try await count(shop) == 0)
    rows[39].order?.lines[0].sku = "CHAIR"
    let done = try await send(shop, rows, mode: .atomic, all: true)
    #expect(done.counts == .init(placed: 40))
    #expect(done.verdicts.map(\.row) == Array(1...40))
    #expect(done.verdicts.allSatisfy { $0.state == .confirmed && !$0.orderNumber.isEmpty })
    #expect(try await send(shop, rows, mode: .atomic).counts == .init(unchanged: 40))
    let tooMany = await refusal {
      try await send(shop, (1...10_001).map { row(shop, $0) }, mode: .atomic)
    }
    #expect(tooMany?.code == .invalidArgument)
    #expect(reason(tooMany) == "IMPORT_TOO_LARGE")
    #expect(try await count(shop) == 40)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("all or nothing of many rows is answered in messages that anybody takes")
  func atomicOfMany() async throws {
    let shop = try await opened()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "BULK", name: "工程", creditLimit: yuan("9000000"), terms: .init(netDays: 30))
      ]), options: shop.command())
    let bad = (1...1_100).map { row(shop, Int64($0), sku: "SOFA", customer: "BULK") }
    let refused = try await send(shop, bad, mode: .atomic)
    #expect(refused.counts == .init(refused: 1_100))
    #expect(refused.verdicts.map(\.row) == Array(1...1_000))
    let good = (1...1_100).map { row(shop, Int64($0), customer: "BULK") }
    let done = try await send(shop, good, mode: .atomic, all: true)
    #expect(done.counts == .init(placed: 1_100))
    #expect(done.verdicts.map(\.row) == Array(1...1_100))
    #expect(done.messages == 3)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a rehearsal changes nothing; the same key gets the same answers")
  func rehearsal() async throws {
    let shop = try await opened()
    let rows = (1...30).map { row(shop, Int64($0), sku: $0 == 3 ? "SOFA" : "CHAIR") }
    let dry = try await send(shop, rows, options: shop.command(dryRun: true))
    #expect(dry.counts == .init(placed: 29, refused: 1))
    #expect(try await count(shop) == 0)
    #expect(try await shop.intake.listFindings(.init()).findings.isEmpty)
    let first = try await send(shop, rows, all: true, options: shop.command(key: "file-1"))
    let again = try await send(shop, rows, all: true, options: shop.command(key: "file-1"))
    #expect(first.counts == .init(placed: 29, refused: 1))
    #expect(again.verdicts == first.verdicts)
    let other = await refusal {
      try await send(shop, Array(rows.dropFirst()), options: shop.command(key: "file-1"))
    }
    #expect(other?.code == .alreadyExists)
    #expect(try await count(shop) == 29)
    await shop.close()
  }

  @Test("a row twice in a file is one order; what is doubtful or needs approval waits and is told")
  func waiting() async throws {
    let shop = try await opened()
    _ = try await shop.intake.setValidationPolicy(
      .init(
        rules: [.init(code: "TWICE", condition: .duplicateHours(1), hold: .duplicate)],
        reason: "x"), options: shop.command())
    let rows = [
      row(shop, 1), row(shop, 2, externalID: "W-1"), row(shop, 3),
      row(shop, 4, count: 12, customer: "CREDIT"),
    ]
    let done = try await send(shop, rows)
    #expect(done.counts == .init(placed: 1, waiting: 2, unchanged: 1))
    #expect(done.verdicts.map(\.row) == [3, 4])
    #expect(done.verdicts.map { $0.holds.map(\.kind) } == [[.duplicate], []])
    #expect(done.verdicts.allSatisfy { $0.state == .submitted })
    let found = try await shop.intake.listFindings(.init(source: "web-shop.csv"))
    #expect(found.findings.map(\.orderNumber) == [done.verdicts[0].orderNumber])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an order that came another way keeps its external id")
  func foreign() async throws {
    let shop = try await opened()
    let order = try #require(row(shop, 1).order)
    let placed = try await shop.orders.placeOrder(.init(order: order), options: shop.command())
    let done = try await send(shop, [row(shop, 1)])
    #expect(done.counts == .init(refused: 1))
    #expect(done.verdicts[0].violations.map(\.reason) == ["EXTERNAL_ID_TAKEN"])
    #expect(done.verdicts[0].violations[0].message.contains(placed.order?.number ?? "?"))
    await shop.close()
  }

  @Test("an import that says nothing of itself is refused before any row")
  func openings() async throws {
    let shop = try await opened()
    let rows = [row(shop, 1)]
    let cases: [([OrdersV1.ImportOrdersRequest], String)] = [
      ([], "opening"), ([.init(rows: rows)], "opening"),
      ([.init(opening: .init(source: "x"), rows: rows)], "opening.mode"),
      ([.init(opening: .init(mode: .unrecognized(9), source: "x"))], "opening.mode"),
      ([.init(opening: .init(mode: .atomic))], "opening.source"),
      (
        [
          .init(opening: .init(mode: .atomic, source: "x")),
          .init(opening: .init(mode: .atomic, source: "x")),
        ], "opening"
      ),
    ]
    for (messages, field) in cases {
      let refused = await refusal {
        let replies = try await shop.intake.importOrders(options: shop.command()) { writer in
          for message in messages { try await writer.write(message) }
        }
        for try await _ in replies {}
      }
      #expect(refused?.code == .invalidArgument, "\(field)")
      let fields = refused?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field)
      #expect(fields == [field])
    }
    let noKey = await refusal {
      try await send(shop, rows, options: CallOptions(metadata: ["joinery-actor": "li.na"]))
    }
    #expect(noKey?.code == .invalidArgument)
    #expect(try await count(shop) == 0)
    await shop.close()
  }
}
