import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a cancellation that somebody must agree to")
struct CancellationApprovalTests {
  private func open() async throws -> (shop: Shop, order: OrdersV1.Order) {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        rules: [
          .init(shareMicros: 100_000, approverRole: "SALES_MANAGER", approvalFrom: yuan("1000"))
        ], reason: "large ones are looked at"), options: shop.command())
    try await shop.stock("CHAIR", 9, cost: "200")
    return (shop, try await shop.place([("CHAIR", 4)]))
  }

  @Test("is asked for, shown, agreed to by somebody else, and done once")
  func approved() async throws {
    let (shop, order) = try await open()
    let request = OrdersV1.CancelOrderRequest(number: order.number, reason: .customerWish)
    let shown = try await shop.orders.cancelOrder(request, options: shop.command(dryRun: true))
    #expect(shown.impact?.approverRole == "SALES_MANAGER")
    #expect(shown.order?.state == .cancelled)
    var bound = request
    bound.preview = shown.preview
    // Not even with the role: the order is her own.
    let asked = try await shop.orders.cancelOrder(
      bound, options: shop.command(roles: "SALES_MANAGER"))
    #expect(asked.pending)
    #expect(asked.order == order)
    #expect(asked.impact?.fee == yuan("225.55"))
    #expect(asked.impact?.feeInvoice == "")
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order == order)
    let waiting = try await shop.cancellations.listCancelRequests(.init())
    #expect(waiting.requests.map(\.orderNumber) == [order.number])
    let twice = await refusal {
      try await shop.orders.cancelOrder(request, options: shop.command(by: "zhao"))
    }
    #expect(twice?.code == .failedPrecondition)
    for (actor, roles) in [("li.na", "SALES_MANAGER"), ("zhao", "SALES")] {
      let refused = await refusal {
        try await shop.cancellations.approveCancellation(
          .init(orderNumber: order.number), options: shop.command(by: actor, roles: roles))
      }
      #expect(refused?.code == .permissionDenied)
    }
    let options = shop.command(by: "boss", roles: "SALES_MANAGER")
    let done = try await shop.cancellations.approveCancellation(
      .init(orderNumber: order.number), options: options)
    #expect(done.cancellation?.order?.state == .cancelled)
    #expect(done.cancellation?.preview == shown.preview)
    #expect(done.cancellation?.impact?.fee == yuan("225.55"))
    let again = try await shop.cancellations.approveCancellation(
      .init(orderNumber: order.number), options: options)
    #expect(again == done)
    let none = await refusal {
      try await shop.cancellations.approveCancellation(
        .init(orderNumber: order.number),
        options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    }
    #expect(none?.code == .failedPrecondition)
    #expect(try await shop.cancellations.listCancelRequests(.init()).requests.isEmpty)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("is refused or taken back, and the order stays as it was")
  func rejected() async throws {
    let (shop, order) = try await open()
    for (actor, roles) in [("boss", "SALES_MANAGER"), ("li.na", "")] {
      _ = try await shop.orders.cancelOrder(
        .init(number: order.number, reason: .customerWish), options: shop.command())
      let stranger = await refusal {
        try await shop.cancellations.rejectCancellation(
          .init(orderNumber: order.number, reason: "no"), options: shop.command(by: "zhao"))
      }
      #expect(stranger?.code == .permissionDenied)
      let kept = try await shop.cancellations.rejectCancellation(
        .init(orderNumber: order.number, reason: "keeps it"),
        options: shop.command(by: actor, roles: roles))
      #expect(kept.version == order.version)
    }
    // A small part needs nobody.
    let part = try await shop.orders.cancelOrder(
      .init(
        number: order.number, reason: .customerWish,
        quantities: [.init(lineNumber: 1, quantity: pieces(1))]), options: shop.command())
    #expect(!part.pending)
    #expect(part.impact?.fee == yuan("56.39"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("whoever made the order does not agree to it, though another one asks")
  func ownOrder() async throws {
    let (shop, _) = try await open()
    let own =
      try await shop.orders.placeOrder(
        .init(order: shop.input([("CHAIR", 4)])), options: shop.command(by: "boss")
      ).order?.number ?? ""
    _ = try await shop.orders.cancelOrder(
      .init(number: own, reason: .customerWish), options: shop.command(by: "zhao"))
    let refused = await refusal {
      try await shop.cancellations.approveCancellation(
        .init(orderNumber: own), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    }
    #expect(reason(refused) == "MAKER_MAY_NOT_DECIDE")
    _ = try await shop.cancellations.approveCancellation(
      .init(orderNumber: own), options: shop.command(by: "wang", roles: "SALES_MANAGER"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("asks all roles that its lines take, and is done with the last of them")
  func severalRoles() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        rules: [
          .init(sourcing: .make, approverRole: "PLANNER"), .init(approverRole: "SALES_MANAGER"),
        ], reason: "both are asked"), options: shop.command())
    try await shop.stock("CHAIR", 9, cost: "200")
    let number = try await shop.place([("CHAIR", 1), ("TABLE", 1)]).number
    let asked = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command(by: "zhao"))
    #expect(asked.impact?.approverRoles == ["PLANNER", "SALES_MANAGER"])
    let half = try await shop.cancellations.approveCancellation(
      .init(orderNumber: number), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(half.cancellation?.pending == true)
    #expect(half.cancellation?.order?.state == .confirmed)
    #expect(half.cancellation?.impact?.approverRoles == ["PLANNER"])
    let waiting = try await shop.cancellations.listCancelRequests(.init()).requests
    #expect(waiting.map(\.approverRole) == ["PLANNER"])
    #expect(waiting.map(\.agreedBy) == [["boss"]])
    let again = await refusal {
      try await shop.cancellations.approveCancellation(
        .init(orderNumber: number), options: shop.command(by: "wang", roles: "SALES_MANAGER"))
    }
    #expect(reason(again) == "ROLE_MISSING")
    let done = try await shop.cancellations.approveCancellation(
      .init(orderNumber: number), options: shop.command(by: "ping", roles: "PLANNER"))
    #expect(done.cancellation?.order?.state == .cancelled)

    // Who asks has one of the roles: only the other one is asked.
    let second = try await shop.place([("CHAIR", 1), ("TABLE", 1)]).number
    let own = try await shop.orders.cancelOrder(
      .init(number: second, reason: .customerWish),
      options: shop.command(by: "ping", roles: "PLANNER"))
    #expect(own.impact?.approverRoles == ["SALES_MANAGER"])
    let last = try await shop.cancellations.approveCancellation(
      .init(orderNumber: second), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(last.cancellation?.order?.state == .cancelled)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("many small parts are a large one")
  func smallParts() async throws {
    let (shop, order) = try await open()
    func part() async throws -> Bool {
      try await shop.orders.cancelOrder(
        .init(
          number: order.number, reason: .customerWish,
          quantities: [.init(lineNumber: 1, quantity: pieces(1))]), options: shop.command()
      ).pending
    }
    #expect(try await part() == false)
    #expect(try await part())
    _ = try await shop.cancellations.approveCancellation(
      .init(orderNumber: order.number), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    // Of what nobody agreed to there is one chair; another one is too many again.
    #expect(try await part())
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("another version alone does not stop it; another effect does, and a new wish replaces it")
  func outOfDate() async throws {
    let (shop, order) = try await open()
    let request = OrdersV1.CancelOrderRequest(number: order.number, reason: .customerWish)
    func approve(version: Int64? = nil) async throws -> OrdersV1.ApproveCancellationResponse {
      try await shop.cancellations.approveCancellation(
        .init(orderNumber: order.number, expectedVersion: version),
        options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    }
    func hold() async throws -> Int64 {
      _ = try await shop.orders.holdOrder(
        .init(number: order.number, kind: .address, reason: "which door?"),
        options: shop.command())
      return try await shop.orders.releaseOrderHold(
        .init(number: order.number, kind: .address, reason: "the red one"),
        options: shop.command()
      ).version
    }
    _ = try await shop.orders.cancelOrder(request, options: shop.command())
    let version = try await hold()
    #expect(version > order.version)
    let stale = await refusal { try await approve(version: order.version) }
    #expect(stale?.code == .aborted)
    // The order is otherwise now: a new wish comes in the place of the one that waits.
    let part = OrdersV1.CancelOrderRequest(
      number: order.number, reason: .customerWish,
      quantities: [.init(lineNumber: 1, quantity: pieces(3))])
    #expect(try await shop.orders.cancelOrder(part, options: shop.command(by: "zhao")).pending)
    let waiting = try await shop.cancellations.listCancelRequests(.init()).requests
    #expect(waiting.map(\.requestedBy) == ["zhao"])
    #expect(waiting.map(\.baseVersion) == [version])
    let next = try await hold()
    let done = try await approve(version: next)
    #expect(done.cancellation?.order?.lines.first?.cancelled == amount("3", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what has left meanwhile is not waited for any more")
  func left() async throws {
    let (shop, order) = try await open()
    _ = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .customerWish), options: shop.command())
    #expect(try await shop.cancellations.listCancelRequests(.init()).requests.count == 1)
    try await shop.deliver(order.number)
    #expect(try await shop.cancellations.listCancelRequests(.init()).requests == [])
    let board = try await shop.shortages.listExceptions(.init()).rows
    #expect(!board.contains { $0.orderNumber == order.number })
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the choice about a shortage is written down with the last who agrees")
  func shortage() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(rules: [.init(approverRole: "SALES_MANAGER")], reason: "all"),
      options: shop.command())
    try await shop.stock("CHAIR", 1, cost: "200")
    let number = try await shop.place([("CHAIR", 4)]).number
    let asked = try await shop.shortages.cancelShortLine(
      .init(orderNumber: number, lineNumber: 1, reasonCode: "NOT_AVAILABLE"),
      options: shop.command())
    #expect(asked.cancellation?.pending == true)
    func settled() async throws -> [String] {
      try await shop.orders.getOrderTimeline(.init(number: number)).events
        .filter { $0.type == "order.shortage-settled" }
        .map { event in
          event.facts.filter { ["choice", "quantity"].contains($0.name) }.map(\.value)
            .joined(separator: " ")
        }
    }
    #expect(try await settled() == [])
    _ = try await shop.cancellations.approveCancellation(
      .init(orderNumber: number), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(try await settled() == ["CANCEL 3"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("is counted by product and channel, to the cent")
  func report() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(rules: [.init(fixed: yuan("100"))], reason: "a hundred"), options: shop.command())
    try await shop.stock("CHAIR", 9, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    for channel in [OrdersV1.Channel.store, .web] {
      let placed = try await shop.orders.placeOrder(
        .init(
          order: shop.input(
            channel == .store ? [("CHAIR", 1), ("LAMP", 1)] : [("LAMP", 1)], channel: channel)),
        options: shop.command())
      _ = try await shop.orders.cancelOrder(
        .init(number: placed.order?.number ?? "", reason: .customerWish),
        options: shop.command())
    }
    func rows(_ dimensions: [OrdersV1.CancellationDimension]) async throws -> [String] {
      try await shop.cancellations.getCancellationReport(.init(dimensions: dimensions)).rows.map {
        "\($0.sku) \($0.channel.name) \($0.count) \($0.fees?.minorUnits ?? 0)"
      }
    }
    // 563.87 and 225.89 of 789.76
    #expect(
      try await rows([.product]) == [
        "CHAIR CHANNEL_UNSPECIFIED 1 7140", "LAMP CHANNEL_UNSPECIFIED 2 12860",
      ])
    #expect(try await rows([.channel]) == [" CHANNEL_STORE 1 10000", " CHANNEL_WEB 1 10000"])
    await shop.close()
  }

  @Test("is not done when the order is otherwise by then")
  func outdated() async throws {
    let (shop, order) = try await open()
    _ = try await shop.orders.cancelOrder(
      .init(number: order.number, reason: .customerWish), options: shop.command())
    // The fee would be paid from this money: something else than was shown.
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan("50"), method: .card, orderNumber: order.number),
      options: shop.command())
    let stale = await refusal {
      try await shop.cancellations.approveCancellation(
        .init(orderNumber: order.number),
        options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    }
    #expect(stale?.code == .failedPrecondition)
    #expect(
      try await shop.orders.getOrder(.init(number: order.number)).order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
