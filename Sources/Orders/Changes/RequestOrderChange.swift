import MasterData
package import Storage
package import Values

/// Asks for a change of an order that has promised something. It is tried and taken back, so that
/// what is shown is what will be done, and waits for all who must agree: whom the matrix names and
/// whoever asks is not, whom the policy of changes names, and whom the approval rules name. Nobody
/// approves what they asked for. What nobody need agree to is done at once.
package struct RequestOrderChange: Sendable {
  package let number: String
  /// The version of the order that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let change: OrderChange
  package let reason: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, _ change: OrderChange, reason: String,
    by actor: String, roles: Set<String>
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.change = change
    self.reason = reason
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ChangeRequest {
    let order = try SalesOrders.require(number: number, field: "order_number", in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.requestChange, in: tx)
    var asking = ChangeAsking(
      order: order, change: try change.resolved(for: order, in: tx, at: now.instant),
      reason: reason, roles: roles)
    asking.actor = actor
    let shown = try asking.rehearse(in: tx, at: now)
    var request = ChangeRequest(
      id: ID(0), order: order.id, orderNumber: order.number,
      number: try ChangeRequestTable.nextNumber(of: order.id, in: tx), version: 1,
      state: .pending, requestedBy: actor, requestedAt: now.instant, roles: roles, reason: reason,
      change: change, impact: shown.impact, comment: "")
    try ChangeRequestTable.insert(&request, in: tx)
    try asking.ask(&request, shown, in: tx, at: now)
    return try ChangeRequests.require(request.number, of: order, in: tx)
  }
}

/// Asks again for what was returned, is out of date or still waits: the same, or something else. It
/// is tried anew against the order as it is now. What was approved stays so unless what it was
/// about is another wish, or costs more.
package struct ResubmitChangeRequest: Sendable {
  /// Of the order, and of the request: 0 for the one that is open.
  package let orderNumber: String
  package let number: Int
  /// The version of the request that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// Nil for the same as before.
  package let change: OrderChange?
  /// Empty for the same as before.
  package let reason: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    order orderNumber: String, number: Int = 0, expectedVersion: Int64? = nil,
    _ change: OrderChange? = nil, reason: String = "", by actor: String, roles: Set<String>
  ) {
    self.orderNumber = orderNumber
    self.number = number
    self.expectedVersion = expectedVersion
    self.change = change
    self.reason = reason
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ChangeRequest {
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    var request = try ChangeRequests.open(number, of: order, in: tx)
    try request.expect(version: expectedVersion)
    try request.expect("ask again for", in: ChangeRequest.State.open)
    try request.checkRequester(actor)
    if request.state == .pending {
      try ChangeRequestTable.dropSteps(of: request, in: tx)
    } else if let other = try ChangeRequestTable.open(of: order.id, in: tx),
      other.state == .pending
    {
      throw other.refusingAnother()
    }
    var asking = ChangeAsking(
      order: order,
      change: try change?.resolved(for: order, in: tx, at: now.instant) ?? request.change,
      reason: reason.isEmpty ? request.reason : reason, roles: roles)
    asking.actor = actor
    asking.before = request
    let shown = try asking.rehearse(in: tx, at: now)
    request.change = asking.change
    request.reason = asking.reason
    request.roles = roles
    request.impact = shown.impact
    request.comment = ""
    (request.decidedBy, request.decidedAt) = (nil, nil)
    request.state = .pending
    request.version += 1
    try asking.ask(&request, shown, in: tx, at: now)
    return try ChangeRequests.require(request.number, of: order, in: tx)
  }
}

/// Finds out who must agree to a change, and asks them.
struct ChangeAsking {
  let order: SalesOrder
  let change: OrderChange
  let reason: String
  let roles: Set<String>
  var actor = ""
  /// What was asked before; nil where it is new.
  var before: ChangeRequest?

  init(order: SalesOrder, change: OrderChange, reason: String, roles: Set<String>) {
    self.order = order
    self.change = change
    self.reason = reason
    self.roles = roles
  }

