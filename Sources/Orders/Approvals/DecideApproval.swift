import MasterData
import Storage
import Values

extension [ApprovalStep] {
  /// Those whose turn it is and that somebody may decide, of a kind where one is named; refuses
  /// where there are none.
  func decidable(
    by decider: Decider, kind: String?, of order: String
  ) throws -> [ApprovalStep] {
    let open = filter { $0.state == .open && (kind == nil || kind == $0.kind) }
    guard let first = open.first else { throw OrdersRejection.noApprovalPending(order: order) }
    let entitled = open.filter { $0.isFor(decider.roles) }
    guard let mine = entitled.first else {
      throw OrdersRejection.roleMissing(order: order, role: first.role)
    }
    // One who decides two steps of a rule is one pair of eyes.
    var chosen: [ApprovalStep] = []
    for step in entitled {
      let isTaken = contains { other in
        other.isOfRule(of: step) && other.number != step.number && other.concerns(decider)
      }
      if !isTaken, !chosen.contains(where: { $0.isOfRule(of: step) }) { chosen.append(step) }
    }
    guard !chosen.isEmpty else {
      throw ApprovalRejection.stepTakesAnother(
        order: order, role: mine.role, actor: decider.actor)
    }
    return chosen
  }
}

extension ApprovalStep {
  fileprivate func isOfRule(of other: ApprovalStep) -> Bool {
    kind == other.kind && rule == other.rule
  }
}

extension SalesOrder {
  /// Refuses whoever made the order: created or quoted it, or submitted or changed it last; and who
  /// stands in for one of them.
  func checkMakers(_ decider: Decider, in snapshot: Snapshot) throws {
    for maker in [createdBy, approval.askedBy].compactMap(\.self) {
      try OrdersRejection.checkFourEyes(
        on: number, madeBy: maker, decidedBy: decider.actor,
        standingInFor: decider.standingInFor)
    }
    try checkQuoteAuthor(
      by: decider.actor, standingInFor: decider.standingInFor, in: snapshot)
  }

  /// The steps whose turn it is and that somebody may decide, of a kind where one is named; refuses
  /// where there are none.
  func decidable(
    by decider: Decider, kind: String? = nil, in snapshot: Snapshot
  ) throws -> [ApprovalStep] {
    try checkMakers(decider, in: snapshot)
    return try approval.steps.decidable(by: decider, kind: kind, of: number)
  }

  /// The steps that somebody who sends the order back answers for. Where nobody needs to approve
  /// it, anybody may; where all have, who could have.
  func refusable(by decider: Decider, in snapshot: Snapshot) throws -> [ApprovalStep] {
    guard let role = approval.requiredRole else { return [] }
    try checkMakers(decider, in: snapshot)
    let open = approval.steps.filter { $0.state == .open }
    let mine = open.filter { $0.isFor(decider.roles) }
    guard !mine.isEmpty || open.isEmpty && decider.roles.contains(role) else {
      throw OrdersRejection.roleMissing(order: number, role: open.first?.role ?? role)
    }
    return mine
  }

  /// Makes it a draft again, with the reason in the history of its approval.
  mutating func sendBack(
    as state: ApprovalStep.State, by decider: Decider, reason: String, in tx: Transaction,
    at now: Moment
  ) throws {
    for var step in try refusable(by: decider, in: tx) {
      step.decide(state, by: decider, comment: reason, at: now)
      try ApprovalStepTable.update(step, in: tx)
    }
    if state == .rejected { try ApprovalStepTable.refuse(of: id, in: tx) }
    try ApprovalStepTable.drop(of: id, in: tx)
    self.state = .draft
    approval = .none
    try SalesOrderTable.update(self, in: tx)
    try releaseCoupons(in: tx)
    version += 1
  }
}
