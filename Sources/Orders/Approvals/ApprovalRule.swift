package import Values

/// Who must approve which orders. Rules are tried in their order; the first that fits decides, and
/// an order that fits none needs nobody.
package struct ApprovalRule: Hashable, Sendable {
  /// Class of customers it is for; nil for all.
  package let customerClass: String?
  /// Fits orders whose total with tax is at least this much; nil for any.
  package let minimumGross: Money?
  /// Role that must approve; nil when the order needs nobody.
  package let approverRole: String?

  package init(customerClass: String?, minimumGross: Money?, approverRole: String?) {
    self.customerClass = customerClass
    self.minimumGross = minimumGross
    self.approverRole = approverRole
  }

  func fits(customerClass: String, gross: Money) -> Bool {
    (self.customerClass == nil || self.customerClass == customerClass)
      && (minimumGross.map { $0.currency == gross.currency && $0.minor <= gross.minor } ?? true)
  }

  /// What the first rule that fits asks for, with the reason.
  static func first(of rules: [ApprovalRule], forClass customerClass: String, gross: Money)
    -> Approval
  {
    let facts = [Fact("customer_class", customerClass), Fact("gross", gross)]
    guard
      let index = rules.firstIndex(where: { $0.fits(customerClass: customerClass, gross: gross) })
    else {
      return Approval(
        requiredRole: nil, decidedBy: nil,
        explanation: Explanation([
          .init("NO_APPROVAL_RULE", "No rule fits: the order needs nobody's approval", facts)
        ]))
    }
    let rule = rules[index]
    let condition = [
      rule.customerClass.map { "class \($0)" }, rule.minimumGross.map { "\($0) or more" },
    ].compactMap(\.self).joined(separator: ", ")
    let verdict = rule.approverRole.map { "approval by \($0)" } ?? "no approval needed"
    return Approval(
      requiredRole: rule.approverRole, decidedBy: nil,
      explanation: Explanation([
        .init(
          "APPROVAL_RULE",
          "Rule \(index + 1) (\(condition.isEmpty ? "any order" : condition)): \(verdict)",
          [Fact("rule", index + 1)] + facts)
      ]))
  }
}