  func rehearse(in tx: Transaction, at now: Moment) throws -> ChangedOrder {
    try tx.rehearse {
      try ChangeOrder(
        number: order.number, expectedVersion: order.version, change, reason: reason, by: actor,
        roles: roles, isPreview: true, agreed: []
      ).run(in: tx, at: now)
    }
  }

  /// Opens the first steps of a request that is stored, or makes the change where there are none.
  func ask(
    _ request: inout ChangeRequest, _ shown: ChangedOrder, in tx: Transaction, at now: Moment
  ) throws {
    let policy = try ChangePolicies.current(in: tx)
    let hours = try BusinessHours.current(in: tx)
    request.expiresAt = policy.expireHours.map { hours.instant(afterHours: $0, from: now) }
    let demanded = try demanded(by: shown, policy, in: tx)
    request.round = nil
    var steps: [ApprovalStep] = []
    var opened: [Int] = []
    if !demanded.isEmpty {
      let facts =
        shown.demand?.facts
        ?? ApprovalFacts(gross: shown.order.gross, discount: .zero, margin: nil, regions: [])
      let asked = ApprovalDemand(
        policy: try shown.demand?.policy ?? ApprovalPolicies.current(in: tx).version,
        facts: facts, steps: demanded)
      (steps, opened) = try asked.ask(
        about: order.id, change: request.id, by: actor, isChange: true, in: tx, at: now)
      request.round = steps.first?.round
    }
    let isFree = steps.allSatisfy { $0.state == .approved }
    if isFree { try request.apply(steps, by: actor, in: tx, at: now) }
    try ChangeRequestTable.update(request, withChange: true, in: tx)
    if !isFree {
      request.record(
        "requested",
        [
          Fact("actor", actor), Fact("reason", reason), Fact("gross", request.impact.gross),
          Fact("role", steps.first { $0.state == .open }?.role ?? ""),
        ], in: tx)
      order.recordRequests(steps.filter { opened.contains($0.number) }, in: tx)
    }
  }

  // MARK: - Who must agree

  /// First what the matrix and the policy of changes ask for, all at once; then the approval rules.
  private func demanded(
    by shown: ChangedOrder, _ policy: ChangePolicy, in snapshot: Snapshot
  ) throws -> [ApprovalDemand.Step] {
    let earlier = try earlierRounds(in: snapshot)
    let asked = shown.demands(beside: roles, policy).enumerated().map { index, demand in
      ApprovalDemand.Step(
        kind: ChangeDemand.stepKind, rule: 0, position: index + 1, follows: false,
        asked: demand.step, given: given(demand, shown.impact))
    }
    let ruled = try (shown.demand?.steps ?? []).map { step in
      var step = step
      if step.given == nil { step.given = try given(step, shown, earlier, in: snapshot) }
      return step
    }
    return asked + ruled
  }

  private func earlierRounds(in snapshot: Snapshot) throws -> [Int: ApprovalRound] {
    guard let before else { return [:] }
    let rounds = try ApprovalStepTable.rounds(of: order.id, request: before.id, in: snapshot)
    return Dictionary(uniqueKeysWithValues: rounds.map { ($0.round, $0) })
  }

  /// Who agreed to just this already, when it cost no more.
  private func given(_ demand: ChangeDemand, _ impact: ChangeImpact) -> GivenApproval? {
    guard let before,
      let step = before.steps.first(where: {
        $0.state == .approved && $0.kind == ChangeDemand.stepKind && $0.role == demand.step.role
      }),
      before.change.part(of: demand.kinds) == change.part(of: demand.kinds),
      impact.gross.minor <= before.impact.gross.minor,
      impact.sunkCost.minor <= before.impact.sunkCost.minor,
      impact.fee?.fee.minor ?? 0 <= before.impact.fee?.fee.minor ?? 0
    else { return nil }
    return step.given
  }

