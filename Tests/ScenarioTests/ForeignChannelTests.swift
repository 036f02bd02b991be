import Messages
import TestKit
import Testing

@Suite("Scenario: pre-orders and marketplaces in another currency")
struct ForeignChannelTests {
  private static func day(_ month: Int32, _ day: Int32) -> GoogleType.Date {
    .init(year: 2026, month: month, day: day)
  }

  private static func dollars(_ cents: Int64) -> TypeV1.Money {
    .init(currencyCode: "USD", minorUnits: cents)
  }

  private static func each(_ dollars: Int64) -> TypeV1.UnitPrice {
    .init(currencyCode: "USD", micros: dollars * 1_000_000)
  }

  private static func rate(
    _ shop: Shop, _ micros: Int64, from day: GoogleType.Date = day(3, 2)
  ) async throws {
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "USD", micros: micros, units: 1), validFrom: day,
          source: "PBoC")
      ]), options: shop.command())
  }

  /// A dollar is 7.10; a chair is 70 dollars, 79.10 with tax.
  private static func open() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await rate(shop, 7_100_000)
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "JOHN", name: "John", creditLimit: yuan("100000"), terms: .init(netDays: 30),
          currencyCode: "USD")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [.init(code: "EXPORT", name: "Export", currencyCode: "USD")]),
      options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "EXPORT", sku: "CHAIR", unitPrice: each(70),
          validFrom: .init(year: 2026, month: 1, day: 1))
      ]), options: shop.command())
    return shop
  }

  @Test("a pre-order asks for its deposit in dollars and keeps its rate; the deposit pays its part")
  func preorder() async throws {
    let shop = try await Self.open()
    _ = try await shop.preorders.setPresale(
      .init(
        presale: .init(
          sku: "CHAIR", opensOn: Self.day(3, 1), closesOn: Self.day(3, 31),
          releasesOn: Self.day(4, 1), limit: pieces(6), depositMicros: 200_000,
          depositKind: .prepayment, depositDays: 3)), options: shop.command())
    let placed = try await shop.preorders.placePreorder(
      .init(order: shop.input([("CHAIR", 2)], customer: "JOHN", channel: .web)),
      options: shop.command())
    let number = placed.preorder?.orderNumber ?? ""
    #expect(placed.preorder?.deposit == Self.dollars(31_64))
    #expect(placed.preorder?.state == .awaitingDeposit)
    func pay(_ amount: TypeV1.Money) async throws {
      _ = try await shop.finance.receivePayment(
        .init(amount: amount, method: .bankTransfer, orderNumber: number),
        options: shop.command())
    }
    let wrong = await refusal { try await pay(yuan("31.64")) }
    #expect(violations(wrong) == ["CURRENCY_OF_DOCUMENT amount.currency_code"])
    try await Self.rate(shop, 7_300_000, from: Self.day(3, 2))
    try await pay(Self.dollars(31_63))
    let short = try await shop.preorders.getPreorder(.init(orderNumber: number)).preorder
    #expect(short?.state == .awaitingDeposit && short?.received == Self.dollars(31_63))
    try await pay(Self.dollars(1))
    let queued = try await shop.preorders.getPreorder(.init(orderNumber: number)).preorder
    #expect(queued?.state == .queued)
    let order = try await shop.orders.getOrder(.init(number: number)).order
    #expect(order?.state == .confirmed && order?.exchangeRate?.micros == 7_100_000)
    // 158.20 less 31.64 are still to be paid, at the rate of the order.
    let used = try await shop.customers.getCustomer(.init(code: "JOHN")).credit
    #expect(used?.orders == yuan("898.58"))

    try await shop.stock("CHAIR", 6, cost: "200")
    shop.clock.advance(days: 30)
    try await shop.deliver(number)
    let bill = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    let invoice = try await shop.finance.getInvoice(.init(number: bill.invoiceNumber)).invoice
    #expect(invoice?.gross == Self.dollars(158_20) && invoice?.open == Self.dollars(126_56))
    #expect(invoice?.exchangeRate?.micros == 7_300_000)
    try await pay(Self.dollars(126_56))
    #expect(try await shop.orders.getOrder(.init(number: number)).order?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("one whose deposit does not come lapses, and what was paid goes back in dollars")
  func lapsed() async throws {
    let shop = try await Self.open()
    _ = try await shop.preorders.setPresale(
      .init(
        presale: .init(
          sku: "CHAIR", opensOn: Self.day(3, 1), closesOn: Self.day(3, 31),
          releasesOn: Self.day(4, 1), limit: pieces(6), depositMicros: 200_000,
          depositKind: .prepayment, depositDays: 3)), options: shop.command())
    let placed = try await shop.preorders.placePreorder(
      .init(order: shop.input([("CHAIR", 2)], customer: "JOHN", channel: .web)),
      options: shop.command())
    let number = placed.preorder?.orderNumber ?? ""
    _ = try await shop.finance.receivePayment(
      .init(amount: Self.dollars(10_00), method: .bankTransfer, orderNumber: number),
      options: shop.command())
    try await Self.rate(shop, 7_000_000, from: Self.day(3, 4))
    shop.clock.advance(days: 5)
    let done = try await shop.orders.cancelOrder(
      .init(number: number, reason: .customerWish), options: shop.command())
    #expect(done.impact?.refund == Self.dollars(10_00))
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: number, method: .bankTransfer), options: shop.command(by: "cashier"))
    // Came in as 71.00, went out as 70.00.
    let gained = try await shop.finance.getTrialBalance(.init()).accounts
      .filter { $0.account == "6603.01" }
    #expect(gained.map(\.baseBalance?.minorUnits) == [-1_00])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a marketplace that sells in dollars: its prices are compared in dollars")
  func marketplace() async throws {
    let shop = try await Self.open()
    try await shop.stock("CHAIR", 40, cost: "210")
    _ = try await shop.marketplaces.upsertMarketplaces(
      .init(marketplaces: [
        .init(
          code: "AMAZON", name: "Amazon", customerCode: "JOHN", warehouseCode: "MAIN",
          toleranceMicros: 10_000)
      ]), options: shop.command())
    _ = try await shop.marketplaces.upsertMarketplaceProducts(
      .init(
        marketplaceCode: "AMAZON", products: [.init(externalSku: "am-1", sku: "CHAIR")]),
      options: shop.command())
    func order(
      _ id: String, _ price: TypeV1.UnitPrice
    ) -> OrdersV1.MarketplaceOrder {
      .init(
        orderId: id,
        lines: [.init(externalSku: "am-1", quantity: pieces(2), unitPrice: price)],
        address: .init(
          recipient: "Ann", phone: "13700001111", regionCode: "330106", street: "文三路1号",
          postcode: "310012"))
    }
    let taken = try await shop.marketplaces.takeMarketplaceOrders(
      .init(
        marketplaceCode: "AMAZON",
        orders: [
          order("1", Self.each(70)), order("2", Self.each(60)), order("3", yuanEach("497")),
        ]), options: shop.command())
    #expect(taken.verdicts.map(\.outcome) == [.placed, .waiting, .waiting])
    for verdict in taken.verdicts {
      let found = try await shop.orders.getOrder(.init(number: verdict.orderNumber))
      #expect(found.order?.gross == Self.dollars(158_20))
      #expect(found.order?.baseGross == yuan("1123.22"))
    }
    // Another price, and a price in another currency, are looked at by somebody.
    #expect(taken.verdicts.map { $0.holds.map(\.kind) } == [[], [.price], [.price]])
    let number = taken.verdicts[0].orderNumber
    try await shop.deliver(number)
    let bill = try await shop.orders.invoiceOrder(.init(number: number), options: shop.command())
    #expect(bill.gross == Self.dollars(158_20))
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
