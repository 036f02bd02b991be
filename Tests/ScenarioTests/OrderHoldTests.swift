import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: an order is held, and everybody sees what is possible")
struct OrderHoldTests {
  private func actions(
    _ shop: Shop, _ number: String
  ) async throws -> [OrdersV1.OrderAction: OrdersV1.AllowedAction] {
    let reply = try await shop.orders.getAllowedActions(
      .init(number: number), options: shop.command())
    return Dictionary(reply.actions.map { ($0.action, $0) }) { first, _ in first }
  }

  private func hold(
    _ shop: Shop, _ number: String, _ kind: OrdersV1.OrderHoldKind
  ) async throws -> OrdersV1.HoldOrderResponse {
    try await shop.orders.holdOrder(
      .init(number: number, kind: kind, reason: "to be looked at"), options: shop.command())
  }

  @Test("a hold blocks what its kind names, in the words of the answer, until it is released")
  func blocks() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    try await shop.stock("BOARD", 100, cost: "180")
    let order = try await shop.place([("CHAIR", 2), ("TABLE", 1)], customer: "VIP").number
    let work = try #require(
      try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders.first?.number)
    let held = try await hold(shop, order, .credit)
    #expect(held.holds.map(\.kind) == [.credit])
    let told = try await actions(shop, order)
    let blocked = told.filter { $1.obstacles.contains { $0.reason == "ORDER_ON_HOLD" } }.keys
    #expect(Set(blocked) == [.startWork, .ship, .dispatch])
    #expect(told[.change]?.allowed == true)
    #expect(told[.cancel]?.allowed == true)

    let shipping = await refusal {
      try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
    }
    #expect(shipping?.code == .failedPrecondition)
    #expect(shipping?.message == told[.ship]?.obstacles.first?.text)
    let working = await refusal {
      try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    }
    #expect(working?.code == .failedPrecondition)
    #expect(try await shop.violations() == [])

    let twice = await refusal { try await hold(shop, order, .credit) }
    #expect(twice?.code == .alreadyExists)
    let released = try await shop.orders.releaseOrderHold(
      .init(number: order, kind: .credit, reason: "paid"), options: shop.command())
    #expect(released.holds.isEmpty)
    let again = await refusal {
      try await shop.orders.releaseOrderHold(
        .init(number: order, kind: .credit, reason: "paid"), options: shop.command())
    }
    #expect(again?.code == .failedPrecondition)
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.orders.prepareShipment(.init(orderNumber: order), options: shop.command())
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// Whoever asks what is possible is told what the commands themselves say.
  @Test("what is possible is what the commands do", arguments: OrdersV1.OrderHoldKind.allCases)
  func sameAsCommands(kind: OrdersV1.OrderHoldKind) async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    let confirmed = try await shop.place([("CHAIR", 2), ("INSTALL", 1)]).number
    let submitted = try await shop.place([("CHAIR", 12)]).number
    let delivered = try await shop.place([("CHAIR", 1)]).number
    try await shop.deliver(delivered)
    for number in [confirmed, submitted, delivered] {
      if kind != .unspecified { _ = try await hold(shop, number, kind) }
      let told = try await actions(shop, number)
      let dry = { shop.command(dryRun: true) }
      let orders = shop.orders
      let tries: [(OrdersV1.OrderAction, () async throws -> Void)] = [
        (.submit, { _ = try await orders.submitOrder(.init(number: number), options: dry()) }),
        (.approve, { _ = try await orders.approveOrder(.init(number: number), options: dry()) }),
        (
          .reject,
          { _ = try await orders.rejectOrder(.init(number: number, reason: "no"), options: dry()) }
        ),
        (.confirm, { _ = try await orders.confirmOrder(.init(number: number), options: dry()) }),
        (
          .cancel,
          {
            _ = try await orders.cancelOrder(
              .init(number: number, reason: .price), options: dry())
          }
        ),
        (
          .ship,
          { _ = try await orders.prepareShipment(.init(orderNumber: number), options: dry()) }
        ),
        (
          .completeService,
          { _ = try await orders.completeService(.init(orderNumber: number), options: dry()) }
        ),
        (.invoice, { _ = try await orders.invoiceOrder(.init(number: number), options: dry()) }),
      ]
      for (action, command) in tries {
        let answer = try #require(told[action])
        let refused = await refusal { try await command() }
        #expect((refused == nil) == answer.allowed, "\(action) of \(number): \(answer)")
        guard let refused, let first = answer.obstacles.first else { continue }
        #expect(refused.message.hasPrefix(first.text), "\(action): \(refused.message)")
      }
    }
    await shop.close()
  }

  @Test("bad input names its field")
  func badInput() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    let order = try await shop.place([("CHAIR", 1)]).number
    let cases: [(OrdersV1.HoldOrderRequest, RPCError.Code, String)] = [
      (.init(number: order, reason: "x"), .invalidArgument, "kind"),
      (.init(number: order, kind: .fraud), .invalidArgument, "reason"),
      (.init(number: "SO-1", kind: .fraud, reason: "x"), .notFound, "number"),
      (
        .init(number: order, expectedVersion: 9, kind: .fraud, reason: "x"), .aborted,
        "expected_version"
      ),
    ]
    for (request, code, field) in cases {
      let refused = await refusal {
        try await shop.orders.holdOrder(request, options: shop.command())
      }
      #expect(refused?.code == code)
      let texts = refused?.rawDetails.map { String(decoding: $0.bytes, as: UTF8.self) } ?? []
      #expect(texts.joined().contains(field), "\(field): \(texts)")
    }
    await shop.close()
  }
}
