import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: rules about who orders, how much and until when")
struct CustomerRiskTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 400, cost: "210")
    return shop
  }

  private func keep(_ shop: Shop, _ rules: [OrdersV1.ValidationRule]) async throws {
    _ = try await shop.intake.setValidationPolicy(
      .init(rules: rules, reason: "what we learned"), options: shop.command())
  }

  private func place(
    _ shop: Shop, _ counts: [Int64], customer: String = "VIP",
    _ change: (inout OrdersV1.OrderInput) -> Void = { _ in }
  ) async throws -> OrdersV1.PlaceOrderResponse {
    var input = shop.input(counts.map { ("CHAIR", $0) }, customer: customer)
    change(&input)
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
  }

  @Test("twelve are twelve, on one line or on four")
  func spread() async throws {
    let shop = try await opened()
    try await keep(
      shop,
      [
        .init(
          code: "TYPO", condition: .quantityOutlier(.init(factorMicros: 5_000_000)),
          hold: .outlier)
      ])
    for _ in 1...5 { #expect(try await place(shop, [1]).holds.isEmpty) }
    #expect(try await place(shop, [12]).holds.map(\.kind) == [.outlier])
    let spread = try await place(shop, [3, 3, 3, 3])
    #expect(spread.holds.map(\.kind) == [.outlier])
    #expect(spread.holds.first?.explanation?.steps.first?.text.contains("12 of CHAIR") == true)
    #expect(try await place(shop, [3]).holds.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who is new orders no more than so much, whatever an outlier would be")
  func newcomer() async throws {
    let shop = try await opened()
    try await keep(
      shop,
      [
        .init(
          code: "FIRST",
          condition: .newcomer(
            .init(
              fewerOrders: 2, mostQuantityMicros: 10_000_000, mostAmount: yuan("6000"))),
          hold: .outlier)
      ])
    #expect(try await place(shop, [6, 5]).holds.map(\.kind) == [.outlier])
    // 12 at 499 and 13 %.
    #expect(
      try await place(shop, [10]).holds.isEmpty)
    let dear = try await place(shop, [10]) {
      $0.lines.append(.init(sku: "TABLE", quantity: pieces(1)))
    }
    #expect(dear.holds.map(\.kind) == [.outlier])
    #expect(try await place(shop, [1]).holds.isEmpty)
    // Two were promised: from now on its history speaks.
    #expect(try await place(shop, [50]).holds.isEmpty)
    for wrong in [
      OrdersV1.NewcomerLimit(), .init(fewerOrders: 51, mostQuantityMicros: 1),
      .init(mostQuantityMicros: 0), .init(mostAmount: yuan("0")),
    ] {
      let refused = await refusal {
        try await keep(shop, [.init(code: "X", condition: .newcomer(wrong))])
      }
      #expect(refused?.code == .invalidArgument)
    }
    await shop.close()
  }

  @Test("a day of the past, and one too far away, is not asked for")
  func requestedDay() async throws {
    let shop = try await opened()
    try await keep(
      shop, [.init(code: "DAY", condition: .requestedDay(.init(earliestDays: 0, latestDays: 90)))])
    #expect(try await place(shop, [1]).order?.state == .confirmed)
    for day in [GoogleType.Date(year: 2025, month: 1, day: 1), .init(year: 2027, month: 1, day: 1)]
    {
      let refused = await refusal { try await place(shop, [1]) { $0.requestedOn = day } }
      #expect(violations(refused) == ["VALIDATION_RULE_BROKEN order.requested_on"])
    }
    let placed = try await place(shop, [1]) {
      $0.requestedOn = .init(year: 2026, month: 3, day: 20)
    }
    let number = try #require(placed.order?.number)
    let changed = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: number, change: .init(requestedOn: .init(year: 2025, month: 3, day: 20)),
          reason: "typed"), options: shop.command())
    }
    #expect(violations(changed) == ["VALIDATION_RULE_BROKEN change.requested_on"])
    await shop.close()
  }

  @Test("what is missing is told with what is wrong, all at once")
  func allAtOnce() async throws {
    let shop = try await opened()
    try await keep(
      shop,
      [
        .init(code: "OWN", condition: .required(.externalId)),
        .init(code: "BILL", condition: .required(.invoice)),
        .init(code: "WISHES", condition: .required(.instructions), hold: .data),
      ])
    let refused = await refusal {
      try await place(shop, [1]) { $0.lines[0].sku = "NOTHING" }
    }
    #expect(
      Set(violations(refused)) == [
        "UNKNOWN_PRODUCT order.lines[0].sku", "VALIDATION_RULE_BROKEN order.external_id",
        "VALIDATION_RULE_BROKEN order.instructions.invoice",
      ])
    await shop.close()
  }

  @Test("credit is looked at before it is used up, held for, and looked at again when goods leave")
  func credit() async throws {
    let shop = try await opened()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "HALF", name: "半", customerClass: "VIP", creditLimit: yuan("10000"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    try await keep(
      shop,
      [.init(code: "FULL", condition: .credit(.init(shareMicros: 800_000)), hold: .credit)])
    // 10 × 499 × 1.13 = 5,638.70; together with 5 more 8,458.05 of 8,000.
    let first = try await place(shop, [10], customer: "HALF")
    #expect(first.holds.isEmpty && first.order?.state == .confirmed)
    let second = try await place(shop, [5], customer: "HALF")
    #expect(second.holds.map(\.kind) == [.credit])
    #expect(second.order?.state == .submitted)
    // Beyond the limit itself it is held as well, and not refused: nothing is promised.
    let third = try await place(shop, [40], customer: "HALF")
    #expect(third.holds.map(\.kind) == [.credit])
    #expect(try await shop.violations() == [])

    let number = try #require(first.order?.number)
    try await keep(
      shop,
      [
        .init(
          code: "FULL", condition: .credit(.init(shareMicros: 500_000)), hold: .credit,
          atDispatch: true)
      ])
    let shipment = try await shop.orders.prepareShipment(
      .init(orderNumber: number), options: shop.command())
    let parcel = shipment.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: parcel), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: parcel, cartons: 1), options: shop.command())
    func dispatch() async throws {
      _ = try await shop.orders.dispatchShipment(
        .init(number: parcel, carrier: "德邦"), options: shop.command())
    }
    let stopped = await refusal { try await dispatch() }
    #expect(reason(stopped) == "VALIDATION_RULE_BROKEN")
    let grant = try await shop.customers.grantCredit(
      .init(
        customerCode: "HALF", amount: yuan("5000"),
        validUntil: .init(year: 2026, month: 3, day: 20), reason: "fair"),
      options: shop.command()
    ).grant
    _ = try await shop.customers.decideCredit(
      .init(id: grant?.id ?? 0, approve: true), options: shop.command(by: "wang.fang"))
    try await dispatch()
    let wrong = await refusal {
      try await keep(
        shop, [.init(code: "X", condition: .duplicateHours(3), hold: .data, atDispatch: true)])
    }
    #expect(violations(wrong) == ["NOT_FOR_DISPATCH rules[0].at_dispatch"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a warning says what was found, with every part of it, and stops nothing")
  func warning() async throws {
    let shop = try await opened()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "HALF", name: "半", customerClass: "VIP", creditLimit: yuan("10000"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    try await keep(
      shop,
      [.init(code: "NEAR", condition: .credit(.init(shareMicros: 500_000)), hold: .warning)])
    let placed = try await place(shop, [10], customer: "HALF")
    #expect(placed.order?.state == .confirmed)
    #expect(placed.holds.map(\.kind) == [.warning])
    let facts = placed.holds.first?.explanation?.steps.first?.facts ?? []
    #expect(
      facts.map(\.name) == [
        "policy", "credit_limit", "open_orders", "open_invoices", "exposure", "credit_available",
        "requested", "most",
      ])
    let number = placed.order?.number ?? ""
    // More is warned of, too, and the one that lasts stays as it is.
    let more = try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(11))]),
        reason: "more"), options: shop.command())
    #expect(more.holds == placed.holds)
    let report = try await shop.intake.getFindingReport(.init(dimensions: [.cause]))
    #expect(report.rows.map(\.count) == [2])
    let actions = try await shop.orders.getAllowedActions(.init(number: number)).actions
    #expect(actions.contains { $0.allowed && $0.action == .ship })
    try await shop.deliver(number)
    _ = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .warning, reason: "talked to them"), options: shop.command())
    // What is beyond the limit itself is refused as ever.
    let beyond = await refusal { try await place(shop, [20], customer: "HALF") }
    #expect(reason(beyond) == "CREDIT_LIMIT_EXCEEDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a group is given more for a while, by two")
  func groupForAWhile() async throws {
    let shop = try await opened()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "HEAD", name: "集团", customerClass: "VIP", creditLimit: yuan("100000"),
          terms: .init(netDays: 30),
          groupLimit: yuan("6000")),
        .init(
          code: "SHOP1", name: "一店", customerClass: "VIP", creditLimit: yuan("100000"),
          terms: .init(netDays: 30),
          parentCode: "HEAD"),
      ]), options: shop.command())
    _ = try await place(shop, [10], customer: "HEAD")
    let full = await refusal { try await place(shop, [1], customer: "SHOP1") }
    #expect(reason(full) == "GROUP_LIMIT_EXCEEDED")
    func ask(_ customer: String) async throws -> CustomersV1.CreditGrant? {
      try await shop.customers.grantCredit(
        .init(
          customerCode: customer, amount: yuan("2000"),
          validUntil: .init(year: 2026, month: 3, day: 20), reason: "fair",
          kind: .temporaryGroup), options: shop.command()
      ).grant
    }
    let grant = try #require(try await ask("HEAD"))
    #expect(grant.kind == .temporaryGroup && grant.state == .pending)
    _ = await refusal { try await place(shop, [1], customer: "SHOP1") }
    let alone = await refusal {
      try await shop.customers.decideCredit(
        .init(id: grant.id, approve: true), options: shop.command())
    }
    #expect(alone?.code == .permissionDenied)
    _ = try await shop.customers.decideCredit(
      .init(id: grant.id, approve: true), options: shop.command(by: "wang.fang"))
    #expect(try await place(shop, [1], customer: "SHOP1").order?.state == .confirmed)
    let none = await refusal { try await ask("SHOP1") }
    #expect(violations(none) == ["NO_GROUP_LIMIT customer_code"])
    shop.clock.advance(days: 60)
    let over = await refusal { try await place(shop, [1], customer: "SHOP1") }
    #expect(reason(over) == "GROUP_LIMIT_EXCEEDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a postcode is the same however it is written")
  func postcode() async throws {
    let shop = try await opened()
    try await keep(
      shop,
      [
        .init(
          code: "LONDON",
          condition: .region(
            .init(countryCode: "GB", postcodePrefix: "SW1", regionPrefix: "LND")), hold: .address)
      ])
    let address = try await shop.customers.setAddress(
      .init(
        customerCode: "VIP",
        address: .init(
          label: "home", countryCode: "GB", regionCode: "MAN", street: "x",
          postcode: "sw1a 1aa")), options: shop.command()
    ).address
    let held = try await place(shop, [1]) { $0.delivery = .init(addressId: address?.id ?? 0) }
    #expect(held.holds.map(\.kind) == [.address])
    await shop.close()
  }

  @Test("what is configured is the same by what was chosen, and goods by how many there are")
  func duplicates() async throws {
    let shop = try await opened()
    try await shop.stock("BOARD", 50, cost: "180")
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    try await keep(
      shop, [.init(code: "TWICE", condition: .duplicateHours(24), hold: .duplicate)])
    #expect(try await place(shop, [5]).holds.isEmpty)
    #expect(try await place(shop, [2, 3]).holds.map(\.kind) == [.duplicate])
    func table(_ length: String, _ oiled: String) async throws -> [OrdersV1.OrderHoldKind] {
      try await place(shop, []) {
        $0.lines = [.init(sku: "TABLE", quantity: pieces(1), discountMicros: 1_000_000)]
        $0.lines[0].configuration = .init(settings: [
          .init(name: "length", value: length), .init(name: "oiled", value: oiled),
        ])
      }.holds.map(\.kind)
    }
    #expect(try await table("1500", "no") == [])
    #expect(try await table("1600", "no") == [])
    #expect(try await table("1600", "no") == [.duplicate])
    await shop.close()
  }
}
