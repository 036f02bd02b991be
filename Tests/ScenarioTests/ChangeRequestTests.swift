import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Scenario: a change of an order that others must agree to")
struct ChangeRequestTests {
  /// Finance agrees to discounts within eight hours, the planner to what the workshop has begun;
  /// the general manager to orders from 5,000 on, as the company begins with.
  private func shop(expire: Int32 = 40) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    _ = try await shop.changes.setChangePolicy(
      .init(
        rules: [
          .init(kinds: [.discount, .prices], step: .init(role: "FINANCE", dueHours: 8)),
          .init(kinds: [.lowerQuantity], stages: [.begun], step: .init(role: "PLANNER")),
        ], expireHours: expire, reason: "who is asked"), options: shop.command())
    return shop
  }

  private static func wish(
    _ count: Int64, discount percent: Int64? = nil
  ) -> OrdersV1.OrderChange {
    .init(
      lines: [
        .init(
          lineNumber: 1, quantity: pieces(count), discountMicros: percent.map { $0 * 10_000 })
      ])
  }

  private func ask(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange, by actor: String = "zhao",
    roles: String = "", dryRun: Bool = false, preview: String = ""
  ) async throws -> OrdersV1.ChangeRequest {
    let reply = try await shop.changes.requestOrderChange(
      .init(orderNumber: number, change: change, reason: "the customer called", preview: preview),
      options: shop.command(by: actor, roles: roles, dryRun: dryRun))
    return try #require(reply.request)
  }

  private func approve(
    _ shop: Shop, _ number: String, by actor: String, _ roles: String
  ) async throws -> OrdersV1.ApproveChangeRequestResponse {
    try await shop.changes.approveChangeRequest(
      .init(orderNumber: number), options: shop.command(by: actor, roles: roles))
  }

  private func steps(_ request: OrdersV1.ChangeRequest?) -> [String] {
    (request?.steps ?? []).map { step in
      "\(step.kind) \(step.role) \(step.state)" + (step.carried ? " carried" : "")
    }
  }

  @Test("waits for all who must agree, and then is made just as it was shown")
  func agreed() async throws {
    let shop = try await shop()
    let order = try await shop.place([("CHAIR", 2)])
    let change = Self.wish(12, discount: 5)
    let shown = try await ask(shop, order.number, change, dryRun: true)
    #expect(steps(shown) == ["CHANGE FINANCE open", "ORDER GENERAL_MANAGER open"])
    #expect(try await shop.changes.listChangeRequests(.init()).requests.isEmpty)
    let asked = try await ask(shop, order.number, change, preview: shown.preview)
    #expect(asked.impact == shown.impact)
    #expect(asked.change == change)
    #expect(asked.state == .pending)

    // The order is as it was, and says that something is asked for.
    let seen = try await shop.orders.getOrder(.init(number: order.number))
    #expect(seen.order == order)
    #expect(seen.changeRequest?.pendingRole == "FINANCE")
    let free = try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels
    #expect(free.map(\.available?.micros) == [38_000_000])
    let mine = try await shop.approvals.listApprovals(
      .init(mine: true), options: shop.command(by: "fin", roles: "FINANCE"))
    #expect(mine.approvals.map(\.step?.changeRequest) == [1])
    #expect(mine.approvals.map(\.requestVersion) == [1])
    #expect(mine.approvals.first?.step?.dueTime?.seconds ?? 0 > 0)
    let board = try await shop.shortages.listExceptions(.init(kinds: [.changePending]))
    #expect(board.rows.map(\.orderNumber) == [order.number])

    // Not who asked, not who made the order, nobody without the role.
    for (actor, roles) in [
      ("zhao", "FINANCE"), ("li.na", "FINANCE,GENERAL_MANAGER"), ("gus", "SALES"),
    ] {
      let refused = await refusal { try await approve(shop, order.number, by: actor, roles) }
      #expect(refused?.code == .permissionDenied, "\(actor)")
    }
    let half = try await approve(shop, order.number, by: "fin", "FINANCE")
    #expect(half.order == nil)
    #expect(steps(half.request) == ["CHANGE FINANCE approved", "ORDER GENERAL_MANAGER open"])
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order == order)

    let options = shop.command(by: "boss", roles: "GENERAL_MANAGER")
    let request = OrdersV1.ApproveChangeRequestRequest(
      orderNumber: order.number, number: 1, expectedVersion: half.request?.version,
      comment: "as agreed")
    let done = try await shop.changes.approveChangeRequest(request, options: options)
    #expect(done.request?.state == .applied)
    #expect(done.request?.appliedVersion == done.order?.version)
    #expect(done.order?.lines.map(\.ordered?.micros) == [12_000_000])
    let before = order.gross?.minorUnits ?? 0
    #expect(
      done.order?.gross?.minorUnits == before + (shown.impact?.grossChange?.minorUnits ?? 0))
    #expect(done.order?.approval?.decidedBy == "boss")
    #expect(try await shop.changes.approveChangeRequest(request, options: options) == done)
    let versions = try await shop.orders.listOrderVersions(.init(number: order.number)).versions
    #expect(versions.map(\.madeBy) == ["li.na", "zhao"])
    #expect(
      try await shop.orders.getOrder(.init(number: order.number)).changeRequest == nil)
    // What the general manager agreed to is known: one less of it asks nobody.
    let less = try await shop.orders.changeOrder(
      .init(number: order.number, change: Self.wish(11), reason: "one less"),
      options: shop.command(by: "zhao"))
    #expect(less.order?.approval?.pending == false)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what would be otherwise by now is not made, and is asked anew with what still counts")
  func stale() async throws {
    let shop = try await shop()
    let order = try await shop.place([("CHAIR", 2), ("LAMP", 1)], customer: "VIP")
    let asked = try await ask(
      shop, order.number, .init(lines: [.init(lineNumber: 1, discountMicros: 50_000)]))
    #expect(steps(asked) == ["CHANGE FINANCE open"])
    _ = try await shop.orders.changeOrder(
      .init(
        number: order.number, change: .init(lines: [.init(lineNumber: 2, remove: true)]),
        reason: "no lamp"), options: shop.command())
    let late = try await approve(shop, order.number, by: "fin", "FINANCE")
    #expect(late.request?.state == .stale)
    #expect(late.order == nil)
    #expect(late.request?.comment.contains("version") == true)
    #expect(steps(late.request) == ["CHANGE FINANCE dropped"])
    let kept = try await shop.orders.getOrder(.init(number: order.number))
    #expect(kept.order?.lines.first?.discountMicros == 0)
    #expect(kept.changeRequest?.state == .stale)

    let resubmitted = try await shop.changes.resubmitChangeRequest(
      .init(orderNumber: order.number), options: shop.command(by: "zhao"))
    #expect(resubmitted.request?.impact?.baseVersion == kept.order?.version)
    // More of the chairs, too: what the customer's credit does not reach to is told when decided.
    let more = try await shop.changes.resubmitChangeRequest(
      .init(orderNumber: order.number, change: Self.wish(3, discount: 5), reason: "three"),
      options: shop.command(by: "zhao"))
    #expect(more.request?.reason == "three")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("1000"),
          terms: .init(netDays: 60))
      ]), options: shop.command())
    let poor = try await approve(shop, order.number, by: "fin", "FINANCE")
    #expect(poor.request?.state == .stale)
    #expect(poor.request?.comment.isEmpty == false)
    #expect(
      try await shop.orders.getOrder(.init(number: order.number)).order == kept.order)
    let impossible = await refusal {
      try await shop.changes.resubmitChangeRequest(
        .init(orderNumber: order.number), options: shop.command(by: "zhao"))
    }
    #expect(reason(impossible) == "CREDIT_LIMIT_EXCEEDED")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("sent back, it keeps what was approved of what is as it was")
  func returned() async throws {
    let shop = try await shop()
    let order = try await shop.place([("CHAIR", 2)])
    _ = try await ask(shop, order.number, Self.wish(12, discount: 5))
    _ = try await approve(shop, order.number, by: "fin", "FINANCE")
    let returned = try await shop.changes.returnChangeRequest(
      .init(orderNumber: order.number, reason: "eleven at most"),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    #expect(returned.request?.state == .returned)
    #expect(
      steps(returned.request) == ["CHANGE FINANCE approved", "ORDER GENERAL_MANAGER returned"])
    let other = await refusal {
      try await shop.changes.resubmitChangeRequest(
        .init(orderNumber: order.number), options: shop.command(by: "gus"))
    }
    #expect(reason(other) == "CHANGE_REQUEST_OF_ANOTHER")
    let again = try await shop.changes.resubmitChangeRequest(
      .init(orderNumber: order.number, change: Self.wish(11, discount: 5)),
      options: shop.command(by: "zhao"))
    #expect(
      steps(again.request) == ["CHANGE FINANCE approved carried", "ORDER GENERAL_MANAGER open"])
    // Another discount is another question.
    let dearer = try await shop.changes.resubmitChangeRequest(
      .init(orderNumber: order.number, change: Self.wish(11, discount: 7)),
      options: shop.command(by: "zhao"))
    #expect(steps(dearer.request) == ["CHANGE FINANCE open", "ORDER GENERAL_MANAGER open"])
    let rejected = try await shop.changes.rejectChangeRequest(
      .init(orderNumber: order.number, reason: "no"),
      options: shop.command(by: "fin", roles: "FINANCE"))
    #expect(rejected.request?.state == .rejected)
    #expect(rejected.request?.decidedBy == "fin")
    for call in [
      { try await approve(shop, order.number, by: "boss", "GENERAL_MANAGER").request },
      {
        try await shop.changes.withdrawChangeRequest(
          .init(orderNumber: order.number, number: 1), options: shop.command(by: "zhao")
        ).request
      },
    ] {
      #expect(await refusal { try await call() }?.code == .failedPrecondition)
    }
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order == order)
    let all = try await shop.changes.listChangeRequests(.init(orderNumber: order.number))
    #expect(all.requests.map(\.state) == [.rejected])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("ends when its time is over, or who asked takes it back")
  func ended() async throws {
    let shop = try await shop(expire: 9)
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP")
    let asked = try await ask(shop, order.number, Self.wish(2, discount: 5))
    #expect(asked.expireTime?.seconds == shop.clock.now.microseconds / 1_000_000 + 9 * 3_600)
    let second = await refusal {
      try await ask(shop, order.number, Self.wish(3), by: "gus")
    }
    #expect(reason(second) == "CHANGE_REQUEST_PENDING")
    shop.clock.advance(seconds: 9 * 3_600)
    let sweep = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    #expect([sweep.expired, sweep.stale] == [1, 0])
    let expired = try await shop.changes.getChangeRequest(.init(orderNumber: order.number))
    #expect(expired.request?.state == .expired)
    #expect(steps(expired.request) == ["CHANGE FINANCE dropped"])

    // Nobody swept: the decision comes too late all the same.
    _ = try await ask(shop, order.number, Self.wish(2, discount: 6))
    shop.clock.advance(days: 1)
    let late = try await approve(shop, order.number, by: "fin", "FINANCE")
    #expect(late.request?.state == .expired)
    #expect(late.request?.number == 2)

    _ = try await ask(shop, order.number, Self.wish(2, discount: 7))
    let taken = try await shop.changes.withdrawChangeRequest(
      .init(orderNumber: order.number, reason: "keeps it"), options: shop.command(by: "zhao"))
    #expect(taken.request?.state == .withdrawn)
    _ = try await ask(shop, order.number, Self.wish(2, discount: 8))
    _ = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .customerWish), options: shop.command())
    let again = try await shop.approvals.sweepApprovals(.init(), options: shop.command())
    #expect([again.expired, again.stale] == [0, 1])
    #expect(try await shop.approvals.listApprovals(.init()).approvals.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the workshop has begun takes sales and the planner, and goes to stock at last")
  func begun() async throws {
    let shop = try await shop()
    try await shop.stock("BOARD", 100, cost: "180")
    let order = try await shop.place([("TABLE", 3)], customer: "VIP")
    let works = try await shop.production.listWorkOrders(.init(orderNumber: order.number))
    let work = try #require(works.workOrders.first?.number)
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
    let rights = try await shop.orders.getAllowedActions(
      .init(number: order.number), options: shop.command(by: "zhao"))
    let fewer = try #require(rights.changes.first { $0.kind == .lowerQuantity })
    #expect(!fewer.allowed && fewer.requestable && fewer.role == "SALES_MANAGER")
    #expect(rights.actions.first { $0.action == .requestChange }?.allowed == true)
    #expect(
      rights.actions.first { $0.action == .approveChange }?.obstacles.map(\.reason)
        == ["NO_CHANGE_REQUEST_OPEN"])

    let asked = try await ask(shop, order.number, Self.wish(1))
    #expect(steps(asked) == ["CHANGE SALES_MANAGER open", "CHANGE PLANNER open"])
    #expect((asked.impact?.sunkCost?.minorUnits ?? 0) > 0)
    // One pair of eyes is one: the second role of theirs does not count.
    let both = try await approve(shop, order.number, by: "max", "SALES_MANAGER,PLANNER")
    #expect(steps(both.request) == ["CHANGE SALES_MANAGER approved", "CHANGE PLANNER open"])
    let twice = await refusal {
      try await approve(shop, order.number, by: "max", "SALES_MANAGER,PLANNER")
    }
    #expect(reason(twice) == "STEP_TAKES_ANOTHER")
    let done = try await approve(shop, order.number, by: "pia", "PLANNER")
    #expect(
      done.request?.impact
        == both.request?.impact.map { impact in
          var impact = impact
          impact.approverRole = ""
          return impact
        })
    #expect(done.order?.lines.map(\.ordered?.micros) == [1_000_000])
    _ = try await shop.production.completeWorkOrder(
      .init(number: work, good: pieces(3)), options: shop.command())
    let levels = try await shop.inventory.getAvailability(.init(sku: "TABLE")).levels
    #expect(levels.map(\.available?.micros) == [2_000_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the same rules hold for who makes the change without asking")
  func direct() async throws {
    let shop = try await shop()
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP")
    let request = OrdersV1.ChangeOrderRequest(
      number: order.number, change: Self.wish(2, discount: 5), reason: "long wait")
    let shown = try await shop.orders.changeOrder(
      request, options: shop.command(by: "zhao", dryRun: true))
    #expect(shown.impact?.approverRole == "FINANCE")
    for (actor, roles) in [("zhao", ""), ("li.na", "FINANCE")] {
      let refused = await refusal {
        try await shop.orders.changeOrder(request, options: shop.command(by: actor, roles: roles))
      }
      #expect(reason(refused) == "CHANGE_NEEDS_APPROVAL")
    }
    _ = try await shop.orders.changeOrder(
      request, options: shop.command(by: "fin", roles: "FINANCE"))
    // Nobody need agree to another day: it is made at once.
    let day = GoogleType.Date(year: 2027, month: 1, day: 15)
    let moved = try await ask(shop, order.number, .init(requestedOn: day))
    #expect(moved.state == .applied)
    #expect(moved.steps.isEmpty)
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order?.requestedOn == day)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what makes no sense is refused and names its field")
  func refusals() async throws {
    let shop = try await shop()
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 2)])), options: shop.command())
    let early = await refusal {
      try await ask(shop, draft.order?.number ?? "", Self.wish(3))
    }
    #expect(reason(early) == "ORDER_STATE_FORBIDS")
    let order = try await shop.place([("CHAIR", 2)])
    for (change, field) in [
      (OrdersV1.OrderChange(), "change"),
      (.init(lines: [.init(lineNumber: 9, remove: true)]), "change.lines[0].line_number"),
      (.init(addedLines: [.init(sku: "SOFA", quantity: pieces(1))]), "change.added_lines[0].sku"),
    ] {
      let refused = await refusal { try await ask(shop, order.number, change) }
      let texts = (refused?.rawDetails ?? []).map { String(decoding: $0.bytes, as: UTF8.self) }
      #expect(texts.joined().contains(field), "\(field)")
    }
    let none = await refusal {
      try await shop.changes.getChangeRequest(.init(orderNumber: order.number, number: 7))
    }
    #expect(reason(none) == "UNKNOWN_CHANGE_REQUEST")
    let unasked = await refusal { try await approve(shop, order.number, by: "fin", "FINANCE") }
    #expect(reason(unasked) == "NO_CHANGE_REQUEST_OPEN")
    let asked = try await ask(shop, order.number, Self.wish(2, discount: 5))
    let old = await refusal {
      try await shop.changes.approveChangeRequest(
        .init(orderNumber: order.number, expectedVersion: asked.version + 1),
        options: shop.command(by: "fin", roles: "FINANCE"))
    }
    #expect(old?.code == .aborted)
    let policy = await refusal {
      try await shop.changes.setChangePolicy(
        .init(
          rules: [
            .init(kinds: [.unrecognized(99)], step: .init(role: "FINANCE")),
            .init(minimumChange: yuan("-1"), step: .init(role: "", escalationRole: "OWNER")),
          ], expireHours: 9_999, slackDays: 99, reason: ""), options: shop.command())
    }
    #expect(policy?.code == .invalidArgument)
    let kept = try await shop.changes.getChangePolicy(.init()).policy
    #expect(kept?.version == 2)
    #expect(kept?.rules.map(\.step?.role) == ["FINANCE", "PLANNER"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
