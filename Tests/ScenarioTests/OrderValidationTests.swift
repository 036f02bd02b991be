import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: orders are checked by rules, and what is doubtful is held until somebody looks")
struct OrderValidationTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 400, cost: "210")
    try await shop.stock("LAMP", 400, cost: "90")
    return shop
  }

  private func keep(_ shop: Shop, _ rules: [OrdersV1.ValidationRule]) async throws {
    _ = try await shop.intake.setValidationPolicy(
      .init(rules: rules, reason: "what we learned"), options: shop.command())
  }

  private func place(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], customer: String = "VIP",
    externalID: String = "", _ change: (inout OrdersV1.OrderInput) -> Void = { _ in }
  ) async throws -> OrdersV1.PlaceOrderResponse {
    var input = shop.input(lines, customer: customer, externalID: externalID)
    change(&input)
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
  }

  private static let duplicates = OrdersV1.ValidationRule(
    code: "TWICE", condition: .duplicateHours(24), hold: .duplicate)

  @Test("what was entered twice waits; who releases it confirms it")
  func duplicate() async throws {
    let shop = try await opened()
    try await keep(shop, [Self.duplicates])
    let first = try await place(shop, [("CHAIR", 2), ("LAMP", 1)])
    #expect(first.order?.state == .confirmed)
    #expect(first.holds.isEmpty)
    // The order of the lines says nothing, and neither does the caller's number.
    let second = try await place(shop, [("LAMP", 1), ("CHAIR", 2)], externalID: "again")
    let number = try #require(second.order?.number)
    #expect(second.order?.state == .submitted)
    #expect(second.order?.lines.map(\.reserved?.micros) == [0, 0])
    let hold = try #require(second.holds.first)
    #expect(second.holds.count == 1)
    #expect(hold.kind == .duplicate)
    #expect(hold.setBy == "validation")
    let step = try #require(hold.explanation?.steps.first)
    #expect(step.rule == "TWICE")
    #expect(step.facts.first { $0.name == "order" }?.value == first.order?.number)
    let stopped = await refusal {
      try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    }
    #expect(stopped?.code == .failedPrecondition)
    #expect(try await shop.violations() == [])

    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .duplicate, reason: "they want it twice"),
      options: shop.command())
    let done = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    #expect(done.order?.state == .confirmed)

    #expect(try await place(shop, [("CHAIR", 2)]).holds.isEmpty)
    #expect(try await place(shop, [("CHAIR", 2)], customer: "CREDIT").holds.isEmpty)
    shop.clock.advance(seconds: 25 * 3_600)
    #expect(try await place(shop, [("CHAIR", 2), ("LAMP", 1)]).holds.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an order that has become another one, or none, is no duplicate any more")
  func changedSince() async throws {
    let shop = try await opened()
    try await keep(shop, [Self.duplicates])
    let first = try await place(shop, [("CHAIR", 2)])
    _ = try await shop.orders.changeOrder(
      .init(
        number: first.order?.number ?? "",
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(3))]), reason: "one more"),
      options: shop.command())
    let second = try await place(shop, [("CHAIR", 2)])
    #expect(second.holds.isEmpty)
    _ = try await shop.orders.cancelOrder(
      .init(number: second.order?.number ?? "", reason: .customerWish), options: shop.command())
    #expect(try await place(shop, [("CHAIR", 2)]).holds.isEmpty)
    await shop.close()
  }

  @Test("ten where one is usual waits, and corrected it can be released")
  func outlier() async throws {
    let shop = try await opened()
    let habit = OrdersV1.Outlier(factorMicros: 5_000_000, minimumHistory: 4)
    try await keep(
      shop,
      [
        .init(code: "TYPO", condition: .quantityOutlier(habit), hold: .outlier),
        .init(
          code: "HUGE", customerClass: "VIP",
          condition: .amountOutlier(.init(factorMicros: 50_000_000, minimumHistory: 4))),
      ])
    for count in [1, 2, 1] as [Int64] {
      #expect(try await place(shop, [("CHAIR", count)]).holds.isEmpty)
    }
    // Three orders are no history yet.
    #expect(try await place(shop, [("CHAIR", 9)]).holds.isEmpty)
    // Median 1, spread the half of it: 3.5 is the most. One wild order before does not change that.
    #expect(try await place(shop, [("CHAIR", 3)]).holds.isEmpty)
    let typo = try await place(shop, [("LAMP", 1), ("CHAIR", 10)])
    let number = try #require(typo.order?.number)
    #expect(typo.order?.state == .submitted)
    #expect(typo.holds.map(\.kind) == [.outlier])
    let facts = typo.holds.first?.explanation?.steps.first?.facts ?? []
    #expect(facts.contains { $0.name == "sku" && $0.value == "CHAIR" })
    #expect(facts.contains { $0.name == "median" })
    #expect(try await shop.violations() == [])

    // What waits is no habit.
    _ = try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(lines: [.init(lineNumber: 2, quantity: pieces(1))]),
        reason: "a zero too many"), options: shop.command())
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .outlier, reason: "corrected"), options: shop.command())
    let done = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    #expect(done.order?.lines.map(\.ordered?.micros) == [1_000_000, 1_000_000])

    let refused = await refusal { try await place(shop, [("CHAIR", 200)]) }
    #expect(refused?.code == .failedPrecondition)
    #expect(violations(refused) == ["VALIDATION_RULE_BROKEN order.lines"])
    #expect(refused?.detail(GoogleRPC.ErrorInfo.self)?.metadata["rule"] == "HUGE")
    // The other company has no history.
    #expect(try await place(shop, [("CHAIR", 60)], customer: "CREDIT").holds.isEmpty)
    await shop.close()
  }

  @Test("what a channel requires, how it is written, and whether postal code and region agree")
  func elements() async throws {
    let shop = try await opened()
    try await keep(
      shop,
      [
        .init(code: "WEB-NUMBER", channel: .web, condition: .required(.externalId)),
        .init(
          code: "WEB-FORM", channel: .web,
          condition: .format(.init(element: .externalId, patterns: ["W-####*"]))),
        .init(code: "MADE-DAY", sourcing: .make, condition: .required(.requestedOn), hold: .data),
        .init(
          code: "MOBILE",
          condition: .format(
            .init(element: .phone, patterns: ["1##########"], countryCode: "CN")),
          hold: .address),
        .init(
          code: "SHANGHAI",
          condition: .region(.init(countryCode: "CN", postcodePrefix: "20", regionPrefix: "31")),
          hold: .address),
      ])
    let missing = await refusal {
      try await place(shop, [("CHAIR", 1)]) { $0.channel = .web }
    }
    #expect(violations(missing) == ["VALIDATION_RULE_BROKEN order.external_id"])
    let malformed = await refusal {
      try await place(shop, [("CHAIR", 1)], externalID: "w1") { $0.channel = .web }
    }
    #expect(malformed?.detail(GoogleRPC.ErrorInfo.self)?.metadata["rule"] == "WEB-FORM")
    let well = try await place(shop, [("CHAIR", 1)], externalID: "W-1234-x") { $0.channel = .web }
    #expect(well.order?.state == .confirmed)
    #expect(try await place(shop, [("TABLE", 1)]).holds.map(\.kind) == [.data])
    #expect(try await place(shop, [("CHAIR", 1)]).holds.isEmpty)

    let contact = try await shop.customers.setContact(
      .init(customerCode: "VIP", contact: .init(role: .site, name: "王芳", phone: "5551234")),
      options: shop.command()
    ).contact
    let there = try await shop.customers.setAddress(
      .init(
        customerCode: "VIP",
        address: .init(
          label: "Home", countryCode: "CN", regionCode: "330106", street: "文三路1号",
          postcode: "200012", contactId: contact?.id ?? 0)), options: shop.command())
    let order = try await place(shop, [("CHAIR", 1)]) {
      $0.delivery = .init(addressId: there.address?.id ?? 0)
    }
    // What stops only the truck does not stop the promise.
    #expect(order.order?.state == .confirmed)
    #expect(order.holds.map(\.kind) == [.address])
    #expect(order.holds.first?.explanation?.steps.map(\.rule) == ["MOBILE", "SHANGHAI"])
    let texts = order.holds.map { "\($0.reason) \($0.explanation as Any)" }.joined()
    #expect(!texts.contains("5551234") && !texts.contains("200012"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a version holds from its day on and never changes; drafts are checked when submitted")
  func versions() async throws {
    let shop = try await opened()
    let none = try await shop.intake.getValidationPolicy(.init())
    #expect(none.policy?.version == 1)
    #expect(none.policy?.rules == [])
    let rule = OrdersV1.ValidationRule(code: "NOTE", condition: .required(.note), hold: .data)
    let tomorrow = GoogleType.Date(year: 2026, month: 3, day: 3)
    let made = try await shop.intake.setValidationPolicy(
      .init(validFrom: tomorrow, rules: [rule, Self.duplicates], reason: "from tomorrow"),
      options: shop.command(by: "boss"))
    #expect(made.policy?.madeBy == "boss")
    let version = try #require(made.policy?.version)
    #expect(try await shop.intake.getValidationPolicy(.init()).policy?.version == 1)
    #expect(
      try await shop.intake.getValidationPolicy(.init(day: tomorrow)).policy == made.policy)
    #expect(
      try await shop.intake.getValidationPolicy(.init(version: version))
        == .init(policy: made.policy))
    #expect(try await place(shop, [("CHAIR", 1)]).holds.isEmpty)
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 1)])), options: shop.command())
    shop.clock.advance(days: 1)
    let submitted = try await shop.orders.submitOrder(
      .init(number: draft.order?.number ?? ""), options: shop.command())
    #expect(submitted.holds.map(\.kind) == [.data])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("causes are counted by rule, channel, source and outcome, down to the orders")
  func report() async throws {
    let shop = try await opened()
    try await keep(
      shop, [Self.duplicates, .init(code: "NOTE", condition: .required(.note), hold: .data)])
    _ = try await place(shop, [("CHAIR", 1)])
    let second = try await place(shop, [("CHAIR", 1)])
    #expect(second.holds.map(\.kind) == [.duplicate, .data])
    let counted = try await shop.intake.getFindingReport(.init(dimensions: [.cause]))
    #expect(
      counted.rows == [.init(cause: "NOTE", count: 2), .init(cause: "TWICE", count: 1)])
    let all = try await shop.intake.getFindingReport(.init())
    #expect(all.rows.allSatisfy { $0.channel == .store && $0.outcome == .held })
    let twice = try await shop.intake.listFindings(.init(cause: "TWICE"))
    #expect(twice.findings.map(\.orderNumber) == [second.order?.number ?? ""])
    let page = try await shop.intake.listFindings(.init(pageSize: 2))
    #expect(page.findings.count == 2)
    let rest = try await shop.intake.listFindings(
      .init(pageSize: 2, pageToken: page.nextPageToken))
    #expect(rest.findings.map(\.cause) == ["NOTE"])
    let tooLong = await refusal {
      try await shop.intake.getFindingReport(
        .init(foundFrom: .init(year: 2020, month: 1, day: 1)))
    }
    #expect(violations(tooLong) == ["OUT_OF_RANGE found_from"])
    await shop.close()
  }

  @Test("rules that cannot be are refused with every fault at once")
  func badRules() async throws {
    let shop = try await opened()
    let refused = await refusal {
      try await shop.intake.setValidationPolicy(
        .init(
          rules: [
            .init(code: "", condition: .required(.note)),
            .init(code: "A", condition: .duplicateHours(0)),
            .init(
              code: "A",
              condition: .format(.init(element: .note, patterns: ["*#"], countryCode: "cn"))),
            .init(code: "B", condition: .region(.init(countryCode: "CN"))),
            .init(code: "C", condition: .amountOutlier(.init(factorMicros: 1))),
          ], reason: "x"), options: shop.command())
    }
    #expect(refused?.code == .invalidArgument)
    #expect(
      violations(refused) == [
        "REQUIRED rules[0].code", "OUT_OF_RANGE rules[1].duplicate_hours",
        "NOT_FORMATTED rules[2].format.element", "INVALID_PATTERN rules[2].format.patterns",
        "INVALID_COUNTRY rules[2].format.country_code", "DUPLICATE_RULE rules[2].code",
        "INVALID_PREFIX rules[3].region.postcode_prefix",
        "INVALID_PREFIX rules[3].region.region_prefix",
        "OUT_OF_RANGE rules[4].amount_outlier.factor_micros",
      ])
    let unreadable = await refusal {
      try await shop.intake.setValidationPolicy(
        .init(
          rules: [
            .init(code: "A"), .init(code: "B", condition: .required(.unspecified)),
            .init(code: "C", condition: .duplicateHours(1), hold: .unrecognized(99)),
          ], reason: "x"), options: shop.command())
    }
    #expect(
      violations(unreadable) == [
        "REQUIRED rules[0].condition", "REQUIRED rules[1].required",
        "UNKNOWN_VALUE rules[2].hold",
      ])
    let unknown = await refusal {
      try await shop.intake.getValidationPolicy(.init(version: 9))
    }
    #expect(unknown?.code == .notFound)
    #expect(violations(unknown) == ["UNKNOWN_POLICY version"])
    await shop.close()
  }
}
