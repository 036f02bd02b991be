import Storage
import Values

/// All SQL of `approval_rule`.
enum ApprovalRuleTable {
  /// In the order in which they are tried; never more than `ReplaceApprovalRules.limit`.
  static func list(in snapshot: Snapshot) throws -> [ApprovalRule] {
    try snapshot.all(
      """
      SELECT customer_class, minimum_gross_minor, currency, approver_role
      FROM approval_rule ORDER BY position
      """
    ) { row in
      ApprovalRule(
        customerClass: row.optionalText(0), minimumGross: row.optionalMoney(1, 2),
        approverRole: row.optionalText(3))
    }
  }

  static func replace(with rules: [ApprovalRule], in tx: Transaction) throws {
    try tx.execute("DELETE FROM approval_rule")
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO approval_rule
          (position, customer_class, minimum_gross_minor, currency, approver_role)
        VALUES (?, ?, ?, ?, ?)
        """, index + 1, rule.customerClass, rule.minimumGross?.minor,
        rule.minimumGross?.currency, rule.approverRole)
    }
  }
}
