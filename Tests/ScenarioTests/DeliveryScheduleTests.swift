import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a hotel takes its chairs floor by floor, on the days that it says")
struct DeliveryScheduleTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func due(
    _ on: GoogleType.Date, _ parts: [(sku: String, count: Int64)]
  ) -> OrdersV1.ScheduledDelivery {
    .init(dueOn: on, quantities: parts.map { .init(sku: $0.sku, quantity: pieces($0.count)) })
  }

  /// Thirty chairs and ten lamps until the end of the year; today is 2 March 2026.
  private func agreed(_ shop: Shop) async throws -> String {
    let reply = try await shop.blankets.createBlanket(
      .init(
        customerCode: "VIP",
        lines: [
          .init(sku: "CHAIR", quantity: pieces(30)), .init(sku: "LAMP", quantity: pieces(10)),
        ], validUntil: day(12, 31)), options: shop.command())
    return reply.blanket?.number ?? ""
  }

  private func schedule(
    _ shop: Shop, _ blanket: String, _ deliveries: [OrdersV1.ScheduledDelivery],
    version: Int64? = nil, warehouse: String = "MAIN", reason: String = "as the floors are ready",
    dryRun: Bool = false
  ) async throws -> OrdersV1.ScheduleDeliveriesResponse {
    try await shop.blankets.scheduleDeliveries(
      .init(
        number: blanket, expectedVersion: version, deliveries: deliveries, channel: .salesRep,
        warehouseCode: warehouse, reason: reason), options: shop.command(dryRun: dryRun))
  }

  private func callOff(
    _ shop: Shop, _ number: String = "", days: Int32
  ) async throws -> [OrdersV1.CallOff] {
    try await shop.blankets.callOffDeliveries(
      .init(number: number, daysAhead: days), options: shop.command()
    ).callOffs
  }

  @Test("each part is ordered when its day comes near, and goes its own way")
  func floors() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 12, cost: "200")
    try await shop.stock("LAMP", 10, cost: "80")
    let number = try await agreed(shop)
    let wanted = [
      due(day(4, 15), [("CHAIR", 10), ("LAMP", 4)]), due(day(3, 10), [("CHAIR", 10)]),
      due(day(6, 1), [("CHAIR", 10), ("LAMP", 6)]),
    ]
    let shown = try await schedule(shop, number, wanted, dryRun: true)
    let stored = try await schedule(shop, number, wanted, version: 1)
    #expect(shown == stored && stored.blanket?.version == 2)
    #expect(stored.blanket?.deliveries.map(\.dueOn) == [day(3, 10), day(4, 15), day(6, 1)])
    #expect(stored.changes.map(\.sku) == ["CHAIR", "CHAIR", "LAMP", "CHAIR", "LAMP"])
    // Nothing is promised for what is far away.
    let free = try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels.first
    #expect(free?.reserved == amount("0", "pcs"))

    let first = try await callOff(shop, days: 14)
    #expect(first.map(\.dueOn) == [day(3, 10)] && first.map(\.refusal) == [""])
    #expect(try await callOff(shop, days: 14) == [])
    let order = try #require(
      try await shop.orders.getOrder(.init(number: first[0].orderNumber)).order)
    #expect(order.state == .confirmed && order.requestedOn == day(3, 10))
    #expect(order.blanketNumber == number && order.lines.map(\.reserved) == [amount("10", "pcs")])
    try await shop.deliver(order.number)
    _ = try await shop.orders.invoiceOrder(.init(number: order.number), options: shop.command())

    // The third floor is late: its chairs come with the second, but for four.
    let moved = [
      due(day(4, 15), [("CHAIR", 16), ("LAMP", 4)]),
      due(day(6, 1), [("CHAIR", 4), ("LAMP", 6)]),
    ]
    let stale = await refusal { try await schedule(shop, number, moved, version: 1) }
    #expect(stale?.code == .aborted)
    let changed = try await schedule(shop, number, moved, version: 2)
    #expect(changed.changes.map(\.before) == [amount("10", "pcs"), amount("10", "pcs")])
    #expect(changed.changes.map(\.after) == [amount("16", "pcs"), amount("4", "pcs")])
    #expect(changed.blanket?.deliveries.map(\.orderNumber) == [order.number, "", ""])
    #expect(changed.blanket?.deliveries[0].orderState == .delivered)

    shop.clock.advance(days: 40)
    let second = try await callOff(shop, number, days: 10)
    #expect(second.map(\.dueOn) == [day(4, 15)])
    let waiting = try #require(
      try await shop.orders.getOrder(.init(number: second[0].orderNumber)).order)
    #expect(waiting.lines.map(\.reserved) == [amount("2", "pcs"), amount("4", "pcs")])
    let promises = try await shop.promises.getPromises(.init(orderNumber: waiting.number)).lines
    #expect(promises.map(\.held) == [amount("2", "pcs"), amount("4", "pcs")])
    // At the prices of the agreement: 16 × 499.00 and 4 × 199.90, with tax.
    #expect(waiting.gross == yuan("9925.47"))
    let left = try await shop.blankets.getBlanket(.init(number: number)).blanket
    #expect(left?.lines.map(\.called) == [amount("26", "pcs"), amount("4", "pcs")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is refused stays scheduled; what is cancelled can be scheduled again")
  func refusedCallOffs() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    let number = try await agreed(shop)
    _ = try await schedule(
      shop, number, [due(day(3, 10), [("CHAIR", 20)]), due(day(3, 20), [("CHAIR", 10)])])
    // Somebody takes some of it otherwise.
    var input = shop.input([("CHAIR", 15)], customer: "VIP")
    input.blanketNumber = number
    let other = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    let done = try await callOff(shop, number, days: 30)
    #expect(done.map(\.refusal) == ["MORE_THAN_AGREED", ""])
    #expect(done[0].orderNumber.isEmpty && done[0].message.contains("15 are left"))
    _ = try await shop.orders.cancelOrder(
      .init(number: other.order?.number ?? "", reason: .customerWish), options: shop.command())
    let again = try await callOff(shop, number, days: 30)
    #expect(again.map(\.dueOn) == [day(3, 10)] && again.map(\.refusal) == [""])
    _ = try await shop.orders.cancelOrder(
      .init(number: again[0].orderNumber, reason: .customerWish), options: shop.command())
    let free = try await schedule(shop, number, [due(day(5, 5), [("CHAIR", 20)])])
    #expect(free.blanket?.deliveries.map(\.orderState) == [.cancelled, .confirmed, .unspecified])
    _ = try await shop.blankets.closeBlanket(
      .init(number: number, reason: "the hotel is sold"), options: shop.command())
    #expect(try await callOff(shop, days: 366) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input of every kind names its field, and the schedule is as it was")
  func badInput() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let number = try await agreed(shop)
    let stored = try await schedule(shop, number, [due(day(4, 1), [("CHAIR", 5)])]).blanket
    func refused(
      _ deliveries: [OrdersV1.ScheduledDelivery], warehouse: String = "MAIN", reason: String = "x"
    ) async -> [String] {
      violations(
        await refusal {
          try await schedule(shop, number, deliveries, warehouse: warehouse, reason: reason)
        })
    }
    let chairs: [(sku: String, count: Int64)] = [("CHAIR", 1)]
    #expect(await refused([due(day(3, 1), chairs)]) == ["OUT_OF_RANGE deliveries[0].due_on"])
    #expect(
      await refused([due(.init(year: 2027, month: 1, day: 1), chairs)])
        == ["OUT_OF_RANGE deliveries[0].due_on"])
    #expect(
      await refused([due(day(4, 1), chairs), due(day(4, 1), chairs)])
        == ["DUPLICATE_DAY deliveries[1].due_on"])
    #expect(await refused([due(day(4, 1), [])]) == ["OUT_OF_RANGE deliveries[0].quantities"])
    #expect(
      await refused([due(day(4, 1), [("TABLE", 1)])])
        == ["NOT_IN_BLANKET deliveries[0].quantities[0].sku"])
    #expect(
      await refused([due(day(4, 1), [("CHAIR", 1), ("CHAIR", 2)])])
        == ["DUPLICATE_PRODUCT deliveries[0].quantities[1].sku"])
    #expect(
      await refused([due(day(4, 1), [("CHAIR", 20)]), due(day(4, 2), [("CHAIR", 11)])])
        == ["MORE_THAN_AGREED deliveries[1].quantities[0].quantity"])
    #expect(await refused([], warehouse: "MOON") == ["UNKNOWN_WAREHOUSE warehouse_code"])
    #expect(await refused([], reason: "") == ["REQUIRED reason"])
    let far = await refusal { try await callOff(shop, days: 367) }
    #expect(violations(far) == ["OUT_OF_RANGE days_ahead"])
    let unknown = await refusal { try await callOff(shop, "BO-2026-000009", days: 1) }
    #expect(violations(unknown) == ["UNKNOWN_BLANKET number"])
    let now = try await shop.blankets.getBlanket(.init(number: number)).blanket
    #expect(now == stored)
    #expect(try await schedule(shop, number, []).blanket?.deliveries == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
