import Inventory
import MasterData
import Orders
import Storage
import Testing
import Values

@Suite("Approval rules")
struct ApprovalRuleTests {
  @Test(
    "the seeded rules: VIP exempt, from 5,000 the general manager",
    arguments: [("BIGCO", 22, nil), ("BIGCO", 23, "GENERAL_MANAGER"), ("VIPCO", 400, nil)]
      as [(String, Int64, String?)])
  func seeded(customer: String, chairs: Int64, role: String?) throws {
    let shop = try Shop()
    let order = try shop.place(.of(customer, [("CHAIR", chairs)]))
    #expect(order.approval.requiredRole == role)
    #expect(order.state == (role == nil ? .confirmed : .submitted))
    #expect(order.approval.explanation.steps.count == 1)
  }

  @Test("a limit is met by the amount itself")
  func boundary() throws {
    let shop = try Shop()
    try shop.write {
      try ReplaceApprovalRules(rules: [
        ApprovalRule(customerClass: nil, minimumGross: fen(22_599), approverRole: "SUPERVISOR")
      ]).run(in: $0, at: Shop.now)
    }
    #expect(try shop.place(.of("HOTEL", [("CHAIR", 1)])).gross == fen(22_599))
    #expect(try shop.place(.of("HOTEL", [("CHAIR", 1)])).approval.requiredRole == "SUPERVISOR")
    #expect(try shop.place(.of("HOTEL", [("LAMP", 1)])).approval.requiredRole == nil)
  }

  @Test("are replaced as a whole and tried in their order")
  func replaced() throws {
    let shop = try Shop()
    let rules = [
      ApprovalRule(customerClass: "STANDARD", minimumGross: nil, approverRole: nil),
      ApprovalRule(customerClass: nil, minimumGross: cny(0), approverRole: "GENERAL_MANAGER"),
    ]
    #expect(
      try shop.write { try ReplaceApprovalRules(rules: rules).run(in: $0, at: Shop.now).rules }
        == rules)
    #expect(try shop.read { try ApprovalPolicies.current(in: $0).rules } == rules)
    #expect(try shop.place(.of("BIGCO", [("CHAIR", 99)])).state == .confirmed)
    #expect(try shop.place(.of("VIPCO", [("CHAIR", 1)])).state == .submitted)
  }

  private static func require(_ rules: [ApprovalRule], in shop: Shop) throws {
    _ = try shop.write { try ReplaceApprovalRules(rules: rules).run(in: $0, at: Shop.now) }
  }

  private static func approver(
    _ discount: Rate?, onLine: Rate = .zero, roles: Set<String> = [], in shop: Shop
  ) throws -> String? {
    let draft = OrderDraft(
      channel: .web, customerCode: "HOTEL", warehouseCode: "MAIN",
      lines: [
        .init(sku: "LAMP", quantity: units(1)),
        .init(sku: "CHAIR", quantity: units(1), discount: onLine),
      ], discount: discount.map { .share($0) })
    return try shop.read {
      try PricedOrder.of(draft, by: roles, at: Shop.now, in: $0).approval.requiredRole
    }
  }

  @Test("a discount up to a limit is given, beyond it is asked for: by line and order together")
  func discountBands() throws {
    let shop = try Shop()
    try Self.require(
      [
        ApprovalRule(
          customerClass: nil, minimumGross: nil, minimumDiscount: Rate(micros: 200_001),
          approverRole: "GENERAL_MANAGER"),
        ApprovalRule(
          customerClass: nil, minimumGross: nil, minimumDiscount: Rate(micros: 50_001),
          exemptRole: "SALES_MANAGER", approverRole: "SALES_MANAGER"),
      ], in: shop)
    let five = Rate(micros: 50_000)
    #expect(try Self.approver(nil, in: shop) == nil)
    #expect(try Self.approver(five, in: shop) == nil)
    #expect(try Self.approver(nil, onLine: five, in: shop) == nil)
    // 1 − 0.95 × 0.95 is 9.75 %.
    #expect(try Self.approver(five, onLine: five, in: shop) == "SALES_MANAGER")
    #expect(try Self.approver(five, onLine: five, roles: ["SALES_MANAGER"], in: shop) == nil)
    let quarter = Rate(micros: 250_000)
    #expect(
      try Self.approver(quarter, roles: ["SALES_MANAGER"], in: shop) == "GENERAL_MANAGER")
  }

  @Test("an amount off the order counts by its share")
  func discountAmount() throws {
    let shop = try Shop()
    try Self.require(
      [
        ApprovalRule(
          customerClass: nil, minimumGross: nil, minimumDiscount: Rate(micros: 100_000),
          approverRole: "SALES_MANAGER")
      ], in: shop)
    for (minor, role) in [(1_999, nil), (2_000, "SALES_MANAGER")] as [(Int64, String?)] {
      let order = try shop.place(.of("HOTEL", [("CHAIR", 1)], discount: .amount(fen(minor))))
      #expect(order.approval.requiredRole == role)
      #expect(order.state == (role == nil ? .confirmed : .submitted))
    }
    #expect(try shop.violations().isEmpty)
  }

  @Test("a margin below the floor is asked for, where the cost is known")
  func margin() throws {
    let shop = try Shop()
    try Self.require(
      [
        ApprovalRule(
          customerClass: nil, minimumGross: nil, marginBelow: Rate(micros: 700_000),
          approverRole: "GENERAL_MANAGER")
      ], in: shop)
    #expect(try Self.approver(nil, in: shop) == nil)
    // 50.00 of 199.99: a margin of 74.998 %, and of 166.67 one of 70.0006 %.
    try shop.stock("CHAIR", 3)
    #expect(try Self.approver(nil, in: shop) == nil)
    #expect(try Self.approver(nil, onLine: Rate(micros: 166_600), in: shop) == nil)
    #expect(try Self.approver(nil, onLine: Rate(micros: 166_700), in: shop) == "GENERAL_MANAGER")
    #expect(try Self.approver(nil, onLine: .one, in: shop) == "GENERAL_MANAGER")
    // A lamp costs more than it brings.
    try shop.stock("LAMP", 1)
    let draft = OrderDraft.of("HOTEL", [("LAMP", 1)])
    let priced = try shop.read { try PricedOrder.of(draft, at: Shop.now, in: $0) }
    #expect(priced.approval.requiredRole == "GENERAL_MANAGER")
    // Not everybody who sees an order may know what goods cost.
    #expect(!priced.approval.explanation.storedText.contains("50.00"))
  }

  @Test("refuses rules that make no sense, all at once")
  func refused() throws {
    let shop = try Shop()
    let rules = [
      ApprovalRule(customerClass: "NO CLASS", minimumGross: fen(-1), approverRole: "A B"),
      ApprovalRule(
        customerClass: nil, minimumGross: Money(minor: 1, currency: .usd), approverRole: "OK"),
      ApprovalRule(
        customerClass: nil, minimumGross: nil, minimumDiscount: Rate(micros: -1),
        marginBelow: Rate(micros: 1_000_001), exemptRole: "A B", approverRole: nil),
    ]
    let refusals = try shop.refusals {
      try ReplaceApprovalRules(rules: rules).run(in: $0, at: Shop.now)
    }
    #expect(
      refusals.map { "\($0.field ?? "") \($0.reason)" } == [
        "rules[0].customer_class INVALID_CODE", "rules[0].minimum_gross OUT_OF_RANGE",
        "rules[0].approver_role INVALID_CODE", "rules[1].minimum_gross CURRENCY_NOT_ACCEPTED",
        "rules[2].minimum_discount_micros OUT_OF_RANGE",
        "rules[2].margin_below_micros OUT_OF_RANGE", "rules[2].exempt_role INVALID_CODE",
      ])
    #expect(
      try shop.reasons { try ReplaceApprovalRules(rules: []).run(in: $0, at: Shop.now) }
        == ["OUT_OF_RANGE"])
  }
}

