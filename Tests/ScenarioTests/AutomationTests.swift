import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: rules act on what happens, once, within their bounds, and in a name of their own")
struct AutomationTests {
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    _ = try await shop.identity.upsertRole(
      .init(
        role: .init(
          name: "ROBOT", title: "Robot",
          permissions: [
            "orders.hold", "orders.release", "complaints.write", "customers.write",
          ])),
      options: shop.command())
    _ = try await shop.identity.createMachine(
      .init(name: "robot", kind: .service, displayName: "Robot", roles: ["ROBOT"]),
      options: shop.command())
    _ = try await shop.identity.setScope(
      .init(name: "robot", roleScopes: [.init(role: "ROBOT", scopes: [.all])]),
      options: shop.command())
    return shop
  }

  private func rule(
    _ code: String, on event: String, _ action: AutomationV1.Rule.Action,
    _ conditions: AutomationV1.RuleConditions? = nil
  ) -> AutomationV1.Rule {
    .init(
      code: code, active: true, eventType: event, conditions: conditions, action: action,
      principal: "robot")
  }

  @discardableResult
  private func set(_ shop: Shop, _ rule: AutomationV1.Rule) async throws -> AutomationV1.Rule {
    let reply = try await shop.automation.setRule(.init(rule: rule), options: shop.command())
    return try #require(reply.rule)
  }

  private func holds(_ shop: Shop, _ order: String) async throws -> [OrdersV1.OrderHoldKind] {
    try await shop.orders.getAllowedActions(.init(number: order)).holds.map(\.kind)
  }

  private func runs(
    _ shop: Shop, _ request: AutomationV1.ListRuleRunsRequest = .init()
  ) async throws -> [AutomationV1.RuleRun] {
    try await shop.automation.listRuleRuns(request).runs
  }

  @Test("what fits is done once, by an ordinary command of the rule's principal")
  func acting() async throws {
    let shop = try await opened()
    let early = try await shop.place([("CHAIR", 9)], customer: "VIP").number
    let big = rule(
      "BIG", on: "order.confirmed", .hold(.init(kind: .customer, reason: "call first")),
      .init(channels: [.store], customerClasses: ["VIP"], grossFrom: yuan("5000")))
    // What it would have done: it has not, and does not look back.
    let tried = try await shop.automation.tryRule(.init(rule: big), options: shop.command())
    #expect(tried.fitting == 1 && tried.trials.map(\.orderNumber) == [early])
    #expect(tried.trials.map(\.verdict) == [.done])
    #expect(try await set(shop, big).version == 1)
    #expect(try await set(shop, big).version == 1)
    let fits = try await shop.place([("CHAIR", 9)], customer: "VIP").number
    let small = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    let other = try await shop.place([("CHAIR", 9)], customer: "CREDIT").number
    for _ in 0..<2 { try await shop.settleRules() }
    #expect(try await holds(shop, fits) == [.customer])
    for order in [early, small, other] { #expect(try await holds(shop, order) == []) }
    let run = try #require(try await runs(shop).first)
    #expect(try await runs(shop).count == 1)
    #expect(run.verdict == .done && run.orderNumber == fits && run.depth == 0)
    #expect(run.ruleVersion == 1 && !run.needsAttention)
    let entries = try await shop.audit.listEntries(.init(method: "HoldOrder")).entries
    #expect(entries.map(\.sequence) == [run.commandSequence])
    #expect(entries.map(\.principal) == ["robot"])
    #expect(entries.map(\.credential) == ["rule BIG"])
    // What the business refuses does not stop what comes next.
    try await set(
      shop, rule("AGAIN", on: "order.held", .hold(.init(kind: .customer, reason: "twice"))))
    try await set(
      shop,
      rule(
        "LOOK", on: "order.held",
        .complaint(.init(category: .service, severity: .low, text: "call the customer")),
        .init(facts: [.init(name: "hold", values: ["CUSTOMER"])])))
    _ = try await shop.orders.holdOrder(
      .init(number: small, kind: .customer, reason: "no"), options: shop.command())
    _ = try await shop.orders.holdOrder(
      .init(number: small, kind: .price, reason: "no"), options: shop.command())
    try await shop.settleRules()
    let found = try await runs(shop, .init(orderNumber: small))
    #expect(found.map(\.ruleCode) == ["AGAIN", "LOOK", "AGAIN"])
    #expect(found.map(\.verdict) == [.refused, .done, .refused])
    #expect(found[0].refusal == "ALREADY_ON_HOLD")
    let complaints = try await shop.complaints.listComplaints(.init(orderNumber: small)).complaints
    #expect(complaints.map(\.openedBy) == ["robot"])
    // Switched off it is still.
    var off = big
    off.active = false
    #expect(try await set(shop, off).version == 2)
    let later = try await shop.place([("CHAIR", 9)], customer: "VIP").number
    try await shop.settleRules()
    #expect(try await holds(shop, later) == [])
    #expect(
      try await shop.automation.listRules(.init()).rules.map(\.code) == ["AGAIN", "BIG", "LOOK"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("rules that lead to each other come to an end, and somebody is to look at them")
  func loops() async throws {
    let shop = try await opened()
    try await set(
      shop,
      rule("ON", on: "order.hold-released", .hold(.init(kind: .price, reason: "not so fast"))))
    try await set(
      shop, rule("OFF", on: "order.held", .release(.init(kind: .price, reason: "it is right"))))
    let order = try await shop.place([("CHAIR", 1)]).number
    _ = try await shop.orders.holdOrder(
      .init(number: order, kind: .price, reason: "look"), options: shop.command())
    try await shop.settleRules()
    let found = try await runs(shop, .init(orderNumber: order)).reversed()
    #expect(found.map(\.ruleCode) == ["OFF", "ON", "OFF", "ON"])
    #expect(found.map(\.depth) == [0, 1, 2, 3])
    #expect(found.map(\.verdict) == [.done, .done, .done, .loop])
    let waiting = try await runs(shop, .init(needsAttention: true))
    #expect(waiting.map(\.verdict) == [.loop])
    let settled = try await shop.automation.settleRuleRun(
      .init(id: waiting[0].id), options: shop.command(by: "wang"))
    #expect(settled.run?.settledBy == "wang" && settled.run?.needsAttention == false)
    #expect(try await runs(shop, .init(needsAttention: true)).isEmpty)
    let again = await refusal {
      try await shop.automation.settleRuleRun(
        .init(id: waiting[0].id), options: shop.command())
    }
    #expect(reason(again) == "RULE_RUN_SETTLED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a rule runs so often for an order within an hour, and no more")
  func limits() async throws {
    let shop = try await opened()
    var tag = rule("TAG", on: "order.held", .tag(.init(tag: "held")))
    tag.hourlyLimit = 2
    try await set(shop, tag)
    let order = try await shop.place([("CHAIR", 1)]).number
    func hold() async throws {
      _ = try await shop.orders.holdOrder(
        .init(number: order, kind: .price, reason: "look"), options: shop.command())
      _ = try await shop.orders.releaseOrderHold(
        .init(number: order, kind: .price, reason: "right"), options: shop.command())
      try await shop.settleRules()
    }
    for _ in 0..<3 { try await hold() }
    #expect(try await runs(shop).map(\.verdict) == [.limit, .done, .done])
    shop.clock.advance(seconds: 3_601)
    try await hold()
    #expect(try await runs(shop).first?.verdict == .done)
    let overview = try await shop.customers.getCustomerOverview(.init(code: "CREDIT"))
    #expect(overview.tags == ["held"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a rule may do what its principal may, and nothing after that is let in no more")
  func principals() async throws {
    let shop = try await opened()
    let urgent = rule("URGENT", on: "order.confirmed", .priority(.init(score: 9, reason: "x")))
    let denied = await refusal { try await set(shop, urgent) }
    #expect(violations(denied) == ["PRINCIPAL_MAY_NOT rule.principal"])
    try await set(
      shop, rule("HOLD", on: "order.confirmed", .hold(.init(kind: .price, reason: "look"))))
    _ = try await shop.identity.disablePrincipal(.init(name: "robot"), options: shop.command())
    let order = try await shop.place([("CHAIR", 1)]).number
    try await shop.settleRules()
    #expect(try await holds(shop, order) == [])
    let run = try #require(try await runs(shop, .init(ruleCode: "HOLD")).first)
    #expect(run.verdict == .forbidden && run.needsAttention && run.commandSequence == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input names its field")
  func badInput() async throws {
    let shop = try await opened()
    func refused(_ rule: AutomationV1.Rule) async -> [String] {
      violations(await refusal { try await set(shop, rule) })
    }
    #expect(
      await refused(.init(active: true))
        == [
          "REQUIRED rule.code", "REQUIRED rule.event_type", "REQUIRED rule.principal",
          "REQUIRED rule.action",
        ])
    #expect(
      await refused(rule("A", on: "order.held", .hold(.init(reason: "x"))))
        == ["REQUIRED rule.hold.kind"])
    #expect(
      await refused(rule("A", on: "Held", .tag(.init(tag: ""))))
        == ["INVALID_EVENT_TYPE rule.event_type", "REQUIRED rule.tag.tag"])
    #expect(
      await refused(
        rule(
          "A", on: "order.held", .tag(.init(tag: "a")),
          .init(
            customerCodes: [""], grossFrom: .init(currencyCode: "USD", minorUnits: -1),
            facts: [.init(name: "hold")])))
        == [
          "REQUIRED rule.conditions.customer_codes[0]",
          "CURRENCY_NOT_ACCEPTED rule.conditions.gross_from",
          "OUT_OF_RANGE rule.conditions.facts[0].values",
        ])
    var nobody = rule("A", on: "order.held", .tag(.init(tag: "a")))
    nobody.principal = "nobody"
    #expect(await refused(nobody) == ["UNKNOWN_PRINCIPAL rule.principal"])
    var stale = rule("A", on: "order.held", .tag(.init(tag: "a")))
    try await set(shop, stale)
    stale.version = 7
    #expect(await refused(stale) == ["VERSION_CONFLICT rule.version"])
    let many = await refusal {
      try await shop.automation.tryRule(
        .init(rule: stale, commands: 10_001), options: shop.command())
    }
    #expect(violations(many) == ["OUT_OF_RANGE commands"])
    let none = await refusal {
      try await shop.automation.settleRuleRun(.init(id: 9), options: shop.command())
    }
    #expect(violations(none) == ["UNKNOWN_RULE_RUN id"])
    await shop.close()
  }
}
