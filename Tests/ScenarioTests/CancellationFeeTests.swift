import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what a cancellation costs, and who gets which money back")
struct CancellationFeeTests {
  /// Terms as a furniture shop has them: 5 % at first, half of what the workshop has begun with.
  private func setPolicy(_ shop: Shop, _ more: [OrdersV1.CancellationRule] = []) async throws {
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        rules: more + [
          .init(stage: .inWork, shareMicros: 500_000),
          .init(sourcing: .service),
          .init(shareMicros: 50_000, minimum: yuan("20"), maximum: yuan("500")),
        ], reason: "our terms"), options: shop.command())
  }

  private func pay(
    _ shop: Shop, _ order: String, _ amount: String, earnest: Bool = false
  ) async throws {
    _ = try await shop.finance.receivePayment(
      .init(
        amount: yuan(amount), method: .card, orderNumber: order,
        kind: earnest ? .earnest : .prepayment), options: shop.command())
  }

  /// Previews, cancels with the token of the preview, and both must be the same.
  private func cancel(
    _ shop: Shop, _ request: OrdersV1.CancelOrderRequest, by actor: String = "li.na",
    roles: String = ""
  ) async throws -> OrdersV1.CancelOrderResponse {
    let shown = try await shop.orders.cancelOrder(
      request, options: shop.command(by: actor, roles: roles, dryRun: true))
    var bound = request
    bound.preview = shown.preview
    let done = try await shop.orders.cancelOrder(
      bound, options: shop.command(by: actor, roles: roles))
    #expect(done == shown)
    return done
  }

  @Test("the customer backs out: earnest money counts towards the fee, the rest goes back")
  func customerBacksOut() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await setPolicy(shop)
    try await shop.stock("CHAIR", 8, cost: "200")
    let order = try await shop.place([("CHAIR", 4)], customer: "CASH").number  // 2,255.48
    // 100 of earnest money forfeited, of which 5 % of the whole, 112.77, is more.
    try await pay(shop, order, "100", earnest: true)
    try await pay(shop, order, "2155.48")
    let done = try await cancel(shop, .init(number: order, reason: .customerWish))
    let impact = try #require(done.impact)
    #expect(done.order?.state == .cancelled)
    #expect(impact.amount == yuan("2255.48"))
    #expect(impact.held == yuan("2255.48"))
    #expect(impact.forfeited == yuan("100.00"))
    #expect(impact.fee == yuan("12.77"))
    #expect(impact.feePaid == yuan("12.77"))
    #expect(impact.refund == yuan("2142.71"))
    #expect(impact.kept == yuan("0.00"))
    #expect(impact.explanation?.steps.map(\.rule) == ["CANCELLATION_RULE", "EARNEST_FORFEITED"])
    let invoice = try await shop.finance.getInvoice(.init(number: impact.feeInvoice))
    #expect(invoice.invoice?.gross == yuan("12.77"))
    #expect(invoice.invoice?.state == .paid)
    #expect(try await shop.violations() == [])

    let same = await refusal {
      try await shop.cancellations.payRefund(
        .init(orderNumber: order, method: .bankTransfer), options: shop.command())
    }
    #expect(same?.code == .permissionDenied)
    let proposed = try await shop.cancellations.listRefunds(.init())
    #expect(proposed.refunds.map(\.orderNumber) == [order])
    let paid = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .bankTransfer), options: shop.command(by: "cashier"))
    #expect(paid.refund?.total == yuan("2142.71"))
    let again = await refusal {
      try await shop.cancellations.payRefund(
        .init(orderNumber: order, method: .bankTransfer), options: shop.command(by: "cashier"))
    }
    #expect(again?.code == .failedPrecondition)
    #expect(try await balances(shop) == ["1002": "112.77", "6301": "-112.77"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// Of the accounts that money of customers goes through, where it is not zero.
  private func balances(_ shop: Shop) async throws -> [String: String] {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts
    let told = accounts.filter {
      ["1002", "1122", "2204", "2241", "6301", "6711"].contains($0.account)
        && $0.balance?.minorUnits != 0
    }
    return Dictionary(
      told.map { account in
        let minor = account.balance?.minorUnits ?? 0
        let fraction = abs(minor % 100)
        return (
          account.account,
          "\(minor < 0 ? "-" : "")\(abs(minor / 100)).\(fraction < 10 ? "0" : "")\(fraction)"
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test("we cannot deliver: nothing is charged, and earnest money is owed twice, up to a fifth")
  func sellerFails() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await setPolicy(shop)
    let order = try await shop.place([("CHAIR", 4)], customer: "CASH").number
    // A fifth of 2,255.48 is 451.10: what is above it is a prepayment in law.
    try await pay(shop, order, "600", earnest: true)
    let half = try await cancel(
      shop,
      .init(
        number: order, reason: .notAvailable,
        quantities: [.init(lineNumber: 1, quantity: pieces(2))]))
    #expect(half.impact?.compensation == yuan("225.55"))
    #expect(half.impact?.fee == yuan("0.00"))
    #expect(half.impact?.refund == yuan("0.00"))
    #expect(half.impact?.kept == yuan("600.00"))
    #expect(
      try await balances(shop) == [
        "1002": "600.00", "2204": "-600.00", "2241": "-225.55", "6711": "225.55",
      ])
    let rest = try await cancel(shop, .init(number: order, reason: .notAvailable))
    #expect(rest.impact?.compensation == yuan("225.55"))
    #expect(rest.impact?.refund == yuan("600.00"))
    #expect(try await shop.violations() == [])
    let paid = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .card, externalReference: "R-1"),
      options: shop.command(by: "cashier"))
    #expect(paid.refund?.total == yuan("1051.10"))
    #expect(try await balances(shop) == ["1002": "-451.10", "6711": "451.10"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what the workshop has begun costs half, which the customer still owes")
  func begunWork() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await setPolicy(shop)
    try await shop.stock("BOARD", 100, cost: "180")
    let order = try await shop.place([("TABLE", 1), ("CHAIR", 1)], customer: "VIP").number
    let work = try #require(
      try await shop.production.listWorkOrders(.init(orderNumber: order)).workOrders.first?.number)
    _ = try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
    _ = try await shop.production.issueMaterials(.init(number: work), options: shop.command())
    let done = try await cancel(shop, .init(number: order, reasonCode: "PRICE"))
    let impact = try #require(done.impact)
    #expect(impact.lines.map(\.stage) == [.inWork, .confirmed])
    #expect(impact.lines.map(\.rule) == [1, 3])
    // Half of 3,616.00, and 5 % of 563.87.
    #expect(impact.fee == yuan("1836.19"))
    #expect(impact.feePaid == yuan("0.00"))
    #expect((impact.sunkCost?.minorUnits ?? 0) > 0)
    let customer = try await shop.customers.getCustomer(.init(code: "VIP"))
    #expect(customer.credit?.invoices == yuan("1836.19"))
    try await pay(shop, order, "1836.19")
    let enough = await refusal { try await pay(shop, order, "1") }
    #expect(enough?.code == .failedPrecondition)
    #expect(try await balances(shop) == ["1002": "1836.19", "6301": "-1836.19"])
    let report = try await shop.cancellations.getCancellationReport(
      .init(dimensions: [.reason, .stage]))
    #expect(report.rows.map(\.reasonCode) == ["PRICE"])
    #expect(report.rows.map(\.stage) == [.inWork])
    #expect(report.rows.first?.fees == yuan("1836.19"))
    #expect(report.rows.first?.sunkCost == impact.sunkCost)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an order keeps the policy of its day, and earnest money is for an order")
  func termsOfTheDay() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 8, cost: "200")
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        validFrom: .init(year: 2026, month: 3, day: 3), rules: [.init(shareMicros: 100_000)],
        reason: "from tomorrow"), options: shop.command())
    let old = try await shop.place([("CHAIR", 1)]).number
    shop.clock.advance(days: 1)
    let new = try await shop.place([("CHAIR", 1)]).number
    let free = try await cancel(shop, .init(number: old, reason: .customerWish))
    #expect(free.impact?.fee == yuan("0.00"))
    #expect(free.impact?.policyVersion == 1)
    let charged = try await cancel(shop, .init(number: new, reason: .customerWish))
    #expect(charged.impact?.fee == yuan("56.39"))
    #expect(charged.impact?.policyVersion == 2)
    let first = try await shop.cancellations.getCancellationPolicy(.init(version: 1))
    #expect(first.policy?.rules.isEmpty == true)
    let today = try await shop.cancellations.getCancellationPolicy(.init())
    #expect(today.policy?.version == 2)
    let loose = await refusal {
      try await shop.finance.receivePayment(
        .init(customerCode: "CASH", amount: yuan("5"), method: .cash, kind: .earnest),
        options: shop.command())
    }
    #expect(loose?.code == .invalidArgument)
    await shop.close()
  }

  @Test("the company's own reasons say whose doing it is")
  func ownReasons() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await setPolicy(shop)
    try await shop.stock("CHAIR", 8, cost: "200")
    let seeded = try await shop.cancellations.listCancelReasons(.init()).reasons
    #expect(seeded.count == 6)
    _ = try await shop.cancellations.replaceCancelReasons(
      .init(
        reasons: seeded + [.init(code: "MOVED", text: "Moved away", fault: .nobody)]),
      options: shop.command())
    let order = try await shop.place([("CHAIR", 2)], customer: "CASH").number
    try await pay(shop, order, "1127.74", earnest: true)
    let done = try await cancel(shop, .init(number: order, reasonCode: "MOVED"))
    #expect(done.impact?.fault == .nobody)
    #expect(done.impact?.fee == yuan("0.00"))
    #expect(done.impact?.refund == yuan("1127.74"))
    let declined = try await shop.cancellations.declineRefund(
      .init(orderNumber: order, reason: "takes a sofa instead"), options: shop.command())
    #expect(declined.refund?.state == .declined)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is wrong with a request names its field")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let order = try await shop.place([("CHAIR", 1)]).number
    let policies: [(OrdersV1.SetCancellationPolicyRequest, String)] = [
      (.init(), "REQUIRED reason"),
      (
        .init(validFrom: .init(year: 2026, month: 3, day: 1), reason: "late"),
        "OUT_OF_RANGE valid_from"
      ),
      (.init(earnestCapMicros: 1_000_001, reason: "x"), "OUT_OF_RANGE earnest_cap_micros"),
      (
        .init(rules: [.init(stage: .notConfirmed)], reason: "x"), "UNKNOWN_VALUE rules[0].stage"
      ),
      (
        .init(rules: [.init(), .init(shareMicros: -1)], reason: "x"),
        "OUT_OF_RANGE rules[1].share_micros"
      ),
      (
        .init(rules: [.init(minimum: yuan("9"), maximum: yuan("8"))], reason: "x"),
        "MINIMUM_ABOVE_MAXIMUM rules[0].minimum"
      ),
      (
        .init(rules: [.init(approvalFrom: yuan("9"))], reason: "x"),
        "REQUIRED rules[0].approver_role"
      ),
    ]
    for (request, told) in policies {
      let refused = await refusal {
        try await shop.cancellations.setCancellationPolicy(request, options: shop.command())
      }
      #expect(violations(refused) == [told])
    }
    let requests: [(OrdersV1.CancelOrderRequest, String)] = [
      (.init(number: order, reasonCode: "NEVER"), "UNKNOWN_REASON reason_code"),
      (.init(number: order, reason: .price, preview: "v1-0"), "PREVIEW_OUTDATED preview"),
    ]
    for (request, told) in requests {
      let refused = await refusal {
        try await shop.orders.cancelOrder(request, options: shop.command())
      }
      #expect(violations(refused) == [told])
    }
    let both = await refusal {
      try await shop.orders.cancelOrder(
        .init(number: order, reason: .price, reasonCode: "PRICE"), options: shop.command())
    }
    #expect(both?.code == .invalidArgument)
    let report = await refusal {
      try await shop.cancellations.getCancellationReport(.init(dimensions: [.unspecified]))
    }
    #expect(violations(report) == ["REQUIRED dimensions[0]"])
    let reasons = await refusal {
      try await shop.cancellations.replaceCancelReasons(
        .init(reasons: [
          .init(code: "A", text: "a", fault: .nobody), .init(code: "A", text: "", fault: .seller),
        ]), options: shop.command())
    }
    #expect(
      violations(reasons) == ["REQUIRED reasons[1].text", "DUPLICATE_REASON reasons[1].code"])
    await shop.close()
  }
}
