import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: too few chairs, and who gets them")
struct AllocationTests {
  private func setPolicy(
    _ shop: Shop, _ criteria: [OrdersV1.AllocationCriterion] = [.priority, .confirmed]
  ) async throws {
    _ = try await shop.promises.setAllocationPolicy(
      .init(
        criteria: criteria,
        rules: [
          .init(customerClass: "VIP", points: 50), .init(fromGross: yuan("2000"), points: 20),
          .init(withinDays: 7, points: 5), .init(sku: "LAMP", points: -5),
        ], reason: "autumn"), options: shop.command())
  }

  private func held(_ shop: Shop, _ orders: [String]) async throws -> [Int64] {
    var found: [Int64] = []
    for order in orders {
      let line = try await shop.orders.getOrder(.init(number: order)).order?.lines.first
      found.append((line?.reserved?.micros ?? 0) / 1_000_000)
    }
    return found
  }

  private func reallocate(
    _ shop: Shop, preview: String = "", dryRun: Bool = false
  ) async throws -> OrdersV1.ReallocateResponse {
    try await shop.promises.reallocate(
      .init(sku: "CHAIR", warehouseCode: "MAIN", reason: "a fair", preview: preview),
      options: shop.command(dryRun: dryRun))
  }

  @Test("the score is a sum of rules, each told; by hand it is what somebody says, with a reason")
  func score() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await setPolicy(shop)
    let number = try await shop.place([("CHAIR", 5), ("LAMP", 1)], customer: "VIP").number
    let lines = try await shop.promises.getPriority(.init(orderNumber: number)).lines
    #expect(lines.map(\.score) == [70, 65])
    #expect(lines.first?.explanation?.steps.map(\.rule) == ["PRIORITY_RULE", "PRIORITY_RULE"])
    let set = try await shop.promises.setPriority(
      .init(orderNumber: number, score: 7, reason: "the mayor's"), options: shop.command())
    #expect(set.lines.map(\.score) == [7, 7])
    #expect(set.lines.first?.explanation?.steps.map(\.rule) == ["SET_BY_HAND"])
    #expect(set.lines.first?.explanation?.steps.first?.text.contains("li.na") == true)
    let back = try await shop.promises.setPriority(
      .init(orderNumber: number, reason: "was a joke"), options: shop.command())
    #expect(back.lines.map(\.score) == [70, 65])
    let events = try await shop.orders.getOrderTimeline(.init(number: number)).events
    #expect(events.filter { $0.type == "order.priority-set" }.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a class of products has points, too")
  func productClass() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "SOFA", name: "沙发", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD",
          productClass: "SEATING")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "SOFA", unitPrice: yuanEach("3000"),
          validFrom: .init(year: 2026, month: 1, day: 1))
      ]), options: shop.command())
    let set = try await shop.promises.setAllocationPolicy(
      .init(
        criteria: [.priority], rules: [.init(points: 30, productClass: "SEATING")],
        reason: "the fair"), options: shop.command())
    #expect(set.policy?.rules.map(\.productClass) == ["SEATING"])
    let number = try await shop.place([("SOFA", 1), ("LAMP", 1)], customer: "VIP").number
    let lines = try await shop.promises.getPriority(.init(orderNumber: number)).lines
    #expect(lines.map(\.score) == [30, 0])
    #expect(lines[0].explanation?.steps[0].text.contains("products of class SEATING") == true)
    let bad = await refusal {
      try await shop.promises.setAllocationPolicy(
        .init(
          criteria: [.priority], rules: [.init(points: 1, productClass: "no code")],
          reason: "x"), options: shop.command())
    }
    #expect(violations(bad) == ["INVALID_CODE rules[0].product_class"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("goods that come go to the greater score first, whoever came earlier")
  func queueByScore() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await setPolicy(shop)
    let plain = try await shop.place([("CHAIR", 2)]).number
    let vip = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    try await shop.stock("CHAIR", 2, cost: "200")
    #expect(try await held(shop, [plain, vip]) == [0, 2])
    let late = try await shop.place([("CHAIR", 2)]).number
    _ = try await shop.promises.setPriority(
      .init(orderNumber: late, score: 10, reason: "wedding"), options: shop.command())
    try await shop.stock("CHAIR", 2, cost: "200")
    #expect(try await held(shop, [plain, late]) == [0, 2])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("given out anew: the preview says who wins and loses what, and just that is done, once")
  func reallocation() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 6, cost: "200")
    let first = try await shop.place([("CHAIR", 4)]).number
    let second = try await shop.place([("CHAIR", 2)], customer: "CASH").number
    let vip = try await shop.place([("CHAIR", 3)], customer: "VIP").number
    let asked = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    #expect(asked.map(\.origin?.number) == [vip])
    // As the company begins, whoever came first keeps what he has.
    #expect(try await reallocate(shop, dryRun: true).changes == [])

    try await setPolicy(shop)
    let shown = try await reallocate(shop, dryRun: true)
    #expect(shown.changes.map(\.orderNumber) == [vip, first, second])
    #expect(shown.changes.map(\.rank) == [1, 2, 3])
    #expect(
      shown.changes.map(\.heldAfter) == [
        amount("3", "pcs"), amount("3", "pcs"), amount("0", "pcs"),
      ])
    #expect(try await held(shop, [first, second, vip]) == [4, 2, 0])
    let done = try await reallocate(shop, preview: shown.preview)
    #expect(done.preview == shown.preview)
    #expect(done.changes.map(\.text) == shown.changes.map(\.text))
    // The last gives first, and no more than is lacked: the other keeps three of four.
    #expect(try await held(shop, [first, second, vip]) == [3, 0, 3])
    await shop.close()
  }

  @Test("what is in a shipment stays, and requests to buy follow who needs them")
  func shipmentsAndRequests() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 6, cost: "200")
    let plain = try await shop.place([("CHAIR", 6)]).number
    _ = try await shop.orders.prepareShipment(
      .init(orderNumber: plain, lines: [.init(lineNumber: 1, quantity: pieces(4))]),
      options: shop.command())
    let vip = try await shop.place([("CHAIR", 5)], customer: "VIP").number
    try await setPolicy(shop)
    let done = try await reallocate(shop)
    #expect(try await held(shop, [plain, vip]) == [4, 2])
    // Two of the VIP's request are not needed any more, and asked for anew for the other.
    #expect(done.verdicts.map(\.outcome) == [.reduced, .planned])
    let open = try await shop.purchasing.listRequisitions(.init(state: .open)).requisitions
    #expect(open.map(\.origin?.number) == [vip, plain])
    #expect(open.map(\.quantity) == [amount("3", "pcs"), amount("2", "pcs")])
    let again = try await reallocate(shop)
    #expect(again.changes == [])
    #expect(again.verdicts == [])
    let outdated = await refusal { try await reallocate(shop, preview: done.preview) }
    #expect(outdated?.code == .failedPrecondition)
    let told = try await shop.orders.getOrderTimeline(.init(number: plain)).events
    #expect(told.filter { $0.type == "order.reallocated" }.count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("of equals by the promised day, who holds goods keeps them")
  func equals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 3, cost: "200")
    let holder = try await shop.place([("CHAIR", 3)]).number
    let other = try await shop.place([("CHAIR", 3)]).number
    try await setPolicy(shop, [.wanted])
    #expect(try await reallocate(shop).changes == [])
    #expect(try await held(shop, [holder, other]) == [3, 0])
    await shop.close()
  }

  @Test("what is said wrongly is refused by its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let empty = await refusal {
      try await shop.promises.setAllocationPolicy(.init(), options: shop.command())
    }
    #expect(violations(empty) == ["REQUIRED reason", "OUT_OF_RANGE criteria"])
    let twice = await refusal {
      try await shop.promises.setAllocationPolicy(
        .init(
          criteria: [.priority, .priority],
          rules: [
            .init(customerClass: "no good", fromGross: yuan("-1"), withinDays: -1, points: 0),
            .init(points: 2_000),
          ], reason: "wrong"), options: shop.command())
    }
    #expect(
      violations(twice) == [
        "DUPLICATE_CRITERION criteria[1]", "INVALID_CODE rules[0].customer_class",
        "OUT_OF_RANGE rules[0].from_gross", "OUT_OF_RANGE rules[0].within_days",
        "REQUIRED rules[0].points", "OUT_OF_RANGE rules[1].points",
      ])
    let unknown = await refusal {
      try await shop.promises.getAllocationPolicy(.init(version: 9))
    }
    #expect(violations(unknown) == ["UNKNOWN_POLICY version"])
    let nothing = await refusal {
      try await shop.promises.reallocate(
        .init(sku: "GHOST", warehouseCode: "MAIN", reason: "x"), options: shop.command())
    }
    #expect(violations(nothing) == ["UNKNOWN_PRODUCT sku"])
    let nowhere = await refusal {
      try await shop.promises.reallocate(
        .init(sku: "CHAIR", warehouseCode: "MOON", reason: "x"), options: shop.command())
    }
    #expect(violations(nowhere) == ["UNKNOWN_WAREHOUSE warehouse_code"])
    let number = try await shop.place([("CHAIR", 1)]).number
    let high = await refusal {
      try await shop.promises.setPriority(
        .init(orderNumber: number, score: 100_001, reason: ""), options: shop.command())
    }
    #expect(violations(high) == ["REQUIRED reason", "OUT_OF_RANGE score"])
    await shop.close()
  }
}
