import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a chair is shown, lent, and sold as what it is")
struct ShowroomTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private func display(
    _ shop: Shop, discount: Int64 = 200_000
  ) async throws -> OrdersV1.ShowroomPiece {
    let reply = try await shop.showroom.showPiece(
      .init(
        sku: "CHAIR", warehouseCode: "MAIN", condition: "scratched leg",
        discountMicros: discount), options: shop.command())
    return try #require(reply.piece)
  }

  private func sell(
    _ shop: Shop, _ piece: String, to customer: String = "CREDIT"
  ) async throws -> OrdersV1.SellPieceResponse {
    try await shop.showroom.sellPiece(
      .init(
        number: piece,
        order: .init(channel: .store, customerCode: customer, shortageRule: .wait)),
      options: shop.command())
  }

  private func onHand(_ shop: Shop) async throws -> [Int64?] {
    try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels.map(\.onHand?.micros)
  }

  @Test("shown, lent and taken back it is never free stock; sold it costs less, with its condition")
  func wholeStory() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 2, cost: "200")
    let piece = try await display(shop)
    #expect(piece.number == "SP-2026-000001" && piece.state == .shown)
    #expect(try await onHand(shop) == [1_000_000])
    let lent = try await shop.showroom.lendPiece(
      .init(number: piece.number, customerCode: "VIP", dueBackOn: day(3, 9)),
      options: shop.command()
    ).piece
    #expect(lent?.state == .lent && lent?.loan?.customerCode == "VIP")
    // Neither what is shown nor what is lent can be promised.
    let two = try await shop.place([("CHAIR", 2)], customer: "VIP")
    #expect(two.lines.map(\.reserved?.micros) == [1_000_000])
    #expect(try await shop.showroom.listPieces(.init(overdue: true)).pieces == [])
    shop.clock.advance(days: 8)
    let late = try await shop.showroom.listPieces(.init(overdue: true)).pieces
    #expect(late.map(\.number) == [piece.number])
    let other = await refusal { try await sell(shop, piece.number) }
    #expect(violations(other) == ["LENT_TO_ANOTHER order.customer_code"])
    let back = try await shop.showroom.takePieceBack(
      .init(number: piece.number, condition: "two scratched legs"), options: shop.command()
    ).piece
    #expect(back?.state == .shown && back?.condition == "two scratched legs")
    let told = try await shop.showroom.getPiece(.init(number: piece.number)).piece
    #expect(told?.earlierLoans.map(\.returnedOn) == [day(3, 10)])

    // 399.20 and 13 %.
    let sold = try await sell(shop, piece.number)
    #expect(sold.piece?.state == .sold && sold.piece?.orderNumber == sold.order?.number)
    #expect(sold.order?.gross == yuan("451.10") && sold.order?.state == .confirmed)
    #expect(sold.order?.lines.first?.note == "SP-2026-000001: two scratched legs")
    #expect(sold.order?.lines.first?.reserved == amount("1", "pcs"))
    // Who has waited for a chair does not get this one.
    let waiting = try await shop.orders.getOrder(.init(number: two.number)).order
    #expect(waiting?.lines.map(\.reserved?.micros) == [1_000_000])
    let more = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: sold.order?.number ?? "",
          change: .init(lines: [.init(lineNumber: 1, quantity: pieces(2))]), reason: "more"),
        options: shop.command())
    }
    #expect(violations(more) == ["ONE_PIECE change.lines[0].quantity"])
    try await shop.deliver(sold.order?.number ?? "")
    _ = try await shop.orders.invoiceOrder(
      .init(number: sold.order?.number ?? ""), options: shop.command())
    #expect(try await onHand(shop) == [1_000_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an order that is cancelled gives the piece back to the showroom, and that to the shelves")
  func cancelled() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 1, cost: "200")
    let piece = try await display(shop)
    _ = try await shop.showroom.lendPiece(
      .init(number: piece.number, customerCode: "VIP", dueBackOn: day(3, 9)),
      options: shop.command())
    let sold = try await sell(shop, piece.number, to: "VIP")
    let waiting = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    let direct = await refusal {
      try await shop.dropShipments.dropShipLine(
        .init(
          orderNumber: sold.order?.number ?? "", lineNumber: 1, supplierCode: "WOOD"),
        options: shop.command())
    }
    #expect(violations(direct) == ["ONE_PIECE line_number"])
    let cancelled = try await shop.orders.cancelOrder(
      .init(number: sold.order?.number ?? "", reason: .customerWish), options: shop.command())
    #expect(cancelled.verdicts.map(\.document?.number) == [piece.number])
    let back = try await shop.showroom.getPiece(.init(number: piece.number)).piece
    #expect(back?.state == .shown && back?.orderNumber == "" && back?.loan == nil)
    #expect(try await onHand(shop) == [0])
    let shelved = try await shop.showroom.reshelvePiece(
      .init(number: piece.number), options: shop.command()
    ).piece
    #expect(shelved?.state == .reshelved)
    let line = try await shop.orders.getOrder(.init(number: waiting)).order?.lines.first
    #expect(line?.reserved == amount("1", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is promised is not shown, and bad input names its field")
  func refused() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 1, cost: "200")
    func show(_ request: OrdersV1.ShowPieceRequest) async -> [String] {
      violations(
        await refusal {
          try await shop.showroom.showPiece(request, options: shop.command())
        })
    }
    #expect(
      await show(.init(sku: "CHAIR", warehouseCode: "MAIN", discountMicros: 1_000_001))
        == ["OUT_OF_RANGE discount_micros"])
    #expect(await show(.init(sku: "TABLE", warehouseCode: "MAIN")) == ["NOT_A_PIECE sku"])
    #expect(
      await show(.init(sku: "CHAIR", warehouseCode: "NONE"))
        == ["UNKNOWN_WAREHOUSE warehouse_code"])
    #expect(
      await show(.init(sku: "CHAIR", warehouseCode: "EAST")) == ["INSUFFICIENT_STOCK sku"])
    let order = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    #expect(
      await show(.init(sku: "CHAIR", warehouseCode: "MAIN")) == ["INSUFFICIENT_STOCK sku"])
    _ = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    let piece = try await display(shop)
    let early = await refusal {
      try await shop.showroom.lendPiece(
        .init(number: piece.number, customerCode: "VIP", dueBackOn: day(3, 1)),
        options: shop.command())
    }
    #expect(violations(early) == ["OUT_OF_RANGE due_back_on"])
    let never = await refusal {
      try await shop.showroom.takePieceBack(.init(number: piece.number), options: shop.command())
    }
    #expect(reason(never) == "PIECE_STATE_FORBIDS")
    let unknown = await refusal {
      try await shop.showroom.getPiece(.init(number: "SP-1999-000001"))
    }
    #expect(unknown?.code == .notFound)
    let more = await refusal {
      try await shop.showroom.sellPiece(
        .init(number: piece.number, order: shop.input([("LAMP", 1)])), options: shop.command())
    }
    #expect(violations(more) == ["ORDER_OF_MORE order.lines"])
    _ = try await shop.showroom.describePiece(
      .init(number: piece.number, condition: "as new", discountMicros: 0),
      options: shop.command())
    let sold = try await sell(shop, piece.number)
    #expect(sold.order?.gross == yuan("563.87"))
    let twice = await refusal { try await sell(shop, piece.number) }
    #expect(reason(twice) == "PIECE_STATE_FORBIDS")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
