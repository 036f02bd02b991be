import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: goods come back for others, and only the difference is paid")
struct ExchangeTests {
  private func pay(_ shop: Shop, _ order: String, _ amount: String) async throws {
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan(amount), method: .card, orderNumber: order), options: shop.command())
  }

  /// Two chairs of 563.87 with tax, delivered and billed; paid where an amount is given.
  private func sell(
    _ shop: Shop, to customer: String = "CASH", paid: String? = "1127.74"
  ) async throws -> String {
    let order = try await shop.place([("CHAIR", 2)], customer: customer).number
    if let paid { try await pay(shop, order, paid) }
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    return order
  }

  private func exchange(
    _ shop: Shop, _ order: String, _ count: Int64, for lamps: Int64,
    _ reason: String = "CHANGED_MIND", dryRun: Bool = false
  ) async throws -> AftersalesV1.Exchange {
    let reply = try await shop.exchanges.createExchange(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(count), reasonCode: reason)],
        note: "a lamp, rather",
        order: .init(lines: [.init(sku: "LAMP", quantity: pieces(lamps))], shortageRule: .wait)),
      options: shop.command(dryRun: dryRun))
    return try #require(reply.exchange)
  }

  /// The goods come, are as new, and are credited.
  private func settle(
    _ shop: Shop, _ exchange: AftersalesV1.Exchange, _ count: Int64
  ) async throws -> AftersalesV1.CreditReturnResponse {
    let back = exchange.returnNumber
    _ = try await shop.returns.receiveReturn(
      .init(number: back), options: shop.command(by: "store.keeper"))
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(count), grade: .a)]),
      options: shop.command(by: "store.keeper"))
    return try await shop.returns.creditReturn(
      .init(number: back), options: shop.command(by: "accountant"))
  }

  private func show(_ shop: Shop, _ number: String) async throws -> AftersalesV1.Exchange {
    try #require(try await shop.exchanges.getExchange(.init(number: number)).exchange)
  }

  /// Cents of an account.
  private func balance(_ shop: Shop, _ account: String) async throws -> Int64 {
    try await shop.finance.getTrialBalance(.init()).accounts
      .first { $0.account == account }?.balance?.minorUnits ?? 0
  }

  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 4, cost: "200")
    try await shop.stock("LAMP", 6, cost: "80")
    return shop
  }

  @Test("a chair goes back for three lamps: the customer pays what they cost more")
  func dearer() async throws {
    let shop = try await furnished()
    let order = try await sell(shop)
    // 3 × 199.90 and 13 % of 599.70.
    let shown = try await exchange(shop, order, 1, for: 3, dryRun: true)
    let made = try await exchange(shop, order, 1, for: 3)
    #expect(shown == made && made.number == "EX-2026-000001" && made.state == .open)
    #expect(made.credited == yuan("563.87") && made.ordered == yuan("677.66"))
    #expect(made.difference == yuan("113.79") && made.fee == yuan("0.00"))
    #expect(made.toPay == yuan("113.79") && made.toRefund == yuan("0.00"))
    #expect(made.carried == yuan("0.00") && made.returnState == .approved)
    #expect(made.orderState == .confirmed && made.originOrderNumber == order)
    // The lamps are the customer's on the shelf, and leave when they are paid.
    let held = try await shop.orders.getOrder(.init(number: made.orderNumber)).order
    #expect(held?.lines.map(\.reserved) == [amount("3", "pcs")] && held?.note == "a lamp, rather")
    let prepared = try await shop.orders.prepareShipment(
      .init(orderNumber: made.orderNumber), options: shop.command())
    let shipment = prepared.shipment?.number ?? ""
    _ = try await shop.orders.pickShipment(.init(number: shipment), options: shop.command())
    _ = try await shop.orders.packShipment(
      .init(number: shipment, cartons: 1), options: shop.command())
    func dispatch() async -> RPCError? {
      await refusal {
        try await shop.orders.dispatchShipment(
          .init(number: shipment, carrier: "DB"), options: shop.command())
      }
    }
    #expect(reason(await dispatch()) == "PAYMENT_OUTSTANDING")

    let credited = try await settle(shop, made, 1)
    #expect(credited.refund == yuan("0.00"))
    let settled = try await show(shop, made.number)
    #expect(settled.state == .settled && settled.carried == yuan("563.87"))
    #expect(settled.toPay == yuan("113.79") && settled.difference == made.difference)
    #expect(reason(await dispatch()) == "PAYMENT_OUTSTANDING")
    try await pay(shop, made.orderNumber, "113.79")
    #expect(await dispatch() == nil)
    _ = try await shop.orders.deliverShipment(
      .init(number: shipment), options: shop.command())
    let billed = try await shop.orders.invoiceOrder(
      .init(number: made.orderNumber), options: shop.command())
    #expect(billed.gross == yuan("677.66"))
    for number in [order, made.orderNumber] {
      #expect(try await shop.orders.getOrder(.init(number: number)).order?.state == .closed)
    }
    // Tax by both documents: 13 % of 998.00 − 499.00 + 599.70.
    #expect(try await balance(shop, "2221.01") == -14_283)
    #expect(try await balance(shop, "2204") == 0)
    #expect(try await balance(shop, "1122") == 0)
    let told = try await shop.orders.getOrderTimeline(.init(number: made.orderNumber)).events
    #expect(told.map(\.type).contains("exchange.settled"))
    let paid = try await shop.finance.getPayment(.init(number: "PY-2026-000001")).payment
    let part = try #require(paid?.uses.first)
    #expect(part.kind == .carried && part.amount == yuan("563.87"))
    let carried = try await shop.finance.getPayment(.init(number: part.paymentNumber)).payment
    #expect(carried?.carriedFrom == "PY-2026-000001" && carried?.orderNumber == made.orderNumber)
    #expect(carried?.applications.map(\.amount) == [yuan("563.87")])
    #expect(try await shop.exchanges.listExchanges(.init(orderNumber: order)).exchanges.count == 1)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("an exchange is what a complaint was resolved by, if it is the same customer's")
  func resolvesComplaint() async throws {
    let shop = try await furnished()
    let order = try await sell(shop)
    let made = try await exchange(shop, order, 1, for: 3)
    func resolve(_ about: String, by document: String) async throws -> AftersalesV1.Complaint? {
      let opened = try await shop.complaints.openComplaint(
        .init(
          orderNumber: about, lineNumber: 1, category: .quality, severity: .high, text: "wobbles"),
        options: shop.command()
      ).complaint
      return try await shop.complaints.resolveComplaint(
        .init(
          number: opened?.number ?? "", resolution: "lamps instead", documentNumber: document),
        options: shop.command()
      ).complaint
    }
    let resolved = try await resolve(order, by: made.number)
    #expect(resolved?.state == .resolved)
    #expect(resolved?.resolvedByDocument == .init(kind: .exchange, number: made.number))
    let other = try await shop.place([("LAMP", 1)], customer: "VIP").number
    let foreign = await refusal { try await resolve(other, by: made.number) }
    #expect(reason(foreign) == "FOREIGN_DOCUMENT")
    let unknown = await refusal { try await resolve(order, by: "EX-1999-000001") }
    #expect(unknown?.code == .notFound)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("two chairs go back for a lamp: the rest goes back, and all when the lamp is cancelled")
  func cheaper() async throws {
    let shop = try await furnished()
    let order = try await sell(shop)
    let made = try await exchange(shop, order, 2, for: 1)
    #expect(made.difference == yuan("-901.85") && made.toPay == yuan("0.00"))
    #expect(made.toRefund == yuan("901.85"))
    let credited = try await settle(shop, made, 2)
    #expect(credited.refund == yuan("901.85"))
    #expect(try await show(shop, made.number).toRefund == yuan("901.85"))
    let paid = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .card), options: shop.command(by: "cashier"))
    #expect(paid.refund?.amount == yuan("901.85"))
    #expect(try await show(shop, made.number).toRefund == yuan("0.00"))
    _ = try await shop.orders.cancelOrder(
      .init(number: made.orderNumber, reason: .customerWish), options: shop.command())
    let after = try await show(shop, made.number)
    #expect(after.toRefund == yuan("225.89") && after.ordered == yuan("0.00"))
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: made.orderNumber, method: .card), options: shop.command(by: "cashier"))
    // All that came in has gone out, and nothing is owed.
    #expect(try await balance(shop, "1002") == 0)
    #expect(try await balance(shop, "2204") == 0)
    #expect(try await balance(shop, "1122") == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("either side can be called off: the other goes on by itself")
  func calledOff() async throws {
    let shop = try await furnished()
    let order = try await sell(shop)
    let first = try await exchange(shop, order, 1, for: 1)
    _ = try await shop.returns.cancelReturn(
      .init(number: first.returnNumber, reason: "the chair stays"), options: shop.command())
    let ended = try await show(shop, first.number)
    #expect(ended.state == .ended && ended.toPay == yuan("225.89"))
    #expect(ended.difference == yuan("225.89") && ended.orderState == .confirmed)
    let told = try await shop.orders.getOrderTimeline(.init(number: first.orderNumber)).events
    #expect(told.map(\.type).contains("exchange.ended"))

    // The same chair again, and then the lamp is not wanted before the chair is here.
    let second = try await exchange(shop, order, 1, for: 1)
    _ = try await shop.orders.cancelOrder(
      .init(number: second.orderNumber, reason: .customerWish), options: shop.command())
    #expect(try await show(shop, second.number).toRefund == yuan("563.87"))
    let credited = try await settle(shop, second, 1)
    #expect(credited.refund == yuan("563.87"))
    let settled = try await show(shop, second.number)
    #expect(settled.carried == yuan("0.00") && settled.toRefund == yuan("563.87"))
    #expect(settled.orderState == .cancelled)
    #expect(try await shop.exchanges.listExchanges(.init(pageSize: 1)).exchanges == [settled])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("on credit the open invoice is less; a fee is paid before anything is carried over")
  func onCredit() async throws {
    let shop = try await furnished()
    _ = try await shop.returns.setReturnPolicy(
      .init(rules: [.init(allowed: true, feeMicros: 100_000)], reason: "a tenth"),
      options: shop.command())
    let order = try await sell(shop, to: "VIP", paid: nil)
    let made = try await exchange(shop, order, 1, for: 1)
    #expect(made.fee == yuan("56.39") && made.toPay == yuan("225.89"))
    #expect(made.difference == yuan("-281.59") && made.toRefund == yuan("0.00"))
    _ = try await settle(shop, made, 1)
    let settled = try await show(shop, made.number)
    #expect(settled.carried == yuan("0.00") && settled.toPay == yuan("225.89"))
    // Half of the first order, the fee and the lamp are owed.
    let credit = try await shop.customers.getCustomer(.init(code: "VIP")).credit
    #expect(credit?.invoices == yuan("620.26") && credit?.orders == yuan("225.89"))

    // The fee is paid of the money first.
    let paid = try await sell(shop)
    let other = try await exchange(shop, paid, 1, for: 3)
    #expect(other.toPay == yuan("170.18"))
    _ = try await settle(shop, other, 1)
    #expect(try await show(shop, other.number).carried == yuan("507.48"))
    #expect(try await show(shop, other.number).toPay == yuan("170.18"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is open of the first order is paid before anything goes back or over")
  func openInvoice() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 6, cost: "80")
    try await shop.stock("CHAIR", 2, cost: "200")
    // Two of three chairs come first, and are paid; the third is on account.
    let order = try await shop.place([("CHAIR", 3)]).number
    func bill() async throws -> String {
      try await shop.deliver(order)
      return try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
        .invoiceNumber
    }
    _ = try await bill()
    try await pay(shop, order, "1127.74")
    try await shop.stock("CHAIR", 1, cost: "200")
    let second = try await bill()

    // 1,127.74 free again, less 563.87 that is open and a lamp for 225.89.
    let made = try await exchange(shop, order, 2, for: 1)
    #expect(made.toPay == yuan("0.00") && made.toRefund == yuan("337.98"))
    let credited = try await settle(shop, made, 2)
    #expect(credited.creditNotes.map(\.released) == [yuan("1127.74")])
    #expect(credited.refund == yuan("337.98"))
    let settled = try await show(shop, made.number)
    #expect(settled.carried == yuan("225.89") && settled.toRefund == made.toRefund)
    let invoice = try await shop.finance.getInvoice(.init(number: second)).invoice
    #expect(invoice?.open == yuan("0.00") && invoice?.state == .paid)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a defect waits for who must agree, and money that is carried over lets the workshop begin")
  func deposit() async throws {
    let shop = try await furnished()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "CASH", name: "李娜", customerClass: "VIP",
          terms: .init(depositMicros: 150_000))
      ]), options: shop.command())
    try await shop.stock("BOARD", 20, cost: "180")
    let order = try await sell(shop)
    let reply = try await shop.exchanges.createExchange(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT")],
        order: .init(lines: [.init(sku: "TABLE", quantity: pieces(1))], shortageRule: .wait)),
      options: shop.command())
    let made = try #require(reply.exchange)
    #expect(made.returnState == .requested && reply.order?.depositRequired == yuan("542.40"))
    let works = try await shop.production.listWorkOrders(.init(orderNumber: made.orderNumber))
    let work = try #require(works.workOrders.first).number
    func begin() async -> RPCError? {
      await refusal {
        try await shop.production.releaseWorkOrder(.init(number: work), options: shop.command())
      }
    }
    #expect(await begin() != nil)
    _ = try await shop.returns.approveReturn(
      .init(number: made.returnNumber),
      options: shop.command(by: "manager", roles: "SALES_MANAGER"))
    _ = try await settle(shop, made, 1)
    #expect(try await show(shop, made.number).carried == yuan("563.87"))
    #expect(await begin() == nil)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what one side refuses is refused as a whole, and names the field")
  func refused() async throws {
    let shop = try await furnished()
    let order = try await sell(shop)
    func create(
      _ number: String, _ lines: [AftersalesV1.ReturnLineInput], _ new: [OrdersV1.LineInput]
    ) async -> RPCError? {
      await refusal {
        try await shop.exchanges.createExchange(
          .init(
            orderNumber: number, lines: lines, order: .init(lines: new, shortageRule: .wait)),
          options: shop.command())
      }
    }
    let chair = AftersalesV1.ReturnLineInput(
      lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")
    let lamp = OrdersV1.LineInput(sku: "LAMP", quantity: pieces(1))
    #expect(
      violations(await create("SO-1999-000001", [chair], [lamp])) == [
        "UNKNOWN_ORDER order_number"
      ])
    #expect(violations(await create(order, [], [lamp])) == ["OUT_OF_RANGE lines"])
    #expect(violations(await create(order, [chair], [])) == ["NO_LINES order.lines"])
    var three = chair
    three.quantity = pieces(3)
    #expect(
      violations(await create(order, [three], [lamp])) == [
        "MORE_THAN_AVAILABLE lines[0].quantity"
      ])
    #expect(
      violations(await create(order, [chair], [lamp, .init(sku: "NOTHING", quantity: pieces(1))]))
        == ["UNKNOWN_PRODUCT order.lines[1].sku"])
    let unknown = await refusal {
      try await shop.exchanges.getExchange(.init(number: "EX-2026-000009"))
    }
    #expect(violations(unknown) == ["UNKNOWN_EXCHANGE number"])
    #expect(try await shop.returns.listReturns(.init()).returns == [])
    #expect(try await shop.exchanges.listExchanges(.init()).exchanges == [])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
