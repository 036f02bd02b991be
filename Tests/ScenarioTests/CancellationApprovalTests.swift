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
