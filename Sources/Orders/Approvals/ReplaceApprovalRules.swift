import MasterData
package import Storage
package import Values

/// Makes a new version of the rules that say who approves which orders. Orders that are already
/// submitted stay with theirs.
package struct ReplaceApprovalRules {
  package let rules: [ApprovalRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(rules: [ApprovalRule], reason: String = "", by actor: String = "") {
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  static let limit = 100
  static let stepLimit = 10
  /// A year of business.
  static let longestHours = 2_000

  package func run(in tx: Transaction, at now: Moment) throws -> ApprovalPolicy {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(rules.count, "rules", 1...Self.limit)
    check.text(reason, "reason", limit: 500)
    try check.pass()
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      rule.check(&found, base: base)
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let policy = try ApprovalPolicyTable.insert(rules, reason: reason, by: actor, at: now, in: tx)
    tx.record(
      DomainEvent(
        "approval-rules.replaced", DocumentReference(.masterData, "approval-rules"), related: nil,
        [Fact("rules", rules.count), Fact("version", policy.version)]))
    return policy
  }
}

extension ApprovalRule {
  fileprivate func check(_ found: inout FieldCheck, base: Currency) {
    if let customerClass { found.code(customerClass, "customer_class") }
    for (amount, name) in [(minimumGross, "minimum_gross"), (grossBelow, "gross_below")] {
      guard let amount else { continue }
      found.currency(amount.currency, name, base: base)
      found.range(amount.minor, name, 0...Int64.max)
    }
    if let minimumDiscount {
      found.range(minimumDiscount, "minimum_discount_micros", .zero ... .one)
    }
    if let marginBelow {
      found.range(
        marginBelow, "margin_below_micros", Rate(micros: -Rate.one.micros) ... .one)
    }
    if let exemptRole { found.code(exemptRole, "exempt_role") }
    found.code(kind, "kind")
    if let windowHours {
      found.range(windowHours, "window_hours", 1...ReplaceApprovalRules.longestHours)
      if minimumGross == nil {
        found.refuse(
          MasterDataRejection.missingValue(field: found.path.field("minimum_gross")))
      }
    }
    region?.checkPrefix(&found)
    if let productClass { found.code(productClass, "product_class") }
    steps.check(&found)
  }
}

extension [ApprovalStepRule] {
  /// Nil where they are more than one role that is asked without a due time.
  package var onlyRole: String? {
    count == 1 && self[0] == ApprovalStepRule(role: self[0].role) ? self[0].role : nil
  }

  func check(_ found: inout FieldCheck) {
    if let onlyRole { return found.code(onlyRole, "approver_role") }
    found.range(count, "steps", 0...ReplaceApprovalRules.stepLimit)
    for (index, step) in prefix(ReplaceApprovalRules.stepLimit).enumerated() {
      step.check(&found, "steps[\(index)].")
    }
  }
}

extension ApprovalStepRule {
  /// What is wrong with it below a path.
  func check(_ found: inout FieldCheck, _ path: String) {
    found.code(role, path + "role")
    if let dueHours {
      found.range(dueHours, path + "due_hours", 1...ReplaceApprovalRules.longestHours)
    }
    let longest = dueHours ?? ReplaceApprovalRules.longestHours
    if let remindHours, longest > 0 {
      found.range(remindHours, path + "remind_hours", 1...longest)
    }
    guard let escalationRole else { return }
    found.code(escalationRole, path + "escalation_role")
    if dueHours == nil {
      found.refuse(MasterDataRejection.missingValue(field: found.path.field(path + "due_hours")))
    }
  }
}
