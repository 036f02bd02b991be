import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: nobody takes the table that was made for them")
struct RefusedAtDoorTests {
  /// A table that was made to measure is on its way: 3,616.00 with tax.
  private func onItsWay(
    paidAtDoor: Bool = false, policy: [OrdersV1.CancellationRule] = []
  ) async throws -> (shop: Shop, order: String, shipment: String) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("BOARD", 10, cost: "180")
    if !policy.isEmpty {
      _ = try await shop.cancellations.setCancellationPolicy(
        .init(rules: policy, reason: "2026"), options: shop.command(by: "gong", roles: "SALES"))
    }
    let customer = paidAtDoor ? "CASH" : "VIP"
    let order = try await shop.place([("TABLE", 1)], customer: customer).number
    let works = try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders
    let work = try #require(works.first).number
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
    _ = try await shop.production.completeWorkOrder(
      .init(number: work, good: pieces(1)), options: shop.command())
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    let number = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: number), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: number, cartons: 1), options: shop.command())
    if paidAtDoor {
      _ = try await shop.cashOnDelivery.arrangeCashOnDelivery(
        .init(shipmentNumber: number, collector: .ownCrew), options: shop.command())
    }
    _ = try await shop.orders.dispatchShipment(
      .init(number: number, carrier: "德邦", trackingNumber: "DB-1"), options: shop.command())
    shop.clock.advance(days: 1)
    return (shop, order, number)
  }

  private func refuse(
    _ shop: Shop, _ number: String
  ) async throws -> OrdersV1.RecordProofOfDeliveryResponse {
    try await shop.carriers.recordProofOfDelivery(
      .init(
        shipmentNumber: number,
        proof: .init(
          signedBy: "司机", signedAt: .init(seconds: 1_772_413_200 + 3_600),
          lines: [.init(orderLineNumber: 1, refused: pieces(1), reasonCode: "CHANGED_MIND")])),
      options: shop.command())
  }

  /// All of it is billed, and what came back credited.
  private func bringBack(
    _ shop: Shop, _ order: String, _ back: String
  ) async throws -> AftersalesV1.CustomerReturn {
    _ = try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .b)]),
      options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command())
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    return try #require(
      try await shop.returns.creditReturn(.init(number: back), options: shop.command())
        .customerReturn)
  }

  @Test("it comes back, and its money is kept")
  func keepsTheMoney() async throws {
    let (shop, order, number) = try await onItsWay()
    let signed = try await refuse(shop, number)
    #expect(signed.shipment?.state == .delivered && !signed.returnNumber.isEmpty)
    let back = try #require(
      try await shop.returns.getReturn(.init(number: signed.returnNumber)).customerReturn)
    // Nobody needs to agree: it is on the van.
    #expect(back.state == .approved)
    #expect(back.lines.map(\.feeMicros) == [1_000_000] && back.lines.map(\.rule) == [2])
    #expect(back.explanation?.steps.first?.text.contains("all of its money is kept") == true)
    let credited = try await bringBack(shop, order, back.number)
    #expect(credited.credited == yuan("3616") && credited.fee == yuan("3616"))
    let stock = try await shop.inventory.getAvailability(.init(sku: "TABLE"))
    #expect(stock.levels.map(\.onHand?.micros) == [1_000_000])
    let open = try await shop.finance.getTrialBalance(.init()).accounts
      .first { $0.account == "1122" }
    #expect(open?.balance == yuan("3616"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("it costs what the order's policy takes for a cancellation at the last moment")
  func lateCancellation() async throws {
    let (shop, order, number) = try await onItsWay(
      policy: [
        .init(stage: .made, shareMicros: 100_000),
        .init(stage: .setApart, sourcing: .make, shareMicros: 600_000),
      ])
    let back = try await refuse(shop, number).returnNumber
    let credited = try await bringBack(shop, order, back)
    #expect(credited.credited == yuan("3616") && credited.fee == yuan("2169.60"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("nothing is collected for it at the door, and asked for later it is not taken back")
  func paidAtDoor() async throws {
    let (shop, order, number) = try await onItsWay(paidAtDoor: true)
    let signed = try await refuse(shop, number)
    #expect(signed.shipment?.cashOnDelivery?.owed == yuan("0"))
    #expect(signed.shipment?.cashOnDelivery?.state == .settled)
    _ = try await shop.returns.cancelReturn(
      .init(number: signed.returnNumber, reason: "took it after all"), options: shop.command())
    let later = await refusal {
      try await shop.returns.requestReturn(
        .init(
          orderNumber: order,
          lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")]),
        options: shop.command())
    }
    #expect(later?.code == .failedPrecondition)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
