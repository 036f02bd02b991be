import MasterData
package import Storage
package import Values

/// Makes a new version of who gets goods where there are too few.
package struct SetAllocationPolicy: Sendable {
  package let criteria: [AllocationCriterion]
  package let rules: [PriorityRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    criteria: [AllocationCriterion], rules: [PriorityRule], reason: String, by actor: String
  ) {
    self.criteria = criteria
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> AllocationPolicy {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(criteria.count, "criteria", 1...AllocationCriterion.allCases.count)
    check.range(rules.count, "rules", 0...Self.limit)
    try check.pass()
    for (index, criterion) in criteria.enumerated()
    where criteria.firstIndex(of: criterion) != index {
      check.refuse(
        AllocationRejection.duplicateCriterion(field: "criteria[\(index)]", criterion: criterion))
    }
    for (index, rule) in rules.enumerated() {
      for violation in Self.violations(of: rule, row: index, base: base) { check.refuse(violation) }
    }
    try check.pass()
    let policy = try AllocationPolicyTable.insert(
      criteria, rules, reason: reason, by: actor, at: now, in: tx)
    tx.record(
      DomainEvent(
        "allocation-policy.set", DocumentReference(.masterData, "allocation-policy"),
        [
          Fact("version", policy.version), Fact("rules", rules.count), Fact("actor", actor),
          Fact("criteria", criteria.map(\.rawValue).joined(separator: ", ")),
          Fact("reason", reason),
        ]))
    return policy
  }

  private static func violations(
    of rule: PriorityRule, row: Int, base: Currency
  ) -> [any Rejection] {
    var found = FieldCheck(FieldPath("rules", row: row))
    if let customerClass = rule.customerClass { found.code(customerClass, "customer_class") }
    if let sku = rule.sku { found.code(sku, "sku") }
    if let productClass = rule.productClass { found.code(productClass, "product_class") }
    if let fromGross = rule.fromGross { found.amount(fromGross, "from_gross", base: base) }
    if let days = rule.withinDays { found.range(days, "within_days", 0...3_650) }
    found.range(rule.points, "points", -1_000...1_000)
    if rule.points == 0 {
      found.refuse(MasterDataRejection.missingValue(field: found.path.field("points")))
    }
    return found.violations
  }
}
