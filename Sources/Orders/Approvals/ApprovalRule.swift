package import MasterData
package import Values

/// Who must agree to something, and until when.
package struct ApprovalStepRule: Hashable, Sendable {
  package let role: String
  /// Hours of business within which the role should decide; nil for no due time.
  package let dueHours: Int?
  /// Hours of business after which it is reminded; nil for when it is due.
  package let remindHours: Int?
  /// May decide as well once it is overdue; nil for nobody.
  package let escalationRole: String?

  package init(
    role: String, dueHours: Int? = nil, remindHours: Int? = nil, escalationRole: String? = nil
  ) {
    self.role = role
    self.dueHours = dueHours
    self.remindHours = remindHours
    self.escalationRole = escalationRole
  }
}

/// Who must approve which orders. Of each kind the rules are tried in their order, and the first of
/// which everything fits decides; an order that fits none of a kind needs nobody for it.
package struct ApprovalRule: Hashable, Sendable {
  /// What is approved: what the kinds ask for must all be given.
  package var kind: String
  /// Class of customers it is for; nil for all.
  package let customerClass: String?
  /// Fits orders whose total with tax is at least this much; nil for any.
  package let minimumGross: Money?
  /// Fits orders whose total with tax is less than this; nil for any.
  package var grossBelow: Money?
  /// The least total is that of the order and of those that the customer placed in so many hours
  /// before; nil for the order alone.
  package var windowHours: Int?
  /// Fits orders of which somebody took at least this share off the price of a line, by a discount
  /// on the line or on the order; nil for any.
  package let minimumDiscount: Rate?
  /// Fits orders of which a line earns less than this share of its net amount over what such goods
  /// in stock cost on average; nil for any. Lines whose goods are not in stock do not count.
  package let marginBelow: Rate?
  /// Fits orders of which something goes to regions of this country that begin so; nil for any.
  package var region: Region?
  /// Fits orders with a product of this class; nil for any.
  package var productClass: String?
  /// Does not fit orders of whoever has this role: what a manager may give without asking.
  package let exemptRole: String?
  /// Who must approve, one after the other; empty when nobody needs to.
  package internal(set) var steps: [ApprovalStepRule]
  /// The steps wait at once.
  package var isParallel: Bool

  /// What is approved where nobody says.
  package static let usualKind = "ORDER"

  package init(
    kind: String = usualKind, customerClass: String?, minimumGross: Money?,
    minimumDiscount: Rate? = nil, marginBelow: Rate? = nil, exemptRole: String? = nil,
    steps: [ApprovalStepRule], isParallel: Bool = false
  ) {
    self.kind = kind
    self.customerClass = customerClass
    self.minimumGross = minimumGross
    self.minimumDiscount = minimumDiscount
    self.marginBelow = marginBelow
    self.exemptRole = exemptRole
    self.steps = steps
    self.isParallel = isParallel
  }

  /// With one step or none.
  package init(
    customerClass: String?, minimumGross: Money?, minimumDiscount: Rate? = nil,
    marginBelow: Rate? = nil, exemptRole: String? = nil, approverRole: String?
  ) {
    self.init(
      customerClass: customerClass, minimumGross: minimumGross, minimumDiscount: minimumDiscount,
      marginBelow: marginBelow, exemptRole: exemptRole,
      steps: approverRole.map { [ApprovalStepRule(role: $0)] } ?? [])
  }

  func fits(_ order: ApprovalSubject) throws -> Bool {
    let isOfClass = customerClass == nil || customerClass == order.customerClass
    guard isOfClass, exemptRole.map({ !order.roles.contains($0) }) ?? true,
      grossBelow.map({ $0.currency == order.gross.currency && order.gross.minor < $0.minor })
        ?? true,
      minimumDiscount.map({ $0 <= order.discount }) ?? true,
      marginBelow.map({ margin in order.margin.map { $0 < margin } ?? false }) ?? true,
      region.map(order.goes(to:)) ?? true,
      productClass.map(order.productClasses.contains) ?? true
    else { return false }
    guard let minimumGross else { return true }
    guard minimumGross.currency == order.gross.currency else { return false }
    if order.gross.minor >= minimumGross.minor { return true }
    guard let windowHours else { return false }
    return try order.gross.minor + order.earlier(windowHours) >= minimumGross.minor
  }

  /// What it asks of an order, for people.
  private var condition: String {
    let window = windowHours.map { " with the orders of \($0) hours before" } ?? ""
    let parts = [
      customerClass.map { "class \($0)" }, minimumGross.map { "\($0) or more\(window)" },
      grossBelow.map { "less than \($0)" },
      minimumDiscount.map { "a discount of \($0) or more" },
      marginBelow.map { "a margin below \($0)" }, region.map { "to \($0)" },
      productClass.map { "with products of class \($0)" }, exemptRole.map { "not by \($0)" },
    ].compactMap(\.self)
    return parts.isEmpty ? "any order" : parts.joined(separator: ", ")
  }

  /// What it decided as rule `number`, for people.
  func words(number: Int) -> String {
    let roles = steps.map(\.role).joined(separator: isParallel ? " and " : ", then ")
    let verdict = steps.isEmpty ? "no approval needed" : "approval by \(roles)"
    let name = kind == Self.usualKind ? "Rule" : "\(kind): rule"
    return "\(name) \(number) (\(condition)): \(verdict)"
  }

  /// Whether what it looks at has become more than what somebody approved by it. A rule that looks
  /// at nothing is about the whole order.
  func isTouched(from approved: ApprovalFacts, to order: ApprovalFacts) -> Bool {
    let looksAtAmount = minimumGross != nil || grossBelow != nil
    let looksAtNothing =
      !looksAtAmount && minimumDiscount == nil && marginBelow == nil && region == nil
      && productClass == nil
    let isMore = order.gross.minor > approved.gross.minor
    let givesMore = order.discount > approved.discount
    let goesElsewhere =
      !order.regions.isSubset(of: approved.regions)
      || order.regions.isEmpty != approved.regions.isEmpty
    if looksAtAmount || looksAtNothing, isMore { return true }
    if minimumDiscount != nil || looksAtNothing, givesMore { return true }
    if marginBelow != nil, order.earnsLess(than: approved) { return true }
    if region != nil || looksAtNothing, goesElsewhere { return true }
    // Which of its lines are of the class is not kept: whatever costs otherwise counts.
    return productClass != nil && order.gross != approved.gross
  }
}

