import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: each line says the day that its customer was told, and the one that is known now")
struct PromisedLineTests {
  /// March 2026.
  private func day(_ number: Int32) -> GoogleType.Date { .init(year: 2026, month: 3, day: number) }

  private func buy(_ shop: Shop, _ sku: String, _ count: Int64, on last: Int32) async throws
    -> String
  {
    let reply = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: sku, quantity: pieces(count))], expectedOn: day(last)),
      options: shop.command())
    return try #require(reply.purchaseOrder?.number)
  }

  private func reschedule(_ shop: Shop, _ number: String, to last: Int32) async throws {
    _ = try await shop.purchasing.reschedulePurchaseOrder(
      .init(number: number, expectedOn: day(last), reason: "another day"),
      options: shop.command())
  }

  /// Promised and expected, line by line.
  private func days(_ order: OrdersV1.Order?) -> [[Int32?]] {
    (order?.lines ?? []).map { [$0.promisedOn?.day, $0.expectedOn?.day] }
  }

  private func days(_ shop: Shop, _ number: String) async throws -> [[Int32?]] {
    days(try await shop.orders.getOrder(.init(number: number)).order)
  }

  private func listed(_ shop: Shop, _ number: String) async throws -> Int32? {
    try await shop.orders.listOrders(.init(prefix: number)).orders.first?.promisedOn?.day
  }

  /// What an event says of days, of the last of its kind.
  private func told(
    _ shop: Shop, _ number: String, _ type: String, _ prefix: String = "promised"
  ) async throws -> [String] {
    try await shop.orders.getOrderTimeline(.init(number: number)).events
      .last { $0.type == type }?.facts.filter { $0.name.hasPrefix(prefix) }
      .map { "\($0.name)=\($0.value)" } ?? []
  }

  private func stocked() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    return shop
  }

  @Test("what confirms an order tells the day of each line that waits, and of no other")
  func confirmed() async throws {
    let shop = try await stocked()
    _ = try await buy(shop, "CHAIR", 9, on: 20)
    let order = try await shop.place([("CHAIR", 5), ("LAMP", 1), ("TABLE", 1)], customer: "VIP")
    // Boards take a week, and the work a day.
    let expected: [[Int32?]] = [[20, 20], [nil, nil], [10, 10]]
    #expect(days(order) == expected)
    #expect(try await days(shop, order.number) == expected)
    #expect(try await listed(shop, order.number) == 20)
    #expect(
      try await told(shop, order.number, "order.confirmed")
        == ["promised_1=2026-03-20", "promised_3=2026-03-10"])
    // Step by step it is the same.
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 5)], customer: "VIP")), options: shop.command())
    let number = try #require(draft.order?.number)
    let submitted = try await shop.orders.submitOrder(
      .init(number: number), options: shop.command())
    #expect(days(submitted.order) == [[nil, nil]])
    let confirmed = try await shop.orders.confirmOrder(
      .init(number: number), options: shop.command())
    // Of the nine that come three are for the other order: there are enough for these.
    #expect(days(confirmed.order) == [[20, 20]])
    #expect(try await told(shop, number, "order.confirmed") == ["promised_1=2026-03-20"])
    // A line that nobody can say anything of is told no day, now and in the list.
    let open = try await shop.place([("LAMP", 20)], customer: "VIP")
    #expect(days(open) == [[nil, nil]])
    #expect(try await told(shop, open.number, "order.confirmed") == [])
    #expect(try await listed(shop, open.number) == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("when supply moves the day that is known moves, and the one that was told stays")
  func moves() async throws {
    let shop = try await stocked()
    let bought = try await buy(shop, "CHAIR", 9, on: 20)
    let order = try await shop.place([("CHAIR", 5), ("LAMP", 1)], customer: "VIP").number
    try await reschedule(shop, bought, to: 27)
    #expect(try await days(shop, order) == [[20, 27], [nil, nil]])
    #expect(try await listed(shop, order) == 20)
    #expect(
      try await told(shop, order, "order.promise-changed", "late") == ["late=yes"])
    let late = try await shop.shortages.listExceptions(.init(kinds: [.latePromise])).rows
    #expect(late.map(\.orderNumber) == [order] && late.first?.day == day(27))
    // What comes earlier is no reason to be late, and no new promise either.
    try await reschedule(shop, bought, to: 12)
    #expect(try await days(shop, order) == [[20, 12], [nil, nil]])
    #expect(try await shop.shortages.listExceptions(.init(kinds: [.latePromise])).rows == [])
    // The customer agrees to another day: from then on it is the promise.
    try await reschedule(shop, bought, to: 25)
    _ = try await shop.shortages.agreeToWait(
      .init(orderNumber: order, lineNumber: 1), options: shop.command())
    #expect(try await days(shop, order) == [[25, 25], [nil, nil]])
    #expect(try await listed(shop, order) == 25)
    // All are there: nothing is expected, and what was told is still known.
    _ = try await shop.purchasing.receiveGoods(
      .init(purchaseOrderNumber: bought), options: shop.command())
    #expect(try await days(shop, order) == [[25, nil], [nil, nil]])
    try await shop.deliver(order)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who comes later takes nobody's day, and who leaves gives it to the next")
  func queue() async throws {
    let shop = try await stocked()
    _ = try await buy(shop, "CHAIR", 4, on: 10)
    _ = try await buy(shop, "CHAIR", 4, on: 20)
    let first = try await shop.place([("CHAIR", 6)], customer: "VIP").number
    let second = try await shop.place([("CHAIR", 3)], customer: "VIP").number
    #expect(try await days(shop, first) == [[10, 10]])
    #expect(try await days(shop, second) == [[20, 20]])
    _ = try await shop.orders.cancelOrder(
      .init(number: first, reason: .customerWish), options: shop.command())
    // Two are on the shelf, and one of four that come on the tenth is enough.
    #expect(try await days(shop, second) == [[20, 10]])
    _ = try await shop.orders.changeOrder(
      .init(
        number: second, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(8))]),
        reason: "more"), options: shop.command())
    #expect(try await days(shop, second) == [[20, 20]])
    let versions = try await told(shop, second, "order.promise-changed", "")
    #expect(!versions.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
