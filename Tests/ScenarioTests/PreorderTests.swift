import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: chairs are ordered before there are any")
struct PreorderTests {
  private func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  /// The shop of 2 March 2026, with six chairs that come on 1 April: two for each customer, a fifth
  /// of their price within three days.
  private func furnished(_ change: (inout OrdersV1.Presale) -> Void = { _ in }) async throws -> Shop
  {
    let shop = try await Shop.open()
    try await shop.furnish()
    var presale = OrdersV1.Presale(
      sku: "CHAIR", opensOn: day(3, 1), closesOn: day(3, 31), releasesOn: day(4, 1),
      limit: pieces(6), customerLimit: pieces(2), depositMicros: 200_000, depositKind: .earnest,
      depositDays: 3)
    change(&presale)
    let stored = try await shop.preorders.setPresale(
      .init(presale: presale), options: shop.command())
    #expect(stored.presale?.taken == amount("0", "pcs"))
    return shop
  }

  private func place(
    _ shop: Shop, _ count: Int64, for customer: String, sku: String = "CHAIR"
  ) async throws -> OrdersV1.Preorder {
    let reply = try await shop.preorders.placePreorder(
      .init(order: shop.input([(sku, count)], customer: customer, channel: .web)),
      options: shop.command())
    return try #require(reply.preorder)
  }

