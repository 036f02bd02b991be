import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what an order costs")
struct PriceOfAnOrderTests {
  @Test("a question answers with every reason what the till then charges")
  func asksThenPlaces() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    var order = shop.input([("CHAIR", 3), ("INSTALL", 1)])
    order.discountMicros = 50_000

    var question = order
    question.warehouseCode = ""
    let priced = try await shop.pricing.priceOrder(.init(order: question))
    // 1,497.00 and 120.00: 80.85 off, 74.85 of the goods and 6.00 of the work.
    #expect(priced.reduction == yuan("80.85"))
    #expect(priced.lines.map(\.net) == [yuan("1422.15"), yuan("114.00")])
    #expect(priced.lines.map(\.tax) == [yuan("184.88"), yuan("6.84")])
    #expect(priced.gross == yuan("1727.87"))
    #expect(priced.approval?.requiredRole == "")
    #expect(
      priced.lines.first?.explanation?.steps.map(\.rule)
        == ["GENERAL_PRICE_LIST", "ORDER_DISCOUNT", "AMOUNT"])

    let placed = try await shop.orders.placeOrder(.init(order: order), options: shop.command())
    #expect(placed.order?.gross == priced.gross)
    #expect(placed.order?.reduction == priced.reduction)
    #expect(placed.order?.discountMicros == 50_000)
    #expect(placed.order?.lines.map(\.adjustments) == priced.lines.map(\.adjustments))
    let number = placed.order?.number ?? ""
    let stored = try await shop.orders.getOrder(.init(number: number))
    #expect(stored.order == placed.order)

    try await shop.deliver(number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    #expect(invoice.gross == priced.gross)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("all promotions together take off no more than the company allows, and the trace says so")
  func promotionLimit() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        .init(
          code: "A", name: "春", validFrom: from, priority: 9, effect: .shareMicros(100_000)),
        .init(
          code: "B", name: "夏", validFrom: from, priority: 5, effect: .shareMicros(100_000)),
        .init(code: "C", name: "秋", validFrom: from, effect: .shareMicros(100_000)),
      ]), options: shop.command())
    let input = shop.input([("CHAIR", 3), ("LAMP", 1)], customer: "VIP")
    func limit(_ share: Int64?, _ amount: String?) async throws -> PricingV1.PriceOrderResponse {
      let stored = try await shop.pricing.setPromotionLimit(
        .init(limit: .init(shareMicros: share, amount: amount.map { yuan($0) })),
        options: shop.command()
      ).limit
      #expect(try await shop.pricing.getPromotionLimit(.init()).limit == stored)
      let priced = try await shop.pricing.priceOrder(.init(order: input))
      #expect(
        priced.lines.reduce(0) { $0 + ($1.net?.minorUnits ?? 0) }
          == 169_690 - (priced.reduction?.minorUnits ?? 0))
      return priced
    }
    // 1,696.90: a tenth three times, each of what is left.
    #expect(try await limit(nil, nil).reduction == yuan("459.86"))
    let tenth = try await limit(150_000, nil)
    #expect(tenth.reduction == yuan("254.54"))
    let rules = tenth.explanation?.steps.map { "\($0.rule) \($0.text.prefix(5))" } ?? []
    #expect(
      rules == [
        "PROMOTION A, 春", "PROMOTION B, 夏", "PROMOTION_CUT B tak", "PROMOTION_LEFT_OUT Not C",
      ], "\(rules)")
    #expect(try await limit(150_000, "100.00").reduction == yuan("100.00"))
    #expect(try await limit(nil, "0.00").reduction == nil)
    #expect(try await limit(1_000_000, "1000.00").reduction == yuan("459.86"))
    // What is ordered keeps it, and a change of the order is priced by the limit of its day.
    _ = try await limit(50_000, nil)
    let placed = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    #expect(placed.order?.reduction == yuan("84.85"))
    for (share, amount) in [(Int64(0), nil), (1_000_001, nil), (nil, "-1.00")] {
      let wrong = await refusal { _ = try await limit(share, amount) }
      #expect(
        violations(wrong)
          == [share == nil ? "OUT_OF_RANGE limit.amount" : "OUT_OF_RANGE limit.share_micros"])
    }
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a contract, a list with steps and prices with tax, as their owner wrote them")
  func lists() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(code: "DEAL", name: "合同", customerCode: "VIP"),
        .init(
          code: "STEPS", name: "阶梯", priority: 5, channel: .web, breaks: .graduated,
          countsAcrossLines: true),
      ]), options: shop.command())
    _ = try await shop.catalog.upsertPrices(
      .init(
        prices: [("DEAL", "450", 0), ("STEPS", "499", 0), ("STEPS", "399", 2)].map {
          .init(
            priceListCode: $0.0, sku: "CHAIR", unitPrice: yuanEach($0.1),
            minimumQuantity: pieces($0.2), validFrom: from)
        }), options: shop.command())
    let deal = try await shop.catalog.getPrice(.init(customerCode: "VIP", sku: "CHAIR"))
    #expect(deal.priceListCode == "DEAL")
    let web = try await shop.catalog.getPrice(
      .init(customerCode: "CASH", sku: "CHAIR", quantity: pieces(4), channel: .web))
    #expect(web.unitPrice == yuanEach("449"))
    let split = try await shop.pricing.priceOrder(
      .init(order: shop.input([("CHAIR", 1), ("CHAIR", 3)], customer: "CASH", channel: .web)))
    #expect(split.lines.map(\.net) == [yuan("499.00"), yuan("1297.00")])
    let refused = try await shop.catalog.upsertPriceLists(
      .init(priceLists: [
        .init(code: "BAD", name: "x", customerClass: "VIP", customerCode: "NOBODY")
      ]), options: shop.command())
    #expect(
      refused.verdicts.first?.violations.map { "\($0.field) \($0.reason)" } == [
        "price_lists[0].customer_class CLASS_OF_CONTRACT",
        "price_lists[0].customer_code UNKNOWN_CUSTOMER",
      ])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("stores count with tax and by document, and the order keeps how it was counted")
  func taxPolicies() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let rules: [PricingV1.TaxPolicyRule] = [
      .init(
        channel: .store,
        policy: .init(taxIncluded: true, taxScope: .document, roundingMode: .halfAway))
    ]
    let replaced = try await shop.pricing.replaceTaxPolicyRules(
      .init(rules: rules), options: shop.command())
    #expect(replaced.rules == rules)
    #expect(try await shop.pricing.listTaxPolicyRules(.init()).rules == rules)
    // 199.90 is 225.887 with tax: three are 677.66.
    let priced = try await shop.pricing.priceOrder(.init(order: shop.input([("LAMP", 3)])))
    #expect(priced.gross == yuan("677.66"))
    #expect(priced.taxPolicy == rules[0].policy)
    #expect(
      priced.lines.first?.explanation?.steps.map(\.rule)
        == ["GENERAL_PRICE_LIST", "TAX_BASIS", "AMOUNT"])
    let placed = try await shop.place([("LAMP", 3)])
    #expect(placed.taxPolicy == rules[0].policy)
    #expect(placed.gross == priced.gross)
    let web = try await shop.pricing.priceOrder(
      .init(order: shop.input([("LAMP", 3)], channel: .web)))
    #expect(web.taxPolicy?.taxIncluded == false)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("bad input is answered with the field")
  func refusals() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    var order = shop.input([("CHAIR", 1)])
    order.discount = yuan("1.00")
    order.discountMicros = 1
    #expect(try await fields(shop, order) == ["order.discount NOT_BOTH"])
    order.discountMicros = 0
    order.discount = yuan("500.00")
    #expect(try await fields(shop, order) == ["order.discount DISCOUNT_TOO_LARGE"])
    order.discount = TypeV1.Money(currencyCode: "USD", minorUnits: 1)
    order.lines[0].sku = "NONE"
    order.warehouseCode = "NOWHERE"
    #expect(
      try await fields(shop, order) == [
        "order.discount CURRENCY_NOT_ACCEPTED", "order.warehouse_code UNKNOWN_WAREHOUSE",
        "order.lines[0].sku UNKNOWN_PRODUCT",
      ])
    order = shop.input([("CHAIR", 1)])
    order.discountMicros = -1
    #expect(try await fields(shop, order) == ["order.discount_micros OUT_OF_RANGE"])
    let rules = await refusal {
      try await shop.pricing.replaceTaxPolicyRules(
        .init(rules: [
          .init(channel: .init(rawValue: 99), policy: .init(taxScope: .init(rawValue: 9)))
        ]), options: shop.command())
    }
    #expect(
      violations(rules)
        == ["UNKNOWN_VALUE rules[0].channel", "UNKNOWN_VALUE rules[0].policy.tax_scope"])
    await shop.close()
  }

  private func fields(_ shop: Shop, _ order: OrdersV1.OrderInput) async throws -> [String] {
    let refused = await refusal { try await shop.pricing.priceOrder(.init(order: order)) }
    return refused?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map {
      "\($0.field) \($0.reason)"
    } ?? []
  }

  @Test("a bundle and a coupon: shown before, taken once, and told to whoever comes too late")
  func promotions() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    try await shop.stock("LAMP", 9, cost: "80")
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    let promotions: [PricingV1.Promotion] = [
      .init(
        code: "CORNER", name: "椅与灯", validFrom: from,
        items: [
          .init(sku: "CHAIR", quantity: .init(micros: 2_000_000)),
          .init(sku: "LAMP", quantity: .init(micros: 1_000_000)),
        ], set: true, effect: .setPrice(yuan("1000.00"))),
      .init(
        code: "NEW", name: "新客", validFrom: from, stackingGroup: "COUPONS", needsCoupon: true,
        minimumAmount: yuan("500.00"), effect: .amount(yuan("50.00"))),
    ]
    let added = try await shop.pricing.upsertPromotions(
      .init(promotions: promotions), options: shop.command())
    #expect(added.verdicts.map(\.outcome) == [.created, .created])
    let listed = try await shop.pricing.listPromotions(.init(pageSize: 1))
    #expect(listed.promotions == [promotions[0]])
    let rest = try await shop.pricing.listPromotions(
      .init(pageSize: 1, pageToken: listed.nextPageToken))
    #expect(rest.promotions == [promotions[1]])
    _ = try await shop.pricing.upsertCoupons(
      .init(coupons: [.init(code: "NEW-1", promotionCode: "NEW")]), options: shop.command())

    var order = shop.input([("CHAIR", 2), ("LAMP", 1)])
    order.couponCodes = ["NEW-1"]
    let priced = try await shop.pricing.priceOrder(.init(order: order))
    // 1,197.90 for 1,000.00, less 50.00.
    #expect(priced.net == yuan("950.00"))
    #expect(priced.reduction == yuan("247.90"))
    #expect(priced.explanation?.steps.map(\.facts).map { $0[0].value } == ["CORNER", "NEW"])
    let placed = try await shop.orders.placeOrder(
      .init(order: order), options: shop.command(key: "once"))
    #expect(placed.order?.net == priced.net)
    let again = try await shop.orders.placeOrder(
      .init(order: order), options: shop.command(key: "once"))
    #expect(again == placed)
    let coupon = try await shop.pricing.getCoupon(.init(code: "NEW-1"))
    #expect(coupon.coupon?.redeemed == 1)
    #expect(try await fields(shop, order) == ["order.coupon_codes[0] COUPON_USED_UP"])

    let number = placed.order?.number ?? ""
    try await shop.deliver(number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    #expect(invoice.gross == priced.gross)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("freight by weight and zone, and carrying up the stairs, with the taxes of their own")
  func charges() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "200")
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "CHAIR", name: "橡木椅", nameEnglish: "Oak chair", kind: .stocked, unitCode: "pcs",
          taxClass: "STANDARD", weightGrams: 8_000),
        .init(sku: "FREIGHT", name: "运费", kind: .service, unitCode: "pcs", taxClass: "REDUCED"),
      ]), options: shop.command())
    let chair = try await shop.catalog.getProduct(.init(sku: "CHAIR"))
    #expect(chair.product?.weightGrams == 8_000)
    #expect(chair.product?.volumeCubicCentimetres == nil)
    let rules: [PricingV1.ChargeRule] = [
      .init(
        charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zoneCode: "HZ",
        below: yuan("5000.00"), base: yuan("30.00"), perKilogram: yuanEach("1.5")),
      .init(
        charge: "STAIRS", sku: "INSTALL", occasion: .stairs, perFloor: yuanEach("20")),
    ]
    let replaced = try await shop.pricing.replaceChargeRules(
      .init(rules: rules), options: shop.command())
    #expect(replaced.rules == rules)
    #expect(try await shop.pricing.listChargeRules(.init()).rules == rules)
    var order = shop.input([("CHAIR", 2)])
    order.delivery = .init(zoneCode: "HZ", floor: 3)
    let priced = try await shop.pricing.priceOrder(.init(order: order))
    #expect(priced.lines.map(\.charge) == ["", "FREIGHT", "STAIRS"])
    #expect(priced.lines.map(\.net) == [yuan("998.00"), yuan("54.00"), yuan("60.00")])
    #expect(priced.lines.map(\.tax) == [yuan("129.74"), yuan("4.86"), yuan("3.60")])
    let placed = try await shop.orders.placeOrder(.init(order: order), options: shop.command())
    #expect(placed.order?.delivery == order.delivery)
    #expect(placed.order?.gross == priced.gross)
    let number = placed.order?.number ?? ""
    try await shop.deliver(number)
    let invoice = try await shop.orders.invoiceOrder(
      .init(number: number), options: shop.command())
    #expect(invoice.gross == priced.gross)
    order.delivery?.zoneCode = "BJ"
    #expect(try await fields(shop, order) == ["order.delivery.zone_code UNKNOWN_ZONE"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("many tills, one coupon: one of them gets the promotion")
  func lastCoupon() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 50, cost: "80")
    let from = GoogleType.Date(year: 2026, month: 1, day: 1)
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        .init(
          code: "GIFT", name: "礼券", validFrom: from, needsCoupon: true,
          effect: .shareMicros(100_000))
      ]), options: shop.command())
    _ = try await shop.pricing.upsertCoupons(
      .init(coupons: [.init(code: "G", promotionCode: "GIFT", limit: 3)]), options: shop.command())
    var order = shop.input([("LAMP", 1)], customer: "VIP")
    order.couponCodes = ["G"]
    let input = order
    let won = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<12 {
        group.addTask {
          await refusal {
            try await shop.orders.placeOrder(.init(order: input), options: shop.command())
          } == nil
        }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(won == 3)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("discounts beyond the limit of who asks wait for the next in rank")
  func discountLimits() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 9, cost: "400")
    let rules: [OrdersV1.ApprovalRule] = [
      .init(approverRole: "GENERAL_MANAGER", marginBelowMicros: 100_000),
      .init(
        approverRole: "SALES_MANAGER", minimumDiscountMicros: 50_001, exemptRole: "SALES_MANAGER"),
    ]
    _ = try await shop.orders.replaceApprovalRules(.init(rules: rules), options: shop.command())
    #expect(try await shop.orders.listApprovalRules(.init()).rules == rules)
    var order = shop.input([("CHAIR", 1)])
    order.lines[0].discountMicros = 100_000
    let clerk = try await shop.orders.placeOrder(
      .init(order: order), options: shop.command(roles: "SALES"))
    #expect(clerk.order?.approval?.requiredRole == "SALES_MANAGER")
    let manager = try await shop.orders.placeOrder(
      .init(order: order), options: shop.command(by: "lead", roles: "SALES_MANAGER"))
    #expect(manager.order?.state == .confirmed)
    // 399.20 for what cost 400.00.
    order.lines[0].discountMicros = 200_000
    let loss = try await shop.orders.placeOrder(
      .init(order: order), options: shop.command(by: "lead", roles: "SALES_MANAGER"))
    #expect(loss.order?.approval?.requiredRole == "GENERAL_MANAGER")
    await shop.close()
  }
}
