package import MasterData
package import Storage
package import Values

/// Which orders are taxed and rounded how. Rules are tried in their order; the first that fits
/// decides, and an order that fits none has the standard: tax on top, line by line.
package struct TaxPolicyRule: Hashable, Sendable {
  /// Only orders that come this way; nil for any.
  package let channel: Channel?
  /// Class of customers it is for; nil for all.
  package let customerClass: String?
  package let policy: TaxPolicy

  package init(channel: Channel?, customerClass: String?, policy: TaxPolicy) {
    self.channel = channel
    self.customerClass = customerClass
    self.policy = policy
  }

  func fits(_ customerClass: String, _ channel: Channel) -> Bool {
    (self.channel == nil || self.channel == channel)
      && (self.customerClass == nil || self.customerClass == customerClass)
  }
}

/// The rules that say which orders are taxed and rounded how.
package enum TaxPolicyRules {
  /// In the order in which they are tried.
  package static func list(in snapshot: Snapshot) throws -> [TaxPolicyRule] {
    try TaxPolicyRuleTable.list(in: snapshot)
  }

  static func policy(
    for customerClass: String, by channel: Channel, among rules: [TaxPolicyRule]
  ) -> TaxPolicy {
    rules.first { $0.fits(customerClass, channel) }?.policy ?? .standard
  }
}

/// Replaces the rules that say which orders are taxed and rounded how. Orders keep the policy that
/// they were submitted with.
package struct ReplaceTaxPolicyRules: Sendable {
  package let rules: [TaxPolicyRule]

  package init(rules: [TaxPolicyRule]) { self.rules = rules }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> [TaxPolicyRule] {
    var check = FieldCheck(.request)
    check.range(rules.count, "rules", 0...Self.limit)
    try check.pass()
    for (index, rule) in rules.enumerated() {
      guard let customerClass = rule.customerClass else { continue }
      var found = FieldCheck(FieldPath("rules", row: index))
      found.code(customerClass, "customer_class")
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    try TaxPolicyRuleTable.replace(with: rules, in: tx)
    try PricingRulesTable.set(hasTaxPolicies: !rules.isEmpty, in: tx)
    tx.record(
      DomainEvent(
        "tax-policies.replaced", DocumentReference(.masterData, "tax-policies"),
        [Fact("rules", rules.count)]))
    return rules
  }
}
