import Messages
import TestKit
import Testing

@Suite("Scenario: quotes and changes are checked by the rules that orders are checked by")
struct ChangeValidationTests {
  private func shop(_ rules: [OrdersV1.ValidationRule]) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 400, cost: "210")
    for _ in 1...5 { _ = try await shop.place([("CHAIR", 2)], customer: "VIP") }
    _ = try await shop.intake.setValidationPolicy(
      .init(rules: rules, reason: "what we learned"), options: shop.command())
    return shop
  }

  private static func typo(_ hold: OrdersV1.OrderHoldKind) -> OrdersV1.ValidationRule {
    .init(code: "TYPO", condition: .quantityOutlier(.init(factorMicros: 5_000_000)), hold: hold)
  }

  private func change(
    _ shop: Shop, _ number: String, to count: Int64
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]),
        reason: "called"), options: shop.command(roles: "SALES_MANAGER"))
  }

  @Test("a change of a confirmed order that looks like a typing error holds it, once")
  func changed() async throws {
    let shop = try await shop([Self.typo(.outlier)])
    let number = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    #expect(try await change(shop, number, to: 3).holds.isEmpty)
    let held = try await change(shop, number, to: 60)
    #expect(held.holds.map(\.kind) == [.outlier])
    #expect(held.holds.first?.explanation?.steps.first?.rule == "TYPO")
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .outlier, reason: "they mean it"), options: shop.command())
    // Less of what somebody has looked at is not asked about again; more of it is.
    #expect(try await change(shop, number, to: 50).holds.isEmpty)
    #expect(try await change(shop, number, to: 55).holds.map(\.kind) == [.outlier])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a rule that holds for nothing refuses the change, and names its line")
  func refusedChange() async throws {
    let shop = try await shop([Self.typo(.unspecified)])
    let number = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    let error = await refusal { try await change(shop, number, to: 60) }
    #expect(violations(error) == ["VALIDATION_RULE_BROKEN change.lines[0].quantity"])
    let order = try await shop.orders.getOrder(.init(number: number)).order
    #expect(order?.lines.first?.ordered?.micros == 2_000_000)
    await shop.close()
  }

  @Test("a quote that breaks a refusing rule is not given; what would be held is held when taken")
  func quoted() async throws {
    let refusing = try await shop([Self.typo(.unspecified)])
    let error = await refusal { try await quote(refusing, 60) }
    #expect(violations(error) == ["VALIDATION_RULE_BROKEN variants[0].order.lines[0].quantity"])
    await refusing.close()

    let holding = try await shop([Self.typo(.outlier)])
    let number = try await quote(holding, 60).quote?.number ?? ""
    let taken = try await holding.quotes.convertQuote(
      .init(number: number), options: holding.command())
    #expect(taken.order?.state == .submitted)
    #expect(taken.holds.map(\.kind) == [.outlier])
    // Rules that came meanwhile hold as well.
    let other = try await quote(holding, 1).quote?.number ?? ""
    _ = try await holding.intake.setValidationPolicy(
      .init(rules: [.init(code: "NOTE", condition: .required(.note))], reason: "notes"),
      options: holding.command())
    let refused = await refusal {
      try await holding.quotes.convertQuote(.init(number: other), options: holding.command())
    }
    #expect(violations(refused) == ["VALIDATION_RULE_BROKEN variant_number"])
    #expect(try await holding.violations() == [])
    await holding.close()
  }

  private func quote(_ shop: Shop, _ count: Int64) async throws -> OrdersV1.CreateQuoteResponse {
    try await shop.quotes.createQuote(
      .init(
        customerCode: "VIP",
        variants: [.init(order: shop.input([("CHAIR", count)], customer: "VIP"))]),
      options: shop.command())
  }
}
