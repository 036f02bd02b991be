import Finance
import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Charges")
struct ChargeTests {
  private static func each(_ micros: Int64) -> UnitPrice {
    UnitPrice(micros: micros, currency: .cny)
  }

  /// FREIGHT at 9 % and CARRYING at 6 %; a chair weighs 8.5 kg and takes 0.2 m³, a lamp 2 kg.
  private static func shop(_ rules: [ChargeRule]) throws -> Shop {
    let shop = try Shop()
    try shop.write { tx in
      let verdicts = try UpsertProducts([
        ProductDraft(
          sku: "FREIGHT", name: "Freight", kind: .service, unit: "pcs", taxClass: "REDUCED"),
        ProductDraft(
          sku: "CARRYING", name: "Carrying", kind: .service, unit: "pcs", taxClass: "SERVICE"),
        ProductDraft(
          sku: "CHAIR", name: "CHAIR", kind: .stocked, unit: "pcs", taxClass: "STANDARD",
          weightGrams: 8_500, volumeCubicCentimetres: 200_000),
        ProductDraft(
          sku: "LAMP", name: "LAMP", kind: .stocked, unit: "pcs", taxClass: "STANDARD",
          weightGrams: 2_000),
      ]).run(in: tx, at: Shop.now)
      for verdict in verdicts { precondition(verdict.violations.isEmpty, "\(verdict)") }
      _ = try ReplaceChargeRules(rules: rules).run(in: tx, at: Shop.now)
    }
    return shop
  }

  private static let freight = [
    ChargeRule(
      charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zone: "CITY", below: cny(1_000),
      base: cny(30), perKilogram: each(1_250_000)),
    ChargeRule(charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zone: "CITY"),
    ChargeRule(
      charge: "FREIGHT", sku: "FREIGHT", occasion: .delivery, zone: "FAR",
      perCubicMetre: each(333_333_333), cap: cny(300)),
    ChargeRule(
      charge: "STAIRS", sku: "CARRYING", occasion: .stairs, perPiece: each(5_000_000),
      perFloor: each(10_000_000)),
    ChargeRule(
      charge: "ASSEMBLY", sku: "CARRYING", occasion: .assembly, share: Rate(micros: 50_000)),
    ChargeRule(
      charge: "KIOSK", sku: "CARRYING", occasion: .always, channel: .kiosk, base: cny(2)),
  ]

  private static func draft(
    _ lines: [(String, Int64)], _ delivery: Delivery?, channel: Channel = .web,
    discount: OrderDiscount? = nil, customer: String = "HOTEL"
  ) -> OrderDraft {
    OrderDraft(
      channel: channel, customerCode: customer, warehouseCode: "MAIN",
      lines: lines.map { .init(sku: $0.0, quantity: units($0.1)) }, discount: discount,
      delivery: delivery)
  }

  private static func charges(_ draft: OrderDraft, in shop: Shop) throws -> [String] {
    let order = try shop.read { try PricedOrder.of(draft, at: Shop.now, in: $0) }
    #expect(try order.lines.map(\.net).sum(.cny) == order.net)
    return order.lines.filter { !$0.charge.isEmpty }.map {
      "\($0.number) \($0.charge) \($0.sku) \($0.net.decimal) \($0.tax.decimal)"
    }
  }

