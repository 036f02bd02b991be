import Finance
import MasterData
import Orders
import Storage
import TestRandom
import Testing
import Values

@Suite("Prices of orders")
struct PricedOrderTests {
  private static func policies(
    _ rules: [TaxPolicyRule], in shop: Shop
  ) throws {
    _ = try shop.write { try ReplaceTaxPolicyRules(rules: rules).run(in: $0, at: Shop.now) }
  }

  private static func everywhere(_ policy: TaxPolicy) -> [TaxPolicyRule] {
    [TaxPolicyRule(channel: nil, customerClass: nil, policy: policy)]
  }

  private static func price(_ draft: OrderDraft, in shop: Shop) throws -> PricedOrder {
    try shop.read { try PricedOrder.of(draft, at: Shop.now, in: $0) }
  }

  @Test("the question answers what placing does, and writes nothing")
  func sameAsPlaced() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let draft = OrderDraft.of(
      "HOTEL", [("CHAIR", 3), ("INSTALL", 1)], discount: .share(Rate(micros: 100_000)))
    let asked = try Self.price(draft, in: shop)
    let placed = try shop.place(draft)
    #expect(placed.number == "SO-2026-000001")
    #expect(asked.lines.map(\.priceExplanation) == placed.lines.map(\.priceExplanation))
    #expect(asked.lines.map(\.net) == placed.lines.map(\.net))
    #expect(asked.lines.map(\.tax) == placed.lines.map(\.tax))
    #expect([asked.net, asked.tax, asked.gross] == [placed.net, placed.tax, placed.gross])
    #expect(asked.reduction == placed.reduction)
    #expect(try shop.order(placed.number) == placed)
    #expect(try shop.violations().isEmpty)
  }

  @Test("a discount on the order is spread over the rates, then over their lines, before tax")
  func orderDiscount() throws {
    let shop = try Shop()
    // 199.99 and 35.50 at 13 %, 120.00 at 6 %: 100.00 off 355.49 is 66.24 and 33.76.
    let priced = try Self.price(
      .of("HOTEL", [("CHAIR", 1), ("INSTALL", 1), ("LAMP", 1)], discount: .amount(cny(100))),
      in: shop)
    #expect(priced.lines.map(\.reduction) == [fen(5_625), fen(3_376), fen(999)])
    #expect(priced.lines.map(\.net) == [fen(14_374), fen(8_624), fen(2_551)])
    #expect(priced.lines.map(\.tax) == [fen(1_869), fen(517), fen(332)])
    #expect(priced.reduction == cny(100))
    #expect(
      priced.lines[0].priceExplanation.steps.map(\.rule)
        == ["GENERAL_PRICE_LIST", "ORDER_DISCOUNT", "AMOUNT"])
    let free = try Self.price(
      .of("HOTEL", [("CHAIR", 1), ("LAMP", 2)], discount: .share(.one)), in: shop)
    #expect(free.gross == cny(0))
  }

  @Test("with tax included the customer pays what the shelf says")
  func taxIncluded() throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    try Self.policies(Self.everywhere(TaxPolicy(isIncluded: true)), in: shop)
    try shop.write { tx in
      for verdict in try UpsertPriceLists([
        PriceListDraft(code: "SHELF", name: "Shelf", priority: 1, isTaxIncluded: true)
      ]).run(in: tx, at: Shop.now)
        + UpsertPrices([
          PriceDraft(
            list: "SHELF", sku: "CHAIR", unitPrice: UnitPrice(micros: 99_000_000, currency: .cny),
            validFrom: Shop.day)
        ]).run(in: tx, at: Shop.now)
      { precondition(verdict.violations.isEmpty) }
    }
    // LAMP has 35.50 without tax, which is 40.115 with it.
    let order = try shop.place(
      .of("HOTEL", [("CHAIR", 3), ("LAMP", 1)], discount: .amount(cny(7))))
    #expect(try order.lines.map { try $0.net + $0.tax } == [fen(29_083), fen(3_929)])
    #expect(order.lines.map(\.net) == [fen(25_737), fen(3_477)])
    #expect(order.gross == fen(33_012))
    #expect(order.policy.isIncluded)
    #expect(try shop.order(order.number) == order)
    #expect(try shop.violations().isEmpty)
  }

  @Test("the first policy that fits channel and class decides, and stays with the order")
  func policies() throws {
    let shop = try Shop()
    let document = TaxPolicy(scope: .document, rounding: .halfEven)
    try Self.policies(
      [
        TaxPolicyRule(channel: .web, customerClass: "VIP", policy: .standard),
        TaxPolicyRule(channel: .web, customerClass: nil, policy: document),
      ], in: shop)
    #expect(try Self.price(.of("VIPCO", [("CHAIR", 1)]), in: shop).policy == .standard)
    #expect(try Self.price(.of("HOTEL", [("CHAIR", 1)]), in: shop).policy == document)
    let store = OrderDraft.of("HOTEL", [("CHAIR", 1)], channel: .store)
    #expect(try Self.price(store, in: shop).policy == .standard)
    let placed = try shop.place(.of("HOTEL", [("LAMP", 1), ("LAMP", 1), ("LAMP", 1)]))
    // Three lamps are 106.50, 13 % of it 13.845, to the even cent 13.84.
    #expect(placed.lines.map(\.tax) == [fen(462), fen(461), fen(461)])
    try Self.policies([], in: shop)
    #expect(try Self.price(.of("HOTEL", [("CHAIR", 1)]), in: shop).policy == .standard)
    #expect(try shop.order(placed.number).policy == document)
    #expect(try shop.violations().isEmpty)
  }

  @Test(
    "any split of a discounted order into invoices sums to it to the cent",
    arguments: TaxPolicy.Scope.allCases, [false, true])
  func splitInvoices(scope: TaxPolicy.Scope, isIncluded: Bool) throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 20)
    try Self.policies(
      Self.everywhere(TaxPolicy(isIncluded: isIncluded, scope: scope)), in: shop)
    let order = try shop.place(
      .of("HOTEL", [("CHAIR", 7), ("CHAIR", 3)], discount: .amount(fen(3_333))))
    var invoices: [Invoice] = []
    for (line, count) in [(1, 2), (2, 1), (1, 4), (1, 1), (2, 2)] as [(Int, Int64)] {
      try shop.ship(order.number, [LineQuantity(line: line, quantity: units(count))])
      invoices.append(try shop.invoice(order.number))
    }
    #expect(try invoices.map(\.net).sum(.cny) == order.net)
    #expect(try invoices.map(\.tax).sum(.cny) == order.tax)
    #expect(try shop.violations().isEmpty)
  }

  @Test("an order that is sent back and submitted again has the same price, and no discount twice")
  func submittedAgain() throws {
    let shop = try Shop()
    let draft = OrderDraft.of(
      "BIGCO", [("CHAIR", 30), ("LAMP", 5)], discount: .share(Rate(micros: 30_000)))
    let first = try shop.place(draft)
    #expect(first.state == .submitted)
    _ = try shop.write {
      try RejectOrder(
        number: first.number, reason: "again", by: "boss", roles: ["GENERAL_MANAGER"]
      ).run(in: $0, at: Shop.now)
    }
    let again = try shop.submit(first.number)
    #expect(again.lines == first.lines)
    #expect(again.gross == first.gross)
    #expect(again.discount == draft.discount)
    #expect(try shop.order(first.number) == again)
    #expect(try shop.violations().isEmpty)
  }

  /// DOMAIN, complaints: rules that stay when their line is gone, and discounts that apply twice.
  @Test("any way of editing that ends in the same lines ends in the same price", arguments: 1...20)
  func edits(seed: UInt64) throws {
    let shop = try Shop()
    var random = Seeded(seed)
    try Self.policies(
      Self.everywhere(
        TaxPolicy(
          isIncluded: .random(using: &random),
          scope: .random(using: &random) ? .line : .document)), in: shop)
    var lines: [(String, Int64)] = []
    func edit() {
      let line = (
        ["CHAIR", "LAMP", "FABRIC", "INSTALL"].randomElement(using: &random) ?? "",
        Int64.random(in: 1...9, using: &random)
      )
      let place = lines.indices.randomElement(using: &random)
      switch (Int.random(in: 0..<3, using: &random), place) {
      case (0, let place?): lines[place] = line
      case (1, let place?) where lines.count > 1: lines.remove(at: place)
      default: lines.insert(line, at: Int.random(in: 0...lines.count, using: &random))
      }
    }
    let discount = OrderDiscount.share(Rate(micros: .random(in: 0...500_000, using: &random)))
    for _ in 0..<30 {
      edit()
      // What is asked in between leaves nothing behind.
      _ = try Self.price(.of("HOTEL", lines, discount: discount), in: shop)
    }
    let edited = try Self.price(.of("HOTEL", lines, discount: discount), in: shop)
    let fresh = try Shop()
    let rules = try shop.read { try TaxPolicyRules.list(in: $0) }
    try Self.policies(rules, in: fresh)
    let once = try Self.price(.of("HOTEL", lines, discount: discount), in: fresh)
    #expect(once.lines == edited.lines)
    #expect(once.gross == edited.gross)
    let net = try once.lines.map(\.net).sum(.cny)
    #expect(net == once.net)
  }
}
