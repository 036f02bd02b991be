package import Values

/// Who must approve which orders. Rules are tried in their order; the first of which everything
/// fits decides, and an order that fits none needs nobody.
package struct ApprovalRule: Hashable, Sendable {
  /// Class of customers it is for; nil for all.
  package let customerClass: String?
  /// Fits orders whose total with tax is at least this much; nil for any.
  package let minimumGross: Money?
  /// Fits orders of which somebody took at least this share off the price of a line, by a discount
  /// on the line or on the order; nil for any.
  package let minimumDiscount: Rate?
  /// Fits orders of which a line earns less than this share of its net amount over what such goods
  /// in stock cost on average; nil for any. Lines whose goods are not in stock do not count.
  package let marginBelow: Rate?
  /// Does not fit orders of whoever has this role: what a manager may give without asking.
  package let exemptRole: String?
  /// Role that must approve; nil when the order needs nobody.
  package let approverRole: String?

  package init(
    customerClass: String?, minimumGross: Money?, minimumDiscount: Rate? = nil,
    marginBelow: Rate? = nil, exemptRole: String? = nil, approverRole: String?
  ) {
    self.customerClass = customerClass
    self.minimumGross = minimumGross
    self.minimumDiscount = minimumDiscount
    self.marginBelow = marginBelow
    self.exemptRole = exemptRole
    self.approverRole = approverRole
  }

  func fits(_ order: ApprovalSubject) -> Bool {
    (customerClass == nil || customerClass == order.customerClass)
      && (minimumGross.map { $0.currency == order.gross.currency && $0.minor <= order.gross.minor }
        ?? true)
      && (minimumDiscount.map { $0 <= order.discount } ?? true)
      && (marginBelow.map { margin in order.earnings.contains { $0.isBelow(margin) } } ?? true)
      && (exemptRole.map { !order.roles.contains($0) } ?? true)
  }

  /// What it asks of an order, for people.
  private var condition: String {
    let parts = [
      customerClass.map { "class \($0)" }, minimumGross.map { "\($0) or more" },
      minimumDiscount.map { "a discount of \($0) or more" },
      marginBelow.map { "a margin below \($0)" }, exemptRole.map { "not by \($0)" },
    ].compactMap(\.self)
    return parts.isEmpty ? "any order" : parts.joined(separator: ", ")
  }

  /// What the first rule that fits asks for, with the reason.
  static func first(of rules: [ApprovalRule], for order: ApprovalSubject) -> Approval {
    var facts = [Fact("customer_class", order.customerClass), Fact("gross", order.gross)]
    if order.discount > .zero { facts.append(Fact("discount", order.discount)) }
    guard let index = rules.firstIndex(where: { $0.fits(order) }) else {
      return Approval(
        requiredRole: nil, decidedBy: nil,
        explanation: Explanation([
          .init("NO_APPROVAL_RULE", "No rule fits: the order needs nobody's approval", facts)
        ]))
    }
    let rule = rules[index]
    let verdict = rule.approverRole.map { "approval by \($0)" } ?? "no approval needed"
    return Approval(
      requiredRole: rule.approverRole, decidedBy: nil,
      explanation: Explanation([
        .init(
          "APPROVAL_RULE", "Rule \(index + 1) (\(rule.condition)): \(verdict)",
          [Fact("rule", index + 1)] + facts)
      ]))
  }
}

/// What approval rules look at.
struct ApprovalSubject {
  /// What a line comes to and what its goods cost.
  struct Earning {
    let net: Money
    let cost: Money

    /// (net − cost) ÷ net is below `margin`; what is given away for nothing is below any.
    func isBelow(_ margin: Rate) -> Bool {
      let earned = Int128(net.minor) - Int128(cost.minor)
      return earned * Int128(Rate.one.micros) < Int128(margin.micros) * Int128(net.minor)
    }
  }

  let customerClass: String
  let gross: Money
  /// The largest that somebody gave on a line.
  let discount: Rate
  /// Of the lines whose cost is known; looked up only where a rule asks for it.
  let earnings: [Earning]
  /// Of whoever asks.
  let roles: Set<String>
}
