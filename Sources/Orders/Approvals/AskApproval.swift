import MasterData
import Storage
import Values

extension Approval {
  /// What the steps of the present round come to.
  mutating func take(_ steps: [ApprovalStep], askedBy: String) {
    self.steps = steps
    self.askedBy = askedBy
    demand = nil
    let open = steps.first { $0.state == .open } ?? steps.first { $0.state == .waiting }
    if let open {
      requiredRole = open.role
      decidedBy = nil
    } else if let last = steps.filter({ $0.state == .approved }).max(by: { $0.isBefore($1) }) {
      requiredRole = last.role
      decidedBy = last.decidedBy
    }
  }
}

extension ApprovalStep {
  fileprivate func isBefore(_ other: ApprovalStep) -> Bool {
    (decidedAt?.microseconds ?? 0, number) < (other.decidedAt?.microseconds ?? 0, other.number)
  }
}

extension ApprovalDemand {
  /// Writes down a round of steps and opens the first ones, of an order or of a request about it.
  /// Returns them, and the numbers of those that it opened.
  func ask(
    about order: ID<SalesOrder>, change: ID<ChangeRequest>? = nil,
    cancellation: ID<CancelRequest>? = nil, by actor: String, isChange: Bool,
    in tx: Transaction, at now: Moment
  ) throws -> (steps: [ApprovalStep], opened: [Int]) {
    let round = try ApprovalStepTable.nextRound(of: order, in: tx)
    try ApprovalStepTable.insert(
      ApprovalRound(
        round: round, policyVersion: policy, askedBy: actor, isChange: isChange, facts: facts),
      of: order, change: change, cancellation: cancellation, at: now, in: tx)
    var asked = steps.enumerated().map { index, step in
      ApprovalStep(step, round: round, number: index + 1, policyVersion: policy)
    }
    let opened = asked.advance(by: try BusinessHours.current(in: tx), at: now)
    for step in asked { try ApprovalStepTable.insert(step, of: order, in: tx) }
    return (try ApprovalStepTable.steps(of: order, round: round, in: tx), opened)
  }
}

extension SalesOrder {
  /// Who must approve it as it is to be: beside what the customer placed before, by the version of
  /// the rules that its approval began with, and with what was approved then and has not become
  /// more. A new order has no id yet.
  mutating func weigh(_ input: ApprovalInput, in snapshot: Snapshot, at now: Moment) throws {
    let rounds = try ApprovalStepTable.rounds(of: id, in: snapshot)
    guard let last = rounds.last else {
      guard input.policy.looksAtOthers else { return }
      approval = try input.approval(by: input.policy, beside: id, in: snapshot, at: now)
      return
    }
    let steps = try ApprovalStepTable.steps(of: id, round: last.round, in: snapshot)
    // What was refused is over; what nobody knows the rule of cannot be compared.
    guard !last.isRefused, !steps.contains(where: { $0.rule == 0 }) else {
      approval = try input.approval(by: input.policy, beside: id, in: snapshot, at: now)
      return
    }
    let policy = try ApprovalPolicies.require(
      version: last.policyVersion, field: "rules_version", in: snapshot)
    approval = try input.approval(by: policy, beside: id, in: snapshot, at: now)
    guard let facts = approval.demand?.facts else { return }
    for before in steps where before.state == .approved {
      let round = before.decidedRound ?? before.round
      guard let actor = before.decidedBy, let decidedAt = before.decidedAt,
        let approved = rounds.first(where: { $0.round == round })?.facts,
        !policy.rules[before.rule - 1].isTouched(from: approved, to: facts)
      else { continue }
      let given = GivenApproval(
        actor: actor, standingInFor: before.standingInFor, at: decidedAt, comment: before.comment,
        round: round)
      approval.give(given) { $0.rule == before.rule && $0.position == before.position }
    }
  }

  /// Writes down who must approve the order, and opens the first steps. What was open before, for
  /// the order as it was, is dropped.
  mutating func askApproval(
    by actor: String, isChange: Bool = false, in tx: Transaction, at now: Moment
  ) throws {
    guard let demand = approval.demand else { return }
    try ApprovalStepTable.drop(of: id, in: tx)
    let (steps, opened) = try demand.ask(
      about: id, by: actor, isChange: isChange, in: tx, at: now)
    approval.take(steps, askedBy: actor)
    recordRequests(opened, in: tx)
  }

  /// Nothing is left of it that coupons or approvals could be for.
  func endAsking(in tx: Transaction) throws {
    try releaseCoupons(in: tx)
    if approval.isPending { try ApprovalStepTable.drop(of: id, in: tx) }
  }

  /// Tells the roles whose turn it is.
  func recordRequests(_ numbers: [Int], in tx: Transaction) {
    recordRequests(approval.steps.filter { numbers.contains($0.number) }, in: tx)
  }

  /// Tells the roles of steps whose turn it is, of the order or of a request about it.
  func recordRequests(_ steps: [ApprovalStep], in tx: Transaction) {
    for step in steps {
      var facts = [Fact("role", step.role), Fact("kind", step.kind)]
      if let due = step.dueAt { facts.append(Fact("due", due)) }
      tx.record(
        DomainEvent("order.approval-requested", reference, facts + step.matter.facts))
    }
  }

  /// Fills the steps of the present round.
  mutating func loadApproval(in snapshot: Snapshot) throws {
    guard let last = try ApprovalStepTable.rounds(of: id, in: snapshot).last else { return }
    approval.steps = try ApprovalStepTable.steps(of: id, round: last.round, in: snapshot)
    approval.askedBy = last.askedBy
  }
}

extension ApprovalStep {
  init(
    _ step: ApprovalDemand.Step, round: Int, number: Int, policyVersion: Int64
  ) {
    self.init(
      id: ID(0), round: round, number: number, kind: step.kind, policyVersion: policyVersion,
      rule: step.rule, position: step.position, follows: step.follows, asked: step.asked,
      state: step.given == nil ? .waiting : .approved, decidedBy: step.given?.actor,
      standingInFor: step.given?.standingInFor ?? [], decidedAt: step.given?.at,
      comment: step.given?.comment ?? "", decidedRound: step.given?.round)
  }
}
