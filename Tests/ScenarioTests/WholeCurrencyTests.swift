import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: currencies without minor units, up to what can be counted")
struct WholeCurrencyTests {
  /// A customer of dong and one of yen, and a chair for each of them.
  private func opened(dong: Int64, yen: Int64) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "210")
    let day = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.catalog.upsertExchangeRates(
      .init(exchangeRates: [
        .init(
          rate: .init(currencyCode: "VND", micros: 2_760_000, units: 10_000), validFrom: day,
          source: "PBoC"),
        .init(
          rate: .init(currencyCode: "JPY", micros: 4_700_000, units: 100), validFrom: day,
          source: "PBoC"),
      ]), options: shop.command())
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "NGUYEN", name: "Nguyễn", terms: .init(depositMicros: 300_000),
          currencyCode: "VND"),
        .init(code: "TARO", name: "Taro", currencyCode: "JPY"),
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(code: "VN", name: "Vietnam", currencyCode: "VND"),
        .init(code: "JP", name: "Japan", currencyCode: "JPY"),
      ]), options: shop.command())
    let prices = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "VN", sku: "CHAIR",
          unitPrice: .init(currencyCode: "VND", micros: dong), validFrom: day),
        .init(
          priceListCode: "JP", sku: "CHAIR",
          unitPrice: .init(currencyCode: "JPY", micros: yen), validFrom: day),
      ]), options: shop.command())
    #expect(prices.verdicts.flatMap(\.violations) == [])
    return shop
  }

  @Test("an order in dong is sold, paid and invoiced to the dong")
  func sold() async throws {
    let shop = try await opened(dong: 1_808_009_500_000, yen: 23_456_500_000)
    let order = try await shop.place([("CHAIR", 3)], customer: "NGUYEN")
    // 3 × 1,808,009.5 are 5,424,028.5; the half goes away from nothing. 13 % of that is 705,123.77.
    #expect(order.net == .init(currencyCode: "VND", minorUnits: 5_424_029))
    #expect(order.tax == .init(currencyCode: "VND", minorUnits: 705_124))
    #expect(order.baseGross == yuan("1691.65"))
    _ = try await shop.finance.receivePayment(
      .init(
        amount: .init(currencyCode: "VND", minorUnits: 6_129_153), method: .bankTransfer,
        orderNumber: order.number), options: shop.command())
    try await shop.deliver(order.number)
    let bill = try await shop.orders.invoiceOrder(
      .init(number: order.number), options: shop.command())
    #expect(bill.gross == order.gross)
    let closed = try await shop.orders.getOrder(.init(number: order.number)).order
    #expect(closed?.state == .closed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is more than can be counted is refused, there or in the books, and all goes on")
  func beyondCounting() async throws {
    // As much as a price can be, 10⁹ for each piece, and 13 % of it: an order comes to 10¹⁵ of the
    // smallest unit at most, in its own currency and in that of the books.
    let most: Int64 = 1_000_000_000_000_000
    let shop = try await opened(dong: most, yen: most)
    var told: [String] = []
    for (customer, counts) in [
      ("NGUYEN", [884_955]), ("NGUYEN", [884_956]), ("NGUYEN", [400_000, 484_956]),
      ("NGUYEN", Array(repeating: 1_000_000_000, count: 500)), ("TARO", [188_288]),
      ("TARO", [188_289]), ("TARO", [1_000_000_000]),
    ] as [(String, [Int64])] {
      let order = shop.input(counts.map { ("CHAIR", $0) }, customer: customer)
      let asked = await refusal { try await shop.pricing.priceOrder(.init(order: order)) }
      let placed = await refusal {
        try await shop.orders.placeOrder(.init(order: order), options: shop.command())
      }
      #expect(reason(placed) == reason(asked))
      told.append("\(customer) \(counts[0]) \(reason(placed) ?? "-")")
    }
    #expect(
      told == [
        "NGUYEN 884955 -", "NGUYEN 884956 AMOUNT_TOO_LARGE", "NGUYEN 400000 AMOUNT_TOO_LARGE",
        "NGUYEN 1000000000 AMOUNT_TOO_LARGE", "TARO 188288 -", "TARO 188289 AMOUNT_TOO_LARGE",
        "TARO 1000000000 AMOUNT_TOO_LARGE",
      ])
    // Neither is money that the books could not count.
    let paid = await refusal {
      try await shop.finance.receivePayment(
        .init(
          customerCode: "TARO", amount: .init(currencyCode: "JPY", minorUnits: .max),
          method: .cash), options: shop.command())
    }
    #expect(paid?.code == .invalidArgument || paid?.code == .failedPrecondition, "\(paid as Any)")
    _ = try await shop.place([("CHAIR", 1)], customer: "VIP")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
