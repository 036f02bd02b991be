import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: an order that names no warehouse gets one by rules, with reasons")
struct AssignmentTests {
  private typealias Rule = OrdersV1.AssignmentRule

  private func set(
    _ shop: Shop, from: GoogleType.Date? = nil, _ rules: [OrdersV1.AssignmentRule]
  ) async throws -> OrdersV1.AssignmentPolicy {
    try #require(
      try await shop.assignment.setAssignmentPolicy(
        .init(validFrom: from, rules: rules, reason: "two warehouses"), options: shop.command()
      ).policy)
  }

  private func input(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], zone: String = "",
    customer: String = "CREDIT", channel: OrdersV1.Channel = .store
  ) -> OrdersV1.OrderInput {
    var input = shop.input(lines, customer: customer, channel: channel)
    input.warehouseCode = ""
    if !zone.isEmpty { input.delivery = .init(zoneCode: zone) }
    return input
  }

  private func place(_ shop: Shop, _ order: OrdersV1.OrderInput) async throws -> OrdersV1.Order {
    try #require(
      try await shop.orders.placeOrder(.init(order: order), options: shop.command()).order)
  }

  private func steps(_ shop: Shop, _ number: String) async throws -> [String] {
    try await shop.assignment.getAssignment(.init(orderNumber: number)).assignment?.explanation?
      .steps.map { "\($0.rule) \($0.text)" } ?? []
  }

  @Test("without rules an order names its warehouse; a draft may wait for rules")
  func draft() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80", in: "EAST")
    let order = input(shop, [("LAMP", 1)])
    let refused = await refusal { try await place(shop, order) }
    #expect(violations(refused) == ["REQUIRED order.warehouse_code"])
    let draft = try #require(
      try await shop.orders.createOrder(.init(order: order), options: shop.command()).order)
    #expect(draft.warehouseCode == "")
    let early = await refusal {
      try await shop.orders.submitOrder(.init(number: draft.number), options: shop.command())
    }
    #expect(violations(early) == ["REQUIRED order.warehouse_code"])
    #expect(
      await refusal { try await shop.assignment.assignWarehouse(.init(order: order)) }?.code
        == .notFound)

    let policy = try await set(shop, [Rule(warehouseCodes: ["MAIN", "EAST"])])
    #expect(policy.version == 1 && policy.rules.first?.choice == .complete)
    _ = try await shop.orders.submitOrder(.init(number: draft.number), options: shop.command())
    _ = try await shop.orders.confirmOrder(.init(number: draft.number), options: shop.command())
    let stored = try await shop.orders.getOrder(.init(number: draft.number)).order
    #expect(stored?.warehouseCode == "EAST")
    let stock = try await shop.inventory.getAvailability(
      .init(sku: "LAMP", warehouseCode: "EAST"))
    #expect(stock.levels.map(\.reserved?.micros) == [1_000_000])
    #expect(
      try await steps(shop, draft.number) == [
        "ASSIGNMENT_RULE Rule 1 (any order): MAIN, EAST",
        "CANDIDATE MAIN has 0 of 1 lines from stock, not 1",
        "CANDIDATE EAST has all lines from stock", "ASSIGNED EAST has most of the order",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the first rule that fits decides; of its warehouses the one that has most")
  func rules() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    try await shop.stock("CHAIR", 2, cost: "200", in: "EAST")
    try await shop.stock("LAMP", 1, cost: "80", in: "EAST")
    try await shop.stock("BOARD", 50, cost: "100", in: "EAST")
    try await shop.stock("SCREW", 50, cost: "1", in: "EAST")
    _ = try await shop.pricing.replaceDeliveryZones(
      .init(zones: [.init(countryCode: "CN", regionPrefix: "3301", zoneCode: "HZ")]),
      options: shop.command())
    _ = try await set(
      shop,
      [
        Rule(made: true, warehouseCodes: ["EAST"], choice: .first),
        Rule(zoneCode: "HZ", warehouseCodes: ["EAST"], choice: .first),
        Rule(channel: .store, customerClass: "VIP", warehouseCodes: ["MAIN"], choice: .first),
        Rule(channel: .store, warehouseCodes: ["MAIN", "EAST"]),
      ])
    func assigned(_ order: OrdersV1.OrderInput) async throws -> String {
      let asked = try await shop.assignment.assignWarehouse(.init(order: order)).assignment
      let placed = try await place(shop, order)
      let told = try await shop.assignment.getAssignment(.init(orderNumber: placed.number))
      // What is asked before is what is done.
      #expect(told.assignment == asked && asked?.warehouseCode == placed.warehouseCode)
      return "\(placed.warehouseCode) by \(asked?.rule ?? 0)"
    }
    #expect(try await assigned(input(shop, [("TABLE", 1)])) == "EAST by 1")
    let work = try await shop.production.listWorkOrders(.init())
    #expect(work.workOrders.map(\.warehouseCode) == ["EAST"])
    #expect(try await assigned(input(shop, [("CHAIR", 9)], zone: "HZ")) == "EAST by 2")
    #expect(try await assigned(input(shop, [("LAMP", 1)], customer: "VIP")) == "MAIN by 3")
    // Both have chairs, one has the lamp as well.
    try await shop.stock("CHAIR", 20, cost: "200", in: "EAST")
    #expect(try await assigned(input(shop, [("CHAIR", 1), ("LAMP", 1)])) == "EAST by 4")
    // The lamp is gone: both have one line, and the first of them is the first choice.
    #expect(try await assigned(input(shop, [("CHAIR", 1), ("LAMP", 1)])) == "MAIN by 4")
    // Lines of the same product share what is there: eight are left.
    #expect(try await assigned(input(shop, [("CHAIR", 5), ("CHAIR", 4)])) == "EAST by 4")
    #expect(try await assigned(input(shop, [("INSTALL", 1)])) == "MAIN by 4")
    let none = await refusal { try await place(shop, input(shop, [("LAMP", 1)], channel: .web)) }
    #expect(none?.code == .failedPrecondition)
    #expect(none?.message.contains("assignment policy 1") == true)
    // Who names one gets it, and there is nothing to explain.
    let named = try await shop.place([("CHAIR", 1)])
    #expect(named.warehouseCode == "MAIN")
    let missing = await refusal {
      try await shop.assignment.getAssignment(.init(orderNumber: named.number))
    }
    #expect(missing?.code == .notFound)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rules count from their day on; what is wrong with one is named")
  func versions() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 9, cost: "80")
    _ = try await set(shop, [Rule(warehouseCodes: ["MAIN"], choice: .first)])
    _ = try await set(
      shop, from: .init(year: 2026, month: 3, day: 5),
      [Rule(warehouseCodes: ["EAST"], choice: .first)])
    #expect(try await place(shop, input(shop, [("LAMP", 1)])).warehouseCode == "MAIN")
    shop.clock.advance(days: 3)
    #expect(try await place(shop, input(shop, [("LAMP", 1)])).warehouseCode == "EAST")
    let policy = try await shop.assignment.getAssignmentPolicy(.init(version: 1)).policy
    #expect(policy?.rules.first?.warehouseCodes == ["MAIN"] && policy?.madeBy == "li.na")
    #expect(
      await refusal { try await shop.assignment.getAssignmentPolicy(.init(version: 9)) }?.code
        == .notFound)
    let wrong: [(OrdersV1.AssignmentRule, String)] = [
      (Rule(), "OUT_OF_RANGE rules[0].warehouse_codes"),
      (Rule(warehouseCodes: ["NOWHERE"]), "UNKNOWN_WAREHOUSE rules[0].warehouse_codes[0]"),
      (Rule(warehouseCodes: ["MAIN", "MAIN"]), "DUPLICATE_WAREHOUSE rules[0].warehouse_codes[1]"),
      (Rule(zoneCode: "A B", warehouseCodes: ["MAIN"]), "INVALID_CODE rules[0].zone_code"),
      (
        Rule(warehouseCodes: ["MAIN"], choice: .init(rawValue: 9)),
        "UNKNOWN_VALUE rules[0].choice"
      ),
    ]
    for (rule, expected) in wrong {
      let error = await refusal { try await set(shop, [rule]) }
      #expect(violations(error) == [expected])
    }
    // Without rules again.
    _ = try await set(shop, [])
    let refused = await refusal { try await place(shop, input(shop, [("LAMP", 1)])) }
    #expect(violations(refused) == ["REQUIRED order.warehouse_code"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an offer is given its warehouse when it is made, a question when it is asked")
  func offers() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 2, cost: "80", in: "EAST")
    _ = try await set(shop, [Rule(warehouseCodes: ["MAIN", "EAST"])])
    let promised = try await shop.promises.promiseOrder(
      .init(order: input(shop, [("LAMP", 2)])))
    #expect(promised.readyOn == .init(year: 2026, month: 3, day: 2))
    let quote = try await shop.quotes.createQuote(
      .init(customerCode: "CREDIT", variants: [.init(order: input(shop, [("LAMP", 2)]))]),
      options: shop.command())
    #expect(quote.quote?.revision?.variants.first?.order?.warehouseCode == "EAST")
    // Whatever is there when the customer takes it.
    try await shop.stock("LAMP", 9, cost: "80")
    let order = try await shop.quotes.convertQuote(
      .init(number: quote.quote?.number ?? ""), options: shop.command()
    ).order
    #expect(order?.warehouseCode == "EAST" && order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
