import MasterData
package import Storage
package import Values

/// A version of the rules that say who approves which orders. None is ever changed; an order that
/// waits stays with the one that it was submitted under until somebody refuses it.
package struct ApprovalPolicy: Hashable, Sendable {
  package let version: Int64
  /// In the order in which they are tried.
  package let rules: [ApprovalRule]
  package let reason: String
  /// Empty for the one that a company begins with.
  package let madeBy: String
  package let madeAt: Instant

  /// The rules of a kind are tried together, the kinds in the order in which they come first.
  private var kinds: [String] { rules.map(\.kind).eachOnce }

  var looksAtDiscounts: Bool { rules.contains { $0.minimumDiscount != nil } }
  var looksAtRegions: Bool { rules.contains { $0.region != nil } }
  var looksAtMargins: Bool { rules.contains { $0.marginBelow != nil } }
  var looksAtProducts: Bool { rules.contains { $0.productClass != nil } }
  var looksAtOthers: Bool { rules.contains { $0.windowHours != nil } }

  /// What it asks for, with the reasons. Nobody has decided yet.
  func approval(of order: ApprovalSubject) throws -> Approval {
    var facts = [Fact("customer_class", order.customerClass), Fact("gross", order.gross)]
    if order.discount > .zero { facts.append(Fact("discount", order.discount)) }
    var explanation = Explanation()
    var asked: [ApprovalDemand.Step] = []
    for kind in kinds {
      let found = try rules.indices.first { try rules[$0].kind == kind && rules[$0].fits(order) }
      guard let index = found else { continue }
      let rule = rules[index]
      var told = [Fact("rule", index + 1)] + facts
      if let hours = rule.windowHours, rule.minimumGross != nil {
        let earlier = Money(minor: try order.earlier(hours), currency: order.gross.currency)
        if earlier.minor > 0 { told.append(Fact("placed_before", earlier)) }
      }
      explanation.add("APPROVAL_RULE", rule.words(number: index + 1), told)
      asked += rule.steps.enumerated().map { position, step in
        ApprovalDemand.Step(
          kind: kind, rule: index + 1, position: position + 1,
          follows: position > 0 && !rule.isParallel, asked: step)
      }
    }
    if explanation.isEmpty {
      explanation.add(
        "NO_APPROVAL_RULE", "No rule fits: the order needs nobody's approval", facts)
    }
    if !order.unknownCosts.isEmpty {
      let skus = order.unknownCosts.joined(separator: ", ")
      explanation.add(
        "MARGIN_UNKNOWN", "Nobody knows what \(skus) costs: no rule about the margin looks at it",
        [Fact("skus", skus)])
    }
    return Approval(
      requiredRole: asked.first?.asked.role, decidedBy: nil, explanation: explanation,
      demand: asked.isEmpty
        ? nil : ApprovalDemand(policy: version, facts: order.facts, steps: asked))
  }
}

/// What rules ask of an order that is not written yet.
package struct ApprovalDemand: Hashable, Sendable {
  struct Step: Hashable, Sendable {
    let kind: String
    /// Position among the rules, from 1, and of the step within its rule.
    let rule: Int
    let position: Int
    /// Waits for the one before it.
    let follows: Bool
    let asked: ApprovalStepRule
    /// Who has agreed already.
    var given: GivenApproval?
  }

  let policy: Int64
  let facts: ApprovalFacts
  var steps: [Step]
}

/// That somebody agreed.
struct GivenApproval: Hashable, Sendable {
  let actor: String
  /// In whose place, too.
  let standingInFor: Set<String>
  let at: Instant
  let comment: String
  /// In which round; nil for the one that begins.
  let round: Int?
}

extension ApprovalStep {
  /// That somebody agreed to it; nil for not yet.
  var given: GivenApproval? {
    guard state == .approved, let decidedBy, let decidedAt else { return nil }
    return GivenApproval(
      actor: decidedBy, standingInFor: standingInFor, at: decidedAt, comment: comment,
      round: decidedRound ?? round)
  }
}

extension Approval {
  /// Those who were asked for a change have agreed to it, by the rules that they were asked by.
  mutating func give(_ agreed: [ApprovalStep]) {
    guard let policy = demand?.policy else { return }
    for step in agreed where step.policyVersion == policy && step.rule > 0 {
      guard let given = step.given else { continue }
      give(
        GivenApproval(
          actor: given.actor, standingInFor: given.standingInFor, at: given.at,
          comment: given.comment, round: nil)
      ) { $0.kind == step.kind && $0.rule == step.rule && $0.position == step.position }
    }
  }

  /// Somebody has agreed to what is asked of a role.
  mutating func give(_ given: GivenApproval, where isGiven: (ApprovalDemand.Step) -> Bool) {
    guard var demand else { return }
    for index in demand.steps.indices
    where demand.steps[index].given == nil && isGiven(demand.steps[index]) {
      demand.steps[index].given = given
    }
    self.demand = demand
    if let open = demand.steps.first(where: { $0.given == nil }) {
      requiredRole = open.asked.role
      decidedBy = nil
    } else if let last = demand.steps.enumerated().max(by: {
      ($0.element.given?.at.microseconds ?? 0, $0.offset)
        < ($1.element.given?.at.microseconds ?? 0, $1.offset)
    })?.element {
      requiredRole = last.asked.role
      decidedBy = last.given?.actor
    }
  }
}

