import MasterData
package import Storage
package import Values

/// A time that an order spends in a stage, and its clock. What it is due follows from the policy of
/// the day on which it began, so that a new version changes nothing of what runs.
package struct StageVisit: Hashable, Sendable {
  /// Grows with time.
  package internal(set) var id: ID<StageVisit>
  let order: ID<SalesOrder>
  package let orderNumber: String
  package let stage: OrderStage
  package let enteredAt: Instant
  /// It was there before anybody kept stages: `enteredAt` is when that began.
  package let enteredBefore: Bool
  package let policyVersion: Int64
  /// Position of its term in the policy; nil for none.
  let term: Int?
  /// Nil without a term, and while the clock stands still before it has run out.
  package internal(set) var dueAt: Instant?
  /// When the sweep is to tell of it next.
  var nextAt: Instant?
  /// Since when the clock stands still.
  package internal(set) var stillAt: Instant?
  /// Microseconds that were left when it stopped.
  var remaining: Int64?
  /// Microseconds that it stood still before, of the time that counts.
  var held: Int64 = 0
  package internal(set) var remindedAt: Instant?
  package internal(set) var escalatedAt: Instant?
  package internal(set) var leftAt: Instant?
  /// Microseconds for which its clock ran; nil while it is there.
  var spent: Int64?

  /// Who leaves in the moment when it is due is in time.
  package func isOverdue(at now: Instant) -> Bool {
    guard let dueAt else { return false }
    return leftAt.map { dueAt < $0 } ?? (dueAt <= now)
  }

  /// By which it is measured; nil for none.
  package func rule(in snapshot: Snapshot) throws -> StageTerm? {
    guard let term else { return nil }
    return try StagePolicies.fetch(policyVersion, in: snapshot).terms[term - 1]
  }

  /// For how long its clock has run.
  package func spentSeconds(in snapshot: Snapshot, at now: Moment) throws -> Int64 {
    if let spent { return spent / 1_000_000 }
    let clock = try TermClock(
      inBusinessHours: rule(in: snapshot)?.inBusinessHours ?? false, in: snapshot)
    return ran(by: clock, now) / 1_000_000
  }

  private func ran(by clock: TermClock, _ now: Moment) -> Int64 {
    max(0, clock.passed(from: enteredAt, to: stillAt ?? now.instant, now) - held)
  }
}

// MARK: - Its clock

extension StageVisit {
  /// Begins the clock of a visit that begins now.
  mutating func start(by rule: StageTerm, _ clock: TermClock, _ now: Moment) {
    dueAt = clock.deadline(afterHours: rule.hours, now)
    tellNext(by: rule, left: rule.length, clock, now)
  }

  /// Stops it, or lets it go on. One that has run out is overdue whatever is waited for.
  mutating func stand(
    still: Bool, by rule: StageTerm?, _ clock: TermClock, _ now: Moment
  ) {
    guard still != (stillAt != nil) else { return }
    guard let since = stillAt else {
      stillAt = now.instant
      guard let due = dueAt, due > now.instant else { return }
      remaining = clock.passed(from: now.instant, to: due, now)
      dueAt = nil
      nextAt = nil
      return
    }
    held += clock.passed(from: since, to: now.instant, now)
    stillAt = nil
    guard let rule, let left = remaining else { return }
    remaining = nil
    dueAt = clock.deadline(after: left, from: now.instant, now)
    tellNext(by: rule, left: left, clock, now)
  }

  mutating func leave(by clock: TermClock, _ now: Moment) {
    spent = ran(by: clock, now)
    leftAt = now.instant
    nextAt = nil
    stillAt = nil
    remaining = nil
  }

  /// With so much left from now on: of the reminder, unless it was sent, or else of the end.
  private mutating func tellNext(
    by rule: StageTerm, left: Int64, _ clock: TermClock, _ now: Moment
  ) {
    nextAt = dueAt
    guard rule.remindBeforeHours > 0, remindedAt == nil else { return }
    nextAt = clock.deadline(
      after: max(0, left - rule.afterReminder), from: now.instant, now)
  }
}

