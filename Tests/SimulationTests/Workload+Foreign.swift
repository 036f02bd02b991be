import Messages
import RPC
import TestKit
import TestRandom
import Testing

extension Workload {
  /// Customers abroad, and stools for them that nobody else wants.
  static func tradeAbroad(_ shop: Shop) async throws {
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "STOOL", name: "凳子", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD")
      ]), options: shop.command())
    try await shop.stock("STOOL", 100_000, cost: "120")
    for (customer, rate) in ForeignModel().rates { try await setRate(shop, customer, rate) }
    _ = try await shop.catalog.configureCompany(
      .init(company: .init(convertsPrices: true)), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: ForeignModel.currencies.map { code, currency in
          .init(
            code: code, name: code, customerClass: "VIP", creditLimit: yuan("5000000"),
            terms: .init(netDays: 30),
            currencyCode: currency)
        }), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "EURO", name: "Euro", currencyCode: "EUR")]),
      options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "EURO", sku: "STOOL",
          unitPrice: .init(currencyCode: "EUR", micros: 65_400_000), validFrom: from),
        .init(
          priceListCode: "RETAIL", sku: "STOOL", unitPrice: yuanEach("499"), validFrom: from),
      ]), options: shop.command())
  }

  private static func setRate(
    _ shop: Shop, _ customer: String, _ rate: ForeignModel.Rate
  ) async throws {
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(
            currencyCode: ForeignModel.currencies[customer] ?? "", micros: rate.micros,
            units: Int32(rate.units)), validFrom: .init(year: 2026, month: 3, day: 1))
      ]), options: shop.command())
  }

  /// A few things that happen abroad, the books after each of them.
  mutating func trade() async throws {
    for _ in 0..<4 {
      switch random.number(0...9) {
      case 0, 1: try await moveRate()
      case 2...4: try await sellAbroad()
      case 5, 6: try await payFromAbroad()
      case 7, 8: try await invoiceAbroad()
      default: try await takeBackFromAbroad()
      }
      try await auditForeign()
    }
  }

  /// Corrects what a currency is worth: no document of before changes.
  private mutating func moveRate() async throws {
    let customer = random.chance(50) ? "EURO" : "YEN"
    guard var rate = foreign.rates[customer] else { return }
    rate.micros = rate.micros * random.number(85...115) / 100
    foreign.rates[customer] = rate
    try await Self.setRate(shop, customer, rate)
  }

  /// Sold and brought at once.
  private mutating func sellAbroad() async throws {
    let customer = random.chance(50) ? "EURO" : "YEN"
    guard let order = foreign.order(of: random.number(1...9), for: customer) else { return }
    let request = OrdersV1.PlaceOrderRequest(
      order: shop.input([("STOOL", order.count)], customer: customer))
    let options = shop.command()
    let reply = try await shop.orders.placeOrder(request, options: options)
    let placed = try #require(reply.order)
    #expect(placed.gross?.minorUnits == order.gross)
    #expect(placed.gross?.currencyCode == ForeignModel.currencies[customer])
    #expect(placed.baseGross?.minorUnits == order.rate.base(order.gross))
    foreign.orders[placed.number] = order
    try await shop.deliver(placed.number)
    repeatLast = { [shop] in
      let again = try await shop.orders.placeOrder(request, options: options)
      #expect(again == reply)
    }
  }

  private mutating func payFromAbroad() async throws {
    let due = foreign.orders.keys.sorted().filter { number in
      guard let order = foreign.orders[number] else { return false }
      return order.bill.map { $0.amount > 0 } ?? (order.unused < order.gross)
    }
    guard let number = due.randomElement(using: &random), let order = foreign.orders[number]
    else { return }
    let open = order.bill?.amount ?? (order.gross - order.unused)
    let amount = random.chance(40) ? open : random.number(1...open)
    let currency = ForeignModel.currencies[order.customer] ?? ""
    let wrong = await refusal {
      try await shop.finance.receivePayment(
        .init(amount: yuan("1"), method: .card, orderNumber: number), options: shop.command())
    }
    #expect(wrong?.code == .invalidArgument, "\(number)")
    let reply = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: currency, minorUnits: amount), method: .card,
        orderNumber: number), options: shop.command())
    #expect(
      reply.payment?.baseAmount?.minorUnits == foreign.rates[order.customer]?.base(amount))
    foreign.pay(number, amount)
  }

  private mutating func invoiceAbroad() async throws {
    let due = foreign.orders.keys.sorted().filter { foreign.orders[$0]?.bill == nil }
    guard let number = due.randomElement(using: &random) else { return }
    let reply = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    let invoice = try await shop.finance.getInvoice(.init(number: reply.invoiceNumber)).invoice
    #expect(invoice?.baseGross?.minorUnits == foreign.invoice(number), "\(number)")
  }

  private mutating func takeBackFromAbroad() async throws {
    let billed = foreign.orders.keys.sorted().filter { number in
      foreign.orders[number].map { $0.bill != nil && $0.returned < $0.count } ?? false
    }
    guard let number = billed.randomElement(using: &random), let order = foreign.orders[number]
    else { return }
    let count = random.number(1...(order.count - order.returned))
    let back =
      try await shop.returns.requestReturn(
        .init(
          orderNumber: number,
          lines: [.init(lineNumber: 1, quantity: pieces(count), reasonCode: "DEFECT")]),
        options: shop.command()
      ).customerReturn?.number ?? ""
    _ = try await shop.returns.receiveReturn(.init(number: back), options: shop.command())
    _ = try await shop.returns.gradeReturn(
      .init(number: back, lines: [.init(lineNumber: 1, quantity: pieces(count), grade: .a)]),
      options: shop.command())
    let done = try await shop.returns.creditReturn(.init(number: back), options: shop.command())
    let (credited, refund) = foreign.giveBack(number, count)
    #expect(done.customerReturn?.credited?.minorUnits == credited, "\(number)")
    #expect(done.refund?.minorUnits == refund, "\(number)")
    guard refund > 0 else { return }
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: number, method: .card), options: shop.command(by: "cashier"))
  }

  /// In the currencies of the customers, and in that of the books.
  func auditForeign() async throws {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts
    func balance(_ account: String, _ currency: String) -> ForeignModel.Worth {
      let found = accounts.first {
        $0.account == account && $0.balance?.currencyCode == currency
      }
      return .init(
        amount: found?.balance?.minorUnits ?? 0, base: found?.baseBalance?.minorUnits ?? 0)
    }
    for (customer, currency) in ForeignModel.currencies {
      #expect(balance("1122", currency) == foreign.receivable(customer), "\(currency)")
      let owed = balance("2204", currency)
      #expect(
        ForeignModel.Worth(amount: -owed.amount, base: -owed.base) == foreign.deposits(customer),
        "\(currency)")
      let credit = try await shop.customers.getCustomer(.init(code: customer)).credit
      let used = (credit?.orders?.minorUnits ?? 0) + (credit?.invoices?.minorUnits ?? 0)
      #expect(used == foreign.exposure(customer), "\(customer)")
    }
    let gains = ForeignModel.currencies.values.flatMap { currency in
      ["6603.01", "6603.02"].map { balance($0, currency) }
    }
    #expect(gains.allSatisfy { $0.amount == 0 })
    #expect(-gains.reduce(0) { $0 + $1.base } == foreign.gain)
  }
}
