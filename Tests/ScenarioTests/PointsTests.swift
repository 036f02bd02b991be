import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: points are a part of the price that is owed in goods")
struct PointsTests {
  /// A point for each yuan, two for a VIP, worth five cents, and reckoned at four.
  private func furnished(
    _ moment: FinanceV1.PointsMoment = .invoice, months: Int32 = 12
  ) async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 20, cost: "200")
    try await shop.stock("LAMP", 20, cost: "80")
    _ = try await shop.points.setPointsProgramme(
      .init(
        moment: moment,
        rates: [
          .init(pointsMicros: 1_000_000), .init(customerClass: "VIP", pointsMicros: 2_000_000),
        ], redemptionValue: yuanEach("0.05"), fairValue: yuanEach("0.04"), minimumPoints: 100,
        validMonths: months, reason: "the first"), options: shop.command())
    return shop
  }

  private func sell(
    _ shop: Shop, _ lines: [(sku: String, count: Int64)], to customer: String = "VIP"
  ) async throws -> String {
    let order = try await shop.place(lines, customer: customer).number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    return order
  }

  private func pay(_ shop: Shop, _ order: String, _ amount: String) async throws {
    _ = try await shop.finance.receivePayment(
      .init(amount: yuan(amount), method: .card, orderNumber: order), options: shop.command())
  }

  private func redeem(
    _ shop: Shop, _ order: String, _ points: Int64
  ) async throws -> FinanceV1.RedeemPointsResponse {
    try await shop.points.redeemPoints(
      .init(orderNumber: order, points: points), options: shop.command())
  }

  private func giveBack(_ shop: Shop, _ order: String, _ count: Int64) async throws {
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(count), reasonCode: "CHANGED_MIND")]),
      options: shop.command(by: "seller"))
    let number = asked.customerReturn?.number ?? ""
    if asked.customerReturn?.state == .requested {
      _ = try await shop.returns.approveReturn(
        .init(number: number), options: shop.command(by: "manager"))
    }
    _ = try await shop.returns.receiveReturn(
      .init(number: number), options: shop.command(by: "store.keeper"))
    _ = try await shop.returns.gradeReturn(
      .init(number: number, lines: [.init(lineNumber: 1, quantity: pieces(count), grade: .a)]),
      options: shop.command(by: "store.keeper"))
    _ = try await shop.returns.creditReturn(
      .init(number: number), options: shop.command(by: "accountant"))
  }

  private func points(
    _ shop: Shop, _ customer: String = "VIP"
  ) async throws -> FinanceV1.GetPointsResponse {
    try await shop.points.getPoints(.init(customerCode: customer))
  }

  private func kinds(
    _ shop: Shop, _ customer: String = "VIP"
  ) async throws -> [FinanceV1.PointsEntryKind] {
    try await shop.points.listPointsEntries(.init(customerCode: customer)).entries.map(\.kind)
  }

  /// Cents of an account, as debits less credits.
  private func balance(_ shop: Shop, _ account: String) async throws -> Int64 {
    try await shop.finance.getTrialBalance(.init()).accounts
      .first { $0.account == account }?.balance?.minorUnits ?? 0
  }

  @Test("an invoice earns points, and what they are worth is not revenue yet")
  func earning() async throws {
    let shop = try await furnished()
    let order = try await shop.place([("CHAIR", 2)], customer: "VIP").number
    try await shop.deliver(order)
    #expect(try await points(shop).balance == 0)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    // 1,127.74 with tax, two for each whole yuan of all of it.
    let earned = try await points(shop)
    #expect(earned.balance == 2_255 && earned.available == 2_255)
    #expect(earned.value == yuan("112.75") && earned.grants.map(\.orderNumber) == [order])
    #expect(earned.grants.first?.expiresOn == .init(year: 2027, month: 3, day: 2))
    // 998.00 for chairs that alone are sold for it, and points that alone are worth 90.20:
    // 998 × 90.2 ÷ 1,088.2.
    #expect(try await balance(shop, "2204.02") == -8_272)
    #expect(try await balance(shop, "6001.04") == 8_272)
    // A customer of no special class earns half as much, also by several invoices.
    _ = try await sell(shop, [("LAMP", 1)], to: "CREDIT")
    #expect(try await points(shop, "CREDIT").balance == 225)
    #expect(try await points(shop, "CASH").balance == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("points pay as much as they are worth, and what they pay earns none")
  func redemption() async throws {
    let shop = try await furnished()
    _ = try await sell(shop, [("CHAIR", 2)])
    let order = try await shop.place([("LAMP", 1)], customer: "VIP").number
    let few = await refusal { try await redeem(shop, order, 99) }
    #expect(violations(few) == ["BELOW_MINIMUM_POINTS points"])
    let many = await refusal { try await redeem(shop, order, 2_256) }
    #expect(violations(many) == ["NOT_THAT_MANY_POINTS points"])
    let none = await refusal { try await redeem(shop, order, 0) }
    #expect(violations(none) == ["OUT_OF_RANGE points"])
    let paid = try await redeem(shop, order, 1_000)
    #expect(paid.payment?.amount == yuan("50.00") && paid.payment?.method == .points)
    #expect(paid.balance == 1_255)
    // 8,272 × 1,000 ÷ 2,255 stood in the books for them; the rest is less revenue.
    #expect(try await balance(shop, "2204.02") == -(8_272 - 3_668))
    #expect(try await balance(shop, "6001.04") == 8_272 + (5_000 - 3_668))
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    // Of 225.89 with tax, 175.89 were paid with money.
    #expect(try await points(shop).balance == 1_255 + 351)
    #expect(try await kinds(shop) == [.earned, .redeemed, .earned])
    let open = await refusal { try await redeem(shop, try await sell(shop, [("LAMP", 1)]), 9_999) }
    #expect(violations(open) == ["NOT_THAT_MANY_POINTS points"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("with the goods their points go; those that were used are owed by the next ones")
  func returned() async throws {
    let shop = try await furnished()
    let order = try await sell(shop, [("CHAIR", 2)])
    try await pay(shop, order, "1127.74")
    try await giveBack(shop, order, 1)
    // Of one chair, 563.87: as many as if it had been bought alone.
    #expect(try await points(shop).balance == 1_127)
    let lamp = try await shop.place([("LAMP", 1)], customer: "VIP").number
    _ = try await redeem(shop, lamp, 1_000)
    try await giveBack(shop, order, 1)
    let owed = try await points(shop)
    #expect(owed.balance == -1_000 && owed.available == 0 && owed.grants.isEmpty)
    #expect(try await balance(shop, "2204.02") == 0)
    try await shop.deliver(lamp)
    _ = try await shop.orders.invoiceOrder(.init(number: lamp), options: shop.command())
    #expect(try await points(shop).balance == -649)
    #expect(try await kinds(shop).first == .offset)
    #expect(try await balance(shop, "2204.02") == 0)
    _ = try await sell(shop, [("CHAIR", 1)])
    #expect(try await points(shop).available == 1_127 - 649)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what was paid with points comes back as points, to the last one over any parts")
  func refunded() async throws {
    let shop = try await furnished()
    _ = try await sell(shop, [("CHAIR", 2)])
    let order = try await shop.place([("LAMP", 3)], customer: "VIP").number
    _ = try await redeem(shop, order, 777)
    let before = try await balance(shop, "1002")
    _ = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish), options: shop.command())
    _ = try await shop.cancellations.payRefund(
      .init(orderNumber: order, method: .cash), options: shop.command(by: "cashier"))
    let back = try await points(shop)
    #expect(back.balance == 2_255 && back.grants.map(\.points) == [1_478, 777])
    #expect(try await balance(shop, "1002") == before)
    #expect(try await balance(shop, "2204.02") == -8_272)
    #expect(try await balance(shop, "6001.04") == 8_272)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("points end with their last day, whether anybody takes them away or not")
  func expiry() async throws {
    let shop = try await furnished()
    _ = try await sell(shop, [("CHAIR", 1)])
    shop.clock.advance(days: 100)
    _ = try await sell(shop, [("LAMP", 1)])
    shop.clock.advance(days: 265)
    #expect(try await points(shop).available == 1_127 + 451)
    shop.clock.advance(days: 1)
    let ended = try await points(shop)
    #expect(ended.balance == 1_127 + 451 && ended.available == 451)
    let order = try await shop.place([("LAMP", 1)], customer: "VIP").number
    let refused = await refusal { try await redeem(shop, order, 452) }
    #expect(violations(refused) == ["NOT_THAT_MANY_POINTS points"])
    _ = try await redeem(shop, order, 151)
    let expired = try await shop.points.expirePoints(.init(), options: shop.command())
    #expect(expired.grants == 1 && expired.points == 1_127 && !expired.more)
    #expect(try await points(shop).balance == 300)
    let again = try await shop.points.expirePoints(.init(), options: shop.command())
    #expect(again.grants == 0 && again.points == 0)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a delivery earns points where the programme says so, and a version is for orders to come")
  func moments() async throws {
    let shop = try await furnished(.delivery, months: 0)
    let order = try await shop.place([("CHAIR", 1), ("INSTALL", 1)], customer: "VIP").number
    _ = try await shop.points.setPointsProgramme(
      .init(
        validFrom: .init(year: 2026, month: 3, day: 3), moment: .invoice,
        redemptionValue: yuanEach("0.05"), reason: "the end"), options: shop.command())
    shop.clock.advance(days: 2)
    try await shop.deliver(order)
    let earned = try await points(shop)
    #expect(earned.balance > 1_127 && earned.grants.first?.expiresOn == nil)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    #expect(try await points(shop).balance == earned.balance)
    _ = try await sell(shop, [("LAMP", 1)])
    #expect(try await points(shop).balance == earned.balance)
    let second = try await shop.points.getPointsProgramme(.init()).programme
    #expect(second?.version == 2 && second?.rates == [] && second?.fairValue == yuanEach("0.05"))
    let first = try await shop.points.getPointsProgramme(.init(version: 1)).programme
    #expect(first?.moment == .delivery && first?.rates.count == 2)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("points follow a merged customer, are told to whom they belong, and lapse with the person")
  func people() async throws {
    let shop = try await furnished()
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [.init(code: "TWIN", name: "王芳(旧)", creditLimit: yuan("9000"))]),
      options: shop.command())
    _ = try await sell(shop, [("LAMP", 1)], to: "VIP")
    let order = try await sell(shop, [("CHAIR", 1)], to: "CREDIT")
    let card = try await shop.giftCards.sellGiftCard(
      .init(amount: yuan("80"), method: .cash, customerCode: "CREDIT"), options: shop.command())
    _ = try await shop.customers.mergeCustomers(
      .init(duplicateCode: "CREDIT", intoCode: "TWIN"), options: shop.command())
    #expect(try await points(shop, "TWIN").balance == 563)
    let number = card.giftCard?.number ?? ""
    #expect(
      try await shop.giftCards.getGiftCard(.init(number: number)).giftCard?.customerCode == "TWIN")
    var told: [String] = []
    for try await part in try await shop.customers.exportCustomer(.init(code: "TWIN")) {
      switch part.item {
      case .giftCard(let card): told.append(card.number)
      case .pointsEntry(let entry): told.append("\(entry.points) of \(entry.orderNumber)")
      default: break
      }
    }
    #expect(told == [number, "563 of \(order)"])
    try await pay(shop, order, "563.87")
    _ = try await shop.customers.eraseCustomer(
      .init(code: "TWIN", reason: "asked for"), options: shop.command())
    #expect(try await points(shop, "TWIN").balance == 0)
    #expect(
      try await shop.giftCards.getGiftCard(.init(number: number)).giftCard?.customerCode == "")
    #expect(try await points(shop, "VIP").balance == 451)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a programme that cannot be is refused with all that is wrong with it")
  func programme() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let none = await refusal { try await shop.points.getPointsProgramme(.init()) }
    #expect(none?.code == .notFound)
    let order = try await shop.place([("LAMP", 1)]).number
    let noProgramme = await refusal { try await redeem(shop, order, 1) }
    #expect(reason(noProgramme) == "NO_POINTS_PROGRAMME")
    let bad = await refusal {
      try await shop.points.setPointsProgramme(
        .init(
          moment: .invoice,
          rates: [.init(pointsMicros: 0), .init(pointsMicros: 1)],
          redemptionValue: yuanEach("0.01"), fairValue: yuanEach("0.02"), minimumPoints: -1,
          validMonths: 1_201, reason: ""), options: shop.command())
    }
    #expect(
      violations(bad) == [
        "OUT_OF_RANGE rates[0].points_micros", "DUPLICATE_CUSTOMER_CLASS rates[1].customer_class",
        "OUT_OF_RANGE fair_value", "OUT_OF_RANGE minimum_points", "OUT_OF_RANGE valid_months",
        "REQUIRED reason",
      ])
    let unsaid = await refusal {
      try await shop.points.setPointsProgramme(.init(reason: "?"), options: shop.command())
    }
    #expect(violations(unsaid).contains("REQUIRED moment"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
