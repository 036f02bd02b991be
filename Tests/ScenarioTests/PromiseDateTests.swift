import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Scenario: on which day goods can leave, and why")
struct PromiseDateTests {
  /// So many days after that of the clock, in Shanghai.
  private func day(_ shop: Shop, _ days: Int) -> GoogleType.Date {
    let hours = shop.clock.now.microseconds / 3_600_000_000 + 8
    let day = Day(daysSinceEpoch: Int32(hours / 24)).adding(days: days)
    return .init(year: Int32(day.year), month: Int32(day.month), day: Int32(day.day))
  }

  private func order(_ shop: Shop, _ supply: [(String, Int64, Int)]) async throws -> [String] {
    var numbers: [String] = []
    for (sku, count, days) in supply {
      let reply = try await shop.purchasing.createPurchaseOrder(
        .init(
          supplierCode: "WOOD", warehouseCode: "MAIN",
          lines: [.init(sku: sku, quantity: pieces(count))], expectedOn: day(shop, days)),
        options: shop.command())
      numbers.append(reply.purchaseOrder?.number ?? "")
    }
    return numbers
  }

  private func promises(
    _ shop: Shop, _ order: String
  ) async throws -> OrdersV1.GetPromisesResponse {
    try await shop.promises.getPromises(.init(orderNumber: order))
  }

  private func events(_ shop: Shop, _ order: String, _ type: String) async throws -> [[String]] {
    try await shop.orders.getOrderTimeline(.init(number: order)).events
      .filter { $0.type == type }.map { event in event.facts.map { "\($0.name)=\($0.value)" } }
  }

