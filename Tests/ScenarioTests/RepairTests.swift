import Messages
import TestKit
import Testing

@Suite("Scenario: a table is repaired, and who pays for it")
struct RepairTests {
  /// Two chairs that the customer has.
  private func sold(_ shop: Shop) async throws -> String {
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    try await shop.deliver(order)
    return order
  }

  private func repair(
    _ shop: Shop, _ order: String, _ reason: String, dryRun: Bool = false
  ) async throws -> AftersalesV1.CreateRepairResponse {
    try await shop.repairs.createRepair(
      .init(
        orderNumber: order, lineNumber: 1,
        lines: [
          .init(sku: "LAMP", quantity: pieces(1)), .init(sku: "INSTALL", quantity: pieces(2)),
        ], reasonCode: reason, note: "it wobbles"), options: shop.command(dryRun: dryRun))
  }

  @Test("under warranty parts and work cost nothing, and it is told what they would have cost")
  func underWarranty() async throws {
    let shop = try await Shop.open()
    let order = try await sold(shop)
    // The part is short: the repair gets the first, before who has waited longer.
    let waiting = try await shop.place([("LAMP", 1)], customer: "VIP").number
    let shown = try await repair(shop, order, "DEFECT", dryRun: true)
    let done = try await repair(shop, order, "DEFECT")
    #expect(shown == done)
    let made = try #require(done.repair)
    #expect(made.free && made.gross == yuan("0.00") && made.waived == yuan("439.90"))
    #expect(made.originOrderNumber == order && made.originLineNumber == 1)
    #expect(made.responsible == .workshop && done.warranty?.covered == true)
    #expect(done.order?.note == "it wobbles" && done.order?.state == .confirmed)
    try await shop.stock("LAMP", 1, cost: "80")
    let late = try await shop.orders.getOrder(.init(number: waiting)).order
    #expect(late?.lines.first?.reserved?.micros == 0)
    try await shop.deliver(made.orderNumber)
    let billed = try await shop.orders.invoiceOrder(
      .init(number: made.orderNumber), options: shop.command())
    #expect(billed.gross == yuan("0.00"))
    let listed = try await shop.repairs.listRepairs(.init(orderNumber: order)).repairs
    #expect(listed.map(\.cost) == [yuan("80.00")] && listed.map(\.state) == [.closed])
    #expect(try await shop.repairs.listRepairs(.init()).repairs == listed)
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events
    #expect(told.map(\.type).contains("repair.created"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is no defect, or is out of warranty, is charged like anything else")
  func charged() async throws {
    let shop = try await Shop.open()
    let order = try await sold(shop)
    try await shop.stock("LAMP", 2, cost: "80")
    let done = try await repair(shop, order, "CHANGED_MIND")
    // 199.90 at 13 % and 240.00 at 6 %.
    #expect(done.repair?.free == false && done.repair?.gross == yuan("480.29"))
    #expect(done.repair?.waived == yuan("0.00"))
    try await shop.deliver(done.repair?.orderNumber ?? "")
    let billed = try await shop.orders.invoiceOrder(
      .init(number: done.repair?.orderNumber ?? ""), options: shop.command())
    #expect(billed.gross == yuan("480.29"))
    shop.clock.advance(days: 3_650)
    let old = try await repair(shop, order, "DEFECT")
    #expect(old.repair?.free == false && old.warranty?.covered == false)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("only what has left is repaired; bad input names its field")
  func refused() async throws {
    let shop = try await Shop.open()
    let order = try await sold(shop)
    let early = try await shop.place([("LAMP", 1), ("INSTALL", 1)], customer: "VIP").number
    func refused(_ change: (inout AftersalesV1.CreateRepairRequest) -> Void) async -> [String] {
      var request = AftersalesV1.CreateRepairRequest(
        orderNumber: order, lineNumber: 1, lines: [.init(sku: "LAMP", quantity: pieces(1))],
        reasonCode: "DEFECT")
      change(&request)
      return violations(
        await refusal {
          try await shop.repairs.createRepair(request, options: shop.command())
        })
    }
    #expect(await refused { $0.orderNumber = early } == ["NOT_LEFT line_number"])
    #expect(
      await refused {
        $0.orderNumber = early
        $0.lineNumber = 2
      } == ["LINE_IS_SERVICE line_number"])
    #expect(await refused { $0.lineNumber = 5 } == ["UNKNOWN_LINE line_number"])
    #expect(await refused { $0.lines = [] } == ["OUT_OF_RANGE lines"])
    #expect(await refused { $0.reasonCode = "NONE" } == ["UNKNOWN_REASON reason_code"])
    #expect(await refused { $0.lines[0].sku = "NONE" } == ["UNKNOWN_PRODUCT lines[0].sku"])
    #expect(
      await refused { $0.lines[0].quantity = pieces(0) }
        == ["QUANTITY_NOT_POSITIVE lines[0].quantity"])
    #expect(await refused { $0.component = "a b" }.first?.hasSuffix(" component") == true)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
