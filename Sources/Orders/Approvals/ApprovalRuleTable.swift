import Storage
import Values

/// All SQL of `approval_rule`.
enum ApprovalRuleTable {
  /// In the order in which they are tried; never more than `ReplaceApprovalRules.limit`.
  static func list(in snapshot: Snapshot) throws -> [ApprovalRule] {
    try snapshot.all(
      """
      SELECT customer_class, minimum_gross_minor, currency, minimum_discount_micros,
        margin_below_micros, exempt_role, approver_role
      FROM approval_rule ORDER BY position
      """
    ) { ApprovalRule($0, from: 0) }
  }

  static func replace(with rules: [ApprovalRule], in tx: Transaction) throws {
    try tx.execute("DELETE FROM approval_rule")
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO approval_rule
          (position, customer_class, minimum_gross_minor, currency, minimum_discount_micros,
          margin_below_micros, exempt_role, approver_role)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, index + 1, rule.customerClass, rule.minimumGross?.minor,
        rule.minimumGross?.currency, rule.minimumDiscount, rule.marginBelow, rule.exemptRole,
        rule.approverRole)
    }
  }
}

extension ApprovalRule {
  /// From the columns customer_class, minimum_gross_minor, currency, minimum_discount_micros,
  /// margin_below_micros, exempt_role and approver_role, which stand in a row.
  init(_ row: Row, from column: Int) {
    self.init(
      customerClass: row.optionalText(column),
      minimumGross: row.optionalMoney(column + 1, column + 2),
      minimumDiscount: row.optionalRate(column + 3), marginBelow: row.optionalRate(column + 4),
      exemptRole: row.optionalText(column + 5), approverRole: row.optionalText(column + 6))
  }
}
