import Messages
import TestKit
import Testing

@Suite("Scenario: a parcel does not arrive by its day")
struct OverdueDeliveryTests {
  private func board(_ shop: Shop) async throws -> [String] {
    try await shop.shortages.listExceptions(.init(kinds: [.deliveryOverdue])).rows
      .map { "\($0.document?.number ?? "") \($0.day?.month ?? 0)-\($0.day?.day ?? 0)" }
  }

  /// A chair that is wanted on a day of March leaves today, 2 March.
  private func send(_ shop: Shop, wanted day: Int32?) async throws -> OrdersV1.Shipment {
    var input = shop.input([("CHAIR", 1)], customer: "VIP")
    input.requestedOn = day.map { .init(year: 2026, month: 3, day: $0) }
    let order =
      try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order?.number
      ?? ""
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    return try #require(
      try await shop.orders.dispatchShipment(
        .init(number: number, carrier: "德邦"), options: shop.command()
      ).shipment)
  }

  @Test(
    "it is on the board from the day after, the longest overdue first, until it arrives or is lost")
  func overdue() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "210")
    let late = try await send(shop, wanted: 5)
    let later = try await send(shop, wanted: 4)
    let whenever = try await send(shop, wanted: nil)
    #expect(late.dueOn == .init(year: 2026, month: 3, day: 5) && whenever.dueOn == nil)
    shop.clock.advance(days: 3)
    #expect(try await board(shop) == ["\(later.number) 3-4"])
    shop.clock.advance(days: 1)
    #expect(try await board(shop) == ["\(later.number) 3-4", "\(late.number) 3-5"])
    let page = try await shop.shortages.listExceptions(
      .init(pageSize: 1, kinds: [.deliveryOverdue]))
    let rest = try await shop.shortages.listExceptions(
      .init(pageSize: 1, pageToken: page.nextPageToken, kinds: [.deliveryOverdue]))
    #expect(
      (page.rows + rest.rows).map { $0.document?.number } == [later.number, late.number])
    _ = try await shop.orders.deliverShipment(.init(number: late.number), options: shop.command())
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: later.number, resolution: .redeliver), options: shop.command())
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
