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
      try shop.write { try ReplaceApprovalRules(rules: rules).run(in: $0, at: Shop.now) } == rules)
    #expect(try shop.read { try ApprovalRules.list(in: $0) } == rules)
    #expect(try shop.place(.of("BIGCO", [("CHAIR", 99)])).state == .confirmed)
    #expect(try shop.place(.of("VIPCO", [("CHAIR", 1)])).state == .submitted)
  }

  @Test("refuses rules that make no sense, all at once")
  func refused() throws {
    let shop = try Shop()
    let rules = [
      ApprovalRule(customerClass: "NO CLASS", minimumGross: fen(-1), approverRole: "A B"),
      ApprovalRule(
        customerClass: nil, minimumGross: Money(minor: 1, currency: .usd), approverRole: "OK"),
    ]
    let refusals = try shop.refusals {
      try ReplaceApprovalRules(rules: rules).run(in: $0, at: Shop.now)
    }
    #expect(
      refusals.map { "\($0.field ?? "") \($0.reason)" } == [
        "rules[0].customer_class INVALID_CODE", "rules[0].minimum_gross OUT_OF_RANGE",
        "rules[0].approver_role INVALID_CODE", "rules[1].minimum_gross CURRENCY_NOT_ACCEPTED",
      ])
    #expect(
      try shop.reasons { try ReplaceApprovalRules(rules: []).run(in: $0, at: Shop.now) }
        == ["OUT_OF_RANGE"])
  }
}
