import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what is given for nothing, and who must agree to it")
struct FreeGoodsTests {
  private func sold(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], zone: String? = nil
  ) async throws -> String {
    var input = shop.input(lines, customer: "VIP")
    input.delivery = zone.map { .init(zoneCode: $0, floor: 2) }
    let placed = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    let number = try #require(placed.order).number
    try await shop.deliver(number)
    return number
  }

  private func remake(
    _ shop: Shop, _ order: String, _ count: Int64 = 1, sku: String = "",
    reason: String = "DEFECT"
  ) async throws -> AftersalesV1.Remake {
    let reply = try await shop.remakes.createRemake(
      .init(
        orderNumber: order, lineNumber: 1, quantity: pieces(count), reasonCode: reason, sku: sku),
      options: shop.command())
    return try #require(reply.remake)
  }

  private func repair(
    _ shop: Shop, _ order: String, _ parts: [(sku: String, count: Int64)],
    reason: String = "DEFECT"
  ) async throws -> AftersalesV1.Repair {
    let reply = try await shop.repairs.createRepair(
      .init(
        orderNumber: order, lineNumber: 1,
        lines: parts.map { .init(sku: $0.sku, quantity: pieces($0.count)) }, reasonCode: reason),
      options: shop.command())
    return try #require(reply.repair)
  }

  /// Comes back, is looked at, and is credited.
  private func giveBack(_ shop: Shop, _ order: String, _ count: Int64) async throws {
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(count), reasonCode: "CHANGED_MIND")]),
      options: shop.command())
    let number = try #require(asked.customerReturn).number
    _ = try await shop.returns.receiveReturn(.init(number: number), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(
        number: number, lines: [.init(lineNumber: 1, quantity: pieces(count), grade: .a)]),
      options: shop.command())
    _ = try await shop.returns.creditReturn(
      .init(number: number), options: shop.command(by: "accountant"))
  }

  @Test("for what has come back nothing is made again, and nothing is repaired")
  func cameBack() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    try await shop.stock("LAMP", 4, cost: "80")
    let order = try await sold(shop, [("CHAIR", 2)])
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    try await giveBack(shop, order, 1)
    // One is left with the customer.
    let many = await refusal { try await remake(shop, order, 2) }
    #expect(violations(many) == ["MORE_THAN_AVAILABLE quantity"])
    try await giveBack(shop, order, 1)
    let again = await refusal { try await remake(shop, order) }
    #expect(violations(again) == ["ALL_CAME_BACK line_number"])
    let spare = await refusal { try await remake(shop, order, sku: "LAMP") }
    #expect(violations(spare) == ["ALL_CAME_BACK line_number"])
    let repaired = await refusal { try await repair(shop, order, [("LAMP", 1)]) }
    #expect(violations(repaired) == ["ALL_CAME_BACK line_number"])
    let verdict = try await shop.warranties.checkWarranty(
      .init(orderNumber: order, lineNumber: 1)
    ).verdict
    #expect(verdict?.covered == false && verdict?.acceptedOn == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is given for a line in all is what the customer keeps of it; for more two agree")
  func bound() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    let order = try await sold(shop, [("CHAIR", 1)])
    // A lamp of 199.90 for a chair of 499.00: once, and once more.
    let first = try await remake(shop, order, sku: "LAMP")
    let second = try await repair(shop, order, [("LAMP", 1)])
    #expect(first.free && first.state == .confirmed)
    #expect(second.free && second.state == .confirmed)
    let third = try await remake(shop, order)
    #expect(third.free && third.gross == yuan("0.00") && third.state == .submitted)
    #expect(third.explanation.contains("399.80"))
    // Of the remake's own line, too: what is given for it is given for the first.
    try await shop.deliver(first.orderNumber)
    let chained = try await remake(shop, first.orderNumber, sku: "CHAIR")
    #expect(chained.state == .submitted)
    let waiting = try await shop.orders.getOrder(.init(number: third.orderNumber)).order
    #expect(waiting?.approval?.requiredRole == "SALES_MANAGER")
    let alone = await refusal {
      try await shop.orders.approveOrder(
        .init(number: third.orderNumber), options: shop.command(roles: "SALES_MANAGER"))
    }
    #expect(alone?.code == .permissionDenied)
    _ = try await shop.orders.approveOrder(
      .init(number: third.orderNumber),
      options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    _ = try await shop.orders.confirmOrder(
      .init(number: third.orderNumber), options: shop.command(by: "boss"))
    // What is called off again is not given.
    _ = try await shop.orders.cancelOrder(
      .init(number: chained.orderNumber, reason: .entryError), options: shop.command())
    for number in [third.orderNumber, second.orderNumber] {
      _ = try await shop.orders.cancelOrder(
        .init(number: number, reason: .entryError), options: shop.command())
    }
    let late = try await remake(shop, order, sku: "LAMP")
    #expect(late.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was made again for nothing comes back for money only when two agree")
  func givenAndBack() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let order = try await sold(shop, [("CHAIR", 2)])
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(try await remake(shop, order).state == .confirmed)
    func ask() async throws -> AftersalesV1.CustomerReturn {
      try #require(
        try await shop.returns.requestReturn(
          .init(
            orderNumber: order,
            lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")]),
          options: shop.command()
        ).customerReturn)
    }
    // One was given for two; the other may come back.
    #expect(try await ask().state == .approved)
    let second = try await ask()
    #expect(second.state == .requested && second.approverRole == "SALES_MANAGER")
    #expect(second.explanation?.steps.map(\.rule) == ["RETURN_RULE", "FREE_GOODS_GIVEN"])
    let alone = await refusal {
      try await shop.returns.approveReturn(
        .init(number: second.number), options: shop.command(roles: "SALES_MANAGER"))
    }
    #expect(alone?.code == .permissionDenied)
    let agreed = try await shop.returns.approveReturn(
      .init(number: second.number), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(agreed.customerReturn?.state == .approved)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a company says from which amount on a second person agrees, and who that is")
  func limit() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    let set = try await shop.warranties.setWarrantyPolicy(
      .init(
        rules: [.init(months: 24)], reason: "as printed", freeLimit: yuan("300.00"),
        approverRole: "SERVICE_HEAD"), options: shop.command())
    #expect(set.policy?.freeLimit == yuan("300.00") && set.policy?.approverRole == "SERVICE_HEAD")
    let order = try await sold(shop, [("CHAIR", 2)])
    let made = try await remake(shop, order)
    #expect(made.free && made.state == .submitted)
    let waiting = try await shop.orders.getOrder(.init(number: made.orderNumber)).order
    #expect(waiting?.approval?.requiredRole == "SERVICE_HEAD")
    // What the customer pays is approved like anything else.
    let paid = try await remake(shop, order, reason: "CHANGED_MIND")
    #expect(!paid.free && paid.state == .confirmed)
    let wrong = await refusal {
      try await shop.warranties.setWarrantyPolicy(
        .init(reason: "x", freeLimit: yuan("-1.00"), approverRole: "a b"),
        options: shop.command())
    }
    let fields = violations(wrong).map { $0.split(separator: " ").last.map(String.init) }
    #expect(Set(fields) == ["free_limit", "approver_role"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is free bears no charge, and goes where the first goods went")
  func chargesAndPlace() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(charge: "SURCHARGE", sku: "INSTALL", occasion: .always, base: yuan("20.00"))
      ]), options: shop.command())
    let order = try await sold(shop, [("CHAIR", 1)], zone: "HZ")
    let mended = try await repair(shop, order, [("LAMP", 1)])
    #expect(mended.free && mended.gross == yuan("0.00") && mended.waived == yuan("199.90"))
    let made = try await remake(shop, order, sku: "LAMP")
    #expect(made.free && made.gross == yuan("0.00"))
    let stored = try await shop.orders.getOrder(.init(number: made.orderNumber)).order
    #expect(stored?.lines.map(\.sku) == ["LAMP"])
    #expect(stored?.delivery?.zoneCode == "HZ" && stored?.delivery?.floor == 2)
    // Who broke it pays for it, and for what is charged with it.
    let broken = try await repair(shop, order, [("LAMP", 1)], reason: "CHANGED_MIND")
    #expect(!broken.free && broken.gross == yuan("247.09"))
    _ = try await shop.appointments.upsertDeliverySlots(
      .init(slots: [
        .init(
          code: "HZ-1", kind: .delivery, warehouseCode: "MAIN", zoneCode: "HZ", crewCode: "VAN",
          day: .init(year: 2026, month: 3, day: 3), beginsMinute: 540, endsMinute: 720, stops: 3)
      ]), options: shop.command())
    let booked = try await shop.appointments.bookAppointment(
      .init(orderNumber: made.orderNumber, slotCode: "HZ-1"), options: shop.command())
    #expect(booked.appointment?.slot?.code == "HZ-1")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
