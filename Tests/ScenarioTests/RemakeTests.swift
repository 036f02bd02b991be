import Messages
import TestKit
import Testing

@Suite("Scenario: a part is made again, and who pays for it")
struct RemakeTests {
  private func sell(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)]
  ) async throws -> String {
    let order = try await shop.place(lines, customer: "VIP").number
    try await shop.deliver(order)
    return order
  }

  private func remake(
    _ shop: Shop, _ order: String, _ count: Int64 = 1, _ reason: String = "DEFECT",
    sku: String = "", component: String = "", dryRun: Bool = false
  ) async throws -> AftersalesV1.CreateRemakeResponse {
    try await shop.remakes.createRemake(
      .init(
        orderNumber: order, lineNumber: 1, quantity: pieces(count), reasonCode: reason, sku: sku,
        component: component), options: shop.command(dryRun: dryRun))
  }

  /// Makes what an order waits for.
  private func make(_ shop: Shop, _ order: String) async throws {
    let works = try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders
    let work = try #require(works.first)
    _ = try await shop.production.releaseWorkOrder(
      .init(number: work.number), options: shop.command())
    _ = try await shop.production.issueMaterials(
      .init(number: work.number), options: shop.command())
    _ = try await shop.production.completeWorkOrder(
      .init(number: work.number, good: work.quantity), options: shop.command())
  }

  @Test("a table with a bad board is made again for nothing, as a work order of its own")
  func madeAgain() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 20, cost: "180")
    // What is given away needs nobody's approval here, whatever the rules say about discounts.
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init(approverRole: "GENERAL_MANAGER", minimumDiscountMicros: 100_000)]),
      options: shop.command())
    let order = try await shop.place([("TABLE", 1)], customer: "VIP").number
    let early = await refusal { try await remake(shop, order) }
    #expect(violations(early) == ["NOT_LEFT line_number"])
    try await make(shop, order)
    try await shop.deliver(order)

    let shown = try await remake(shop, order, dryRun: true)
    let done = try await remake(shop, order)
    #expect(shown == done)
    let made = try #require(done.remake)
    #expect(made.free && made.gross == yuan("0.00") && made.responsible == .workshop)
    #expect(made.originOrderNumber == order && made.originLineNumber == 1)
    #expect(made.state == .confirmed && done.warranty?.covered == true)
    try await make(shop, made.orderNumber)
    try await shop.deliver(made.orderNumber)
    _ = try await shop.orders.invoiceOrder(
      .init(number: made.orderNumber), options: shop.command())

    // And that one is bad, too: it is the chain of the first order.
    let second = try #require(try await remake(shop, made.orderNumber).remake)
    let chain = try await shop.remakes.listRemakes(.init(orderNumber: order)).remakes
    #expect(chain.map(\.orderNumber) == [second.orderNumber, made.orderNumber])
    #expect(chain[1].state == .closed && (chain[1].cost?.minorUnits ?? 0) > 0)
    #expect(try await shop.remakes.listRemakes(.init()).remakes == chain)
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events
    #expect(
      told.filter { $0.type == "remake.created" }.map(\.subject?.number) == [made.orderNumber])

    let report = try await shop.defects.getDefectReport(
      .init(dimensions: [.product, .responsible]))
    #expect(report.rows.map(\.sku) == ["TABLE"] && report.rows.map(\.remakes) == [2])
    #expect(report.rows[0].cost == chain[1].cost && report.rows[0].responsible == .workshop)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a remake is served before who waits longer, and bad input names its field")
  func priority() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 1, cost: "80")
    let order = try await sell(shop, [("LAMP", 1)])
    let waiting = try await shop.place([("LAMP", 1)], customer: "VIP").number
    let urgent = try #require(try await remake(shop, order, 1, "DAMAGED").remake)
    try await shop.stock("LAMP", 1, cost: "80")
    func reserved(_ number: String) async throws -> TypeV1.Quantity? {
      try await shop.orders.getOrder(.init(number: number)).order?.lines.first?.reserved
    }
    #expect(try await reserved(urgent.orderNumber) == amount("1", "pcs"))
    #expect(try await reserved(waiting) == amount("0", "pcs"))

    let many = await refusal { try await remake(shop, order, 2) }
    #expect(violations(many) == ["MORE_THAN_AVAILABLE quantity"])
    let mood = await refusal { try await remake(shop, order, 1, "MOOD") }
    #expect(violations(mood) == ["UNKNOWN_REASON reason_code"])
    let part = await refusal { try await remake(shop, order, sku: "NOTHING") }
    #expect(violations(part) == ["UNKNOWN_PRODUCT sku"])
    let named = await refusal { try await remake(shop, order, component: "a b") }
    #expect(violations(named) == ["INVALID_CODE component"])
    let spare = try #require(try await remake(shop, order, 3, sku: "CHAIR").remake)
    #expect(spare.sku == "CHAIR" && spare.free)
    let late = await refusal {
      try await shop.defects.getDefectReport(
        .init(
          from: .init(year: 2026, month: 3, day: 3), until: .init(year: 2026, month: 3, day: 1)))
    }
    #expect(violations(late) == ["OUT_OF_RANGE from"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