  /// Who agreed by the same rule already, when what it looks at has not become more since.
  private func given(
    _ step: ApprovalDemand.Step, _ shown: ChangedOrder, _ earlier: [Int: ApprovalRound],
    in snapshot: Snapshot
  ) throws -> GivenApproval? {
    guard let demand = shown.demand,
      let agreed = before?.steps.first(where: {
        $0.state == .approved && $0.policyVersion == demand.policy && $0.kind == step.kind
          && $0.rule == step.rule && $0.position == step.position
      }),
      let facts = earlier[agreed.decidedRound ?? agreed.round]?.facts
    else { return nil }
    let policy = try ApprovalPolicies.require(
      version: demand.policy, field: "rules_version", in: snapshot)
    return policy.rules[step.rule - 1].isTouched(from: facts, to: demand.facts)
      ? nil : agreed.given
  }
}

extension ChangedOrder {
  /// Whom the matrix names that is not among these roles, and whom the policy names, and the terms
  /// of what is ordered less of.
  func demands(beside roles: Set<String>, _ policy: ChangePolicy) -> [ChangeDemand] {
    var found: [ChangeDemand] = []
    for kind in ChangeKind.allCases where kinds.contains(kind) {
      guard case .role(let role) = ChangeMatrix.right(kind, at: stage), !roles.contains(role)
      else { continue }
      if let known = found.firstIndex(where: { $0.step.role == role }) {
        found[known].kinds.insert(kind)
      } else {
        found.append(ChangeDemand(rule: 0, step: ApprovalStepRule(role: role), kinds: [kind]))
      }
    }
    for demand in policy.demands(for: kinds, at: stage, gross: impact.gross) {
      // The policy says how long the same role may take.
      if let known = found.firstIndex(where: { $0.step.role == demand.step.role }) {
        found[known] = ChangeDemand(
          rule: demand.rule, step: demand.step, kinds: found[known].kinds.union(demand.kinds))
      } else {
        found.append(demand)
      }
    }
    // By the terms of cancelling, as it is of those who cancel.
    return found
      + cancelSteps.map(\.asked).filter { asked in
        !found.contains { $0.step.role == asked.role }
      }.map { asked in
        ChangeDemand(
          rule: 0, step: asked, kinds: kinds.intersection([.removeLine, .lowerQuantity]))
      }
  }
}

extension ChangeRequests {
  /// One of an order, or for 0 the one that waits, or else the newest that is open.
  static func open(
    _ number: Int, of order: SalesOrder, in snapshot: Snapshot
  ) throws -> ChangeRequest {
    if number != 0 { return try require(number, of: order, in: snapshot) }
    guard let found = try ChangeRequestTable.open(of: order.id, in: snapshot) else {
      throw ChangeRejection.noRequestOpen(order: order.number)
    }
    return try require(found.number, of: order, in: snapshot)
  }
}

extension ChangeRequest {
  /// Only who asked may.
  func checkRequester(_ actor: String) throws {
    guard actor != requestedBy else { return }
    throw ChangeRejection.requestOfAnother(
      order: orderNumber, request: number, by: requestedBy, actor: actor)
  }

  func refusingAnother() -> ChangeRejection {
    .requestPending(order: orderNumber, request: number, by: requestedBy)
  }

  /// Does it, all steps being approved; what contradicts what was shown just now is a refusal.
  mutating func apply(
    _ steps: [ApprovalStep], by actor: String, in tx: Transaction, at now: Moment
  ) throws {
    switch try attempt(steps, isKept: true, in: tx, at: now) {
    case .contradicted: throw ChangeRejection.previewOutdated(order: orderNumber)
    case .done(let done): finish(done, by: actor, in: tx, at: now)
    }
  }

  mutating func finish(
    _ done: ChangedOrder, by actor: String, in tx: Transaction, at now: Moment
  ) {
    state = .applied
    appliedVersion = done.order.version
    expiresAt = nil
    (decidedBy, decidedAt) = (actor, now.instant)
    record(
      "applied",
      [
        Fact("actor", actor), Fact("requested_by", requestedBy), Fact("reason", reason),
        Fact("version", done.order.version),
      ], in: tx)
  }
}
