import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a store asks the main warehouse for chairs, and one does not arrive")
struct TransferOrderTests {
  /// March 2026.
  private func day(_ number: Int32) -> GoogleType.Date { .init(year: 2026, month: 3, day: number) }

  /// "REQUESTED 4/4/0/0/0": state, ordered, held, on the way, received and lost of the first line.
  private func told(_ order: InventoryV1.TransferOrder?) throws -> String {
    let order = try #require(order)
    let line = try #require(order.lines.first)
    let parts = [line.ordered, line.held, line.underWay, line.received, line.lost]
    return order.state.name.dropFirst(15)
      + " " + parts.map { "\(($0?.micros ?? 0) / 1_000_000)" }.joined(separator: "/")
  }

  private func levels(_ shop: Shop) async throws -> [String] {
    try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels.map { level in
      let parts = [level.onHand, level.reserved, level.waiting, level.underWay]
      return level.warehouseCode
        + " " + parts.map { "\(($0?.micros ?? 0) / 1_000_000)" }.joined(separator: "/")
    }
  }

  private func ask(
    _ shop: Shop, _ count: Int64, on expected: GoogleType.Date? = nil
  ) async throws -> InventoryV1.TransferOrder {
    let reply = try await shop.transfers.createTransferOrder(
      .init(
        fromWarehouseCode: "MAIN", toWarehouseCode: "EAST",
        lines: [.init(sku: "CHAIR", quantity: pieces(count))], expectedOn: expected,
        note: "for the weekend"), options: shop.command())
    return try #require(reply.transferOrder)
  }

  private func orderInEast(_ shop: Shop, _ count: Int64) async throws -> String {
    var input = shop.input([("CHAIR", count)])
    input.warehouseCode = "EAST"
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func account(_ shop: Shop, _ number: String) async throws -> [Int64?] {
    try await shop.finance.getTrialBalance(.init()).accounts.filter { $0.account == number }
      .map { $0.balance?.minorUnits }
  }

  @Test("held, on the way, there for who waits; what is lost is lost in stock and in the journal")
  func wholeStory() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 5, cost: "200")
    let waiting = try await orderInEast(shop, 3)
    let order = try await ask(shop, 4)
    #expect(order.number == "TO-2026-000001" && order.note == "for the weekend")
    #expect(try told(order) == "REQUESTED 4/4/0/0/0")
    // What is held for the store cannot be sold twice.
    let here = try await shop.place([("CHAIR", 2)])
    #expect(here.lines.map(\.reserved?.micros) == [1_000_000])
    #expect(try await levels(shop) == ["EAST 0/0/3/0", "MAIN 5/5/1/0"])

    // Nobody has said when they come.
    let undated = await refusal {
      try await shop.transfers.dispatchTransferOrder(
        .init(number: order.number), options: shop.command())
    }
    #expect(violations(undated) == ["REQUIRED expected_on"])
    let sent = try await shop.transfers.dispatchTransferOrder(
      .init(number: order.number, expectedOn: day(6)), options: shop.command())
    #expect(try told(sent.transferOrder) == "IN_TRANSIT 4/0/4/0/0")
    #expect(try await levels(shop) == ["EAST 0/0/3/4", "MAIN 1/1/1/0"])
    let promised = try await shop.promises.getPromises(.init(orderNumber: waiting))
    #expect(promised.lines.map(\.readyOn) == [day(6)])
    #expect(promised.steps.map(\.kind) == [.transfer])
    #expect(promised.steps.first?.document?.number == order.number)

