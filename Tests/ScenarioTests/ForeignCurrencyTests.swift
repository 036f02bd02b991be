import Messages
import TestKit
import Testing

@Suite("Scenario: customers who buy in other currencies")
struct ForeignCurrencyTests {
  private static let today = GoogleType.Date(year: 2026, month: 3, day: 2)

  private static func dollars(_ cents: Int64) -> TypeV1.Money {
    .init(currencyCode: "USD", minorUnits: cents)
  }

  /// "USD=7.1" in millionths from today on; `code` of so many units.
  private static func set(
    _ shop: Shop, _ code: String, _ micros: Int64, per units: Int32 = 1,
    from day: GoogleType.Date = today
  ) async throws {
    let reply = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: code, micros: micros, units: units), validFrom: day,
          source: "PBoC")
      ]), options: shop.command())
    #expect(reply.verdicts.allSatisfy { $0.violations.isEmpty })
  }

  /// A shop with a customer of dollars and one of yen, and a chair for 70 dollars.
  private static func open(converts: Bool = false) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await set(shop, "USD", 7_100_000)
    try await set(shop, "JPY", 4_700_000, per: 100)
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(convertsPrices: converts)), options: shop.command())
    _ = try await shop.returns.setReturnPolicy(
      .init(rules: [.init(isDefect: true, allowed: true)], reason: "defects"),
      options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "JOHN", name: "John", creditLimit: yuan("100000"), terms: .init(netDays: 30),
          currencyCode: "USD"),
        .init(
          code: "TARO", name: "Taro", creditLimit: yuan("100000"), terms: .init(netDays: 30),
          currencyCode: "JPY"),
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "EXPORT", name: "Export", currencyCode: "USD")]),
      options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "EXPORT", sku: "CHAIR",
          unitPrice: .init(currencyCode: "USD", micros: 70_000_000),
          validFrom: .init(year: 2026, month: 1, day: 1))
      ]), options: shop.command())
    return shop
  }

  /// "1122 USD 0.00 0.00": account, currency, balance there and in the base currency.
  private func balances(_ shop: Shop) async throws -> [String] {
    try await shop.finance.getTrialBalance(.init()).accounts.filter {
      ["1002", "1122", "2204", "6603.01", "6603.02", "2241"].contains($0.account)
        && ($0.balance?.minorUnits != 0 || $0.baseBalance?.minorUnits != 0)
    }.map {
      "\($0.account) \($0.balance?.currencyCode ?? "") \($0.balance?.minorUnits ?? 0) "
        + "\($0.baseBalance?.minorUnits ?? 0)"
    }
  }

  private func pay(
    _ shop: Shop, _ order: String, _ amount: TypeV1.Money, earnest: Bool = false
  ) async throws -> FinanceV1.Payment? {
    try await shop.finance.receivePayment(
      .init(
        amount: amount, method: .bankTransfer, orderNumber: order,
        kind: earnest ? .earnest : .prepayment), options: shop.command()
    ).payment
  }

  @Test("an order in dollars is delivered, paid at other rates and given back: the books close")
  func fromOrderToRefund() async throws {
    let shop = try await Self.open()
    try await shop.stock("CHAIR", 10, cost: "200")
    let order = try await shop.place([("CHAIR", 4)], customer: "JOHN")
    #expect(order.gross == Self.dollars(316_40) && order.baseGross == yuan("2246.44"))
    #expect(order.exchangeRate?.micros == 7_100_000)
    let credit = try await shop.customers.getCustomer(.init(code: "JOHN"))
    #expect(credit.credit?.orders == yuan("2246.44"))
    #expect(credit.customer?.currencyCode == "USD")

    // A correction of the day's rate changes no document.
    try await Self.set(shop, "USD", 7_200_000)
    let deposit = try await pay(shop, order.number, Self.dollars(100_00))
    #expect(deposit?.baseAmount == yuan("720.00"))
    let after = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(after?.exchangeRate?.micros == 7_100_000 && after?.baseGross == yuan("2246.44"))
    let wrong = await refusal { try await pay(shop, order.number, yuan("10")) }
    #expect(violations(wrong) == ["CURRENCY_OF_DOCUMENT amount.currency_code"])

    try await shop.deliver(order.number)
    try await Self.set(shop, "USD", 7_250_000)
    let bill = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    let invoice = try await shop.finance.getInvoice(.init(number: bill.invoiceNumber)).invoice
    #expect(invoice?.gross == Self.dollars(316_40) && invoice?.baseGross == yuan("2293.90"))
    #expect(invoice?.lines.map(\.baseNet) == [yuan("2030.00")])
    #expect(invoice?.lines.map(\.baseTax) == [yuan("263.90")])
    #expect(invoice?.open == Self.dollars(216_40) && invoice?.baseOpen == yuan("1568.90"))
    let aged = try await shop.reports.getAgedReceivables(.init()).rows
    #expect(aged.map(\.total) == [yuan("1568.90")])

    try await Self.set(shop, "USD", 7_000_000)
    let rest = try await pay(shop, order.number, Self.dollars(216_40))
    #expect(rest?.applications.map(\.exchangeGain) == [yuan("-54.10")])
    #expect(
      try await balances(shop) == ["1002 USD 31640 223480", "6603.02 USD 0 5910"])
    let closed = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(closed?.state == .closed)
    #expect(try await shop.violations() == [])

    try await giveBack(shop, order.number, rest?.number ?? "")
    await shop.close()
  }

  /// One of four comes back: at the worth that it was invoiced with, and paid out at today's rate.
  private func giveBack(_ shop: Shop, _ order: String, _ payment: String) async throws {
    let back = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(1), reasonCode: "DEFECT")]),
      options: shop.command())
    let number = back.customerReturn?.number ?? ""
    _ = try await shop.returns.receiveReturn(.init(number: number), options: shop.command())
    let graded = try await shop.returns.gradeReturn(
      .init(
        number: number, lines: [.init(lineNumber: 1, quantity: pieces(1), grade: .a)]),
      options: shop.command())
    #expect(graded.customerReturn?.lines.map(\.cost) == [yuan("200.00")])
    let credited = try await shop.returns.creditReturn(
      .init(number: number), options: shop.command())
    #expect(credited.refund == Self.dollars(79_10))
    let note = credited.creditNotes.first
    #expect(note?.gross == Self.dollars(79_10) && note?.baseGross == yuan("573.48"))
    try await Self.set(shop, "USD", 7_300_000)
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .bankTransfer),
      options: shop.command(by: "cashier"))
    let paid = try await shop.finance.getPayment(.init(number: payment)).payment
    #expect(paid?.uses.map(\.exchangeGain) == [yuan("-23.73")])
    #expect(paid?.releases.map(\.exchangeGain) == [yuan("-19.78")])
    // 59.10 before, less the 19.78 that is taken back, and 23.73 on the way out.
    #expect(
      try await balances(shop) == [
        "1002 USD 23730 165737", "6603.01 USD 0 -1978", "6603.02 USD 0 8283",
      ])
    #expect(try await shop.violations() == [])
  }

  @Test("prices come from lists in the currency, or are converted where the company says so")
  func prices() async throws {
    let shop = try await Self.open()
    var input = shop.input([("LAMP", 1)], customer: "JOHN")
    let none = await refusal { try await shop.pricing.priceOrder(.init(order: input)) }
    #expect(violations(none) == ["NO_PRICE order.lines[0].sku"])
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(convertsPrices: true)), options: shop.command())
    let lamp = try await shop.pricing.priceOrder(.init(order: input))
    // 199.90 at 7.1.
    #expect(lamp.lines.map(\.unitPrice?.micros) == [28_154_930])
    #expect(
      lamp.lines.first?.explanation?.steps.map(\.rule)
        == ["GENERAL_PRICE_LIST", "EXCHANGE_RATE", "AMOUNT"])
    #expect(lamp.net == Self.dollars(28_15))
    #expect(lamp.explanation?.steps.map(\.rule) == ["DOCUMENT_RATE"])
    // A list in dollars goes before one that is converted.
    let chair = try await shop.catalog.getPrice(.init(customerCode: "JOHN", sku: "CHAIR"))
    #expect(chair.priceListCode == "EXPORT" && chair.unitPrice?.micros == 70_000_000)
    let yen = try await shop.catalog.getPrice(.init(customerCode: "TARO", sku: "CHAIR"))
    #expect(yen.priceListCode == "RETAIL" && yen.unitPrice?.micros == 10_617_021_277)
    // Orders may be in the base currency instead, and in no other.
    input.currencyCode = "CNY"
    let base = try await shop.pricing.priceOrder(.init(order: input))
    #expect(base.gross == yuan("225.89") && base.exchangeRate == nil && base.baseGross == nil)
    input.currencyCode = "JPY"
    let other = await refusal { try await shop.pricing.priceOrder(.init(order: input)) }
    #expect(violations(other) == ["CURRENCY_NOT_TRADED order.currency_code"])
    input.currencyCode = "XXX"
    let unknown = await refusal { try await shop.pricing.priceOrder(.init(order: input)) }
    #expect(violations(unknown) == ["UNKNOWN_CURRENCY order.currency_code"])
    input.currencyCode = ""
    let early = await refusal {
      try await shop.pricing.priceOrder(
        .init(order: input, day: .init(year: 2026, month: 3, day: 1)))
    }
    #expect(violations(early) == ["NO_EXCHANGE_RATE order.currency_code"])
    await shop.close()
  }

  @Test("rules that are written in the base currency count at the rate of the order")
  func rules() async throws {
    let shop = try await Self.open(converts: true)
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init(minimumGross: yuan("5000"), approverRole: "GENERAL_MANAGER")]),
      options: shop.command())
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        .init(
          code: "FIFTY", name: "Fifty off", validFrom: .init(year: 2026, month: 1, day: 1),
          minimumAmount: yuan("3000"), effect: .amount(yuan("71")))
      ]), options: shop.command())
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "INSTALL", occasion: .always, below: yuan("1000"),
          base: yuan("35.50"))
      ]), options: shop.command())
    func price(_ count: Int64) async throws -> PricingV1.PriceOrderResponse {
      try await shop.pricing.priceOrder(
        .init(order: shop.input([("CHAIR", count)], customer: "JOHN")))
    }
    // 140 dollars are 994: freight is 5 dollars.
    let small = try await price(2)
    #expect(small.lines.map(\.net) == [Self.dollars(140_00), Self.dollars(5_00)])
    // 420 dollars are 2,982; 490 are 3,479: 10 dollars off.
    #expect(try await price(6).net == Self.dollars(420_00))
    #expect(try await price(7).net == Self.dollars(480_00))
    // With tax 542.40 dollars, 3,851.04; ten chairs come to 5,535.87.
    #expect(try await price(7).approval?.requiredRole == "")
    #expect(try await price(10).baseGross == yuan("5535.87"))
    #expect(try await price(10).approval?.requiredRole == "GENERAL_MANAGER")
    // The limit is in the base currency: 100,000 are 14,084.51 dollars.
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init(customerClass: "NOBODY", approverRole: "GENERAL_MANAGER")]),
      options: shop.command())
    let much = await refusal { try await shop.place([("CHAIR", 200)], customer: "JOHN") }
    #expect(violation(much) == "CREDIT_LIMIT_EXCEEDED")
    await shop.close()
  }

  @Test(
    "what is offered keeps its rate, a quote has one currency, and a blanket is in the customer's")
  func quotes() async throws {
    let shop = try await Self.open(converts: true)
    try await shop.stock("CHAIR", 10, cost: "200")
    let quote = try await shop.quotes.createQuote(
      .init(
        customerCode: "JOHN",
        variants: [.init(order: shop.input([("CHAIR", 2)], customer: "JOHN"))]),
      options: shop.command()
    ).quote
    #expect(quote?.gross == Self.dollars(158_20))
    try await Self.set(shop, "USD", 9_000_000)
    var yuanInput = shop.input([("CHAIR", 2)], customer: "JOHN")
    yuanInput.currencyCode = "CNY"
    let mixed = await refusal {
      try await shop.quotes.reviseQuote(
        .init(number: quote?.number ?? "", variants: [.init(order: yuanInput)]),
        options: shop.command())
    }
    #expect(violations(mixed) == ["CURRENCY_OF_DOCUMENT variants[0].order.currency_code"])
    let order = try await shop.quotes.convertQuote(
      .init(number: quote?.number ?? ""), options: shop.command()
    ).order
    #expect(order?.gross == Self.dollars(158_20))
    #expect(order?.exchangeRate?.micros == 7_100_000 && order?.baseGross == yuan("1123.22"))

    // A change of it keeps the rate; a new line is priced by it.
    let changed = try await shop.orders.changeOrder(
      .init(
        number: order?.number ?? "",
        change: .init(addedLines: [.init(sku: "LAMP", quantity: pieces(1))]), reason: "more"),
      options: shop.command(roles: "SALES_MANAGER"))
    #expect(changed.order?.lines.last?.unitPrice?.micros == 28_154_930)
    #expect(changed.order?.exchangeRate?.micros == 7_100_000)

    let blanket = try await shop.blankets.createBlanket(
      .init(
        customerCode: "JOHN", lines: [.init(sku: "CHAIR", quantity: pieces(50))],
        validUntil: .init(year: 2026, month: 12, day: 31)), options: shop.command()
    ).blanket
    #expect(
      blanket?.lines.first?.unitPrice == .init(currencyCode: "USD", micros: 70_000_000))
    try await calledOff(shop, blanket?.number ?? "")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  /// The price was agreed in dollars and stays; each order has the rate of its own day.
  private func calledOff(_ shop: Shop, _ blanket: String) async throws {
    try await Self.set(shop, "USD", 7_500_000)
    var callOff = shop.input([("CHAIR", 1)], customer: "JOHN")
    callOff.blanketNumber = blanket
    callOff.discount = .init(currencyCode: "USD", minorUnits: 1_00)
    let priced = try await shop.pricing.priceOrder(.init(order: callOff))
    #expect(priced.net == Self.dollars(69_00))
    callOff.discount = nil
    let draft = try await shop.orders.createOrder(.init(order: callOff), options: shop.command())
    #expect(draft.order?.gross?.currencyCode == "USD")
    let submitted = try await shop.orders.submitOrder(
      .init(number: draft.order?.number ?? ""), options: shop.command()
    ).order
    #expect(submitted?.gross == Self.dollars(79_10))
    #expect(submitted?.exchangeRate?.micros == 7_500_000 && submitted?.baseGross == yuan("593.25"))
    callOff.currencyCode = "CNY"
    let other = await refusal { try await shop.pricing.priceOrder(.init(order: callOff)) }
    #expect(violations(other) == ["CURRENCY_OF_DOCUMENT order.currency_code"])
    // Whoever buys in another currency from now on takes what was agreed as it was agreed.
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "JOHN", name: "John", creditLimit: yuan("100000"), terms: .init(netDays: 30),
          currencyCode: "JPY")
      ]), options: shop.command())
    callOff.currencyCode = ""
    let placed = try await shop.orders.placeOrder(.init(order: callOff), options: shop.command())
    #expect(placed.order?.gross == Self.dollars(79_10))
  }

  @Test("a cancellation takes its fee and owes earnest money in the order's currency")
  func cancellations() async throws {
    let shop = try await Self.open()
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(rules: [.init(shareMicros: 10_000, minimum: yuan("71"))], reason: "terms"),
      options: shop.command())
    let given = try await shop.place([("CHAIR", 1)], customer: "JOHN").number
    // 79.10 dollars: one percent is less than 71 yuan, which are 10 dollars.
    let done = try await shop.orders.cancelOrder(
      .init(number: given, reason: .customerWish), options: shop.command())
    #expect(done.impact?.fee == Self.dollars(10_00))
    let report = try await shop.cancellations.getCancellationReport(.init())
    #expect(report.rows.map(\.amount) == [yuan("561.61")])
    #expect(report.rows.map(\.fees) == [yuan("71.00")])

    let ours = try await shop.place([("CHAIR", 1)], customer: "JOHN").number
    _ = try await pay(shop, ours, Self.dollars(20_00), earnest: true)
    let failed = try await shop.orders.cancelOrder(
      .init(number: ours, reason: .notAvailable), options: shop.command())
    // A fifth of 79.10.
    #expect(failed.impact?.compensation == Self.dollars(15_82))
    #expect(try await balances(shop).contains("2241 USD -1582 -11232"))
    try await Self.set(shop, "USD", 7_200_000)
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: ours, method: .bankTransfer), options: shop.command(by: "cashier"))
    // 20 dollars cost 2.00 more than they brought, and 15.82 1.58 more than was owed.
    #expect(try await balances(shop).contains("6603.02 USD 0 358"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("whoever has no other currency is asked for none, and rates are listed and asked for")
  func rates() async throws {
    let shop = try await Self.open()
    let rate = try await shop.catalog.getExchangeRate(.init(currencyCode: "JPY")).exchangeRate
    #expect(rate?.rate?.units == 100 && rate?.rate?.baseCurrencyCode == "CNY")
    #expect(rate?.source == "PBoC")
    let first = try await shop.catalog.listExchangeRates(.init(pageSize: 1))
    let second = try await shop.catalog.listExchangeRates(
      .init(pageSize: 1, pageToken: first.nextPageToken))
    #expect(
      (first.exchangeRates + second.exchangeRates).map { $0.rate?.currencyCode } == ["JPY", "USD"])
    #expect(second.nextPageToken.isEmpty)
    let early = await refusal {
      try await shop.catalog.getExchangeRate(
        .init(currencyCode: "USD", day: .init(year: 2026, month: 3, day: 1)))
    }
    #expect(violations(early) == ["NO_EXCHANGE_RATE currency_code"])
    let order = try await shop.place([("CHAIR", 1)])
    #expect(order.exchangeRate == nil && order.baseGross == nil && order.gross == yuan("563.87"))
    await shop.close()
  }
}
