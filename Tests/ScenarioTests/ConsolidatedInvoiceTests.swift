import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a customer wants one invoice for several orders")
struct ConsolidatedInvoiceTests {
  private static let wanted = FinanceV1.InvoiceRequirement(
    kind: .ordinary, form: .electronic, buyerName: "Oak Hotel", consolidated: true)

  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    try await shop.stock("LAMP", 40, cost: "80")
    return shop
  }

  /// Chairs cost 563.87 with tax, lamps 225.89.
  private func place(
    _ shop: Shop, _ lines: [(String, Int64)], customer: String = "CREDIT",
    _ invoice: FinanceV1.InvoiceRequirement? = wanted
  ) async throws -> String {
    var input = shop.input(lines, customer: customer)
    if let invoice { input.instructions = .init(invoice: invoice) }
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command())
      .order?.number ?? ""
  }

  private func send(_ shop: Shop, _ order: String, _ count: Int64) async throws -> String {
    let number =
      try await shop.orders.prepareShipment(
        .init(orderNumber: order, lines: [.init(lineNumber: 1, quantity: pieces(count))]),
        options: shop.command()
      ).shipment?.number ?? ""
    try await shop.deliver(shipment: number)
    return number
  }

  private func consolidate(
    _ shop: Shop, _ customer: String = "", through: GoogleType.Date? = nil, dryRun: Bool = false
  ) async throws -> FinanceV1.ConsolidateInvoicesResponse {
    try await shop.finance.consolidateInvoices(
      .init(customerCode: customer, through: through), options: shop.command(dryRun: dryRun))
  }

  private func waiting(_ shop: Shop) async throws -> [String] {
    try await shop.finance.listUninvoicedDeliveries(.init()).deliveries.map(\.orderNumber)
  }

  private func state(_ shop: Shop, _ order: String) async throws -> OrdersV1.OrderState? {
    try await shop.orders.getOrder(.init(number: order)).order?.state
  }

  private func pay(_ shop: Shop, _ amount: String, order: String = "") async throws {
    _ = try await shop.finance.receivePayment(
      .init(
        customerCode: order.isEmpty ? "CREDIT" : "", amount: yuan(amount), method: .bankTransfer,
        orderNumber: order), options: shop.command())
  }

  @Test("what was delivered of several orders is one invoice, whose lines name order and shipment")
  func oneInvoice() async throws {
    let shop = try await opened()
    let chairs = try await place(shop, [("CHAIR", 3)])
    let first = try await send(shop, chairs, 1)
    let second = try await send(shop, chairs, 1)
    let lamp = try await place(shop, [("LAMP", 1)])
    try await shop.deliver(lamp)
    let single = try await place(shop, [("LAMP", 1)], nil)
    try await shop.deliver(single)
    let alone = await refusal {
      try await shop.orders.invoiceOrder(.init(number: chairs), options: shop.command())
    }
    #expect(reason(alone) == "INVOICED_TOGETHER")
    let actions = try await shop.orders.getAllowedActions(.init(number: chairs)).actions
    #expect(
      actions.first { $0.action == .invoice }?.obstacles.map(\.reason) == ["INVOICED_TOGETHER"])
    let before = try await shop.orders.invoiceOrder(
      .init(number: single), options: shop.command()
    ).invoiceNumber

    let found = try await shop.finance.listUninvoicedDeliveries(.init(customerCode: "CREDIT"))
    #expect(found.deliveries.map(\.orderNumber) == [chairs, lamp])
    #expect(found.deliveries.map(\.gross) == [yuan("1127.74"), yuan("225.89")])
    #expect(found.deliveries.first?.shipmentNumbers == [first, second])
    let shown = try await consolidate(shop, dryRun: true)
    let done = try await consolidate(shop)
    #expect(shown == done && done.waiting.isEmpty && !done.more)
    let invoice = try #require(done.invoices.first)
    #expect(done.invoices.count == 1 && invoice.orderNumbers == [chairs, lamp])
    #expect(invoice.gross == yuan("1353.63") && invoice.open == invoice.gross)
    #expect(invoice.state == .open && invoice.number.hasPrefix("IN-"))
    #expect(try await consolidate(shop).invoices.isEmpty)
    #expect(try await waiting(shop).isEmpty)

    let whole = try #require(
      try await shop.finance.getInvoice(.init(number: invoice.number)).invoice)
    #expect(whole.lines.map(\.orderNumber) == [chairs, chairs, lamp])
    #expect(Array(whole.lines.map(\.shipmentNumber).prefix(2)) == [first, second])
    let total = whole.lines.reduce(0) {
      $0 + ($1.net?.minorUnits ?? 0) + ($1.tax?.minorUnits ?? 0)
    }
    #expect(total == 135_363 && whole.gross == yuan("1353.63"))
    #expect(whole.taxTotals.count == 1 && whole.taxTotals.first?.tax == whole.tax)
    #expect(whole.partNumbers == [invoice.number + "/1", invoice.number + "/2"])
    #expect(whole.requirement?.buyerName == "Oak Hotel" && whole.orderNumber.isEmpty)
    let part = try await shop.finance.getInvoice(.init(number: invoice.number + "/2")).invoice
    #expect(part?.orderNumber == lamp && part?.consolidatedNumber == invoice.number)
    // One number of the series.
    let next = try await place(shop, [("LAMP", 1)], nil)
    try await shop.deliver(next)
    let after = try await shop.orders.invoiceOrder(.init(number: next), options: shop.command())
      .invoiceNumber
    #expect(
      [before, invoice.number, after].map { $0.suffix(6) } == ["000001", "000002", "000003"])
    try await paid(shop, chairs: chairs, lamp: lamp, invoice.number)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// Money for an order pays its part, money for nothing in particular what is due first.
  private func paid(
    _ shop: Shop, chairs: String, lamp: String, _ number: String
  ) async throws {
    try await pay(shop, "225.89", order: lamp)
    #expect(try await state(shop, lamp) == .closed)
    let partly = try await shop.finance.listConsolidatedInvoices(.init(customerCode: "CREDIT"))
    #expect(partly.invoices.map(\.number) == [number])
    #expect(partly.invoices.map(\.open) == [yuan("1127.74")])
    #expect(partly.invoices.map(\.state) == [.partlyPaid])
    try await pay(shop, "1353.63")
    let whole = try await shop.finance.getInvoice(.init(number: number)).invoice
    #expect(whole?.state == .paid && whole?.open == yuan("0.00"))
    // The third chair is for the next one.
    #expect(try await state(shop, chairs) == .partlyShipped)
    _ = try await send(shop, chairs, 1)
    #expect(try await waiting(shop) == [chairs])
    let rest = try await consolidate(shop, "CREDIT")
    #expect(rest.invoices.map(\.gross) == [yuan("563.87")])
    // The lamp that was invoiced by itself was due before it.
    try await pay(shop, "789.76")
    #expect(try await state(shop, chairs) == .closed)
  }

  @Test("up to a day: what came later waits for the next one; work goes with the goods")
  func throughDay() async throws {
    let shop = try await opened()
    let order = try await place(shop, [("CHAIR", 2)])
    _ = try await send(shop, order, 1)
    let day = GoogleType.Date(year: 2026, month: 3, day: 2)
    shop.clock.advance(days: 3)
    _ = try await send(shop, order, 1)
    let future = await refusal {
      try await consolidate(shop, through: .init(year: 2026, month: 3, day: 6))
    }
    #expect(violations(future) == ["OUT_OF_RANGE through"])
    #expect(try await waiting(shop) == [order])
    let first = try await consolidate(shop, through: day)
    #expect(first.invoices.map(\.gross) == [yuan("563.87")])
    #expect(first.invoices.first?.through == day)
    #expect(first.invoices.first?.invoicedOn == .init(year: 2026, month: 3, day: 5))
    #expect(try await consolidate(shop, through: day).invoices.isEmpty)
    let second = try await consolidate(shop)
    #expect(second.invoices.map(\.gross) == [yuan("563.87")])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what does not agree is not on one invoice, and what is held waits on")
  func groups() async throws {
    let shop = try await opened()
    var other = Self.wanted
    other.buyerName = "Oak Spa"
    let hotel = try await place(shop, [("LAMP", 1)])
    let spa = try await place(shop, [("LAMP", 2)], other)
    let held = try await place(shop, [("LAMP", 3)])
    let stranger = try await place(shop, [("LAMP", 4)], customer: "VIP")
    for order in [hotel, spa, held, stranger] { try await shop.deliver(order) }
    _ = try await shop.orders.holdOrder(
      .init(number: held, kind: .price, reason: "list price?"), options: shop.command())
    let done = try await consolidate(shop)
    #expect(done.invoices.map(\.orderNumbers) == [[hotel], [spa], [stranger]])
    #expect(done.waiting.map(\.orderNumber) == [held])
    #expect(done.waiting.map(\.reason) == ["ORDER_ON_HOLD"])
    #expect(try await waiting(shop) == [held])
    // Who wants it no more gets an invoice of its own.
    _ = try await shop.orders.releaseOrderHold(
      .init(number: held, kind: .price, reason: "right"), options: shop.command())
    _ = try await shop.orders.changeOrder(
      .init(
        number: held, change: .init(instructions: .init(invoice: .init(kind: .ordinary))),
        reason: "by mail"), options: shop.command())
    #expect(try await waiting(shop).isEmpty)
    _ = try await shop.orders.invoiceOrder(.init(number: held), options: shop.command())
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what comes back of one of the orders is credited to its part")
  func comesBack() async throws {
    let shop = try await opened()
    let chairs = try await place(shop, [("CHAIR", 2)])
    let lamp = try await place(shop, [("LAMP", 1)])
    for order in [chairs, lamp] { try await shop.deliver(order) }
    let number = try #require(try await consolidate(shop).invoices.first?.number)
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: chairs,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "CHANGED_MIND")]),
      options: shop.command())
    let back = asked.customerReturn?.number ?? ""
    _ = try await shop.returns.receiveReturn(
      .init(number: back), options: shop.command(by: "store.keeper"))
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command(by: "store.keeper"))
    let credited = try await shop.returns.creditReturn(
      .init(number: back), options: shop.command(by: "accountant"))
    #expect(credited.creditNotes.map(\.invoiceNumber) == [number + "/1"])
    let whole = try await shop.finance.getInvoice(.init(number: number)).invoice
    #expect(whole?.credited == yuan("563.87") && whole?.open == yuan("789.76"))
    try await pay(shop, "789.76")
    #expect(try await state(shop, chairs) == .closed)
    #expect(try await state(shop, lamp) == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("cards, deposits and money on account pay the parts; points are earned by each order")
  func paidBefore() async throws {
    let shop = try await opened()
    _ = try await shop.points.setPointsProgramme(
      .init(
        moment: .invoice, rates: [.init(pointsMicros: 1_000_000)],
        redemptionValue: yuanEach("0.05"), fairValue: yuanEach("0.04"), minimumPoints: 100,
        validMonths: 12, reason: "the first"), options: shop.command())
    let chairs = try await place(shop, [("CHAIR", 1)])
    let lamp = try await place(shop, [("LAMP", 1)])
    let other = try await place(shop, [("LAMP", 1)])
    let card = try await shop.giftCards.sellGiftCard(
      .init(amount: yuan("500"), method: .card), options: shop.command())
    _ = try await shop.giftCards.redeemGiftCard(
      .init(code: card.code, orderNumber: lamp), options: shop.command())
    try await pay(shop, "63.87", order: chairs)
    try await pay(shop, "100")
    for order in [chairs, lamp, other] { try await shop.deliver(order) }
    let done = try #require(try await consolidate(shop).invoices.first)
    // The card pays the lamp; money on account what comes first.
    #expect(done.orderNumbers == [chairs, lamp, other] && done.open == yuan("625.89"))
    let parts = try await shop.finance.listInvoices(.init(customerCode: "CREDIT")).invoices
    #expect(parts.map(\.open) == [yuan("225.89"), yuan("0.00"), yuan("400.00")])
    #expect(try await state(shop, lamp) == .closed)
    let points = try await shop.points.getPoints(.init(customerCode: "CREDIT"))
    #expect(points.balance == 563 + 225 + 225)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("in another currency, by the rate of its day; a merged customer keeps its invoices")
  func foreign() async throws {
    let shop = try await opened()
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "USD", micros: 7_100_000, units: 1),
          validFrom: .init(year: 2026, month: 3, day: 2), source: "PBoC")
      ]), options: shop.command())
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(convertsPrices: true)), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: ["JOHN", "JON"].map {
          .init(
            code: $0, name: $0, creditLimit: yuan("100000"), terms: .init(netDays: 30),
            currencyCode: "USD")
        }), options: shop.command())
    let one = try await place(shop, [("CHAIR", 1)], customer: "JON")
    let two = try await place(shop, [("LAMP", 3)], customer: "JON")
    for order in [one, two] { try await shop.deliver(order) }
    let invoice = try #require(try await consolidate(shop, "JON").invoices.first)
    let whole = try await shop.finance.getInvoice(.init(number: invoice.number)).invoice
    #expect(whole?.exchangeRate?.micros == 7_100_000)
    let parts = try await shop.finance.listInvoices(.init(customerCode: "JON")).invoices
    let worth = parts.reduce(0) { $0 + ($1.baseGross?.minorUnits ?? 0) }
    #expect(parts.count == 2 && whole?.baseGross?.minorUnits == worth)
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "JON", intoCode: "JOHN"), options: shop.command())
    let given = try await shop.finance.listConsolidatedInvoices(.init(customerCode: "JOHN"))
    #expect(given.invoices.map(\.number) == [invoice.number])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
