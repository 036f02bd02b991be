import Messages
import RPC
import TestKit
import TestRandom
import Testing

/// However somebody came to the lines of an order, they cost the same: the pure function says so of
/// baskets, and this of orders that were changed over RPC, with all that prices depend on.
@Suite("Property: edits that end in the same lines end in the same price")
struct EditPropertyTests {
  private struct Piece {
    let sku: String
    var count: Int64
    var settings: [(String, String)]?
    var discount: Int64 = 0

    var line: OrdersV1.LineInput {
      .init(
        sku: sku, quantity: pieces(count), discountMicros: discount,
        configuration: settings.map { settings in
          .init(settings: settings.map { .init(name: $0.0, value: $0.1) })
        })
    }
  }

  /// Breaks, a graduated list across lines, promotions that compete, a coupon, and charges by
  /// amount and by piece.
  private func opened() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    // No order of theirs stops at the limit.
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: [.init(code: "VIP", creditLimit: yuan("9000000"))],
        updateMask: ["credit_limit"]), options: shop.command())
    try await shop.stock("CHAIR", 900, cost: "200")
    try await shop.stock("LAMP", 900, cost: "80")
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(sku: "FREIGHT", name: "运费", kind: .service, unitCode: "pcs", taxClass: "REDUCED")
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(
          code: "STEPS", name: "Steps", customerClass: "VIP", breaks: .graduated,
          countsAcrossLines: true)
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(
        prices: [("499", 0), ("449.33", 4), ("401.01", 11)].map { price, minimum in
          .init(
            priceListCode: "STEPS", sku: "CHAIR", unitPrice: yuanEach(price),
            minimumQuantity: pieces(minimum), validFrom: from)
        }), options: shop.command())
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        .init(
          code: "SET", name: "套装", validFrom: from, priority: 2,
          items: [
            .init(sku: "CHAIR", quantity: pieces(2)), .init(sku: "LAMP", quantity: pieces(1)),
          ],
          set: true, effect: .amount(yuan("37.77"))),
        .init(
          code: "MUCH", name: "满减", validFrom: from, minimumAmount: yuan("3000"),
          effect: .shareMicros(33_333)),
        .init(
          code: "SECRET", name: "券", validFrom: from, needsCoupon: true,
          effect: .shareMicros(21_111)),
      ]), options: shop.command())
    _ = try await shop.pricing.upsertCoupons(
      .init(coupons: [.init(code: "C", promotionCode: "SECRET", limit: 1_000)]),
      options: shop.command())
    _ = try await shop.pricing.replaceChargeRules(
      .init(rules: [
        .init(
          charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, below: yuan("4000"),
          base: yuan("88.88"), perPiece: yuanEach("3.333"))
      ]), options: shop.command())
    return shop
  }

  private func some(_ random: inout Seeded) -> Piece {
    switch random.number(0...3) {
    case 0: Piece(sku: "LAMP", count: random.number(1...6))
    case 1:
      Piece(
        sku: "TABLE", count: random.number(1...2),
        settings: [
          ("length", "\(1_000 + 100 * random.number(0...10))"),
          ("oiled", random.chance(50) ? "yes" : "no"),
        ])
    default: Piece(sku: "CHAIR", count: random.number(1...14))
    }
  }

  private func input(_ lines: [Piece], _ shop: Shop) -> OrdersV1.OrderInput {
    var order = shop.input([], customer: "VIP")
    order.lines = lines.map(\.line)
    order.delivery = .init()
    order.couponCodes = ["C"]
    return order
  }

  /// "CHAIR 2000000 99800 12974 SET=3777".
  private func told(
    _ sku: String, _ quantity: TypeV1.Quantity?, _ net: TypeV1.Money?, _ tax: TypeV1.Money?,
    _ adjustments: [OrdersV1.Adjustment]
  ) -> String {
    ([
      sku, "\(quantity?.micros ?? 0)", "\(net?.minorUnits ?? 0)", "\(tax?.minorUnits ?? 0)",
    ] + adjustments.map { "\($0.code)=\($0.amount?.minorUnits ?? 0)" }).joined(separator: " ")
  }

  private func alive(_ order: OrdersV1.Order?) -> [OrdersV1.OrderLine] {
    (order?.lines ?? []).filter { $0.ordered?.micros != 0 && $0.ordered != $0.cancelled }
  }

  /// Changes an order as `lines` are changed: one or two things at once.
  private func change(
    _ lines: inout [Piece], _ numbers: [Int32], _ random: inout Seeded
  ) -> OrdersV1.OrderChange {
    var change = OrdersV1.OrderChange()
    if lines.count > 1, random.chance(60) {
      let place = Int(random.number(0...Int64(lines.count - 1)))
      if random.chance(50) {
        change.lines = [.init(lineNumber: numbers[place], remove: true)]
        lines.remove(at: place)
      } else {
        lines[place].count = random.number(1...12)
        change.lines = [
          .init(lineNumber: numbers[place], quantity: pieces(lines[place].count))
        ]
      }
    }
    if change.lines.isEmpty || random.chance(40) {
      let piece = some(&random)
      change.addedLines = [piece.line]
      lines.append(piece)
    }
    return change
  }

  @Test("through changes of orders", arguments: SimulationTests.seeds)
  func orders(seed: UInt64) async throws {
    let shop = try await opened()
    var random = Seeded(seed)
    for round in 1...12 {
      var lines = (1...random.number(1...4)).map { _ in some(&random) }
      let options = { shop.command(roles: "GENERAL_MANAGER") }
      var order = try await shop.orders.placeOrder(
        .init(order: input(lines, shop)), options: options()
      ).order
      let number = order?.number ?? ""
      for _ in 1...random.number(2...6) {
        let numbers = alive(order).filter(\.charge.isEmpty).map(\.lineNumber)
        #expect(numbers.count == lines.count)
        let change = change(&lines, numbers, &random)
        order = try await shop.orders.changeOrder(
          .init(number: number, change: change, reason: "again"), options: options()
        ).order
      }
      let fresh = try await shop.pricing.priceOrder(.init(order: input(lines, shop)))
      // Charges keep their number, or come behind what was added.
      let had = alive(order).map { told($0.sku, $0.ordered, $0.net, $0.tax, $0.adjustments) }
      let new = fresh.lines.map { told($0.sku, $0.quantity, $0.net, $0.tax, $0.adjustments) }
      #expect(had.sorted() == new.sorted(), "seed \(seed), round \(round)")
      #expect(order?.gross == fresh.gross, "seed \(seed), round \(round)")
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