/// What an order is approved by, with all that the rules need to know of it beside the rules.
struct ApprovalInput: Sendable {
  let policy: ApprovalPolicy
  let customer: Customer
  let lines: [SalesOrderLine]
  /// Of the lines, in their order.
  let products: [Product]
  /// Of the order; nil where its currency is that of the books.
  let rate: ExchangeRate?
  /// In the base currency, in which rules are written (DOMAIN 5.15).
  let gross: Money
  /// That somebody took off the price of a line.
  let discount: Rate
  /// To which something of it goes.
  let regions: Set<Region>
  /// Of whoever asks.
  let roles: Set<String>

  /// Whether rules that look at discounts, margins or regions see more in it than in the order as
  /// it was: a discount that is fixed for the whole order is a larger share of less of it.
  func givesMore(than before: SalesOrder, in snapshot: Snapshot) throws -> Bool {
    if policy.looksAtDiscounts, try discount > before.discountGiven() {
      return true
    }
    if policy.looksAtRegions, regions != Delivery.regions(of: before.delivery, before.places) {
      return true
    }
    guard policy.looksAtMargins else { return false }
    let goods = before.lines.filter { $0.isAlive && $0.product != nil }
    let old = ApprovalInput(
      policy: policy, customer: customer, lines: goods,
      products: try goods.map { try $0.requireProduct(in: snapshot) }, rate: rate, gross: gross,
      discount: discount, regions: regions, roles: roles)
    guard let earned = try OrderMargin(of: self, in: snapshot).least else { return false }
    return try OrderMargin(of: old, in: snapshot).least.map { earned < $0 } ?? true
  }

  /// By the newest rules, as if the customer had ordered nothing else.
  func approval(in snapshot: Snapshot) throws -> Approval {
    try policy.approval(of: subject(by: policy, in: snapshot) { _ in 0 })
  }

  /// By a version of the rules, beside what the customer has placed before `now`. `order` is not
  /// counted itself.
  func approval(
    by policy: ApprovalPolicy, beside order: ID<SalesOrder>, in snapshot: Snapshot, at now: Moment
  ) throws -> Approval {
    try policy.approval(
      of: subject(by: policy, in: snapshot) { hours in
        try ApprovalWindow.placed(
          by: customer.code, beside: order,
          since: now.instant.adding(seconds: Int64(hours) * -3_600),
          at: now, in: snapshot)
      })
  }

  private func subject(
    by policy: ApprovalPolicy, in snapshot: Snapshot,
    _ earlier: @escaping (_ hours: Int) throws -> Int64
  ) throws -> ApprovalSubject {
    let margin = policy.looksAtMargins ? try OrderMargin(of: self, in: snapshot) : nil
    return ApprovalSubject(
      customerClass: customer.customerClass, gross: gross, discount: discount,
      margin: margin?.least, unknownCosts: margin?.unknown ?? [],
      regions: regions,
      productClasses: policy.looksAtProducts ? Set(products.map(\.productClass)) : [],
      roles: roles, earlier: earlier)
  }
}

extension SalesOrder {
  /// As `Basket.largestDiscount`, of the order as it is.
  fileprivate func discountGiven() throws -> Rate {
    let goods = lines.filter { $0.isAlive && $0.charge.isEmpty }
    let bases = try goods.map { line in
      let charged = try policy.isIncluded ? line.net + line.tax : line.net
      return try charged + line.reduction
    }
    return try Basket.discount(
      onLines: goods.map(\.discount), onOrder: discount, of: try bases.sum(currency))
  }
}

/// What customers place one after the other, which a limit counts together.
private enum ApprovalWindow {
  /// Minor units of the base currency, with tax, of what a customer, and all of its group, has
  /// placed since then: whoever owns several accounts dodges nothing by using another. What was
  /// written earlier and priced on a later day counts from the beginning of that day: a draft that
  /// waits until the window is over dodges nothing.
  static func placed(
    by customer: String, beside order: ID<SalesOrder>, since: Instant, at now: Moment,
    in snapshot: Snapshot
  ) throws -> Int64 {
    let firstDay = since.adding(seconds: now.secondsEast).utcDay
    var sum: Int64 = 0
    for code in try CustomerGroups.members(with: customer, in: snapshot) {
      sum += try placed(
        by: code, beside: order, since: since, from: firstDay, in: snapshot)
    }
    return sum
  }

  private static func placed(
    by customer: String, beside order: ID<SalesOrder>, since: Instant, from firstDay: Day,
    in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT coalesce(sum(coalesce(base_gross_minor, gross_minor)), 0) FROM (
        SELECT id, gross_minor, base_gross_minor FROM sales_order
        WHERE customer_code = ? AND created_on >= ? AND created_at >= ?
          AND state <> 'DRAFT' AND state <> 'CANCELLED'
        UNION
        SELECT id, gross_minor, base_gross_minor FROM sales_order
        WHERE customer_code = ? AND priced_on >= ?
          AND state <> 'DRAFT' AND state <> 'CANCELLED'
      ) WHERE id <> ?
      """, customer, firstDay, since, customer, firstDay, order
    ) { $0.int64(0) } ?? 0
  }
}

/// Questions about the rules.
package enum ApprovalPolicies {
  /// The newest.
  package static func current(in snapshot: Snapshot) throws -> ApprovalPolicy {
    try ApprovalPolicyTable.current(in: snapshot)
  }

  /// Refuses a version that there never was.
  package static func require(
    version: Int64, field: String, in snapshot: Snapshot
  ) throws -> ApprovalPolicy {
    guard let found = try ApprovalPolicyTable.find(version, in: snapshot) else {
      throw ApprovalRejection.unknownVersion(field: field, version: version)
    }
    return found
  }
}
