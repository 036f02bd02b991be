import Messages
import RPC
import TestKit
import Testing
import Values

@Suite("Scenario: less is ordered of what was promised, which costs what cancelling it would")
struct ReductionTests {
  /// Four chairs, 2,255.48 in all, of which 563.87 each.
  private func open(
    _ rules: [OrdersV1.CancellationRule], customer: String = "CASH", chairs: Int64 = 4
  ) async throws -> (shop: Shop, order: OrdersV1.Order) {
    let shop = try await Shop.open()
    try await shop.furnish()
    if !rules.isEmpty {
      _ = try await shop.cancellations.setCancellationPolicy(
        .init(rules: rules, reason: "our terms"), options: shop.command())
    }
    try await shop.stock("CHAIR", 20, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    return (shop, try await shop.place([("CHAIR", chairs), ("LAMP", 1)], customer: customer))
  }

  private func pay(
    _ shop: Shop, _ order: String, _ amount: String, earnest: Bool = false
  ) async throws {
    _ = try await shop.finance.receivePayment(
      .init(
        amount: yuan(amount), method: .card, orderNumber: order,
        kind: earnest ? .earnest : .prepayment), options: shop.command())
  }

  private func chairs(_ count: Int64, because reason: String = "") -> OrdersV1.OrderChange {
    .init(lines: [.init(lineNumber: 1, quantity: pieces(count))], reductionReasonCode: reason)
  }

  /// Previews, changes with the token of the preview, and both must be the same.
  private func change(
    _ shop: Shop, _ number: String, _ change: OrdersV1.OrderChange, by actor: String = "li.na",
    roles: String = ""
  ) async throws -> OrdersV1.ChangeImpact {
    var request = OrdersV1.ChangeOrderRequest(number: number, change: change, reason: "fewer")
    let shown = try await shop.orders.changeOrder(
      request, options: shop.command(by: actor, roles: roles, dryRun: true))
    request.preview = shown.preview
    let done = try await shop.orders.changeOrder(
      request, options: shop.command(by: actor, roles: roles))
    #expect(done == shown)
    return try #require(done.impact)
  }

  private func refunds(_ shop: Shop) async throws -> [TypeV1.Money?] {
    try await shop.cancellations.listRefunds(.init()).refunds.map(\.amount)
  }

  @Test("fee and forfeit are shown by the preview, charged by the change, and as a cancellation's")
  func fee() async throws {
    let (shop, order) = try await open([.init(stage: .confirmed, shareMicros: 300_000)])
    let twin = try await shop.place([("CHAIR", 4), ("LAMP", 1)], customer: "CASH")
    for number in [order.number, twin.number] {
      try await pay(shop, number, "200", earnest: true)
      try await pay(shop, number, "2281.37")  // 2,481.37 in all
    }
    let impact = try await change(shop, order.number, chairs(1))
    // A share of 200 as 1,691.61 has in 2,481.37; 30 % of 1,691.61 is 507.48.
    #expect(impact.forfeited == yuan("136.34"))
    #expect(impact.fee == yuan("371.14"))
    #expect(impact.unapplied == yuan("1184.13"))
    #expect(
      impact.feeExplanation?.steps.map(\.rule) == ["CANCELLATION_RULE", "EARNEST_FORFEITED"])
    #expect(try await refunds(shop) == [yuan("1184.13")])
    let cancelled = try await shop.orders.cancelOrder(
      .init(
        number: twin.number, reason: .customerWish,
        quantities: [.init(lineNumber: 1, quantity: pieces(3))]), options: shop.command())
    #expect(cancelled.impact?.fee == impact.fee)
    #expect(cancelled.impact?.forfeited == impact.forfeited)
    #expect(cancelled.impact?.refund == impact.unapplied)
    #expect(try await shop.violations() == [])

    // Who changed it does not pay out what it freed.
    let same = await refusal {
      try await shop.cancellations.payRefund(
        .init(orderNumber: order.number, method: .card), options: shop.command())
    }
    #expect(reason(same) == "MAKER_MAY_NOT_DECIDE")
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: order.number, method: .card), options: shop.command(by: "cashier"))
    let report = try await shop.cancellations.getCancellationReport(
      .init(dimensions: [.reason]))
    #expect(report.rows.map(\.reasonCode) == ["CHANGE", "CUSTOMER_WISH"])
    #expect(report.rows.map(\.fees) == [yuan("371.14"), yuan("371.14")])
    try await shop.deliver(order.number)
    _ = try await shop.orders.invoiceOrder(.init(number: order.number), options: shop.command())
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a line that is taken out counts as one that is cancelled, and what was free stays free")
  func takenOut() async throws {
    let (shop, order) = try await open([])
    try await pay(shop, order.number, "2481.37")
    let impact = try await change(
      shop, order.number, .init(lines: [.init(lineNumber: 1, remove: true)]))
    #expect(impact.fee == yuan("0.00"))
    #expect(impact.feeExplanation?.steps.map(\.rule) == ["NO_CANCELLATION_RULE"])
    #expect(try await refunds(shop) == [yuan("2255.48")])
    let more = try await change(
      shop, order.number, .init(addedLines: [.init(sku: "CHAIR", quantity: pieces(4))]))
    // What was to go back is needed again.
    #expect(more.unapplied == yuan("0.00"))
    #expect(more.feeExplanation == nil)
    #expect(try await refunds(shop) == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("where cancelling is not allowed, ordering less is not, unless it is nobody's doing")
  func forbidden() async throws {
    let (shop, order) = try await open([.init(stage: .confirmed, forbidden: true)])
    for wish in [chairs(3), .init(lines: [.init(lineNumber: 1, remove: true)])] {
      let refused = await refusal { try await change(shop, order.number, wish) }
      #expect(reason(refused) == "CANCELLATION_NOT_ALLOWED")
    }
    let unknown = await refusal {
      try await change(shop, order.number, chairs(3, because: "WHIM"))
    }
    let violation = unknown?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.first
    #expect(violation?.field == "change.reduction_reason_code")
    let impact = try await change(shop, order.number, chairs(3, because: "ENTRY_ERROR"))
    #expect(impact.fee == yuan("0.00"))
    _ = try await change(shop, order.number, chairs(5))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("we are at fault: earnest money is owed once more")
  func compensation() async throws {
    let (shop, order) = try await open([.init(shareMicros: 300_000)])
    try await pay(shop, order.number, "200", earnest: true)
    let impact = try await change(shop, order.number, chairs(2, because: "NOT_AVAILABLE"))
    #expect(impact.fee == yuan("0.00"))
    #expect(impact.forfeited == yuan("0.00"))
    #expect(impact.compensation == yuan("90.90"))
    #expect(impact.unapplied == yuan("0.00"))
    let proposed = try await shop.cancellations.listRefunds(.init()).refunds
    #expect(proposed.map(\.total) == [yuan("90.90")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("who must agree to a cancellation must agree to ordering less, in small parts, too")
  func approval() async throws {
    let (shop, order) = try await open([
      .init(approverRole: "SALES_MANAGER", approvalFrom: yuan("1000"))
    ])
    // One chair is below a thousand, the second one is not any more.
    _ = try await change(shop, order.number, chairs(3), by: "zhao")
    let request = OrdersV1.ChangeOrderRequest(
      number: order.number, change: chairs(2), reason: "fewer")
    for (actor, roles) in [("zhao", ""), ("li.na", "SALES_MANAGER")] {
      let refused = await refusal {
        try await shop.orders.changeOrder(request, options: shop.command(by: actor, roles: roles))
      }
      #expect(reason(refused) == "CHANGE_NEEDS_APPROVAL")
    }
    let asked = try await shop.changes.requestOrderChange(
      .init(orderNumber: order.number, change: chairs(2), reason: "fewer"),
      options: shop.command(by: "zhao"))
    #expect(asked.request?.state == .pending)
    #expect(asked.request?.steps.map(\.role) == ["SALES_MANAGER"])
    #expect(asked.request?.impact?.feeExplanation?.steps.isEmpty == false)
    let given = try await shop.changes.approveChangeRequest(
      .init(orderNumber: order.number), options: shop.command(by: "boss", roles: "SALES_MANAGER"))
    #expect(given.request?.state == .applied)
    // What somebody agreed to does not count any more: one chair below a thousand is left.
    let next = await refusal {
      try await change(shop, order.number, chairs(1), by: "zhao")
    }
    #expect(reason(next) == "CHANGE_NEEDS_APPROVAL")
    _ = try await change(shop, order.number, chairs(1), by: "wang", roles: "SALES_MANAGER")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is declined, or was paid too much, pays what else the customer owes")
  func released() async throws {
    let (shop, owed) = try await open([], customer: "CREDIT", chairs: 2)
    try await shop.deliver(owed.number)
    _ = try await shop.orders.invoiceOrder(.init(number: owed.number), options: shop.command())
    let order = try await shop.place([("CHAIR", 4)])
    try await pay(shop, order.number, "2255.48")
    _ = try await change(shop, order.number, chairs(2))
    #expect(try await refunds(shop) == [yuan("1127.74")])
    _ = try await shop.cancellations.declineRefund(
      .init(orderNumber: order.number, reason: "pays the other one"),
      options: shop.command(by: "cashier"))
    let invoices = try await shop.finance.listInvoices(
      .init(customerCode: "CREDIT")
    ).invoices
    #expect(invoices.map(\.open) == [yuan("225.89")])
    let none = await refusal {
      try await shop.cancellations.proposeRefund(
        .init(orderNumber: order.number, reason: "too much?"), options: shop.command())
    }
    #expect(reason(none) == "NOTHING_TO_REFUND")
    try await pay(shop, order.number, "300")
    let proposed = try await shop.cancellations.proposeRefund(
      .init(orderNumber: order.number, reason: "paid twice"), options: shop.command())
    #expect(proposed.refund?.amount == yuan("300.00"))
    let own = await refusal {
      try await shop.cancellations.payRefund(
        .init(orderNumber: order.number, method: .card), options: shop.command())
    }
    #expect(reason(own) == "MAKER_MAY_NOT_DECIDE")
    _ = try await shop.cancellations.declineRefund(
      .init(orderNumber: order.number, reason: "pays the rest"),
      options: shop.command(by: "cashier"))
    #expect(try await shop.orders.getOrder(.init(number: owed.number)).order?.state == .closed)
    try await shop.deliver(order.number)
    _ = try await shop.orders.invoiceOrder(.init(number: order.number), options: shop.command())
    #expect(try await shop.orders.getOrder(.init(number: order.number)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was agreed is found by its time, too")
  func asOf() async throws {
    let (shop, order) = try await open([])
    func now() -> GoogleProtobuf.Timestamp {
      .init(seconds: shop.clock.now.microseconds / 1_000_000)
    }
    let placed = now()
    shop.clock.advance(days: 1)
    _ = try await change(shop, order.number, chairs(3))
    func count(_ time: GoogleProtobuf.Timestamp) async throws -> Int64? {
      try await shop.orders.getOrderVersion(.init(number: order.number, asOf: time))
        .version?.lines.first?.ordered?.micros
    }
    #expect(try await count(placed) == 4_000_000)
    #expect(try await count(now()) == 3_000_000)
    let early = await refusal { try await count(.init(seconds: placed.seconds - 1)) }
    #expect(reason(early) == "NOT_YET")
    let both = await refusal {
      try await shop.orders.getOrderVersion(
        .init(number: order.number, version: 1, asOf: placed))
    }
    #expect(both?.code == .invalidArgument)
    await shop.close()
  }
}
