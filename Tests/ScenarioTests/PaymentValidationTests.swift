import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: who pays late, or is new, does not get more on credit until somebody agrees")
struct PaymentValidationTests {
  private func opened(_ rules: [OrdersV1.ValidationRule]) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 400, cost: "210")
    _ = try await shop.intake.setValidationPolicy(
      .init(rules: rules, reason: "what we learned"), options: shop.command())
    return shop
  }

  private func place(
    _ shop: Shop, _ count: Int64 = 1, customer: String = "VIP"
  ) async throws -> OrdersV1.PlaceOrderResponse {
    try await shop.orders.placeOrder(
      .init(order: shop.input([("CHAIR", count)], customer: customer)), options: shop.command())
  }

  /// Shipped, delivered and invoiced.
  private func invoice(_ shop: Shop, _ order: OrdersV1.Order?) async throws -> FinanceV1.Invoice {
    let number = order?.number ?? ""
    try await shop.deliver(number)
    let invoiced = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    let found = try await shop.finance.getInvoice(.init(number: invoiced.invoiceNumber))
    return try #require(found.invoice)
  }

  private func pay(_ shop: Shop, _ invoice: FinanceV1.Invoice) async throws {
    _ = try await shop.finance.receivePayment(
      .init(
        customerCode: invoice.customerCode, amount: invoice.gross, method: .bankTransfer,
        orderNumber: invoice.orderNumber), options: shop.command())
  }

  private static let late = OrdersV1.ValidationRule(
    code: "LATE", condition: .overdueDays(10), hold: .credit)

  @Test("an invoice that is unpaid too long after its day holds what is ordered next")
  func overdue() async throws {
    let shop = try await opened([Self.late])
    let first = try await place(shop)
    let invoice = try await invoice(shop, first.order)
    shop.clock.advance(seconds: 70 * 86_400)
    // Due after 60 days, and ten more are allowed.
    #expect(try await place(shop).holds.isEmpty)
    shop.clock.advance(seconds: 86_400)
    let held = try await place(shop)
    let number = try #require(held.order?.number)
    #expect(held.order?.state == .submitted && held.holds.map(\.kind) == [.credit])
    let facts = held.holds.first?.explanation?.steps.first?.facts ?? []
    #expect(facts.contains { $0.name == "invoice" && $0.value == invoice.number })
    #expect(facts.contains { $0.name == "open" && $0.value == "563.87 CNY" })
    // Others are not asked about it.
    #expect(try await place(shop, customer: "CREDIT").holds.isEmpty)
    let stopped = await refusal {
      try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    }
    #expect(reason(stopped) == "ORDER_ON_HOLD")

    try await pay(shop, invoice)
    #expect(try await place(shop).holds.isEmpty)
    _ = try await shop.orders.releaseOrderHold(
      .init(number: number, kind: .credit, reason: "paid"), options: shop.command())
    let done = try await shop.orders.confirmOrder(.init(number: number), options: shop.command())
    #expect(done.order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what makes an order dearer is asked about, what makes it cheaper is not")
  func changed() async throws {
    let shop = try await opened([Self.late])
    _ = try await invoice(shop, place(shop).order)
    let open = try await place(shop, 5)
    shop.clock.advance(seconds: 80 * 86_400)
    func change(_ count: Int64) async throws -> [OrdersV1.OrderHold] {
      try await shop.orders.changeOrder(
        .init(
          number: open.order?.number ?? "",
          change: .init(lines: [.init(lineNumber: 1, quantity: pieces(count))]), reason: "x"),
        options: shop.command()
      ).holds
    }
    #expect(try await change(4).isEmpty)
    #expect(try await change(6).map(\.kind) == [.credit])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("terms that a new customer may not have are refused until it has paid some orders")
  func newCustomer() async throws {
    let limit = OrdersV1.TermsLimit(
      mostNetDays: 30, leastDepositMicros: 500_000, fewerClosedOrders: 1)
    let shop = try await opened([
      .init(code: "NEW", condition: .terms(limit)),
      .init(
        code: "STANDARD-TERMS", customerClass: "STANDARD",
        condition: .terms(.init(mostNetDays: 30)), hold: .credit),
    ])
    let refused = await refusal { try await place(shop) }
    #expect(refused?.code == .failedPrecondition)
    let violation = refused?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.first
    #expect(violation?.field == "order.customer_code")
    #expect(violation?.reason == "VALIDATION_RULE_BROKEN")
    #expect(
      violation?.description == """
        The customer has 60 days to pay and pays 0% ahead; allowed: at most 30 days to pay, at \
        least 50% paid ahead (rule NEW)
        """)
    // 30 % ahead is too little as well.
    let little = await refusal { try await place(shop, customer: "CREDIT") }
    #expect(little?.detail(GoogleRPC.ErrorInfo.self)?.metadata["rule"] == "NEW")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("200000"),
          terms: .init(netDays: 30, depositMicros: 500_000))
      ]), options: shop.command())
    let first = try await place(shop)
    #expect(first.order?.state == .confirmed)
    try await pay(
      shop,
      .init(
        customerCode: "VIP", orderNumber: first.order?.number ?? "",
        gross: first.order?.gross))
    _ = try await invoice(shop, first.order)
    let closed = try await shop.orders.getOrder(.init(number: first.order?.number ?? "")).order
    #expect(closed?.state == .closed)
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "VIP", name: "王芳", customerClass: "VIP", creditLimit: yuan("200000"),
          terms: .init(netDays: 60))
      ]), options: shop.command())
    #expect(try await place(shop).order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("limits that limit nothing, or cannot be, are refused with their fields")
  func badRules() async throws {
    let shop = try await opened([])
    let refused = await refusal {
      try await shop.intake.setValidationPolicy(
        .init(
          rules: [
            .init(code: "A", condition: .overdueDays(-1)),
            .init(code: "B", condition: .terms(.init(fewerClosedOrders: 3))),
            .init(
              code: "C",
              condition: .terms(
                .init(mostNetDays: 3_651, leastDepositMicros: 1_000_001, fewerClosedOrders: 201))),
          ], reason: "x"), options: shop.command())
    }
    #expect(
      violations(refused) == [
        "OUT_OF_RANGE rules[0].overdue_days", "NOTHING_LIMITED rules[1].terms",
        "OUT_OF_RANGE rules[2].terms.most_net_days",
        "OUT_OF_RANGE rules[2].terms.least_deposit_micros",
        "OUT_OF_RANGE rules[2].terms.fewer_closed_orders",
      ])
    let limit = OrdersV1.TermsLimit(leastDepositMicros: 300_000)
    let kept = try await shop.intake.setValidationPolicy(
      .init(
        rules: [Self.late, .init(code: "AHEAD", condition: .terms(limit), hold: .credit)],
        reason: "x"), options: shop.command())
    let read = try await shop.intake.getValidationPolicy(.init()).policy
    #expect(
      read == kept.policy
        && read?.rules.map(\.condition) == [
          .overdueDays(10), .terms(limit),
        ])
    await shop.close()
  }
}
