import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Scenario: approvals in several steps")
struct ApprovalWorkflowTests {
  /// From 5,000 on a sales manager, who has four hours, then the general manager; from 10 % off the
  /// pricing team as well. VIPs need nobody for the amount.
  static let rules: [OrdersV1.ApprovalRule] = [
    .init(customerClass: "VIP"),
    .init(
      minimumGross: yuan("5000"), windowHours: 24,
      steps: [
        .init(role: "SALES_MANAGER", dueHours: 4, remindHours: 2, escalationRole: "OWNER"),
        .init(role: "GENERAL_MANAGER", dueHours: 8),
      ]),
    .init(
      approverRole: "PRICER", minimumDiscountMicros: 100_000, exemptRole: "CHIEF", kind: "PRICE"),
  ]

  private func shop() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: Self.rules, reason: "two levels"), options: shop.command())
    return shop
  }

  private func place(
    _ shop: Shop, _ count: Int64, percent: Int64 = 0, customer: String = "CREDIT"
  ) async throws -> OrdersV1.Order {
    var input = shop.input([("CHAIR", count)], customer: customer)
    input.discountMicros = percent * 10_000
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order
      ?? .init()
  }

  @discardableResult
  private func approve(
    _ shop: Shop, _ number: String, by name: String, _ roles: String, kind: String = ""
  ) async throws -> OrdersV1.Approval {
    let reply = try await shop.orders.approveOrder(
      .init(number: number, comment: "fine", kind: kind),
      options: shop.command(by: name, roles: roles))
    return try #require(reply.order?.approval)
  }

  private func states(_ approval: OrdersV1.Approval?) -> [String] {
    (approval?.steps ?? []).map { step in
      "\(step.kind) \(step.role) "
        + step.state.name.replacing("APPROVAL_STEP_STATE_", with: "")
        + (step.carried ? " carried" : "")
    }
  }

  @Test("the steps of a rule take turns and different people, and the kinds are all needed")
  func ladder() async throws {
    let shop = try await shop()
    let order = try await place(shop, 12, percent: 10)  // 6,089.80
    #expect(order.state == .submitted)
    #expect(order.approval?.requiredRole == "SALES_MANAGER")
    #expect(
      states(order.approval) == [
        "ORDER SALES_MANAGER OPEN", "ORDER GENERAL_MANAGER WAITING", "PRICE PRICER OPEN",
      ])
    #expect(order.approval?.explanation?.steps.count == 2)
    let early = await refusal {
      try await approve(shop, order.number, by: "boss", "GENERAL_MANAGER")
    }
    #expect(reason(early) == "ROLE_MISSING")
    let stale = await refusal {
      try await shop.orders.approveOrder(
        .init(number: order.number, expectedVersion: 7),
        options: shop.command(by: "ana", roles: "SALES_MANAGER"))
    }
    #expect(stale?.code == .aborted)

    var approval = try await approve(shop, order.number, by: "ana", "SALES_MANAGER")
    #expect(approval.pending)
    #expect(approval.requiredRole == "GENERAL_MANAGER")
    let again = await refusal {
      try await approve(shop, order.number, by: "ana", "SALES_MANAGER,GENERAL_MANAGER")
    }
    #expect(reason(again) == "STEP_TAKES_ANOTHER")
    let waiting = try await shop.approvals.listApprovals(.init(role: "GENERAL_MANAGER")).approvals
    #expect(waiting.map(\.orderNumber) == [order.number])
    #expect(waiting.first?.orderVersion == order.version + 1)

    approval = try await approve(
      shop, order.number, by: "boss", "GENERAL_MANAGER,PRICER", kind: "PRICE")
    #expect(approval.requiredRole == "GENERAL_MANAGER")
    let unconfirmed = await refusal {
      try await shop.orders.confirmOrder(.init(number: order.number), options: shop.command())
    }
    #expect(reason(unconfirmed) == "APPROVAL_PENDING")
    approval = try await approve(shop, order.number, by: "boss", "GENERAL_MANAGER")
    #expect(!approval.pending)
    #expect(approval.decidedBy == "boss")
    let confirmed = try await shop.orders.confirmOrder(
      .init(number: order.number), options: shop.command())
    #expect(confirmed.order?.state == .confirmed)
    #expect(try await shop.approvals.listApprovals(.init()).approvals == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test(
    "what is returned keeps what was approved and has not become more; what is rejected nothing")
  func returned() async throws {
    let shop = try await shop()
    let number = try await place(shop, 12).number
    _ = try await approve(shop, number, by: "ana", "SALES_MANAGER")
    // Whoever waits stays with the rules of then.
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init(approverRole: "OWNER")]), options: shop.command())
    let wrong = await refusal {
      try await shop.approvals.returnOrder(
        .init(number: number, reason: "why chairs?"),
        options: shop.command(by: "ana", roles: "SALES_MANAGER"))
    }
    #expect(reason(wrong) == "ROLE_MISSING")
    let draft = try await shop.approvals.returnOrder(
      .init(number: number, reason: "eleven will do"),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    #expect(draft.order?.state == .draft)
    try await resubmit(shop, number, 11)
    var approvals = try await shop.approvals.getApprovals(.init(orderNumber: number))
    #expect(
      states(approvals.approval) == [
        "ORDER SALES_MANAGER APPROVED carried", "ORDER GENERAL_MANAGER OPEN",
      ])
    #expect(approvals.steps.map(\.round) == [1, 1, 2, 2])
    #expect(approvals.steps[1].comment == "eleven will do")
    #expect(approvals.steps.map(\.rulesVersion) == [2, 2, 2, 2])

    _ = try await shop.approvals.returnOrder(
      .init(number: number, reason: "thirteen are wanted"),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    try await resubmit(shop, number, 13)
    approvals = try await shop.approvals.getApprovals(.init(orderNumber: number))
    #expect(
      states(approvals.approval) == [
        "ORDER SALES_MANAGER OPEN", "ORDER GENERAL_MANAGER WAITING",
      ])

    _ = try await shop.orders.rejectOrder(
      .init(number: number, reason: "no"), options: shop.command(by: "ana", roles: "SALES_MANAGER"))
    try await resubmit(shop, number, 2)
    approvals = try await shop.approvals.getApprovals(.init(orderNumber: number))
    #expect(states(approvals.approval) == ["ORDER OWNER OPEN"])
    #expect(approvals.steps.last?.rulesVersion == 3)
    #expect(try await shop.orders.listApprovalRules(.init(version: 2)).rules == Self.rules)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func resubmit(_ shop: Shop, _ number: String, _ count: Int64) async throws {
    _ = try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]),
        reason: "as asked"), options: shop.command())
    _ = try await shop.orders.submitOrder(.init(number: number), options: shop.command())
  }

  @Test("two orders that dodge a limit count together, until the hours are over")
  func window() async throws {
    let shop = try await shop()
    #expect(try await place(shop, 5).state == .confirmed)
    let second = try await place(shop, 5)
    #expect(second.state == .submitted)
    #expect(second.approval?.requiredRole == "SALES_MANAGER")
    let told = second.approval?.explanation?.steps.first?.facts ?? []
    #expect(told.contains { $0.name == "placed_before" && $0.value == "2819.35 CNY" })
    // Another customer's do not count, and neither does what is cancelled.
    #expect(try await place(shop, 5, customer: "CASH").state == .confirmed)
    _ = try await shop.orders.cancelOrder(
      .init(number: second.number, reason: .customerWish), options: shop.command())
    #expect(try await place(shop, 3).state == .confirmed)
    shop.clock.advance(seconds: 25 * 3_600)
    #expect(try await place(shop, 8).state == .confirmed)
    // A draft that was written long ago counts when it is submitted.
    let old = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 5)], customer: "CASH")), options: shop.command())
    shop.clock.advance(days: 3)
    _ = try await shop.orders.submitOrder(
      .init(number: old.order?.number ?? ""), options: shop.command())
    #expect(try await place(shop, 5, customer: "CASH").state == .submitted)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("reminds in time, and passes on what is overdue, by the hours that are worked")
  func deadlines() async throws {
    let shop = try await shop()
    shop.clock.advance(seconds: 7 * 3_600)  // Monday, 16:00
    let order = try await place(shop, 12)
    let step = try #require(order.approval?.steps.first)
    // Two hours on Monday, two on Tuesday from nine.
    #expect(step.dueTime?.seconds == seconds(shop) + 19 * 3_600)
    #expect(try await sweep(shop) == [0, 0])
    shop.clock.advance(seconds: 2 * 3_600)
    #expect(try await sweep(shop) == [1, 0])
    #expect(try await sweep(shop) == [0, 0])
    let early = await refusal { try await approve(shop, order.number, by: "owner", "OWNER") }
    #expect(reason(early) == "ROLE_MISSING")
    shop.clock.advance(seconds: 17 * 3_600)
    #expect(try await sweep(shop) == [0, 1])
    #expect(try await sweep(shop) == [0, 0])
    let overdue = try await shop.approvals.listApprovals(.init(role: "OWNER", overdue: true))
    #expect(overdue.approvals.map(\.orderNumber) == [order.number])
    let events = try await shop.orders.getOrderTimeline(.init(number: order.number)).events
    #expect(
      events.map(\.type).filter { $0.hasPrefix("order.approval") } == [
        "order.approval-requested", "order.approval-reminded", "order.approval-escalated",
      ])
    let next = try await approve(shop, order.number, by: "owner", "OWNER")
    #expect(next.requiredRole == "GENERAL_MANAGER")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what nobody was reminded of in time is passed on once, and not again and again")
  func sweptLate() async throws {
    let shop = try await shop()
    _ = try await place(shop, 12)
    shop.clock.advance(seconds: 5 * 3_600)
    #expect(try await sweep(shop) == [0, 1])
    #expect(try await sweep(shop) == [0, 0])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func sweep(_ shop: Shop) async throws -> [Int32] {
    let done = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    return [done.reminded, done.escalated]
  }

  private func seconds(_ shop: Shop) -> Int64 { shop.clock.now.microseconds / 1_000_000 }

  @Test("a change of a confirmed order opens again what it touches alone")
  func changeAfterwards() async throws {
    let shop = try await shop()
    let number = try await place(shop, 12, percent: 10).number
    _ = try await approve(shop, number, by: "ana", "SALES_MANAGER")
    _ = try await approve(shop, number, by: "pia", "PRICER")
    _ = try await approve(shop, number, by: "boss", "GENERAL_MANAGER")
    _ = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    let request = OrdersV1.ChangeOrderRequest(
      number: number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(14))]),
      reason: "two more")
    // The discount is what it was: nobody asks the pricing team again.
    let lacking = await refusal {
      try await shop.orders.changeOrder(
        request, options: shop.command(by: "gus", roles: "SALES_MANAGER,PRICER"))
    }
    #expect(reason(lacking) == "CHANGE_NEEDS_APPROVAL")
    // Nobody approves what they change themselves, whatever roles they have.
    let own = await refusal {
      try await shop.orders.changeOrder(
        request, options: shop.command(by: "gus", roles: "SALES_MANAGER,GENERAL_MANAGER"))
    }
    #expect(reason(own) == "CHANGE_NEEDS_APPROVAL")
    let asked = try await shop.changes.requestOrderChange(
      .init(orderNumber: number, change: request.change, reason: "two more"),
      options: shop.command(by: "gus", roles: "SALES_MANAGER,GENERAL_MANAGER"))
    #expect(
      asked.request?.steps.map { "\($0.role) \($0.state.name)" } == [
        "SALES_MANAGER APPROVAL_STEP_STATE_OPEN", "GENERAL_MANAGER APPROVAL_STEP_STATE_WAITING",
        "PRICER APPROVAL_STEP_STATE_APPROVED",
      ])
    func agree(_ actor: String, _ roles: String) async throws -> OrdersV1.ChangeRequest? {
      try await shop.changes.approveChangeRequest(
        .init(orderNumber: number), options: shop.command(by: actor, roles: roles)
      ).request
    }
    let asker = await refusal { try await agree("gus", "SALES_MANAGER") }
    #expect(asker?.code == .permissionDenied)
    #expect(try await agree("ana", "SALES_MANAGER,GENERAL_MANAGER")?.state == .pending)
    // The steps of a rule take different people, here as well.
    let twice = await refusal { try await agree("ana", "SALES_MANAGER,GENERAL_MANAGER") }
    #expect(reason(twice) == "STEP_TAKES_ANOTHER")
    #expect(try await agree("boss", "GENERAL_MANAGER")?.state == .applied)
    let changed = try await shop.orders.getOrder(.init(number: number))
    #expect(
      states(changed.order?.approval) == [
        "ORDER SALES_MANAGER APPROVED", "ORDER GENERAL_MANAGER APPROVED",
        "PRICE PRICER APPROVED carried",
      ])
    let less = try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(lines: [.init(lineNumber: 1, quantity: pieces(9))]),
        reason: "nine"), options: shop.command(by: "gus", roles: "SALES_MANAGER"))
    #expect(less.order?.approval?.pending == false)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the accounts of a group count together for a window")
  func group() async throws {
    let shop = try await shop()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(code: "HEAD", name: "总部", creditLimit: yuan("50000"), groupLimit: yuan("90000")),
        .init(code: "EAST", name: "东", creditLimit: yuan("50000"), parentCode: "HEAD"),
        .init(code: "WEST", name: "西", creditLimit: yuan("50000"), parentCode: "HEAD"),
      ]), options: shop.command())
    #expect(try await place(shop, 5, customer: "EAST").state == .confirmed)
    let second = try await place(shop, 5, customer: "WEST")
    #expect(second.state == .submitted)
    #expect(second.approval?.requiredRole == "SALES_MANAGER")
    #expect(try await place(shop, 5, customer: "CASH").state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("ordering less, or to another region, is approved where it gives more away")
  func dodging() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    func rules(_ rule: OrdersV1.ApprovalRule) async throws {
      _ = try await shop.orders.replaceApprovalRules(
        .init(rules: [rule], reason: "no more"), options: shop.command())
    }
    /// Twelve chairs, 5,988, less 299.40 on the whole.
    func place() async throws -> String {
      var input = shop.input([("CHAIR", 12)])
      input.discount = yuan("299.40")
      let placed = try await shop.orders.placeOrder(
        .init(order: input), options: shop.command()
      ).order
      #expect(placed?.state == .confirmed)
      return placed?.number ?? ""
    }
    func lower(_ number: String, to count: Int64) async -> String? {
      let refused = await refusal {
        try await shop.orders.changeOrder(
          .init(
            number: number,
            change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]),
            reason: "fewer"), options: shop.command(by: "zhao"))
      }
      return reason(refused)
    }
    try await rules(.init(approverRole: "BOSS", minimumDiscountMicros: 100_000))
    let first = try await place()
    #expect(await lower(first, to: 5) == "CHANGE_NEEDS_APPROVAL")  // 12 %
    #expect(await lower(first, to: 10) == nil)  // 6 %
    try await rules(.init(approverRole: "BOSS", marginBelowMicros: 500_000))
    let second = try await place()
    #expect(await lower(second, to: 2) == "CHANGE_NEEDS_APPROVAL")  // 42.7 %
    #expect(await lower(second, to: 5) == nil)  // 54.4 %
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("business hours that make no sense are refused, all at once")
  func hours() async throws {
    let shop = try await shop()
    let bad = await refusal {
      try await shop.approvals.setBusinessHours(
        .init(
          week: [
            .init(weekday: 8, hours: .init(opensMinute: 600, closesMinute: 700)),
            .init(weekday: 1, hours: .init(opensMinute: 600, closesMinute: 600)),
          ], specialDays: [.init(name: "no day")]), options: shop.command())
    }
    #expect(bad?.code == .invalidArgument)
    let hours = OrdersV1.SetBusinessHoursRequest(
      week: [.init(weekday: 1, hours: .init(opensMinute: 0, closesMinute: 1_440))],
      specialDays: [.init(day: .init(year: 2026, month: 3, day: 9), name: "closed")])
    _ = try await shop.approvals.setBusinessHours(hours, options: shop.command())
    let stored = try await shop.approvals.getBusinessHours(.init())
    #expect(stored.week == hours.week)
    #expect(stored.specialDays == hours.specialDays)
    await shop.close()
  }
}
