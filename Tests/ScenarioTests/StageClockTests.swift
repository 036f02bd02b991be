import Messages
import RPC
import Senders
import Services
import TestKit
import Testing

/// Takes whatever is sent.
private struct Mailbox: NoticeSender {
  func send(_ notice: OutgoingNotice) async -> DeliveryOutcome { .delivered }
}

@Suite("Scenario: how long orders may stay in a stage, and who hears of those that stay longer")
struct StageClockTests {
  /// Hours since Monday the 2nd of March 2026, 09:00, when the company begins to work until 18:00.
  private func hours(_ time: GoogleProtobuf.Timestamp?) -> Int64? {
    time.map { ($0.seconds - 1_772_413_200) / 3_600 }
  }

  /// Eight hours of work to approve, of which the manager hears two before; a day until something
  /// is done about a confirmed order, less in stores for VIPs. Who waits for the customer has time.
  static let terms: [OrdersV1.StageTerm] = [
    .init(
      stage: .inReview, hours: 8, businessHours: true, remindBeforeHours: 2,
      escalationRole: "OWNER"),
    .init(stage: .confirmed, channel: .store, customerClass: "VIP", hours: 4),
    .init(stage: .confirmed, hours: 24, remindBeforeHours: 4, escalationRole: "PLANNER"),
    .init(stage: .picking, hours: 12),
  ]

  @discardableResult
  private func setPolicy(
    _ shop: Shop, _ terms: [OrdersV1.StageTerm] = Self.terms,
    still: [OrdersV1.OrderHoldKind] = [.customer], from day: Int32? = nil
  ) async throws -> OrdersV1.StagePolicy {
    let reply = try await shop.stages.setStagePolicy(
      .init(
        validFrom: day.map { .init(year: 2026, month: 3, day: $0) }, terms: terms,
        stillOnHold: still, reason: "as agreed"), options: shop.command())
    return try #require(reply.policy)
  }

  private func opened() async throws -> Shop {
    let shop = try await Shop.open(notices: NoticeSettings(mail: Mailbox()))
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    try await setPolicy(shop)
    return shop
  }

  private func standing(_ shop: Shop, _ number: String) async throws -> OrdersV1.OrderStanding {
    try #require(try await shop.orders.getOrder(.init(number: number)).standing)
  }

  private func visits(_ shop: Shop, _ number: String) async throws -> [OrdersV1.StageVisit] {
    try await shop.stages.getOrderStages(.init(orderNumber: number)).visits
  }

  /// Reminded of and told of as overdue.
  private func sweep(_ shop: Shop) async throws -> [Int32] {
    let done = try await shop.stages.sweepStages(.init(), options: shop.command())
    #expect(!done.more)
    return [done.reminded, done.escalated]
  }

  private func board(_ shop: Shop) async throws -> [String] {
    try await shop.shortages.listExceptions(.init(kinds: [.stageOverdue])).rows.map {
      #expect($0.kind == .stageOverdue)
      return "\($0.orderNumber) \(hours($0.sinceTime) ?? -1) \(hours($0.dueTime) ?? -1)"
    }
  }

