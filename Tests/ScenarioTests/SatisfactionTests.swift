import Messages
import TestKit
import Testing

@Suite("Scenario: deliveries have an answer")
struct SatisfactionTests {
  private func delivered(_ shop: Shop, customer: String = "VIP") async throws -> String {
    let order = try await shop.place([("CHAIR", 1)], customer: customer).number
    try await shop.deliver(order)
    return order
  }

  @Test("one answer for each delivery, told by month and in the overview")
  func satisfaction() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    for (index, score) in [10, 9, 8, 3].enumerated() {
      let order = try await delivered(shop, customer: index == 3 ? "CREDIT" : "VIP")
      let shipment = try await shop.orders.listShipments(.init(orderNumber: order)).shipments[0]
      let reply = try await shop.complaints.recordSatisfaction(
        .init(shipmentNumber: shipment.number, score: Int32(score), text: "well"),
        options: shop.command())
      #expect(reply.orderNumber == order)
      let again = await refusal {
        try await shop.complaints.recordSatisfaction(
          .init(shipmentNumber: shipment.number, score: 10), options: shop.command())
      }
      #expect(violations(again) == ["ALREADY_ANSWERED shipment_number"])
      if index == 1 { shop.clock.advance(days: 31) }
    }
    let order = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    let shipment = try await shop.orders.prepareShipment(
      .init(orderNumber: order), options: shop.command())
    func refused(_ number: String, _ score: Int32) async -> [String] {
      violations(
        await refusal {
          try await shop.complaints.recordSatisfaction(
            .init(shipmentNumber: number, score: score), options: shop.command())
        })
    }
    let number = try #require(shipment.shipment).number
    #expect(await refused(number, 5) == ["NOT_DELIVERED shipment_number"])
    #expect(await refused(number, 11) == ["OUT_OF_RANGE score"])
    #expect(await refused("SH-1", 5) == ["UNKNOWN_SHIPMENT shipment_number"])

    let report = try await shop.complaints.getSatisfactionReport(.init())
    #expect(report.rows.map { $0.month?.month } == [3, 4])
    #expect(report.rows.map { $0.satisfaction?.count } == [2, 2])
    #expect(report.rows.map { $0.satisfaction?.netPromoterScore } == [100, -50])
    #expect(report.total?.averageHundredths == 750 && report.total?.netPromoterScore == 25)
    let overview = try await shop.customers.getCustomerOverview(.init(code: "VIP"))
    #expect(overview.satisfaction?.count == 3 && overview.satisfaction?.averageHundredths == 900)
    #expect(overview.satisfaction?.netPromoterScore == 67)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
