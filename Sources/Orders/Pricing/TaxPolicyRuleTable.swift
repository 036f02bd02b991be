import MasterData
import Storage
import Values

/// All SQL of `tax_policy_rule`.
enum TaxPolicyRuleTable {
  /// In the order in which they are tried; never more than `ReplaceTaxPolicyRules.limit`.
  static func list(in snapshot: Snapshot) throws -> [TaxPolicyRule] {
    try snapshot.all(
      """
      SELECT channel, customer_class, tax_included, tax_scope, rounding
      FROM tax_policy_rule ORDER BY position
      """
    ) { row in
      TaxPolicyRule(
        channel: try row.optionalValue(0), customerClass: row.optionalText(1),
        policy: TaxPolicy(
          isIncluded: row.bool(2), scope: try row.value(3), rounding: try row.value(4)))
    }
  }

  static func replace(with rules: [TaxPolicyRule], in tx: Transaction) throws {
    try tx.execute("DELETE FROM tax_policy_rule")
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO tax_policy_rule
          (position, channel, customer_class, tax_included, tax_scope, rounding)
        VALUES (?, ?, ?, ?, ?, ?)
        """, index + 1, rule.channel, rule.customerClass, rule.policy.isIncluded,
        rule.policy.scope, rule.policy.rounding)
    }
  }
}

extension TaxPolicy.Scope: Bindable {}
extension Rounding.Mode: Bindable {}
