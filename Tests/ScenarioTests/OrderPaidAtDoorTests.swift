import Messages
import TestKit
import Testing

@Suite("Scenario: an order is placed to be paid at the door")
struct OrderPaidAtDoorTests {
  private func open() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 10, cost: "210")
    return shop
  }

  private func prepare(
    _ shop: Shop, _ order: String, _ count: Int64
  ) async throws -> OrdersV1.Shipment {
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order, lines: [.init(lineNumber: 1, quantity: pieces(count))]),
      options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    return try #require(prepared.shipment)
  }

  private func dispatch(_ shop: Shop, _ number: String) async throws -> OrdersV1.Shipment {
    try #require(
      try await shop.orders.dispatchShipment(
        .init(number: number, carrier: "德邦"), options: shop.command()
      ).shipment)
  }

  @Test(
    "each of its shipments leaves unpaid and is paid at the door, also in the place of a lost one")
  func everyShipment() async throws {
    let shop = try await open()
    var input = shop.input([("CHAIR", 3)], customer: "CASH")
    input.cashOnDelivery = .carrier
    let placed = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    let order = placed.order?.number ?? ""
    #expect(placed.order?.cashOnDelivery == .carrier)
    let first = try await prepare(shop, order, 1)
    #expect(first.cashOnDelivery?.state == .arranged && first.cashOnDelivery?.collector == .carrier)
    #expect(try await dispatch(shop, first.number).cashOnDelivery?.due == yuan("563.87"))
    let second = try await prepare(shop, order, 2)
    #expect(try await dispatch(shop, second.number).cashOnDelivery?.due == yuan("1127.74"))
    _ = try await shop.claims.reportLoss(
      .init(shipmentNumber: second.number, resolution: .redeliver), options: shop.command())
    let third = try await prepare(shop, order, 2)
    #expect(try await dispatch(shop, third.number).cashOnDelivery?.due == yuan("1127.74"))
    // The lost one turns up after all: it is due for nothing while the other is on its way.
    for number in [first.number, third.number] {
      _ = try await shop.orders.deliverShipment(.init(number: number), options: shop.command())
    }
    _ = try await shop.claims.reportFound(
      .init(shipmentNumber: second.number, resolution: .comeBack), options: shop.command())
    let paid = try await shop.cashOnDelivery.recordCollection(
      .init(
        shipmentNumber: third.number, collected: [.init(amount: yuan("1127.74"), method: .cash)]),
      options: shop.command())
    #expect(paid.shipment?.cashOnDelivery?.state == .withCarrier)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("it may be said later, for all that has not left")
  func arrangedLater() async throws {
    let shop = try await open()
    let order = try await shop.place([("CHAIR", 3)], customer: "CASH").number
    let prepared = try await prepare(shop, order, 1)
    let unpaid = await refusal { try await dispatch(shop, prepared.number) }
    #expect(violation(unpaid) == "PAYMENT_OUTSTANDING")
    let both = await refusal {
      try await shop.cashOnDelivery.arrangeCashOnDelivery(
        .init(shipmentNumber: prepared.number, collector: .ownCrew, orderNumber: order),
        options: shop.command())
    }
    #expect(both != nil)
    let done = try await shop.cashOnDelivery.arrangeCashOnDelivery(
      .init(collector: .ownCrew, orderNumber: order), options: shop.command())
    #expect(done.order?.cashOnDelivery == .ownCrew)
    #expect(done.shipments.map(\.cashOnDelivery?.collector) == [.ownCrew])
    #expect(try await dispatch(shop, prepared.number).cashOnDelivery?.due == yuan("563.87"))
    let rest = try await prepare(shop, order, 2)
    #expect(rest.cashOnDelivery?.collector == .ownCrew)
    let unknown = await refusal {
      try await shop.cashOnDelivery.arrangeCashOnDelivery(
        .init(collector: .ownCrew, orderNumber: "SO-2026-999999"), options: shop.command())
    }
    #expect(violation(unknown) == "UNKNOWN_ORDER order_number")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
