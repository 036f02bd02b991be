package import Storage
package import Values

/// Reminds of the approvals that it is time for, and passes on those that are overdue; ends
/// requests to change an order whose time is over, and tells of those whose order is otherwise by
/// now, as of cancellations of what has left. What it does follows from the moment and what is
/// stored alone.
package struct SweepApprovals: Sendable {
  package init() {}

  package struct Outcome: Hashable, Sendable {
    package var reminded = 0
    package var escalated = 0
    package var expired = 0
    package var stale = 0
    /// More is due than one call does.
    package var hasMore = false
  }

  static let limit = 500

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var outcome = Outcome()
    try endRequests(&outcome, in: tx, at: now)
    let due = try ApprovalStepTable.due(at: now.instant, limit: Self.limit + 1, in: tx)
    outcome.hasMore = outcome.hasMore || due.count > Self.limit
    for found in due.prefix(Self.limit) {
      let order = DocumentReference(.salesOrder, found.order)
      var step = found.step
      let isOverdue = step.dueAt.map { $0 <= now.instant } ?? false
      let facts =
        [Fact("role", step.role), Fact("kind", step.kind), Fact("overdue", isOverdue)]
        + step.matter.facts
      if isOverdue, let role = step.asked.escalationRole {
        step.escalatedAt = now.instant
        outcome.escalated += 1
        tx.record(
          DomainEvent(
            "order.approval-escalated", order, facts + [Fact("escalation_role", role)]))
      } else {
        step.remindedAt = now.instant
        outcome.reminded += 1
        tx.record(DomainEvent("order.approval-reminded", order, facts))
      }
      try ApprovalStepTable.update(step, in: tx)
    }
    return outcome
  }

  /// First, so that nobody is reminded of what is over.
  private func endRequests(
    _ outcome: inout Outcome, in tx: Transaction, at now: Moment
  ) throws {
    let over = try ChangeRequestTable.overdue(at: now.instant, limit: Self.limit + 1, in: tx)
    outcome.hasMore = over.count > Self.limit
    for (order, number, isExpired) in over.prefix(Self.limit) {
      guard var request = try ChangeRequestTable.find(number, of: order, in: tx) else { continue }
      if isExpired { outcome.expired += 1 } else { outcome.stale += 1 }
      let text = "The order is not at version \(request.impact.baseVersion) any more"
      try request.end(
        isExpired ? .expired : .stale, comment: isExpired ? "" : text, in: tx)
    }
    let gone = try CancelRequestTable.over(limit: Self.limit + 1, in: tx)
    outcome.hasMore = outcome.hasMore || gone.count > Self.limit
    for request in gone.prefix(Self.limit) {
      outcome.stale += 1
      try request.supersede(by: "", "Nothing is left to cancel", in: tx, at: now)
    }
  }
}

/// A step that somebody must decide now.
package struct PendingApproval: Hashable, Sendable {
  package let order: String
  /// Of the order.
  package let version: Int64
  package let customerCode: String
  package let gross: Money
  package let step: ApprovalStep
  /// Of the request to change the order; nil for the order itself.
  package let requestVersion: Int64?
}

/// Questions about approvals.
package enum PendingApprovals {
  package struct Filter: Hashable, Sendable {
    /// One of these may decide; nil for any.
    package var roles: Set<String>?
    package var isOverdue: Bool

    package init(roles: Set<String>? = nil, isOverdue: Bool = false) {
      self.roles = roles
      self.isOverdue = isOverdue
    }
  }

  /// Of orders in scope, the oldest first, from the one after `id` on.
  package static func list(
    _ filter: Filter, after id: ID<ApprovalStep>? = nil, at now: Instant, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PendingApproval] {
    try ApprovalStepTable.pending(
      filter, after: id ?? ID(0), at: now, limit: limit, in: snapshot)
  }

  /// All steps of an order, round by round.
  package static func history(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [ApprovalStep] {
    try ApprovalStepTable.steps(of: order.id, in: snapshot)
  }
}
