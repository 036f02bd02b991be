package import Values

/// How far a line has come when it is cancelled.
package enum CancelStage: String, Hashable, Sendable, CaseIterable, Comparable {
  /// Nothing was agreed yet: cancelling costs nothing, and no rule is asked.
  case notConfirmed = "NOT_CONFIRMED"
  /// Promised, and nobody has touched anything for it.
  case confirmed = "CONFIRMED"
  /// The workshop has begun with it.
  case inWork = "IN_WORK"
  /// The workshop has finished it, and it is held for the customer.
  case made = "MADE"
  /// It is in a shipment that has not left.
  case setApart = "SET_APART"

  /// Those that a rule can be for.
  package static let ruled: [CancelStage] = [.confirmed, .inWork, .made, .setApart]

  package static func < (left: CancelStage, right: CancelStage) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }

  var words: String { rawValue.lowercased().replacing("_", with: " ") }
}

/// What cancelling costs in some cases, and who must agree. Rules are tried in their order; the
/// first of which everything fits decides about a line.
package struct CancellationRule: Hashable, Sendable {
  /// Nil for any.
  package let stage: CancelStage?
  /// How the goods come to be; nil for any.
  package let sourcing: Sourcing?
  /// Class of customers; nil for all.
  package let customerClass: String?
  /// Class of products; nil for all.
  package let productClass: String?
  /// Of what is cancelled, with tax.
  package let share: Rate
  /// Once for all lines that the rule decides about; nil for nothing.
  package let fixed: Money?
  /// What the fee of the rule is at least and at most; nil for no bound.
  package let minimum: Money?
  package let maximum: Money?
  /// Earnest money is not forfeited.
  package let waivesEarnest: Bool
  /// Who must agree where what the rule decides about comes to `approvalFrom` or more, one after
  /// the other; empty when nobody needs to.
  package let steps: [ApprovalStepRule]
  /// The steps wait at once.
  package let isParallel: Bool
  package let approvalFrom: Money?
  /// What the customer, or one of its group, had cancelled of other orders in so many hours before
  /// counts towards `approvalFrom`; nil for the order alone.
  package let windowHours: Int?
  /// The customer cannot cancel it at all.
  package let isForbidden: Bool

  package init(
    stage: CancelStage? = nil, sourcing: Sourcing? = nil, customerClass: String? = nil,
    productClass: String? = nil,
    share: Rate = .zero, fixed: Money? = nil, minimum: Money? = nil, maximum: Money? = nil,
    waivesEarnest: Bool = false, steps: [ApprovalStepRule] = [], isParallel: Bool = false,
    approvalFrom: Money? = nil, windowHours: Int? = nil, isForbidden: Bool = false
  ) {
    self.stage = stage
    self.sourcing = sourcing
    self.customerClass = customerClass
    self.productClass = productClass
    self.share = share
    self.fixed = fixed
    self.minimum = minimum
    self.maximum = maximum
    self.waivesEarnest = waivesEarnest
    self.steps = steps
    self.isParallel = isParallel
    self.approvalFrom = approvalFrom
    self.windowHours = windowHours
    self.isForbidden = isForbidden
  }

  func converted(by rate: ExchangeRate) throws(ArithmeticError) -> CancellationRule {
    CancellationRule(
      stage: stage, sourcing: sourcing, customerClass: customerClass, productClass: productClass,
      share: share, fixed: try fixed.converted(by: rate), minimum: try minimum.converted(by: rate),
      maximum: try maximum.converted(by: rate), waivesEarnest: waivesEarnest,
      steps: steps, isParallel: isParallel, approvalFrom: try approvalFrom.converted(by: rate),
      windowHours: windowHours, isForbidden: isForbidden)
  }

  func fits(
    stage: CancelStage, sourcing: Sourcing?, customerClass: String, productClass: String
  ) -> Bool {
    (self.stage == nil || self.stage == stage)
      && (self.sourcing == nil || self.sourcing == sourcing)
      && (self.customerClass == nil || self.customerClass == customerClass)
      && (self.productClass == nil || self.productClass == productClass)
  }

  /// For lines that come to `amount` with tax: share and fixed amount within the bounds, and never
  /// more than is cancelled.
  func fee(for amount: Money) throws -> Money {
    let whole = try amount.share(share).minor + (fixed?.minor ?? 0)
    let bounded = min(max(whole, minimum?.minor ?? 0), maximum?.minor ?? .max)
    return Money(minor: min(bounded, amount.minor), currency: amount.currency)
  }

  /// Whether somebody needs to agree to it for lines that come to `amount`.
  func asks(for amount: Money) -> Bool {
    !steps.isEmpty && amount.minor >= (approvalFrom?.minor ?? 0)
  }

  /// What it asks and takes, for people.
  var words: String {
    let conditions = [
      stage.map(\.words), sourcing.map { $0.rawValue.lowercased() },
      customerClass.map { "class \($0)" }, productClass.map { "products of class \($0)" },
    ].compactMap(\.self)
    let effects = [
      isForbidden ? "not by the customer" : nil, share > .zero ? "\(share)" : nil,
      fixed.map { "\($0)" },
      minimum.map { "at least \($0)" }, maximum.map { "at most \($0)" },
      waivesEarnest ? "earnest money is not forfeited" : nil,
    ].compactMap(\.self)
    return (conditions.isEmpty ? "anything" : conditions.joined(separator: ", ")) + ": "
      + (effects.isEmpty ? "free" : effects.joined(separator: ", "))
  }
}

/// What cancelling costs, as agreed with orders of a time. Policies are versions: one is never
/// changed, and an order keeps the one that was in force on the day of its creation.
package struct CancellationPolicy: Hashable, Sendable {
  package let version: Int64
  /// For orders created on this day or later, until a later policy begins.
  package let validFrom: Day
  /// Earnest money counts as such up to this share of the order; what is more is a prepayment (PRC
  /// Civil Code, 586: a fifth).
  package let earnestCap: Rate
  package let rules: [CancellationRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant

  /// The same with its amounts in the currency of an order, at its rate; nil for that of the books.
  func converted(by rate: ExchangeRate?) throws(ArithmeticError) -> CancellationPolicy {
    guard let rate else { return self }
    var converted: [CancellationRule] = []
    for rule in rules { converted.append(try rule.converted(by: rate)) }
    return CancellationPolicy(
      version: version, validFrom: validFrom, earnestCap: earnestCap, rules: converted,
      reason: reason, madeBy: madeBy, madeAt: madeAt)
  }
}