  @Test("what is on the shelf can leave today, and nothing is written about it")
  func inStock() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let order = try await shop.place([("CHAIR", 4)]).number
    let reply = try await promises(shop, order)
    #expect(reply.readyOn == day(shop, 0))
    #expect(reply.lines.map(\.readyOn) == [day(shop, 0)])
    #expect(reply.steps.map(\.kind) == [.stock])
    #expect(reply.steps.allSatisfy { !$0.critical })
    #expect(try await events(shop, order, "order.promised") == [])
    await shop.close()
  }

  @Test("asked before the order exists, the answer is what confirming promises")
  func questionIsPromise() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let bought = try await order(shop, [("CHAIR", 5, 20), ("CHAIR", 2, 5)])
    let input = shop.input([("CHAIR", 6), ("TABLE", 1)], customer: "VIP")
    let asked = try await shop.promises.promiseOrder(.init(order: input))
    // 3 from the shelf, 2 in five days and 1 in twenty; the table waits for boards, a week.
    #expect(asked.lines.map(\.readyOn) == [day(shop, 20), day(shop, 8)])
    #expect(asked.readyOn == day(shop, 20))
    #expect(
      asked.steps.map { "\($0.lineNumber) \($0.level) \($0.kind.name.dropFirst(12))" } == [
        "1 0 STOCK", "1 0 PURCHASE_ORDER", "1 0 PURCHASE_ORDER", "2 0 WORK_ORDER",
        "2 1 REQUISITION",
      ])
    #expect(asked.steps.map(\.critical) == [false, false, true, true, true])
    #expect(asked.steps[1].document?.number == bought[1])
    #expect(asked.steps[2].quantity == amount("1", "pcs"))
    #expect(try await shop.orders.listOrders(.init()).orders == [])
    #expect(try await shop.violations() == [])

    let placed = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    let number = placed.order?.number ?? ""
    let told = try await promises(shop, number)
    #expect(told.lines.map(\.readyOn) == asked.lines.map(\.readyOn))
    #expect(told.lines.map(\.promisedOn) == asked.lines.map(\.promisedOn))
    #expect(told.lines.map(\.late) == [false, false])
    #expect(told.steps.map(\.text).first == "3 pcs are on the shelf")
    let events = try await events(shop, number, "order.promised")
    #expect(events.count == 2)
    #expect(events.first?.contains("because=\(bought[0])") == true, "\(events)")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who waits is served in turn: the second in the queue gets the second delivery")
  func queue() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let first = try await shop.place([("CHAIR", 2)]).number
    let second = try await shop.place([("CHAIR", 2)]).number
    // Nobody is asked first for chairs: no one can say.
    #expect(try await promises(shop, first).readyOn == nil)
    #expect(try await promises(shop, first).lines.first?.promisedOn == nil)
    let bought = try await order(shop, [("CHAIR", 2, 6), ("CHAIR", 2, 12)])
    #expect(try await promises(shop, first).lines.first?.readyOn == day(shop, 6))
    #expect(try await promises(shop, second).lines.first?.readyOn == day(shop, 12))
    // The first day that somebody can name is what is promised.
    #expect(try await promises(shop, second).lines.first?.promisedOn == day(shop, 12))

    // The supplier of the first delivery is late: it is the second now, and the other the first.
    _ = try await shop.purchasing.reschedulePurchaseOrder(
      .init(number: bought[0], expectedOn: day(shop, 30), reason: "strike"),
      options: shop.command())
    let late = try await promises(shop, second)
    #expect(late.lines.first?.readyOn == day(shop, 30))
    #expect(late.lines.first?.promisedOn == day(shop, 12))
    #expect(late.lines.first?.late == true)
    #expect(try await promises(shop, first).lines.first?.readyOn == day(shop, 12))
    let told = try await events(shop, second, "order.promise-changed")
    #expect(told.last?.contains("because=\(bought[0])") == true, "\(told)")
    #expect(told.last?.contains("late=yes") == true)

    _ = try await shop.purchasing.receiveGoods(
      .init(purchaseOrderNumber: bought[0]), options: shop.command())
    _ = try await shop.purchasing.receiveGoods(
      .init(purchaseOrderNumber: bought[1]), options: shop.command())
    for order in [first, second] {
      #expect(try await promises(shop, order).readyOn == day(shop, 0))
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("made to measure: the work order, its material, and what keeps it waiting")
  func made() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let number = try await shop.place([("TABLE", 2)], customer: "VIP").number
    // 90 minutes of work are a day, and boards take seven.
    #expect(try await promises(shop, number).readyOn == day(shop, 8))
    try await shop.stock("BOARD", 50, cost: "180")
    #expect(try await promises(shop, number).readyOn == day(shop, 1))
    let changed = try await events(shop, number, "order.promise-changed")
    #expect(changed.count == 1)
    // Boards are lost again, and nobody has asked for others.
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: "BOARD", warehouseCode: "MAIN", correction: .counted(amount("1", "m2")),
        reason: "water"), options: shop.command())
    #expect(try await promises(shop, number).lines.first?.readyOn == day(shop, 8))
    #expect(try await promises(shop, number).lines.first?.late == false)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("goods that were promised at once and are lost make the line late")
  func lost() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let number = try await shop.place([("CHAIR", 2)]).number
    let bought = try await order(shop, [("CHAIR", 2, 9)])
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: "CHAIR", warehouseCode: "MAIN", correction: .counted(pieces(0)), reason: "fire"),
      options: shop.command())
    let line = try #require(try await promises(shop, number).lines.first)
    #expect(line.promisedOn == day(shop, 0))
    #expect(line.readyOn == day(shop, 9))
    #expect(line.late)
    #expect(
      try await events(shop, number, "order.promised").first?.contains("because=\(bought[0])")
        == true)
    await shop.close()
  }

  @Test("with the days what is overdue and what nobody ordered moves on")
  func days() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let chairs = try await shop.place([("CHAIR", 2)]).number
    _ = try await order(shop, [("CHAIR", 2, 3)])
    let table = try await shop.place([("TABLE", 1)]).number
    shop.clock.advance(days: 5)
    let seen = try await shop.promises.refreshPromises(.init(), options: shop.command())
    #expect(seen.seen == 2)
    #expect(seen.changes.map(\.orderNumber) == [chairs, table])
    #expect(seen.changes.map(\.readyAfter) == [day(shop, 1), day(shop, 8)])
    #expect(seen.changes.map(\.late) == [true, true])
    let again = try await shop.promises.refreshPromises(.init(), options: shop.command())
    #expect(again.seen == 0)
    #expect(again.changes == [])
    let one = try await shop.promises.refreshPromises(
      .init(orderNumber: chairs), options: shop.command())
    #expect(one.changes == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is asked wrongly is refused by its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let unknown = await refusal { try await promises(shop, "SO-2026-999999") }
    #expect(unknown?.code == .notFound)
    #expect(violations(unknown) == ["UNKNOWN_ORDER order_number"])
    let wrong = await refusal {
      try await shop.promises.promiseOrder(
        .init(
          order: .init(
            channel: .web, customerCode: "NOBODY", warehouseCode: "NOWHERE",
            lines: [.init(sku: "GHOST", quantity: pieces(1))])))
    }
    #expect(
      Set(violations(wrong)) == [
        "UNKNOWN_CUSTOMER order.customer_code", "UNKNOWN_WAREHOUSE order.warehouse_code",
        "UNKNOWN_PRODUCT order.lines[0].sku",
      ])
    let bought = try await order(shop, [("CHAIR", 2, 3)])
    let past = await refusal {
      try await shop.purchasing.reschedulePurchaseOrder(
        .init(number: bought[0], expectedOn: day(shop, -1)), options: shop.command())
    }
    #expect(violations(past) == ["OUT_OF_RANGE expected_on"])
    let absent = await refusal {
      try await shop.purchasing.reschedulePurchaseOrder(
        .init(number: bought[0]), options: shop.command())
    }
    #expect(violations(absent) == ["REQUIRED expected_on"])
    _ = try await shop.purchasing.receiveGoods(
      .init(purchaseOrderNumber: bought[0]), options: shop.command())
    let done = await refusal {
      try await shop.purchasing.reschedulePurchaseOrder(
        .init(number: bought[0], expectedOn: day(shop, 4)), options: shop.command())
    }
    #expect(done?.code == .failedPrecondition)
    await shop.close()
  }
}