  @Test("freight goes by zone, weight or volume, and is free from an amount on")
  func freightByZone() throws {
    let shop = try Self.shop(Self.freight)
    let city = Delivery(zone: "CITY")
    // 30.00 and 19 kg at 1.25.
    #expect(
      try Self.charges(Self.draft([("CHAIR", 2), ("LAMP", 1)], city), in: shop)
        == ["3 FREIGHT FREIGHT 53.75 4.84"])
    // 1,199.94, and 959.95 after 20 %.
    #expect(try Self.charges(Self.draft([("CHAIR", 6)], city), in: shop) == [])
    #expect(
      try Self.charges(
        Self.draft([("CHAIR", 6)], city, discount: .share(Rate(micros: 200_000))), in: shop)
        == ["2 FREIGHT FREIGHT 93.75 8.44"])
    // 0.4 m³ at 333.333333 is 133.33; 1.2 m³ would be 400.00.
    let far = Delivery(zone: "FAR")
    #expect(
      try Self.charges(Self.draft([("CHAIR", 2)], far), in: shop)
        == ["2 FREIGHT FREIGHT 133.33 12.00"])
    #expect(
      try Self.charges(Self.draft([("CHAIR", 6)], far), in: shop)
        == ["2 FREIGHT FREIGHT 300.00 27.00"])
    #expect(try Self.charges(Self.draft([("CHAIR", 2)], nil), in: shop) == [])
  }

  @Test("floors without a lift, assembly and channels are charged beside")
  func others() throws {
    let shop = try Self.shop(Self.freight)
    let third = Delivery(zone: "FAR", floor: 3, needsAssembly: true)
    #expect(
      try Self.charges(Self.draft([("CHAIR", 2), ("INSTALL", 1)], third), in: shop) == [
        "3 FREIGHT FREIGHT 133.33 12.00", "4 STAIRS CARRYING 40.00 2.40",
        "5 ASSEMBLY CARRYING 26.00 1.56",
      ])
    let lift = Delivery(zone: "FAR", floor: 3, hasLift: true)
    #expect(
      try Self.charges(Self.draft([("CHAIR", 2)], lift), in: shop)
        == ["2 FREIGHT FREIGHT 133.33 12.00"])
    #expect(
      try Self.charges(Self.draft([("CHAIR", 2)], nil, channel: .kiosk), in: shop)
        == ["2 KIOSK CARRYING 2.00 0.12"])
  }

  @Test("discounts and promotions do not touch them, and with tax included they hold theirs")
  func beside() throws {
    let shop = try Self.shop(Self.freight)
    try shop.write { tx in
      let promotion = PromotionDraft(
        code: "ALL", name: "All", validFrom: Shop.day, effect: .share(Rate(micros: 100_000)))
      for verdict in try UpsertPromotions([promotion]).run(in: tx, at: Shop.now) {
        precondition(verdict.violations.isEmpty)
      }
      _ = try ReplaceTaxPolicyRules(rules: [
        TaxPolicyRule(
          channel: .store, customerClass: nil,
          policy: TaxPolicy(isIncluded: true, scope: .document))
      ]).run(in: tx, at: Shop.now)
    }
    let far = Delivery(zone: "FAR")
    for channel in [Channel.web, .store] {
      let draft = Self.draft([("CHAIR", 2)], far, channel: channel, discount: .amount(cny(5)))
      #expect(try Self.charges(draft, in: shop) == ["2 FREIGHT FREIGHT 133.33 12.00"])
    }
  }

  @Test(
    "stands on the order, is delivered with the goods, invoiced, and made anew when resubmitted")
  func life() throws {
    let shop = try Self.shop(Self.freight)
    try shop.stock("CHAIR", 40)
    let draft = Self.draft([("CHAIR", 2)], Delivery(zone: "FAR", floor: 1))
    let order = try shop.place(draft)
    #expect(order.lines.map(\.charge) == ["", "FREIGHT", "STAIRS"])
    #expect(order.delivery == draft.delivery)
    #expect(try shop.order(order.number) == order)
    try shop.ship(order.number)
    #expect(try shop.invoice(order.number).gross == order.gross)

    let big = try shop.place(Self.draft([("CHAIR", 30)], Delivery(zone: "FAR"), customer: "BIGCO"))
    #expect(big.state == .submitted)
    for _ in 0..<2 {
      _ = try shop.write {
        try RejectOrder(number: big.number, reason: "no", by: "boss", roles: ["GENERAL_MANAGER"])
          .run(in: $0, at: Shop.now)
      }
      let again = try shop.submit(big.number)
      #expect(again.lines == big.lines)
      #expect(try shop.order(big.number) == again)
    }
    _ = try shop.write { try ReplaceChargeRules(rules: []).run(in: $0, at: Shop.now) }
    _ = try shop.write {
      try RejectOrder(number: big.number, reason: "no", by: "boss", roles: ["GENERAL_MANAGER"])
        .run(in: $0, at: Shop.now)
    }
    #expect(try shop.submit(big.number).lines.count == 1)
    #expect(try shop.violations().isEmpty)
  }

  @Test("goes with the last of the goods that are cancelled, and stays while some are left")
  func cancelled() throws {
    let shop = try Self.shop(Self.freight)
    try shop.stock("CHAIR", 9)
    let draft = Self.draft([("CHAIR", 2), ("CHAIR", 1)], Delivery(zone: "FAR"))
    let order = try shop.place(draft).number
    #expect(try shop.cancel(order, lines: [1]).order.lines.map(\.open) == [.zero, units(1), .one])
    let last = try shop.cancel(order, lines: [2]).order
    #expect(last.lines.map(\.open) == [.zero, .zero, .zero])
    #expect(last.state == .cancelled)
    #expect(try shop.creditUse(of: "HOTEL").orders == cny(0))

    let sent = try shop.place(draft).number
    try shop.ship(sent, [LineQuantity(line: 1, quantity: units(2))])
    #expect(try shop.cancel(sent, lines: [2]).order.lines.map(\.wanted) == [units(2), .zero, .one])
    #expect(try shop.violations().isEmpty)
  }

  @Test("goods of unknown size and zones that nobody knows are refused by field")
  func refusals() throws {
    let shop = try Self.shop(Self.freight)
    let refused = { (lines: [(String, Int64)], delivery: Delivery) in
      try shop.refusals {
        try PlaceOrder(Self.draft(lines, delivery), by: "till").run(in: $0, at: Shop.now)
      }.map { "\($0.field ?? "") \($0.reason)" }
    }
    #expect(
      try refused([("INSTALL", 1), ("LAMP", 1)], Delivery(zone: "FAR"))
        == ["order.lines[1].sku MEASURE_UNKNOWN"])
    #expect(
      try refused([("LAMP", 1)], Delivery(zone: "MOON"))
        == ["order.delivery.zone_code UNKNOWN_ZONE"])
    #expect(
      try refused([("LAMP", 1)], Delivery(zone: "NO ZONE", floor: 201)) == [
        "order.delivery.zone_code INVALID_CODE", "order.delivery.floor OUT_OF_RANGE",
      ])
    let rules = try shop.refusals {
      try ReplaceChargeRules(rules: [
        ChargeRule(charge: "", sku: "CHAIR", occasion: .always, base: fen(-1)),
        ChargeRule(
          charge: "F", sku: "NONE", occasion: .always, zone: "A B",
          perPiece: UnitPrice(micros: 1, currency: .usd), share: Rate(micros: -1)),
      ]).run(in: $0, at: Shop.now)
    }
    #expect(
      rules.map { "\($0.field ?? "") \($0.reason)" } == [
        "rules[0].charge REQUIRED", "rules[0].base OUT_OF_RANGE", "rules[0].sku NOT_A_SERVICE",
        "rules[1].zone_code INVALID_CODE", "rules[1].per_piece CURRENCY_NOT_ACCEPTED",
        "rules[1].share_micros OUT_OF_RANGE", "rules[1].sku UNKNOWN_PRODUCT",
      ])
  }
}
