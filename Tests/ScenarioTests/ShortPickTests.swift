import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a picker finds less than the books say")
struct ShortPickTests {
  private func furnished(chairs: Int64) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", chairs, cost: "210")
    try await shop.stock("LAMP", 10, cost: "80")
    return shop
  }

  private func prepare(_ shop: Shop, _ order: String) async throws -> String {
    try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
      .shipment?.number ?? ""
  }

  private func pick(
    _ shop: Shop, _ shipment: String, _ short: [OrdersV1.FoundQuantity]
  ) async throws -> OrdersV1.PickShipmentResponse {
    try await shop.orders.pickShipment(
      .init(number: shipment, shortLines: short), options: shop.command(by: "picker"))
  }

  private func found(
    _ line: Int32, _ count: Int64, _ cause: OrdersV1.ShortPickCause = .notFound
  ) -> OrdersV1.FoundQuantity {
    .init(lineNumber: line, found: pieces(count), cause: cause)
  }

  private func leave(_ shop: Shop, _ shipment: String) async throws {
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    _ = try await shop.orders.dispatchShipment(
      .init(number: shipment, carrier: "德邦"), options: shop.command())
  }

  /// On hand, reserved, available and waiting of chairs, in pieces.
  private func level(_ shop: Shop) async throws -> [Int64] {
    let level = try #require(
      try await shop.inventory.getAvailability(.init(sku: "CHAIR", warehouseCode: "MAIN"))
        .levels.first)
    return [level.onHand, level.reserved, level.available, level.waiting]
      .map { ($0?.micros ?? -1) / 1_000_000 }
  }

  private func board(_ shop: Shop) async throws -> [String] {
    try await shop.shortages.listExceptions(.init(kinds: [.shortPick])).rows.map {
      "\($0.orderNumber)/\($0.lineNumber) \($0.document?.number ?? "")"
    }
  }

  private func reserved(_ shop: Shop, _ order: String, _ line: Int = 0) async throws -> Int64 {
    let order = try await shop.orders.getOrder(.init(number: order)).order
    return (order?.lines[line].reserved?.micros ?? -1) / 1_000_000
  }

  @Test("what was there leaves; the rest waits, and a count takes it out of the books")
  func counted() async throws {
    let shop = try await furnished(chairs: 5)
    let order = try await shop.place([("CHAIR", 5), ("LAMP", 1)]).number
    let shipment = try await prepare(shop, order)
    let picked = try await pick(shop, shipment, [found(1, 3)])
    #expect(picked.shipment?.state == .picked)
    #expect(picked.shipment?.lines.map(\.quantity) == [amount("3", "pcs"), amount("1", "pcs")])
    let short = try #require(picked.shortPicks.first)
    #expect(short.sku == "CHAIR" && short.pickedBy == "picker" && short.cause == .notFound)
    #expect(short.held == amount("2", "pcs") && short.closedBy.isEmpty)
    // The two stay in the books, and are promised to nobody.
    #expect(try await level(shop) == [5, 5, 0, 2])
    #expect(try await reserved(shop, order) == 3)
    #expect(try await board(shop) == ["\(order)/1 \(shipment)"])
    #expect(try await shop.violations() == [])
    let none = await refusal { try await prepare(shop, order) }
    #expect(reason(none) == "NOTHING_TO_SHIP")
    try await leave(shop, shipment)
    #expect(try await level(shop) == [2, 2, 0, 2])

    // Goods that come serve the line; what is looked for stays apart.
    try await shop.stock("CHAIR", 1, cost: "210")
    #expect(try await level(shop) == [3, 3, 0, 1])
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: "CHAIR", warehouseCode: "MAIN", correction: .counted(pieces(1)), reason: "counted"),
      options: shop.command(by: "counter"))
    #expect(try await level(shop) == [1, 1, 0, 1])
    #expect(try await board(shop) == [])
    let all = try await shop.picking.listShortPicks(.init(orderNumber: order)).shortPicks
    #expect(all.map(\.closedBy) == ["counter"])
    #expect(try await shop.picking.listShortPicks(.init(open: true)).shortPicks == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what turns up is free again, and goes to whoever waits")
  func released() async throws {
    let shop = try await furnished(chairs: 2)
    let order = try await shop.place([("CHAIR", 2)]).number
    let shipment = try await prepare(shop, order)
    _ = try await pick(shop, shipment, [found(1, 1, .wrongGoods)])
    try await leave(shop, shipment)
    let request = OrdersV1.ReleaseShortPickRequest(shipmentNumber: shipment, lineNumber: 1)
    let done = try await shop.picking.releaseShortPick(request, options: shop.command())
    #expect(done.shortPick?.closedBy == "li.na")
    #expect(try await board(shop) == [])
    #expect(try await reserved(shop, order) == 1)
    let late = await refusal {
      try await shop.picking.releaseShortPick(request, options: shop.command())
    }
    #expect(late?.code == .failedPrecondition && reason(late) == "SHORT_PICK_CLOSED")
    let other = await refusal {
      try await shop.picking.releaseShortPick(
        .init(shipmentNumber: shipment, lineNumber: 2), options: shop.command())
    }
    #expect(other?.code == .notFound)
    try await leave(shop, try await pick(shop, prepare(shop, order), []).shipment?.number ?? "")
    #expect(try await shop.orders.getOrder(.init(number: order)).order?.state == .shipped)
    #expect(try await level(shop) == [0, 0, 0, 0])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("others that are free serve the line at once")
  func replaced() async throws {
    let shop = try await furnished(chairs: 9)
    let order = try await shop.place([("CHAIR", 4)]).number
    let shipment = try await prepare(shop, order)
    _ = try await pick(shop, shipment, [found(1, 1, .damaged)])
    #expect(try await level(shop) == [9, 7, 2, 0])
    let second = try await prepare(shop, order)
    let lines = try await shop.orders.listShipments(.init(orderNumber: order)).shipments.last?.lines
    #expect(lines?.first?.quantity == amount("3", "pcs"))
    // Short again: the second time of the same line.
    _ = try await pick(shop, second, [found(1, 2)])
    #expect(try await level(shop) == [9, 8, 1, 0])
    #expect(try await board(shop).count == 2)
    // A loss is taken from what was looked for, and from nobody's promise.
    _ = try await shop.inventory.adjustStock(
      .init(
        sku: "CHAIR", warehouseCode: "MAIN", correction: .counted(pieces(6)), reason: "counted"),
      options: shop.command())
    #expect(try await level(shop) == [6, 5, 1, 0])
    #expect(try await board(shop).count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a set of which something is missing stays; of nothing, nothing leaves")
  func sets() async throws {
    let shop = try await furnished(chairs: 2)
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1), ("LAMP", 3)]).number
    _ = try await shop.loading.setShippingSets(
      .init(orderNumber: order, sets: [.init(code: "DESK", lineNumbers: [1, 2])]),
      options: shop.command())
    let shipment = try await prepare(shop, order)
    let picked = try await pick(shop, shipment, [found(1, 1)])
    #expect(picked.shipment?.lines.map(\.orderLineNumber) == [3])
    #expect(try await reserved(shop, order) == 1)
    #expect(try await reserved(shop, order, 1) == 1)
    let lone = try await shop.place([("LAMP", 2)]).number
    let empty = try await prepare(shop, lone)
    let nothing = try await pick(shop, empty, [.init(lineNumber: 1, cause: .notFound)])
    #expect(nothing.shipment?.state == .cancelled)
    #expect(nothing.shortPicks.map(\.held) == [amount("2", "pcs")])
    #expect(try await reserved(shop, lone) == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("of what is paid at the door, what has left is due")
  func cashOnDelivery() async throws {
    let shop = try await furnished(chairs: 2)
    let order = try await shop.place([("CHAIR", 2)], customer: "CASH").number
    _ = try await shop.cashOnDelivery.arrangeCashOnDelivery(
      .init(collector: .carrier, orderNumber: order), options: shop.command())
    let shipment = try await prepare(shop, order)
    _ = try await pick(shop, shipment, [found(1, 1)])
    try await leave(shop, shipment)
    let sent = try await shop.orders.listShipments(.init(orderNumber: order)).shipments.first
    #expect(sent?.cashOnDelivery?.due == yuan("563.87"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a part of a line by name is less by what was missing")
  func schedules() async throws {
    let shop = try await furnished(chairs: 4)
    var input = shop.input([("CHAIR", 4)])
    input.lines[0].schedules = [
      .init(requestedOn: .init(year: 2026, month: 3, day: 2), quantity: pieces(2)),
      .init(requestedOn: .init(year: 2026, month: 4, day: 2), quantity: pieces(2)),
    ]
    let order =
      try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order?.number
      ?? ""
    let shipment =
      try await shop.orders.prepareShipment(
        .init(orderNumber: order, schedules: [.init(lineNumber: 1, scheduleNumber: 2)]),
        options: shop.command()
      ).shipment?.number ?? ""
    _ = try await pick(shop, shipment, [found(1, 1)])
    try await leave(shop, shipment)
    let line = try #require(try await shop.orders.getOrder(.init(number: order)).order?.lines[0])
    #expect(line.schedules.map { $0.shipped?.micros ?? -1 } == [0, 1_000_000])
    #expect(line.reserved == amount("2", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is no line, no less or no cause is refused, and nothing is picked")
  func refused() async throws {
    let shop = try await furnished(chairs: 5)
    let order = try await shop.place([("CHAIR", 2), ("INSTALL", 1)]).number
    let shipment = try await prepare(shop, order)
    func refusals(_ short: [OrdersV1.FoundQuantity]) async -> [String] {
      violations(await refusal { try await pick(shop, shipment, short) })
    }
    #expect(await refusals([found(1, 2)]) == ["NOT_SHORT short_lines[0].found"])
    #expect(
      await refusals([found(1, 1), found(1, 0)]) == ["DUPLICATE_LINE short_lines[1].line_number"])
    #expect(await refusals([found(1, 1, .unspecified)]) == ["REQUIRED short_lines[0].cause"])
    let absent = await refusal { try await pick(shop, shipment, [found(2, 0)]) }
    #expect(absent?.code == .notFound && reason(absent) == "NOT_IN_SHIPMENT")
    let half = OrdersV1.FoundQuantity(
      lineNumber: 1, found: amount("0.5", ""), cause: .notFound)
    #expect(await refusals([half]) == ["FRACTION_OF_UNIT short_lines[0].found"])
    #expect(try await level(shop) == [5, 2, 3, 0])
    _ = try await pick(shop, shipment, [])
    let again = await refusal { try await pick(shop, shipment, [found(1, 0)]) }
    #expect(reason(again) == "SHIPMENT_STATE_FORBIDS")
    await shop.close()
  }
}