/// An order as its stage follows from it, with the visit that lasts.
struct StandingOrder {
  let id: ID<SalesOrder>
  let number: String
  let channel: Channel
  let customerCode: String
  let createdAt: Instant
  let stage: OrderStage
  var visit: StageVisit?

  var reference: DocumentReference { DocumentReference(.salesOrder, number) }
}

/// Writes down where orders stand that a command had to do with: what they have left, where they
/// came, and whether their clocks stand still. For whoever knows of all that happened in a command.
package struct FollowOrders: Sendable {
  package let numbers: [String]

  package init(_ numbers: [String]) { self.numbers = numbers }

  /// Costs nothing where nobody has ever set a policy.
  package func run(in tx: Transaction, at now: Moment) throws {
    guard !numbers.isEmpty, let policy = try StagePolicies.inForce(on: now.day, in: tx) else {
      return
    }
    for number in numbers {
      guard let order = try StageVisitTable.standing(number, in: tx) else { continue }
      _ = try order.follow(by: policy, in: tx, at: now)
    }
  }
}

extension StandingOrder {
  /// True where nothing was kept of it before.
  func follow(by policy: StagePolicy, in tx: Transaction, at now: Moment) throws -> Bool {
    guard stage == visit?.stage else { return try move(by: policy, in: tx, at: now) }
    guard var visit else { return false }
    let before = visit
    try stand(&visit, in: tx, at: now)
    if visit != before { try StageVisitTable.update(visit, in: tx) }
    return false
  }

  private func move(by policy: StagePolicy, in tx: Transaction, at now: Moment) throws -> Bool {
    if visit == nil, stage.isFinal { return false }
    var facts = [Fact("stage", stage.rawValue)]
    if var left = visit {
      let clock = try TermClock(
        inBusinessHours: left.rule(in: tx)?.inBusinessHours ?? false, in: tx)
      left.leave(by: clock, now)
      try StageVisitTable.update(left, in: tx)
      facts.append(Fact("from", left.stage.rawValue))
    }
    // When an order came where it is that nobody has looked at before, nobody can say.
    let isUnknown = visit == nil && createdAt < now.instant
    if !stage.isFinal {
      let entered = try enter(by: policy, isUnknown: isUnknown, in: tx, at: now)
      if let due = entered.dueAt { facts.append(Fact("due", due)) }
    }
    if !isUnknown { tx.record(DomainEvent("order.stage-entered", reference, facts)) }
    return visit == nil
  }

  private func enter(
    by policy: StagePolicy, isUnknown: Bool, in tx: Transaction, at now: Moment
  ) throws -> StageVisit {
    let term = try policy.term(of: stage, channel: channel) {
      try Customers.find(code: customerCode, in: tx)?.customerClass ?? ""
    }
    var entered = StageVisit(
      id: ID(0), order: id, orderNumber: number, stage: stage, enteredAt: now.instant,
      enteredBefore: isUnknown, policyVersion: policy.version, term: term)
    if let rule = try entered.rule(in: tx) {
      let clock = try TermClock(inBusinessHours: rule.inBusinessHours, in: tx)
      entered.start(by: rule, clock, now)
    }
    try stand(&entered, in: tx, at: now)
    try StageVisitTable.insert(entered, in: tx)
    return entered
  }

  private func stand(_ visit: inout StageVisit, in tx: Transaction, at now: Moment) throws {
    let kinds = try StagePolicies.fetch(visit.policyVersion, in: tx).stillOnHold
    guard !kinds.isEmpty || visit.stillAt != nil else { return }
    let isHeld = try OrderHoldTable.list(of: id, in: tx).contains { kinds.contains($0.kind) }
    let rule = try visit.rule(in: tx)
    let clock = try TermClock(inBusinessHours: rule?.inBusinessHours ?? false, in: tx)
    visit.stand(still: isHeld, by: rule, clock, now)
  }
}