@Suite("Approval steps and stand-ins")
struct ApprovalStepTests {
  private static let ladder = ApprovalRule(
    customerClass: nil, minimumGross: cny(0),
    steps: ["FIRST", "SECOND", "THIRD"].map { ApprovalStepRule(role: $0) })

  private func approve(
    _ shop: Shop, _ number: String, by actor: String, _ role: String, for others: Set<String> = []
  ) throws {
    try shop.write {
      _ = try ApproveOrder(number: number, by: actor, roles: [role], standingInFor: others)
        .run(in: $0, at: Shop.now)
    }
  }

  private func reasons(
    _ shop: Shop, _ number: String, by actor: String, _ role: String, for others: Set<String> = []
  ) throws -> [String] {
    try shop.reasons {
      try ApproveOrder(number: number, by: actor, roles: [role], standingInFor: others)
        .run(in: $0, at: Shop.now)
    }
  }

  @Test("whoever stands in for one who decided a step, or stood in by them, decides no other")
  func standIns() throws {
    let shop = try Shop()
    try shop.write {
      _ = try ReplaceApprovalRules(rules: [Self.ladder]).run(in: $0, at: Shop.now)
    }
    let number = try shop.place(.of("HOTEL", [("CHAIR", 1)])).number
    #expect(
      try reasons(shop, number, by: "ana", "FIRST", for: ["till"]) == ["STAND_IN_MAY_NOT_DECIDE"])
    // Ben decides the first step in Ana's place.
    try approve(shop, number, by: "ben", "FIRST", for: ["ana"])
    #expect(try reasons(shop, number, by: "ben", "SECOND") == ["STEP_TAKES_ANOTHER"])
    #expect(try reasons(shop, number, by: "ana", "SECOND") == ["STEP_TAKES_ANOTHER"])
    #expect(
      try reasons(shop, number, by: "eva", "SECOND", for: ["ben"]) == ["STEP_TAKES_ANOTHER"])
    #expect(try reasons(shop, number, by: "gus", "THIRD") == ["ROLE_MISSING"])
    try approve(shop, number, by: "eva", "SECOND")
    try approve(shop, number, by: "gus", "THIRD")
    #expect(try shop.order(number).approval.decidedBy == "gus")
    #expect(try shop.violations().isEmpty)
  }

  @Test("whoever changes an order that waits is its maker as well")
  func lastEditor() throws {
    let shop = try Shop()
    try shop.write {
      _ = try ReplaceApprovalRules(rules: [Self.ladder]).run(in: $0, at: Shop.now)
    }
    let number = try shop.place(.of("HOTEL", [("CHAIR", 1)])).number
    try shop.write {
      _ = try ChangeOrder(
        number: number,
        OrderChange(lines: [.init(number: 1, quantity: GivenQuantity(units(2)))]),
        reason: "two", by: "ana", roles: ["SALES_MANAGER"]
      ).run(in: $0, at: Shop.now)
    }
    #expect(try reasons(shop, number, by: "ana", "FIRST") == ["CREATOR_MAY_NOT_DECIDE"])
    try approve(shop, number, by: "ben", "FIRST")
    #expect(try shop.violations().isEmpty)
  }
}
