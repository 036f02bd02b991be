import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: one line of chairs is wanted in parts, on days of their own")
struct LineScheduleTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func part(_ on: GoogleType.Date, _ count: Int64) -> OrdersV1.ScheduleInput {
    .init(requestedOn: on, quantity: pieces(count))
  }

  private func input(
    _ shop: Shop, _ count: Int64, _ parts: [OrdersV1.ScheduleInput], sku: String = "CHAIR"
  ) -> OrdersV1.OrderInput {
    var input = shop.input([(sku, count)], customer: "VIP")
    input.lines[0].schedules = parts
    return input
  }

  private func place(
    _ shop: Shop, _ count: Int64, _ parts: [OrdersV1.ScheduleInput], sku: String = "CHAIR"
  ) async throws -> OrdersV1.Order {
    try await shop.orders.placeOrder(
      .init(order: input(shop, count, parts, sku: sku)), options: shop.command()
    ).order ?? .init()
  }

  private func line(_ shop: Shop, _ number: String) async throws -> OrdersV1.OrderLine {
    try #require(try await shop.orders.getOrder(.init(number: number)).order?.lines.first)
  }

  private func change(
    _ shop: Shop, _ number: String, _ change: OrdersV1.LineChange, dryRun: Bool = false
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(number: number, change: .init(lines: [change]), reason: "the floors are late"),
      options: shop.command(roles: "SALES_MANAGER", dryRun: dryRun))
  }

  private func prepare(
    _ shop: Shop, _ request: OrdersV1.PrepareShipmentRequest
  ) async throws -> OrdersV1.Shipment {
    try await shop.orders.prepareShipment(request, options: shop.command()).shipment ?? .init()
  }

  private func words(_ line: OrdersV1.OrderLine) -> [String] {
    line.schedules.map { part in
      let counts = [part.quantity, part.cancelled, part.reserved, part.shipped]
        .map { ($0?.micros ?? 0) / 1_000_000 }
      let on = part.requestedOn ?? .init()
      return "\(part.scheduleNumber): \(on.month)-\(on.day) \(counts)"
    }
  }

  private func asked(_ shop: Shop) async throws -> [String] {
    try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions.map { asked in
      let day = asked.neededOn ?? .init()
      return "\((asked.quantity?.micros ?? 0) / 1_000_000) \(day.month)-\(day.day)"
    }
  }

  @Test("each part is reserved, bought for its day, promised and shipped; the price is the line's")
  func floors() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 12, cost: "200")
    // Said in any order.
    let order = try await place(
      shop, 30, [part(day(5, 1), 10), part(day(3, 2), 8), part(day(4, 1), 12)])
    #expect(order.lines.count == 1 && order.gross == yuan("16916.10"))
    #expect(
      words(order.lines[0]) == [
        "2: 3-2 [8, 0, 8, 0]", "3: 4-1 [12, 0, 4, 0]", "1: 5-1 [10, 0, 0, 0]",
      ])
    #expect(try await asked(shop) == ["8 4-1", "10 5-1"])

    // Half of what is missing comes in time for its day.
    _ = try await shop.purchasing.createPurchaseOrder(
      .init(
        supplierCode: "WOOD", warehouseCode: "MAIN",
        lines: [.init(sku: "CHAIR", quantity: pieces(9))], expectedOn: day(4, 20)),
      options: shop.command())
    let promise = try #require(
      try await shop.promises.getPromises(.init(orderNumber: order.number)).lines.first)
    #expect(promise.schedules.map(\.scheduleNumber) == [2, 3, 1])
    #expect(promise.schedules.map(\.held) == [8, 4, 0].map { amount("\($0)", "pcs") })
    #expect(promise.schedules[0].readyOn == day(3, 2) && !promise.schedules[0].late)
    #expect(promise.schedules[1].readyOn == day(4, 20) && promise.schedules[1].late)
    #expect(promise.schedules[2].readyOn == nil && !promise.late)

    // What is due leaves by itself; what is wanted later does so when somebody says.
    let first = try await prepare(shop, .init(orderNumber: order.number))
    #expect(first.lines.map(\.quantity) == [amount("8", "pcs")])
    let early = await refusal { try await prepare(shop, .init(orderNumber: order.number)) }
    #expect(early?.code == .failedPrecondition)
    #expect(reason(early) == "NOT_DUE")
    try await shop.deliver(shipment: first.number)
    let second = try await prepare(
      shop, .init(orderNumber: order.number, dueBy: day(4, 1)))
    #expect(second.lines.map(\.quantity) == [amount("4", "pcs")])
    try await shop.deliver(shipment: second.number)
    #expect(
      words(try await line(shop, order.number)) == [
        "2: 3-2 [8, 0, 0, 8]", "3: 4-1 [12, 0, 0, 4]", "1: 5-1 [10, 0, 0, 0]",
      ])
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(invoice.gross == yuan("6766.44"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a part that is named leaves before one that is wanted earlier")
  func named() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "200")
    let order = try await place(shop, 20, [part(day(4, 1), 12), part(day(5, 1), 8)])
    func refused(_ schedules: [OrdersV1.ScheduleQuantity]) async -> [String] {
      let error = await refusal {
        try await prepare(shop, .init(orderNumber: order.number, schedules: schedules))
      }
      return violations(error)
    }
    #expect(
      await refused([.init(lineNumber: 1, scheduleNumber: 3)])
        == ["UNKNOWN_SCHEDULE schedules[0].schedule_number"])
    #expect(
      await refused([.init(lineNumber: 2, scheduleNumber: 1)])
        == ["UNKNOWN_LINE schedules[0].line_number"])
    #expect(
      await refused([.init(lineNumber: 1, scheduleNumber: 2, quantity: pieces(9))])
        == ["MORE_THAN_AVAILABLE schedules[0].quantity"])
    #expect(
      await refused([
        .init(lineNumber: 1, scheduleNumber: 1), .init(lineNumber: 1, scheduleNumber: 2),
      ]) == ["DUPLICATE_LINE schedules[1].line_number"])
    let both = await refusal {
      try await prepare(
        shop,
        .init(
          orderNumber: order.number, lines: [.init(lineNumber: 1, quantity: pieces(1))],
          dueBy: day(4, 1)))
    }
    #expect(violations(both).map { $0.split(separator: " ").last } == ["due_by"])

    let part = try await prepare(
      shop,
      .init(
        orderNumber: order.number,
        schedules: [.init(lineNumber: 1, scheduleNumber: 2, quantity: pieces(5))]))
    #expect(part.lines.map(\.scheduleNumber) == [2])
    #expect(
      await refused([.init(lineNumber: 1, scheduleNumber: 2, quantity: pieces(4))])
        == ["MORE_THAN_AVAILABLE schedules[0].quantity"])
    try await shop.deliver(shipment: part.number)
    let rest = try await prepare(
      shop,
      .init(
        orderNumber: order.number, schedules: [.init(lineNumber: 1, scheduleNumber: 2)]))
    #expect(rest.lines.map(\.quantity) == [amount("3", "pcs")])
    _ = try await shop.orders.cancelShipment(.init(number: rest.number), options: shop.command())
    #expect(
      words(try await line(shop, order.number)) == [
        "1: 4-1 [12, 0, 12, 0]", "2: 5-1 [8, 0, 3, 5]",
      ])
    // Less of the line is less of what is wanted last.
    _ = try await shop.orders.cancelOrder(
      .init(
        number: order.number, reason: .customerWish,
        quantities: [.init(lineNumber: 1, quantity: pieces(4))]), options: shop.command())
    #expect(
      words(try await line(shop, order.number)) == [
        "1: 4-1 [12, 1, 11, 0]", "2: 5-1 [8, 3, 0, 5]",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a change schedules anew what is open, and what is bought for it follows")
  func replanned() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 6, cost: "200")
    let order = try await place(shop, 20, [part(day(3, 2), 6), part(day(4, 1), 14)])
    try await shop.deliver(order.number)
    #expect(try await asked(shop) == ["14 4-1"])

    let moved = OrdersV1.LineChange(
      lineNumber: 1, schedules: [part(day(4, 15), 10), part(day(3, 2), 4)])
    let shown = try await change(shop, order.number, moved, dryRun: true)
    #expect(shown.impact?.differences.map(\.field) == [.schedules])
    #expect(shown.impact?.differences.first?.after == "10 on 2026-03-02, 10 on 2026-04-15")
    #expect(shown.impact?.grossChange == yuan("0"))
    let done = try await change(shop, order.number, moved)
    #expect(done.impact?.verdicts == shown.impact?.verdicts)
    #expect(done.impact?.verdicts.map(\.outcome) == [.rescheduled])
    #expect(
      words(try await line(shop, order.number)) == [
        "1: 3-2 [10, 0, 0, 6]", "3: 4-15 [10, 0, 0, 0]",
      ])
    #expect(try await asked(shop) == ["14 3-2"])

    // More of it is wanted with the last; less is taken from there.
    _ = try await change(shop, order.number, .init(lineNumber: 1, quantity: pieces(25)))
    #expect(
      words(try await line(shop, order.number)) == [
        "1: 3-2 [10, 0, 0, 6]", "3: 4-15 [15, 0, 0, 0]",
      ])
    _ = try await change(shop, order.number, .init(lineNumber: 1, quantity: pieces(8)))
    #expect(words(try await line(shop, order.number)) == ["1: 3-2 [8, 0, 0, 6]"])
    _ = try await change(
      shop, order.number,
      .init(lineNumber: 1, quantity: pieces(9), schedules: [part(day(6, 1), 3)]))
    #expect(
      words(try await line(shop, order.number)) == [
        "1: 3-2 [6, 0, 0, 6]", "2: 6-1 [3, 0, 0, 0]",
      ])
    let versions = try await shop.orders.getOrderVersion(
      .init(number: order.number, version: 1)
    ).version
    #expect(versions?.lines.first?.schedules.map(\.requestedOn) == [day(3, 2), day(4, 1)])
    #expect(
      versions?.lines.first?.schedules.map(\.quantity)
        == [amount("6", "pcs"), amount("14", "pcs")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is made is due when the first of it is wanted, and follows its days")
  func made() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let order = try await place(
      shop, 3, [part(day(6, 1), 2), part(day(5, 1), 1)], sku: "TABLE")
    func due() async throws -> [GoogleType.Date?] {
      try await shop.production.listWorkOrders(.init()).workOrders.map(\.dueOn)
    }
    #expect(try await due() == [day(5, 1)])
    _ = try await change(
      shop, order.number, .init(lineNumber: 1, schedules: [part(day(7, 1), 3)]))
    #expect(try await due() == [day(7, 1)])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a draft, a quote and a requested change keep the parts")
  func kept() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "200")
    let parts = [part(day(4, 1), 3), part(day(5, 1), 2)]
    let draft =
      try await shop.orders.createOrder(
        .init(order: input(shop, 5, parts)), options: shop.command()
      ).order?.number ?? ""
    _ = try await shop.orders.changeOrder(
      .init(
        number: draft, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(6))]),
        reason: "one more"), options: shop.command())
    _ = try await shop.orders.submitOrder(.init(number: draft), options: shop.command())
    let confirmed = try await shop.orders.confirmOrder(
      .init(number: draft), options: shop.command())
    #expect(
      confirmed.order.map { words($0.lines[0]) } == [
        "1: 4-1 [3, 0, 3, 0]", "2: 5-1 [3, 0, 3, 0]",
      ])
    let quote =
      try await shop.quotes.createQuote(
        .init(
          customerCode: "VIP", variants: [.init(title: "A", order: input(shop, 5, parts))]),
        options: shop.command()
      ).quote?.number ?? ""
    let made = try await shop.quotes.convertQuote(
      .init(number: quote, variantNumber: 1, reasonCode: "DESIGN"), options: shop.command()
    ).order
    #expect(
      made.map { words($0.lines[0]) } == ["1: 4-1 [3, 0, 3, 0]", "2: 5-1 [2, 0, 2, 0]"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("parts that are not the line are refused, each naming its field")
  func refused() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    func refused(_ parts: [OrdersV1.ScheduleInput]) async -> [String] {
      violations(await refusal { try await place(shop, 10, parts) })
    }
    #expect(
      await refused([part(day(4, 1), 3), part(day(5, 1), 6)])
        == ["SCHEDULES_NOT_THE_SUM order.lines[0].schedules"])
    #expect(
      await refused([part(day(4, 1), 3), part(day(4, 1), 7)])
        == ["DUPLICATE_DAY order.lines[0].schedules[1].requested_on"])
    #expect(
      await refused([.init(quantity: pieces(10))])
        == ["REQUIRED order.lines[0].schedules[0].requested_on"])
    #expect(
      await refused([part(day(4, 1), 0), part(day(5, 1), 10)])
        == ["QUANTITY_NOT_POSITIVE order.lines[0].schedules[0].quantity"])
    let order = try await place(shop, 10, [part(day(4, 1), 3), part(day(5, 1), 7)])
    let less = await refusal {
      try await change(
        shop, order.number, .init(lineNumber: 1, schedules: [part(day(4, 1), 9)]))
    }
    #expect(violations(less) == ["SCHEDULES_NOT_THE_SUM change.lines[0].schedules"])
    let gone = await refusal {
      try await change(
        shop, order.number,
        .init(lineNumber: 1, remove: true, schedules: [part(day(4, 1), 10)]))
    }
    #expect(violations(gone).map { $0.split(separator: " ").last } == ["change.lines[0].remove"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func cancel(
    _ shop: Shop, _ number: String, _ parts: [OrdersV1.ScheduleQuantity],
    lines: [Int32] = [], dryRun: Bool = false, preview: String = ""
  ) async throws -> OrdersV1.CancelOrderResponse {
    try await shop.orders.cancelOrder(
      .init(
        number: number, reason: .customerWish, lineNumbers: lines, preview: preview,
        schedules: parts), options: shop.command(by: "zhao", dryRun: dryRun))
  }

  @Test("a part is cancelled by its name, and the others stay on their days")
  func cancelledByName() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 30, cost: "200")
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        rules: [.init(shareMicros: 100_000, approverRole: "PLANNER", approvalFrom: yuan("3000"))],
        reason: "large ones are looked at"), options: shop.command())
    let order = try await place(
      shop, 20, [part(day(9, 1), 4), part(day(10, 1), 6), part(day(11, 1), 10)]
    ).number
    // The first part, not the last one; and its preview is not that of another part.
    let first = OrdersV1.ScheduleQuantity(lineNumber: 1, scheduleNumber: 1)
    let shown = try await cancel(shop, order, [first], dryRun: true)
    let other = await refusal {
      try await cancel(
        shop, order, [.init(lineNumber: 1, scheduleNumber: 2, quantity: pieces(4))],
        preview: shown.preview)
    }
    #expect(reason(other) == "PREVIEW_OUTDATED")
    let done = try await cancel(shop, order, [first], preview: shown.preview)
    #expect(!done.pending && done.impact?.lines.map(\.quantity?.micros) == [4_000_000])
    #expect(
      words(try await line(shop, order)) == [
        "1: 9-1 [4, 4, 0, 0]", "2: 10-1 [6, 0, 6, 0]", "3: 11-1 [10, 0, 10, 0]",
      ])
    // Two parts of one line at once, a little of one; that somebody must agree to, and does.
    let asked = try await cancel(
      shop, order,
      [
        .init(lineNumber: 1, scheduleNumber: 3, quantity: pieces(9)),
        .init(lineNumber: 1, scheduleNumber: 2, quantity: pieces(1)),
      ])
    #expect(asked.pending)
    _ = try await shop.cancellations.approveCancellation(
      .init(orderNumber: order), options: shop.command(by: "ping", roles: "PLANNER"))
    #expect(
      words(try await line(shop, order)) == [
        "1: 9-1 [4, 4, 0, 0]", "2: 10-1 [6, 1, 5, 0]", "3: 11-1 [10, 9, 1, 0]",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a part that is gone, in a shipment, or no part is not cancelled, and the field says so")
  func notCancelled() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 30, cost: "200")
    let order = try await place(
      shop, 11, [part(day(9, 1), 4), part(day(10, 1), 6), part(day(11, 1), 1)]
    ).number
    let first = OrdersV1.ScheduleQuantity(lineNumber: 1, scheduleNumber: 1)
    _ = try await cancel(shop, order, [first])
    // What is set apart for a shipment is not cancelled under its hands.
    _ = try await prepare(
      shop, .init(orderNumber: order, schedules: [.init(lineNumber: 1, scheduleNumber: 2)]))
    let wrong: [([OrdersV1.ScheduleQuantity], String)] = [
      ([first], "schedules[0].schedule_number"),
      ([.init(lineNumber: 1, scheduleNumber: 2)], "schedules[0].schedule_number"),
      ([.init(lineNumber: 1, scheduleNumber: 9)], "schedules[0].schedule_number"),
      ([.init(lineNumber: 7, scheduleNumber: 1)], "schedules[0].line_number"),
      (
        [.init(lineNumber: 1, scheduleNumber: 3, quantity: pieces(2))], "schedules[0].quantity"
      ),
      (
        [.init(lineNumber: 1, scheduleNumber: 3), .init(lineNumber: 1, scheduleNumber: 3)],
        "schedules[1].line_number"
      ),
    ]
    for (parts, field) in wrong {
      let refused = await refusal { try await cancel(shop, order, parts) }
      let told = refused?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field)
      #expect(told == [field], "\(parts)")
    }
    let both = await refusal { try await cancel(shop, order, [first], lines: [1]) }
    #expect(both?.code == .invalidArgument)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a part that becomes late is told, though the last one comes when it did; so is the end")
  func lateParts() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    func buy(_ count: Int64, _ on: GoogleType.Date) async throws -> String {
      try await shop.purchasing.createPurchaseOrder(
        .init(
          supplierCode: "WOOD", warehouseCode: "MAIN",
          lines: [.init(sku: "CHAIR", quantity: pieces(count))], expectedOn: on),
        options: shop.command()
      ).purchaseOrder?.number ?? ""
    }
    func expect(_ number: String, on day: GoogleType.Date) async throws {
      _ = try await shop.purchasing.reschedulePurchaseOrder(
        .init(number: number, expectedOn: day, reason: "strike"), options: shop.command())
    }
    let first = try await buy(12, day(3, 20))
    let last = try await buy(10, day(4, 28))
    let order = try await place(shop, 22, [part(day(4, 1), 12), part(day(5, 1), 10)]).number
    func told() async throws -> [String] {
      try await shop.orders.getOrderTimeline(.init(number: order)).events
        .filter { $0.type.hasPrefix("order.parts-") || $0.type == "order.promise-changed" }
        .map { event in
          let parts = event.facts.filter { $0.name == "parts" && !$0.value.isEmpty }
          return ([event.type] + parts.map(\.value)).joined(separator: " ")
        }
    }
    func late() async throws -> Int {
      try await shop.shortages.listExceptions(.init(kinds: [.latePromise])).rows.count
    }
    #expect(try await told().isEmpty)
    #expect(try await late() == 0)
    try await expect(first, on: day(4, 15))
    #expect(try await told() == ["order.parts-late 1"])
    #expect(try await late() == 1)
    let parts = try await shop.promises.getPromises(.init(orderNumber: order)).lines.first
    #expect(parts?.schedules.map(\.late) == [true, false] && parts?.readyOn == day(4, 28))
    try await expect(first, on: day(3, 30))
    #expect(try await told() == ["order.parts-late 1", "order.parts-in-time"])
    #expect(try await late() == 0)
    // Of the last part nobody can say any more when it comes: that is the day of the line.
    _ = try await shop.purchasing.cancelPurchaseOrder(
      .init(number: last, reason: "they stopped"), options: shop.command())
    #expect(try await told().last == "order.promise-changed")
    let unknown = try await shop.promises.getPromises(.init(orderNumber: order)).lines.first
    #expect(unknown?.schedules.map(\.readyOn) == [day(3, 30), nil])
    let board = try await shop.shortages.listExceptions(.init(kinds: [.noSupply])).rows
    #expect(board.map(\.orderNumber) == [order])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
