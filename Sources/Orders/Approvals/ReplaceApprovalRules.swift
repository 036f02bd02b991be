import MasterData
package import Storage
package import Values

/// Replaces the rules that say who approves which orders. Orders that are already submitted keep
/// their approvals.
package struct ReplaceApprovalRules {
  package let rules: [ApprovalRule]

  package init(rules: [ApprovalRule]) { self.rules = rules }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> [ApprovalRule] {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(rules.count, "rules", 1...Self.limit)
    try check.pass()
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      if let customerClass = rule.customerClass { found.code(customerClass, "customer_class") }
      if let minimum = rule.minimumGross {
        found.currency(minimum.currency, "minimum_gross", base: base)
        found.range(minimum.minor, "minimum_gross", 0...Int64.max)
      }
      if let discount = rule.minimumDiscount {
        found.range(discount, "minimum_discount_micros", .zero ... .one)
      }
      if let margin = rule.marginBelow {
        found.range(margin, "margin_below_micros", Rate(micros: -Rate.one.micros) ... .one)
      }
      if let role = rule.exemptRole { found.code(role, "exempt_role") }
      if let role = rule.approverRole { found.code(role, "approver_role") }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    try ApprovalRuleTable.replace(with: rules, in: tx)
    tx.record(
      DomainEvent(
        "approval-rules.replaced", DocumentReference(.masterData, "approval-rules"), related: nil,
        [Fact("rules", rules.count)]))
    return rules
  }
}

/// The rules that say who approves which orders.
package enum ApprovalRules {
  /// In the order in which they are tried.
  package static func list(in snapshot: Snapshot) throws -> [ApprovalRule] {
    try ApprovalRuleTable.list(in: snapshot)
  }
}
