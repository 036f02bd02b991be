import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: for how long what was sold is answered for")
struct WarrantyTests {
  private func sell(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)]
  ) async throws -> String {
    let order = try await shop.place(lines, customer: "VIP").number
    try await shop.deliver(order)
    return order
  }

  private func remake(
    _ shop: Shop, _ order: String, _ count: Int64 = 1, _ reason: String = "DEFECT",
    sku: String = "", component: String = "", dryRun: Bool = false
  ) async throws -> AftersalesV1.CreateRemakeResponse {
    try await shop.remakes.createRemake(
      .init(
        orderNumber: order, lineNumber: 1, quantity: pieces(count), reasonCode: reason, sku: sku,
        component: component), options: shop.command(dryRun: dryRun))
  }

  @Test("warranty is by component and runs from the delivery; what it does not cover is sold")
  func warranty() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let wrong = await refusal {
      try await shop.warranties.setWarrantyPolicy(
        .init(
          rules: [
            .init(sku: "NOTHING", months: 1), .init(sourcing: .service, months: 1),
            .init(component: "a b", months: 1_201),
          ], reason: "x"), options: shop.command())
    }
    #expect(
      violations(wrong) == [
        "UNKNOWN_PRODUCT rules[0].sku", "SERVICES_STAY rules[1].sourcing",
        "INVALID_CODE rules[2].component", "OUT_OF_RANGE rules[2].months",
      ])
    let set = try await shop.warranties.setWarrantyPolicy(
      .init(
        rules: [
          .init(component: "FRAME", months: 120), .init(component: "FABRIC", months: 24),
          .init(component: "LEG", months: 0), .init(months: 1),
        ], reason: "as printed"), options: shop.command())
    #expect(try await shop.warranties.getWarrantyPolicy(.init()).policy == set.policy)
    #expect(try await shop.warranties.getWarrantyPolicy(.init(version: 1)).policy?.rules.count == 1)
    let order = try await sell(shop, [("CHAIR", 1)])
    func covered(_ component: String, on day: GoogleType.Date? = nil) async throws -> Bool {
      let reply = try await shop.warranties.checkWarranty(
        .init(orderNumber: order, lineNumber: 1, component: component, day: day))
      return reply.verdict?.covered ?? false
    }
    // Delivered on 2 March 2026.
    #expect(try await covered("FABRIC", on: .init(year: 2028, month: 3, day: 2)))
    #expect(try await !covered("FABRIC", on: .init(year: 2028, month: 3, day: 3)))
    #expect(try await covered("FRAME", on: .init(year: 2036, month: 3, day: 2)))
    #expect(try await !covered("LEG"))
    #expect(try await covered(""))
    let unknown = await refusal {
      try await shop.warranties.checkWarranty(.init(orderNumber: order, lineNumber: 7))
    }
    #expect(violations(unknown) == ["UNKNOWN_LINE line_number"])

    shop.clock.advance(days: 60)
    let free = try await remake(shop, order, component: "FABRIC")
    #expect(free.remake?.free == true && free.remake?.state == .confirmed)
    let leg = try #require(try await remake(shop, order, component: "LEG").remake)
    #expect(!leg.free && leg.gross == yuan("563.87"))
    // The customer broke it: no defect, whatever the warranty says.
    let broken = try #require(
      try await remake(shop, order, 1, "CHANGED_MIND", component: "FRAME").remake)
    #expect(!broken.free && broken.explanation.contains("no defect"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("each unit is covered from its own delivery on, and a serial number says which it is")
  func units() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.warranties.setWarrantyPolicy(
      .init(rules: [.init(months: 1)], reason: "short"), options: shop.command())
    try await shop.stock("CHAIR", 1, cost: "200")
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    try await shop.deliver(order)
    let first = try await shop.orders.listShipments(.init(orderNumber: order)).shipments[0]
    shop.clock.advance(days: 40)
    try await shop.stock("CHAIR", 1, cost: "200")
    try await shop.deliver(order)
    func check(_ serial: String = "") async throws -> AftersalesV1.CheckWarrantyResponse {
      try await shop.warranties.checkWarranty(
        serial.isEmpty ? .init(orderNumber: order, lineNumber: 1) : .init(serial: serial))
    }
    // The later one is covered, and does not lengthen the warranty of the other.
    let verdict = try await check().verdict
    #expect(verdict?.covered == true && verdict?.acceptedOn == .init(year: 2026, month: 4, day: 11))
    let both = try await remake(shop, order, 2)
    #expect(both.warranty?.covered == false && both.remake?.free == false)
    let one = try await remake(shop, order, 1)
    #expect(one.remake?.free == true)

    for (shipment, serial) in zip(
      try await shop.orders.listShipments(.init(orderNumber: order)).shipments.map(\.number)
        .sorted(), ["S-1", "S-2"])
    {
      _ = try await shop.carriers.recordProofOfDelivery(
        .init(
          shipmentNumber: shipment,
          proof: .init(
            signedBy: "王芳",
            signedAt: .init(seconds: 1_772_413_200 + (serial == "S-1" ? 0 : 40 * 86_400)),
            lines: [.init(orderLineNumber: 1, serialNumbers: [serial])])), options: shop.command())
    }
    let old = try await check("S-1")
    #expect(old.orderNumber == order && old.lineNumber == 1 && old.verdict?.covered == false)
    #expect(old.verdict?.acceptedOn == first.deliveredOn)
    #expect(try await check("S-2").verdict?.covered == true)
    let unknown = await refusal { try await check("S-9") }
    #expect(unknown?.code == .notFound && violations(unknown) == ["UNKNOWN_SERIAL serial"])
    let twice = await refusal {
      try await shop.warranties.checkWarranty(
        .init(orderNumber: order, lineNumber: 1, serial: "S-1"))
    }
    #expect(twice?.code == .invalidArgument)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