/// What somebody approved an order at.
struct ApprovalFacts: Hashable, Sendable {
  let gross: Money
  /// The largest that somebody gave on a line.
  let discount: Rate
  /// Of the line that earns least; nil where it was not looked at.
  let margin: Rate?
  /// Where it goes, as text; empty for nowhere.
  let regions: Set<String>

  func earnsLess(than other: ApprovalFacts) -> Bool {
    guard let margin, let other = other.margin else { return true }
    return margin < other
  }
}

/// What approval rules look at.
struct ApprovalSubject {
  let customerClass: String
  let gross: Money
  /// The largest that somebody gave on a line.
  let discount: Rate
  /// Of the line that earns least of those whose cost is known; looked up only where a rule asks.
  let margin: Rate?
  /// Goods of which nobody knows what they cost; empty where no rule asks.
  let unknownCosts: [String]
  /// To which something of it goes.
  let regions: Set<Region>
  let productClasses: Set<String>
  /// Of whoever asks.
  let roles: Set<String>
  /// Minor units of what the customer placed in so many hours before.
  let earlier: (_ hours: Int) throws -> Int64

  func goes(to asked: Region) -> Bool {
    regions.contains { $0.country == asked.country && $0.code.hasPrefix(asked.code) }
  }

  var facts: ApprovalFacts {
    ApprovalFacts(
      gross: gross, discount: discount, margin: margin, regions: Set(regions.map(\.description)))
  }
}