  private func pay(
    _ shop: Shop, _ order: String, _ amount: String, _ kind: FinanceV1.DepositKind = .earnest
  ) async throws {
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan(amount), method: .alipay, orderNumber: order, kind: kind),
      options: shop.command())
  }

  private func show(_ shop: Shop, _ order: String) async throws -> OrdersV1.Preorder {
    try #require(try await shop.preorders.getPreorder(.init(orderNumber: order)).preorder)
  }

  @Test("who pays the deposit first is first in the queue, and gets the chairs that come first")
  func queue() async throws {
    let shop = try await furnished()
    let first = try await place(shop, 2, for: "CASH")
    #expect(first.state == .awaitingDeposit && first.deposit == yuan("225.55"))
    #expect(first.depositKind == .earnest && first.depositDueOn == day(3, 5))
    #expect(first.lines.map(\.ahead) == [nil] && first.lines[0].releasesOn == day(4, 1))
    let second = try await place(shop, 2, for: "VIP")
    let early = await refusal {
      try await shop.orders.confirmOrder(
        .init(number: first.orderNumber), options: shop.command())
    }
    #expect(reason(early) == "DEPOSIT_MISSING")

    try await pay(shop, second.orderNumber, "225.55")
    try await pay(shop, first.orderNumber, "200.00")
    #expect(try await show(shop, first.orderNumber).state == .awaitingDeposit)
    try await pay(shop, first.orderNumber, "25.55")
    let waiting = try await show(shop, first.orderNumber)
    #expect(waiting.state == .queued && waiting.lines.map(\.ahead) == [amount("2", "pcs")])
    #expect(waiting.received == yuan("225.55"))
    #expect(try await show(shop, second.orderNumber).lines[0].ahead == amount("0", "pcs"))
    let order = try await shop.orders.getOrder(.init(number: first.orderNumber)).order
    #expect(order?.state == .confirmed && order?.requestedOn == day(4, 1))
    let presale = try await shop.preorders.listPresales(.init(sku: "CHAIR")).presales.first
    #expect(presale?.taken == amount("4", "pcs") && presale?.secured == amount("4", "pcs"))

    // Three come before their day: two for the second order, one for the first; none leaves.
    try await shop.stock("CHAIR", 3, cost: "210")
    #expect(try await show(shop, second.orderNumber).state == .ready)
    #expect(try await show(shop, first.orderNumber).lines[0].held == amount("1", "pcs"))
    func ship(_ lines: [OrdersV1.LineQuantity]) async -> RPCError? {
      await refusal {
        try await shop.orders.prepareShipment(
          .init(orderNumber: second.orderNumber, lines: lines), options: shop.command())
      }
    }
    #expect(violations(await ship([])) == ["NOT_RELEASED order_number"])
    #expect(
      violations(await ship([.init(lineNumber: 1, quantity: pieces(1))]))
        == ["NOT_RELEASED lines[0].line_number"])
    let actions = try await shop.orders.getAllowedActions(.init(number: second.orderNumber))
    let leaving = try #require(actions.actions.first { $0.action == .ship })
    #expect(!leaving.allowed && leaving.obstacles.map(\.reason) == ["NOT_RELEASED"])
    shop.clock.advance(days: 30)
    try await shop.deliver(second.orderNumber)
    #expect(try await show(shop, second.orderNumber).state == .done)
    // The deposit pays its part of the invoice.
    let bill = try await shop.orders.invoiceOrder(
      .init(number: second.orderNumber), options: shop.command())
    let invoice = try await shop.finance.getInvoice(.init(number: bill.invoiceNumber)).invoice
    #expect(invoice?.open == yuan("902.19"))
    let listed = try await shop.preorders.listPreorders(.init(sku: "CHAIR")).preorders
    #expect(listed.map(\.orderNumber) == [first.orderNumber, second.orderNumber])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("before its day a presold product can only be pre-ordered, whichever way it is asked for")
  func onlyPreordered() async throws {
    let shop = try await furnished()
    try await shop.stock("CHAIR", 9, cost: "210")
    let plain = await refusal {
      try await shop.orders.placeOrder(
        .init(order: shop.input([("LAMP", 1), ("CHAIR", 1)], customer: "VIP")),
        options: shop.command())
    }
    #expect(violations(plain) == ["PREORDER_ONLY order.lines[1].sku"])
    let draft = try await shop.orders.createOrder(
      .init(order: shop.input([("CHAIR", 1)], customer: "VIP")), options: shop.command()
    ).order
    let submitted = await refusal {
      try await shop.orders.submitOrder(
        .init(number: draft?.number ?? ""), options: shop.command())
    }
    #expect(violations(submitted) == ["PREORDER_ONLY order.lines[0].sku"])
    let offered = await refusal {
      try await shop.quotes.createQuote(
        .init(
          customerCode: "VIP",
          variants: [.init(order: shop.input([("CHAIR", 1)], customer: "VIP"))]),
        options: shop.command())
    }
    #expect(violations(offered) == ["PREORDER_ONLY variants[0].order.lines[0].sku"])
    let lamps = try await shop.place([("LAMP", 1)], customer: "VIP").number
    let added = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: lamps, change: .init(addedLines: [.init(sku: "CHAIR", quantity: pieces(1))]),
          reason: "a wish"), options: shop.command())
    }
    #expect(violations(added) == ["PREORDER_ONLY change.added_lines[0].sku"])
    // What it would cost may be asked, and pre-orders go on, also when they are changed.
    let price = try await shop.pricing.priceOrder(
      .init(order: shop.input([("CHAIR", 1)], customer: "VIP")))
    #expect(price.gross == yuan("563.87"))
    let made = try await place(shop, 1, for: "VIP")
    _ = try await shop.orders.changeOrder(
      .init(
        number: made.orderNumber,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(2))]), reason: "one more"),
      options: shop.command())
    shop.clock.advance(days: 30)
    #expect(try await shop.place([("CHAIR", 1)], customer: "VIP").state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("no more is sold than will come; what is cancelled can be had again")
  func limits() async throws {
    let shop = try await furnished()
    let many = await refusal { try await place(shop, 3, for: "CASH") }
    #expect(violations(many) == ["PRESALE_CUSTOMER_LIMIT order.lines[0].quantity"])
    let first = try await place(shop, 2, for: "CASH")
    let again = await refusal { try await place(shop, 1, for: "CASH") }
    #expect(violations(again) == ["PRESALE_CUSTOMER_LIMIT order.lines[0].quantity"])
    _ = try await place(shop, 2, for: "CREDIT")
    _ = try await place(shop, 1, for: "VIP")
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "LATE", name: "晚")]), options: shop.command())
    let late = await refusal { try await place(shop, 2, for: "LATE") }
    #expect(violations(late) == ["PRESALE_SOLD_OUT order.lines[0].quantity"])
    // Nor by a change of what was placed.
    let more = await refusal {
      try await shop.orders.changeOrder(
        .init(
          number: first.orderNumber,
          change: .init(lines: [.init(lineNumber: 1, quantity: pieces(3))]), reason: "one more"),
        options: shop.command())
    }
    #expect(violations(more) == ["PRESALE_CUSTOMER_LIMIT change.lines[0].quantity"])
    let fewer = await refusal {
      try await shop.preorders.setPresale(
        .init(
          presale: .init(
            sku: "CHAIR", opensOn: day(3, 1), closesOn: day(3, 31), releasesOn: day(4, 1),
            limit: pieces(4), depositMicros: 200_000, depositKind: .earnest)),
        options: shop.command())
    }
    #expect(violations(fewer) == ["LIMIT_BELOW_TAKEN presale.limit"])
    _ = try await shop.orders.changeOrder(
      .init(
        number: first.orderNumber,
        change: .init(lines: [.init(lineNumber: 1, quantity: pieces(1))]), reason: "one less"),
      options: shop.command())
    #expect(try await show(shop, first.orderNumber).deposit == yuan("112.77"))
    _ = try await place(shop, 2, for: "LATE")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("cancelled before the deposit it costs nothing; after it the earnest money is lost")
  func cancelled() async throws {
    let shop = try await furnished()
    let before = try await place(shop, 1, for: "CASH")
    try await pay(shop, before.orderNumber, "50.00")
    let free = try await shop.orders.cancelOrder(
      .init(number: before.orderNumber, reason: .customerWish), options: shop.command())
    #expect(free.impact?.forfeited == yuan("0.00") && free.impact?.refund == yuan("50.00"))
    #expect(try await show(shop, before.orderNumber).state == .cancelled)

    let after = try await place(shop, 1, for: "CREDIT")
    try await pay(shop, after.orderNumber, "112.77")
    let lost = try await shop.orders.cancelOrder(
      .init(number: after.orderNumber, reason: .customerWish), options: shop.command())
    #expect(lost.impact?.forfeited == yuan("112.77") && lost.impact?.refund == yuan("0.00"))

    // We cannot deliver: twice the earnest money.
    let ours = try await place(shop, 1, for: "VIP")
    try await pay(shop, ours.orderNumber, "112.77")
    let owed = try await shop.orders.cancelOrder(
      .init(number: ours.orderNumber, reason: .notAvailable), options: shop.command())
    #expect(owed.impact?.refund == yuan("112.77"))
    #expect(owed.impact?.compensation == yuan("112.77"))
    let presale = try await shop.preorders.listPresales(.init()).presales.first
    #expect(presale?.taken == amount("0", "pcs"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a deposit that does not come in time makes room for others")
  func lapsed() async throws {
    let shop = try await furnished()
    let idle = try await place(shop, 1, for: "CASH")
    try await pay(shop, idle.orderNumber, "1.00")
    let paid = try await place(shop, 1, for: "CREDIT")
    try await pay(shop, paid.orderNumber, "112.77")
    func lapse() async throws -> [String] {
      try await shop.preorders.lapsePreorders(
        .init(reasonCode: "NOT_PAID"), options: shop.command()
      ).orderNumbers
    }
    shop.clock.advance(days: 3)
    #expect(try await lapse() == [])
    shop.clock.advance(days: 1)
    #expect(try await lapse() == [idle.orderNumber])
    #expect(try await lapse() == [])
    #expect(try await show(shop, idle.orderNumber).state == .cancelled)
    #expect(try await show(shop, paid.orderNumber).state == .queued)
    let refunds = try await shop.cancellations.listRefunds(.init()).refunds
    #expect(refunds.map(\.amount) == [yuan("1.00")])
    let unknown = await refusal {
      try await shop.preorders.lapsePreorders(.init(reasonCode: "BAD"), options: shop.command())
    }
    #expect(violations(unknown) == ["UNKNOWN_REASON reason_code"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("credit that is not there leaves the order as it is, with its money")
  func noCredit() async throws {
    let shop = try await furnished()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "TIGHT", name: "紧", customerClass: "VIP", creditLimit: yuan("300"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    let order = try await place(shop, 1, for: "TIGHT").orderNumber
    try await pay(shop, order, "112.77", .prepayment)
    let told = try await shop.orders.getOrderTimeline(.init(number: order)).events
    #expect(told.map(\.type).contains("preorder.not-confirmed"))
    #expect(try await show(shop, order).state == .awaitingDeposit)
    // With more of it paid, the credit is enough.
    try await pay(shop, order, "200.00", .prepayment)
    #expect(try await show(shop, order).state == .queued)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input of every kind names its field, and nothing is left of it")
  func refused() async throws {
    let shop = try await furnished()
    let other = await refusal { try await place(shop, 1, for: "CASH", sku: "LAMP") }
    #expect(violations(other) == ["NO_PRESALE order.lines[0].sku"])
    let refuses = await refusal {
      try await shop.preorders.placePreorder(
        .init(
          order: shop.input([("CHAIR", 1)], customer: "CASH", shortage: .refuse)),
        options: shop.command())
    }
    #expect(violations(refuses) == ["PREORDERS_WAIT order.shortage_rule"])
    func set(_ change: (inout OrdersV1.Presale) -> Void) async -> [String] {
      var presale = OrdersV1.Presale(
        sku: "LAMP", opensOn: day(3, 10), closesOn: day(3, 31), releasesOn: day(4, 1),
        limit: pieces(6), depositMicros: 200_000, depositKind: .prepayment)
      change(&presale)
      return violations(
        await refusal {
          try await shop.preorders.setPresale(.init(presale: presale), options: shop.command())
        })
    }
    #expect(await set { $0.sku = "NOTHING" } == ["UNKNOWN_PRODUCT presale.sku"])
    #expect(await set { $0.sku = "TABLE" } == ["NOT_STOCKED presale.sku"])
    #expect(await set { $0.closesOn = day(3, 9) } == ["OUT_OF_RANGE presale.closes_on"])
    #expect(await set { $0.releasesOn = day(3, 9) } == ["OUT_OF_RANGE presale.releases_on"])
    #expect(await set { $0.opensOn = nil } == ["REQUIRED presale.opens_on"])
    #expect(await set { $0.depositMicros = 0 } == ["OUT_OF_RANGE presale.deposit_micros"])
    #expect(await set { $0.depositDays = 366 } == ["OUT_OF_RANGE presale.deposit_days"])
    #expect(await set { $0.depositKind = .unspecified } == ["REQUIRED presale.deposit_kind"])
    #expect(await set { $0.limit = pieces(0) }.count == 1)
    #expect(await set { _ in } == [])
    let early = await refusal { try await place(shop, 1, for: "CASH", sku: "LAMP") }
    #expect(violations(early) == ["PRESALE_NOT_OPEN order.lines[0].sku"])
    let plain = try await shop.place([("INSTALL", 1)], customer: "VIP").number
    let none = await refusal { try await shop.preorders.getPreorder(.init(orderNumber: plain)) }
    #expect(violations(none) == ["NO_PREORDER order_number"])
    #expect(try await shop.preorders.listPreorders(.init()).preorders == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("one that somebody must approve is asked for, and confirmed by what comes later")
  func approval() async throws {
    let shop = try await furnished { presale in
      presale.limit = pieces(60)
      presale.customerLimit = nil
    }
    _ = try await shop.orders.replaceApprovalRules(
      .init(
        rules: [
          .init(
            minimumGross: yuan("5000"), windowHours: 24,
            steps: [.init(role: "SALES_MANAGER"), .init(role: "GENERAL_MANAGER")])
        ], reason: "two levels"), options: shop.command())
    func approve(_ number: String, _ actor: String, _ role: String) async throws -> OrdersV1.Order?
    {
      try await shop.orders.approveOrder(
        .init(number: number), options: shop.command(by: actor, roles: role)
      ).order
    }
    // 5,638.70, a fifth of it before.
    let first = try await place(shop, 10, for: "VIP").orderNumber
    let asked = try await shop.orders.getOrder(.init(number: first)).order?.approval
    #expect(asked?.steps.map(\.role) == ["SALES_MANAGER", "GENERAL_MANAGER"])
    #expect(asked?.pending == true)
    #expect(try await shop.violations() == [])
    _ = try await approve(first, "ana", "SALES_MANAGER")
    try await pay(shop, first, "1127.74")
    #expect(try await shop.orders.getOrder(.init(number: first)).order?.state == .submitted)
    // The last who agrees confirms it: the deposit is here.
    #expect(try await approve(first, "boss", "GENERAL_MANAGER")?.state == .confirmed)
    #expect(try await show(shop, first).state == .queued)

    // Two small ones count together.
    #expect(try await place(shop, 5, for: "CREDIT").state == .awaitingDeposit)
    let second = try await place(shop, 5, for: "CREDIT").orderNumber
    _ = try await approve(second, "ana", "SALES_MANAGER")
    _ = try await approve(second, "boss", "GENERAL_MANAGER")
    #expect(try await shop.orders.getOrder(.init(number: second)).order?.state == .submitted)
    try await pay(shop, second, "563.87")
    #expect(try await shop.orders.getOrder(.init(number: second)).order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