  @Test("a stage is reminded of once, told of once when it is overdue, and over when it is left")
  func escalation() async throws {
    let shop = try await opened()
    // 5,988: the general manager must approve it.
    let number = try await shop.place([("CHAIR", 12)]).number
    let begun = try await standing(shop, number)
    #expect(begun.stage == .inReview && !begun.enteredBefore && !begun.overdue)
    #expect(hours(begun.enterTime) == 0 && hours(begun.dueTime) == 8)
    #expect(try await sweep(shop) == [0, 0])
    shop.clock.advance(seconds: 6 * 3_600 - 1)
    #expect(try await sweep(shop) == [0, 0])
    shop.clock.advance(seconds: 1)
    #expect(try await sweep(shop) == [1, 0])
    #expect(try await sweep(shop) == [0, 0])
    #expect(try await board(shop) == [])
    shop.clock.advance(seconds: 2 * 3_600)
    #expect(try await board(shop) == ["\(number) 0 8"])
    #expect(try await standing(shop, number).overdue)
    #expect(try await sweep(shop) == [0, 1])
    #expect(try await sweep(shop) == [0, 0])
    shop.clock.advance(seconds: 3_600)
    let text = try await shop.shortages.listExceptions(.init()).rows.first {
      $0.kind == .stageOverdue
    }?.text
    #expect(text?.contains("in review") == true && text?.hasSuffix("1 hours late") == true)
    _ = try await shop.orders.approveOrder(
      .init(number: number), options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    _ = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    #expect(try await board(shop) == [])
    let kept = try await visits(shop, number)
    #expect(kept.map(\.stage) == [.inReview, .confirmed])
    #expect(kept.map(\.overdue) == [true, false])
    // Nine hours since nine o'clock, all of which were worked.
    #expect(kept[0].spentSeconds == 9 * 3_600 && kept[0].escalationRole == "OWNER")
    #expect(hours(kept[0].leaveTime) == 9 && hours(kept[0].remindTime) == 6)
    #expect(hours(kept[0].escalateTime) == 8 && hours(kept[1].enterTime) == 9)
    #expect(hours(kept[1].dueTime) == 33)
    let told = try await shop.orders.getOrderTimeline(.init(number: number)).events.filter {
      $0.type.hasPrefix("order.stage-")
    }
    #expect(
      told.map { "\($0.type.dropFirst("order.stage-".count)) \($0.facts[0].value)" } == [
        "entered IN_REVIEW", "reminded IN_REVIEW", "overdue IN_REVIEW", "entered CONFIRMED",
      ])
    #expect(told[2].facts.last?.value == "OWNER")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("business hours alone count where the term says so; the first that fits is the term")
  func terms() async throws {
    let shop = try await opened()
    shop.clock.advance(seconds: 8 * 3_600)
    // One hour on Monday, and seven on Tuesday.
    let review = try await shop.place([("CHAIR", 12)]).number
    #expect(hours(try await standing(shop, review).dueTime) == 31)
    let vip = try await shop.place([("CHAIR", 1)], customer: "VIP").number
    #expect(hours(try await standing(shop, vip).dueTime) == 12)
    let web = try await shop.orders.placeOrder(
      .init(order: shop.input([("CHAIR", 1)], customer: "VIP", channel: .web)),
      options: shop.command())
    #expect(hours(try await standing(shop, web.order?.number ?? "").dueTime) == 32)
    // What the policy says nothing of is kept, and is never late.
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 1)])), options: shop.command())
    let created = try await standing(shop, draft.order?.number ?? "")
    #expect(created.dueTime == nil && hours(created.enterTime) == 8)
    let clocks = try await shop.stages.listStageClocks(.init()).clocks.map(\.orderNumber)
    #expect(clocks == [vip, review, web.order?.number ?? ""])
    let confirmed = try await shop.stages.listStageClocks(.init(stage: .confirmed)).clocks
    #expect(confirmed.map(\.orderNumber) == [vip, web.order?.number ?? ""])
    var paged: [String] = []
    var token = ""
    repeat {
      let page = try await shop.stages.listStageClocks(.init(pageSize: 1, pageToken: token))
      paged += page.clocks.map(\.orderNumber)
      token = page.nextPageToken
    } while !token.isEmpty
    #expect(paged == clocks)
    shop.clock.advance(seconds: 4 * 3_600)
    let overdue = try await shop.stages.listStageClocks(.init(filter: .overdue)).clocks
    #expect(overdue.map(\.orderNumber) == [vip])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("while an order waits for its customer its clock stands still, whatever else holds it")
  func standstill() async throws {
    let shop = try await opened()
    let number = try await shop.place([("CHAIR", 1)]).number
    func hold(_ kind: OrdersV1.OrderHoldKind) async throws {
      _ = try await shop.orders.holdOrder(
        .init(number: number, kind: kind, reason: "wait"), options: shop.command())
    }
    func release(_ kind: OrdersV1.OrderHoldKind) async throws {
      _ = try await shop.orders.releaseOrderHold(
        .init(number: number, kind: kind, reason: "go on"), options: shop.command())
    }
    shop.clock.advance(seconds: 10 * 3_600)
    try await hold(.address)
    #expect(hours(try await standing(shop, number).dueTime) == 24)
    try await hold(.customer)
    let still = try await standing(shop, number)
    #expect(still.dueTime == nil && hours(still.stillTime) == 10)
    let listed = try await shop.stages.listStageClocks(.init(filter: .still)).clocks
    #expect(listed.map(\.orderNumber) == [number])
    #expect(try await shop.stages.listStageClocks(.init()).clocks == [])
    shop.clock.advance(days: 20)
    #expect(try await sweep(shop) == [0, 0])
    #expect(try await board(shop) == [])
    try await release(.address)
    #expect(hours(try await standing(shop, number).stillTime) == 10)
    try await release(.customer)
    // Fourteen hours were left, of which the last four are after the reminder.
    let now: Int64 = 10 + 480
    #expect(hours(try await standing(shop, number).dueTime) == now + 14)
    shop.clock.advance(seconds: 10 * 3_600 - 1)
    #expect(try await sweep(shop) == [0, 0])
    shop.clock.advance(seconds: 1)
    #expect(try await sweep(shop) == [1, 0])
    // Reminded once, it is not again.
    try await hold(.customer)
    shop.clock.advance(days: 1)
    try await release(.customer)
    #expect(try await sweep(shop) == [0, 0])
    shop.clock.advance(seconds: 4 * 3_600)
    // What has run out is overdue, whatever is waited for then.
    try await hold(.customer)
    #expect(try await sweep(shop) == [0, 1])
    #expect(try await board(shop).count == 1)
    shop.clock.advance(seconds: 3_600)
    _ = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command())
    let kept = try await visits(shop, number)
    #expect(kept.count == 1 && kept[0].overdue && kept[0].spentSeconds == 24 * 3_600)
    #expect(try await board(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was open before is begun by the sweep, and counts in no average")
  func enrolment() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    let old = try await shop.place([("CHAIR", 1)]).number
    let moved = try await shop.place([("CHAIR", 1)]).number
    let through = try await shop.place([("CHAIR", 1)]).number
    _ = try await shop.orders.cancelOrder(
      .init(number: through, reason: .customerWish), options: shop.command())
    shop.clock.advance(days: 3)
    try await setPolicy(shop)
    #expect(try await visits(shop, old) == [])
    _ = try await shop.orders.prepareShipment(.init(orderNumber: moved), options: shop.command())
    let swept = try await shop.stages.sweepStages(.init(), options: shop.command())
    #expect(swept == .init(begun: 1))
    #expect(
      try await shop.stages.sweepStages(.init(), options: shop.command()) == .init())
    let begun = try await standing(shop, old)
    #expect(begun.enteredBefore && hours(begun.enterTime) == 72 && hours(begun.dueTime) == 96)
    #expect(try await visits(shop, moved).map(\.enteredBefore) == [true])
    #expect(try await visits(shop, through) == [])
    shop.clock.advance(seconds: 3_600)
    try await shop.deliver(old)
    // The stage that it was in before is not measured; those after it are.
    let rows = try await shop.stages.getStageReport(.init()).rows
    #expect(
      rows.map { "\($0.stage.name.dropFirst("ORDER_STAGE_".count)) \($0.left) \($0.present)" } == [
        "PICKING 1 1", "SHIPPED 1 0", "DELIVERED 0 1",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a policy is a version by day, and what is wrong with one is named")
  func policy() async throws {
    let shop = try await opened()
    let next = try await setPolicy(
      shop, [.init(stage: .confirmed, hours: 1)], still: [], from: 4)
    #expect(next.version == 2)
    #expect(try await shop.stages.getStagePolicy(.init()).policy?.terms == Self.terms)
    let later = try await shop.stages.getStagePolicy(
      .init(day: .init(year: 2026, month: 3, day: 4)))
    #expect(later.policy == next)
    let number = try await shop.place([("CHAIR", 1)]).number
    shop.clock.advance(days: 2)
    // What runs keeps its term; what begins has the new one.
    #expect(hours(try await standing(shop, number).dueTime) == 24)
    let other = try await shop.place([("CHAIR", 1)]).number
    #expect(hours(try await standing(shop, other).dueTime) == 49)
    // Without terms nothing is due, and stages are kept.
    try await setPolicy(shop, [], still: [])
    let free = try await shop.place([("CHAIR", 1)]).number
    let kept = try await standing(shop, free)
    #expect(kept.dueTime == nil && hours(kept.enterTime) == 48)

    func refused(
      _ terms: [OrdersV1.StageTerm], still: [OrdersV1.OrderHoldKind] = [], from day: Int32? = nil
    ) async -> [String] {
      violations(
        await refusal { try await setPolicy(shop, terms, still: still, from: day) })
    }
    let wrong = await refused(
      [
        .init(stage: .completed, hours: 1), .init(stage: .picking),
        .init(
          stage: .picking, customerClass: "a b", hours: 2_001, remindBeforeHours: -1,
          escalationRole: "x y"),
        .init(stage: .picking, hours: 4, remindBeforeHours: 4),
      ], still: [.customer, .credit, .customer], from: 3)
    #expect(
      wrong == [
        "OUT_OF_RANGE valid_from", "STAGE_HAS_NO_TERM terms[0].stage",
        "OUT_OF_RANGE terms[1].hours", "INVALID_CODE terms[2].customer_class",
        "OUT_OF_RANGE terms[2].hours", "OUT_OF_RANGE terms[2].remind_before_hours",
        "INVALID_CODE terms[2].escalation_role", "OUT_OF_RANGE terms[3].remind_before_hours",
        "DUPLICATE_HOLD_KIND still_on_hold[2]",
      ])
    #expect(await refused([.init(hours: 1)]) == ["REQUIRED terms[0].stage"])
    #expect(
      await refused([.init(stage: .picking, channel: .unrecognized(99), hours: 1)])
        == ["UNKNOWN_VALUE terms[0].channel"])
    let many = Array(repeating: OrdersV1.StageTerm(stage: .picking, hours: 1), count: 201)
    #expect(await refused(many) == ["OUT_OF_RANGE terms"])
    let silent = await refusal {
      try await shop.stages.setStagePolicy(.init(), options: shop.command())
    }
    #expect(violations(silent) == ["REQUIRED reason"])
    let unknown = await refusal { try await shop.stages.getStagePolicy(.init(version: 9)) }
    #expect(unknown?.code == .notFound)
    let both = await refusal {
      try await shop.stages.getStagePolicy(
        .init(day: .init(year: 2026, month: 3, day: 4), version: 1))
    }
    #expect(both?.code == .invalidArgument)
    let reversed = await refusal {
      try await shop.stages.getStageReport(
        .init(
          from: .init(year: 2026, month: 3, day: 5), until: .init(year: 2026, month: 3, day: 4)))
    }
    #expect(violations(reversed) == ["OUT_OF_RANGE from"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the report tells the average, what nine of ten took at most, and what was late")
  func report() async throws {
    let shop = try await opened()
    var orders: [String] = []
    for _ in 1...11 { orders.append(try await shop.place([("CHAIR", 1)]).number) }
    // One an hour, the last one never.
    for number in orders.dropLast() {
      shop.clock.advance(seconds: 3_600)
      _ = try await shop.orders.prepareShipment(
        .init(orderNumber: number), options: shop.command())
    }
    shop.clock.advance(seconds: 15 * 3_600)
    let rows = try await shop.stages.getStageReport(.init()).rows
    let confirmed = try #require(rows.first { $0.stage == .confirmed })
    #expect(
      confirmed
        == .init(
          stage: .confirmed, left: 10, averageSeconds: 19_800, p90Seconds: 9 * 3_600,
          longestSeconds: 10 * 3_600, present: 1, overdue: 1))
    // Of twelve hours in packing all are over but those of the last.
    let picking = try #require(rows.first { $0.stage == .picking })
    #expect(picking == .init(stage: .picking, present: 10, overdue: 10))
    let before = try await shop.stages.getStageReport(
      .init(
        from: .init(year: 2026, month: 2, day: 1), until: .init(year: 2026, month: 3, day: 1)))
    #expect(before.rows.map(\.left) == [0, 0])
    let narrow = await refusal {
      try await shop.stages.getStageReport(
        .init(from: .init(year: 2024, month: 2, day: 1)))
    }
    #expect(violations(narrow) == ["OUT_OF_RANGE from"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("people and rules hear of it, by the role of the term")
  func heard() async throws {
    let shop = try await opened()
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: "PLAN", eventType: "order.stage-overdue", channel: .email, audience: .staff,
          locale: "en", addresses: ["plan@oak.example"], active: true, role: "PLANNER")),
      options: shop.command())
    _ = try await shop.notifications.setNoticeRule(
      .init(
        rule: .init(
          code: "OWN", eventType: "order.stage-overdue", channel: .email, audience: .staff,
          locale: "en", addresses: ["own@oak.example"], active: true, role: "OWNER")),
      options: shop.command())
    try await setRule(shop)
    let number = try await shop.place([("CHAIR", 1)]).number
    shop.clock.advance(days: 1)
    #expect(try await sweep(shop) == [0, 1])
    try await shop.settleRules()
    let holds = try await shop.orders.getAllowedActions(.init(number: number)).holds
    #expect(holds.map(\.kind) == [.material])
    try await shop.settleNotices()
    let notices = try await shop.notifications.listNotices(.init()).notices
    #expect(notices.map(\.eventType) == ["order.stage-overdue"])
    #expect(notices.first?.origin.contains("PLAN") == true)
    #expect(notices.first?.document?.number == number)
    await shop.close()
  }

  /// What nobody has begun in time is held, so that somebody looks at its material.
  private func setRule(_ shop: Shop) async throws {
    _ = try await shop.identity.upsertRole(
      .init(role: .init(name: "ROBOT", title: "Robot", permissions: ["orders.hold"])),
      options: shop.command())
    _ = try await shop.identity.createMachine(
      .init(name: "robot", kind: .service, displayName: "Robot", roles: ["ROBOT"]),
      options: shop.command())
    _ = try await shop.identity.setScope(
      .init(name: "robot", roleScopes: [.init(role: "ROBOT", scopes: [.all])]),
      options: shop.command())
    _ = try await shop.automation.setRule(
      .init(
        rule: .init(
          code: "LOOK", active: true, eventType: "order.stage-overdue",
          conditions: .init(facts: [.init(name: "stage", values: ["CONFIRMED"])]),
          action: .hold(.init(kind: .material, reason: "overdue")), principal: "robot")),
      options: shop.command())
  }
}
