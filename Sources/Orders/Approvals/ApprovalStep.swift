import MasterData
import Storage
package import Values

/// What of an order somebody must agree to.
package enum ApprovalMatter: Hashable, Sendable {
  case order
  /// The request with this number to change it.
  case change(Int)
  /// The request to cancel something of it.
  case cancellation

  /// For events.
  var facts: [Fact] {
    switch self {
    case .order: []
    case .change(let number): [Fact("change_request", number)]
    case .cancellation: [Fact("cancellation", true)]
    }
  }
}

/// One role that must agree to an order, or had to.
package struct ApprovalStep: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Comes after another one. Can become OPEN or DROPPED.
    case waiting = "WAITING"
    /// Its role must decide. Can become any other but WAITING.
    case open = "OPEN"
    /// Final, and so are the others.
    case approved = "APPROVED"
    case rejected = "REJECTED"
    /// The order is to be written otherwise.
    case returned = "RETURNED"
    /// Nobody need decide it any more.
    case dropped = "DROPPED"
  }

  package let id: ID<ApprovalStep>
  /// Counts the times that somebody had to agree to the order, from 1.
  package let round: Int
  /// Within the round, from 1.
  package let number: Int
  package let kind: String
  package let policyVersion: Int64
  /// Position among the rules, from 1, and of the step within its rule. 0 for what was asked before
  /// rules had versions.
  package let rule: Int
  let position: Int
  /// Waits for the step before it.
  let follows: Bool
  package let asked: ApprovalStepRule
  package var state: State
  package var openedAt: Instant?
  var remindAt: Instant?
  package var dueAt: Instant?
  package var remindedAt: Instant?
  package var escalatedAt: Instant?
  package var decidedBy: String?
  /// For whom they stood in then.
  var standingInFor: Set<String>
  package var decidedAt: Instant?
  package var comment: String
  /// The round in which it was decided, where that was an earlier one.
  var decidedRound: Int?
  /// What it is a step of.
  package var matter = ApprovalMatter.order

  package var role: String { asked.role }
  /// Number of the request to change the order that it is a step of; nil for another matter.
  package var changeRequest: Int? {
    if case .change(let number) = matter { number } else { nil }
  }
  package var isCarried: Bool { decidedRound != nil }
  var isPending: Bool { state == .open || state == .waiting }

  /// When the sweep has to look at it next; nil for never.
  var nextAt: Instant? {
    // What is passed on is told of no more, though nobody was reminded of it in time.
    guard state == .open, escalatedAt == nil else { return nil }
    if remindedAt == nil, let remindAt { return remindAt }
    guard let dueAt else { return nil }
    // What has nobody to go to is told of once more when it is due.
    if asked.escalationRole == nil, let remindedAt, remindedAt >= dueAt { return nil }
    return dueAt
  }

  /// Whether somebody with these roles may decide it.
  func isFor(_ roles: Set<String>) -> Bool {
    if roles.contains(role) { return true }
    return escalatedAt != nil && asked.escalationRole.map(roles.contains) ?? false
  }

  /// Its turn has come.
  mutating func open(by hours: BusinessHours, at now: Moment) {
    state = .open
    openedAt = now.instant
    dueAt = asked.dueHours.map { hours.instant(afterHours: $0, from: now) }
    remindAt = asked.remindHours.map { hours.instant(afterHours: $0, from: now) } ?? dueAt
  }

  mutating func decide(
    _ next: State, by decider: Decider, comment: String, at now: Moment
  ) {
    state = next
    decidedBy = decider.actor
    standingInFor = decider.standingInFor
    decidedAt = now.instant
    self.comment = comment
  }

  /// Whether somebody had a say in it by whose leave another one may not have one.
  func concerns(_ decider: Decider) -> Bool {
    guard state == .approved, let decidedBy else { return false }
    return decidedBy == decider.actor || decider.standingInFor.contains(decidedBy)
      || standingInFor.contains(decider.actor)
  }
}

/// Who decides about something, the roles they have, and for whom they stand in.
package struct Decider: Hashable, Sendable {
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(_ actor: String, roles: Set<String>, standingInFor: Set<String> = []) {
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }
}

/// That somebody had to agree to an order as it was then, or to a change of it.
struct ApprovalRound: Hashable, Sendable {
  let round: Int
  let policyVersion: Int64
  /// Who submitted or changed the order.
  let askedBy: String
  /// Whoever changed a confirmed order decided about the change.
  let isChange: Bool
  /// Somebody rejected the order then.
  var isRefused = false
  let facts: ApprovalFacts
}

extension [ApprovalStep] {
  /// Opens what waits for nothing any more. Returns the numbers of what it opened.
  mutating func advance(by hours: BusinessHours, at now: Moment) -> [Int] {
    var opened: [Int] = []
    for index in indices where self[index].state == .waiting {
      let isFree = !self[index].follows || self[index - 1].state == .approved
      guard isFree else { continue }
      self[index].open(by: hours, at: now)
      opened.append(self[index].number)
    }
    return opened
  }
}