    let came = try await shop.transfers.receiveTransferOrder(
      .init(
        number: order.number,
        lines: [.init(lineNumber: 1, quantity: pieces(3), lost: pieces(1))],
        reason: "fell off the van"), options: shop.command())
    #expect(try told(came.transferOrder) == "RECEIVED 4/0/0/3/1")
    #expect(try await levels(shop) == ["EAST 3/3/0/0", "MAIN 1/1/1/0"])
    // A loss of 200.00, and the rest is worth what it was.
    #expect(try await account(shop, "1405") == [800_00])
    let moves = try await shop.inventory.listMoves(.init(sku: "CHAIR")).moves
    #expect(moves.map(\.cause).prefix(3) == ["TRANSFER_LOSS", "TRANSFER", "TRANSFER"])
    #expect(moves.map(\.toLocation).prefix(3) == ["LOSS", "EAST/STOCK", "EAST/TRANSFER"])
    #expect(try await shop.transfers.listTransferOrders(.init(open: true)).transferOrders == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("part by part: what waits behind customers leaves when it is there, the rest is called off")
  func partByPart() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let order = try await ask(shop, 6, on: day(9))
    #expect(try told(order) == "REQUESTED 6/2/0/0/0")
    let sent = try await shop.transfers.dispatchTransferOrder(
      .init(number: order.number), options: shop.command())
    #expect(try told(sent.transferOrder) == "PARTLY_DISPATCHED 6/0/2/0/0")
    // A customer who comes later is served before.
    let customer = try await shop.place([("CHAIR", 3)])
    try await shop.stock("CHAIR", 4, cost: "200")
    let served = try await shop.orders.getOrder(.init(number: customer.number)).order
    #expect(served?.lines.map(\.reserved?.micros) == [3_000_000])
    let now = try await shop.transfers.getTransferOrder(.init(number: order.number))
    #expect(try told(now.transferOrder) == "PARTLY_DISPATCHED 6/1/2/0/0")
    let off = try await shop.transfers.cancelTransferOrder(
      .init(number: order.number, reason: "the fair is over"), options: shop.command())
    #expect(try told(off.transferOrder) == "IN_TRANSIT 6/0/2/0/0")
    #expect(off.transferOrder?.lines.first?.cancelled?.micros == 4_000_000)
    #expect(try await levels(shop) == ["EAST 0/0/0/2", "MAIN 4/3/0/0"])
    let came = try await shop.transfers.receiveTransferOrder(
      .init(number: order.number), options: shop.command())
    #expect(try told(came.transferOrder) == "RECEIVED 6/0/0/2/0")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what does not fit is refused by its field and leaves nothing behind")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let wrong = await refusal {
      try await shop.transfers.createTransferOrder(
        .init(
          fromWarehouseCode: "MAIN", toWarehouseCode: "MAIN",
          lines: [
            .init(sku: "CHAIR", quantity: pieces(1)), .init(sku: "CHAIR", quantity: pieces(0)),
            .init(sku: "NONE", quantity: pieces(1)),
          ], expectedOn: day(1)), options: shop.command())
    }
    #expect(
      violations(wrong) == [
        "SAME_WAREHOUSE to_warehouse_code", "IN_THE_PAST expected_on",
        "DUPLICATE_PRODUCT lines[1].sku", "QUANTITY_NOT_POSITIVE lines[1].quantity",
        "UNKNOWN_PRODUCT lines[2].sku",
      ])
    let order = try await ask(shop, 2, on: day(9))
    #expect(order.number == "TO-2026-000001")
    let early = await refusal {
      try await shop.transfers.receiveTransferOrder(
        .init(number: order.number), options: shop.command())
    }
    #expect(early?.message == "Nothing of TO-2026-000001 is on the way")
    let much = await refusal {
      try await shop.transfers.dispatchTransferOrder(
        .init(
          number: order.number,
          lines: [
            .init(lineNumber: 1, quantity: pieces(3)), .init(lineNumber: 1, quantity: pieces(1)),
            .init(lineNumber: 7, quantity: pieces(1)),
          ]), options: shop.command())
    }
    #expect(
      violations(much) == [
        "NOT_HELD lines[0].quantity", "DUPLICATE_LINE lines[1].line_number",
        "UNKNOWN_LINE lines[2].line_number",
      ])
    _ = try await shop.transfers.dispatchTransferOrder(
      .init(number: order.number), options: shop.command())
    let silent = await refusal {
      try await shop.transfers.receiveTransferOrder(
        .init(
          number: order.number,
          lines: [.init(lineNumber: 1, quantity: pieces(2), lost: pieces(1))]),
        options: shop.command())
    }
    #expect(violations(silent) == ["REQUIRED reason", "NOT_UNDER_WAY lines[0].quantity"])
    let late = await refusal {
      try await shop.transfers.cancelTransferOrder(
        .init(number: order.number, reason: "no"), options: shop.command())
    }
    #expect(late?.message == "Nothing of TO-2026-000001 is still to leave")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
