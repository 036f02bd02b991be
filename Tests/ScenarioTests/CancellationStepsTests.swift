import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a cancellation goes through the steps of its rule in time")
struct CancellationStepsTests {
  /// What the workshop has begun takes its planner, who has four hours, and then the manager.
  private func shop(
    _ rules: [OrdersV1.CancellationRule] = [
      .init(
        shareMicros: 100_000,
        steps: [
          .init(role: "PLANNER", dueHours: 4, remindHours: 2, escalationRole: "OWNER"),
          .init(role: "SALES_MANAGER", dueHours: 8),
        ])
    ]
  ) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 30, cost: "200")
    let set = try await shop.cancellations.setCancellationPolicy(
      .init(rules: rules, reason: "by steps"), options: shop.command())
    #expect(set.policy?.rules == rules)
    return shop
  }

  private func ask(
    _ shop: Shop, _ number: String, by actor: String = "zhao", _ roles: String = ""
  ) async throws -> OrdersV1.CancelOrderResponse {
    try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command(by: actor, roles: roles))
  }

  private func approve(
    _ shop: Shop, _ number: String, by actor: String, _ roles: String
  ) async throws -> OrdersV1.CancelOrderResponse {
    try await shop.cancellations.approveCancellation(
      .init(orderNumber: number, comment: "so be it"),
      options: shop.command(by: actor, roles: roles)
    ).cancellation ?? .init()
  }

  private func sweep(_ shop: Shop) async throws -> [Int32] {
    let done = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    return [done.reminded, done.escalated, done.stale]
  }

  private func states(_ shop: Shop, _ number: String) async throws -> [String] {
    try await shop.approvals.getApprovals(.init(orderNumber: number)).steps
      .filter(\.cancellation)
      .map { step in
        "\(step.kind) \(step.role) "
          + step.state.name.replacing("APPROVAL_STEP_STATE_", with: "")
          + (step.decidedBy.isEmpty ? "" : " by \(step.decidedBy)")
      }
  }

  @Test("one after the other, by different people, none of whom asked or made the order")
  func ladder() async throws {
    let shop = try await shop()
    let number = try await shop.place([("CHAIR", 4)]).number
    let asked = try await ask(shop, number)
    #expect(asked.pending && asked.impact?.approverRoles == ["PLANNER", "SALES_MANAGER"])
    let mine = try await shop.approvals.listApprovals(
      .init(mine: true), options: shop.command(by: "ping", roles: "PLANNER")
    ).approvals
    #expect(mine.map(\.orderNumber) == [number])
    #expect(mine.map(\.step?.cancellation) == [true] && mine.map(\.step?.kind) == ["CANCEL"])
    let early = await refusal { try await approve(shop, number, by: "boss", "SALES_MANAGER") }
    #expect(reason(early) == "ROLE_MISSING")
    let own = await refusal { try await approve(shop, number, by: "zhao", "PLANNER") }
    #expect(reason(own) == "MAKER_MAY_NOT_DECIDE")
    let both = "PLANNER,SALES_MANAGER"
    let half = try await approve(shop, number, by: "ping", both)
    #expect(half.pending && half.impact?.approverRoles == ["SALES_MANAGER"])
    let again = await refusal { try await approve(shop, number, by: "ping", both) }
    #expect(reason(again) == "STEP_TAKES_ANOTHER")
    let done = try await approve(shop, number, by: "boss", "SALES_MANAGER")
    #expect(!done.pending && done.order?.state == .cancelled)
    #expect(
      try await states(shop, number) == [
        "CANCEL PLANNER APPROVED by ping", "CANCEL SALES_MANAGER APPROVED by boss",
      ])
    let told = try await shop.orders.getOrderTimeline(.init(number: number)).events
      .map(\.type).filter { $0.contains("approval") || $0.contains("cancellation") }
    #expect(
      told == [
        "order.cancellation-requested", "order.approval-requested", "order.cancellation-agreed",
        "order.approval-requested", "order.cancellation-approved",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("is reminded of in time and passed on when it is overdue, by the hours that are worked")
  func deadlines() async throws {
    let shop = try await shop()
    let number = try await shop.place([("CHAIR", 4)]).number
    shop.clock.advance(seconds: 7 * 3_600)  // Monday, 16:00
    _ = try await ask(shop, number)
    let request = try await shop.cancellations.listCancelRequests(.init()).requests.first
    let step = try #require(request?.steps.first)
    // Two hours on Monday, two on Tuesday from nine.
    #expect((step.dueTime?.seconds ?? 0) - (step.openTime?.seconds ?? 0) == 19 * 3_600)
    #expect(try await sweep(shop) == [0, 0, 0])
    shop.clock.advance(seconds: 2 * 3_600)
    #expect(try await sweep(shop) == [1, 0, 0])
    let early = await refusal { try await approve(shop, number, by: "owner", "OWNER") }
    #expect(reason(early) == "ROLE_MISSING")
    shop.clock.advance(seconds: 17 * 3_600)
    #expect(try await sweep(shop) == [0, 1, 0])
    let overdue = try await shop.approvals.listApprovals(.init(role: "OWNER", overdue: true))
    #expect(overdue.approvals.map(\.orderNumber) == [number])
    #expect(
      try await approve(shop, number, by: "owner", "OWNER").impact?.approverRoles
        == ["SALES_MANAGER"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what has left meanwhile, or was taken back, nobody is asked or reminded of")
  func over() async throws {
    let shop = try await shop()
    let left = try await shop.place([("CHAIR", 4)]).number
    _ = try await ask(shop, left)
    try await shop.deliver(left)
    let back = try await shop.place([("CHAIR", 4)]).number
    _ = try await ask(shop, back)
    _ = try await shop.cancellations.rejectCancellation(
      .init(orderNumber: back, reason: "she keeps them"), options: shop.command(by: "zhao"))
    #expect(try await shop.approvals.listApprovals(.init()).approvals.isEmpty)
    shop.clock.advance(seconds: 7 * 86_400)
    #expect(try await sweep(shop) == [0, 0, 1])
    #expect(try await sweep(shop) == [0, 0, 0])
    for number in [left, back] {
      #expect(
        try await states(shop, number) == [
          "CANCEL PLANNER DROPPED", "CANCEL SALES_MANAGER DROPPED",
        ])
    }
    let told = try await shop.orders.getOrderTimeline(.init(number: left)).events.map(\.type)
    #expect(told.last == "order.cancellation-superseded")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("whoever asks with one of the roles has had that say, and no other")
  func askedWithRole() async throws {
    let shop = try await shop()
    let number = try await shop.place([("CHAIR", 4)]).number
    let asked = try await ask(shop, number, by: "gao", "PLANNER,SALES_MANAGER")
    #expect(asked.impact?.approverRoles == ["SALES_MANAGER"])
    #expect(
      try await states(shop, number) == [
        "CANCEL PLANNER APPROVED by gao", "CANCEL SALES_MANAGER OPEN",
      ])
    let own = await refusal { try await approve(shop, number, by: "gao", "SALES_MANAGER") }
    #expect(reason(own) == "MAKER_MAY_NOT_DECIDE")
    let refused = try await shop.cancellations.rejectCancellation(
      .init(orderNumber: number, reason: "too late"),
      options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(refused.version > 0)
    #expect(try await states(shop, number).last == "CANCEL SALES_MANAGER REJECTED by boss")
    // A change that orders less asks the same people.
    let less = OrdersV1.OrderChange(lines: [.init(lineNumber: 1, quantity: pieces(1))])
    let alone = await refusal {
      try await shop.orders.changeOrder(
        .init(number: number, change: less, reason: "fewer"),
        options: shop.command(by: "gao", roles: "PLANNER,SALES_MANAGER"))
    }
    #expect(reason(alone) == "CHANGE_NEEDS_APPROVAL")
    let wanted = try await shop.changes.requestOrderChange(
      .init(orderNumber: number, change: less, reason: "fewer"),
      options: shop.command(by: "zhao")
    ).request
    #expect(wanted?.steps.map(\.role) == ["PLANNER", "SALES_MANAGER"])
    #expect(wanted?.steps.first?.escalationRole == "OWNER")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("orders one after the other are counted together within the window")
  func window() async throws {
    let shop = try await shop([
      .init(approverRole: "SALES_MANAGER", approvalFrom: yuan("1000"), windowHours: 24)
    ])
    func cancel() async throws -> Bool {
      try await ask(shop, shop.place([("CHAIR", 1)]).number).pending
    }
    #expect(try await cancel() == false)  // 563.87
    #expect(try await cancel())
    shop.clock.advance(seconds: 25 * 3_600)
    #expect(try await cancel() == false)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a rule whose steps are wrong is refused by field")
  func wrongRules() async throws {
    let shop = try await Shop.open()
    let refused = await refusal {
      try await shop.cancellations.setCancellationPolicy(
        .init(
          rules: [
            .init(approverRole: "A", steps: [.init(role: "B")])
          ], reason: "x"), options: shop.command())
    }
    #expect(refused?.code == .invalidArgument)
    let wrong = await refusal {
      try await shop.cancellations.setCancellationPolicy(
        .init(
          rules: [
            .init(steps: [.init(role: "B", remindHours: 3, escalationRole: "C"), .init()]),
            .init(approverRole: "B", windowHours: 24),
            .init(approverRole: "B", approvalFrom: yuan("1"), windowHours: 2_001),
          ], reason: "x"), options: shop.command())
    }
    #expect(
      violations(wrong) == [
        "REQUIRED rules[0].steps[0].due_hours", "REQUIRED rules[0].steps[1].role",
        "REQUIRED rules[1].approval_from", "OUT_OF_RANGE rules[2].window_hours",
      ])
    await shop.close()
  }
}
