import MasterData
package import Storage
package import Values

/// Who must agree to some changes of what is promised, beside what the matrix and the approval
/// rules say: finance to a discount, the workshop's planner to what it has begun.
package struct ChangeRule: Hashable, Sendable {
  /// Fits changes that do one of these; empty for any.
  package let kinds: Set<ChangeKind>
  /// Fits orders that have come so far; empty for any.
  package let stages: Set<ChangeStage>
  /// Fits changes by which the order costs so much more or less with tax; nil for any.
  package let minimumChange: Money?
  package let step: ApprovalStepRule

  package init(
    kinds: Set<ChangeKind>, stages: Set<ChangeStage>, minimumChange: Money?,
    step: ApprovalStepRule
  ) {
    self.kinds = kinds
    self.stages = stages
    self.minimumChange = minimumChange
    self.step = step
  }

  fileprivate func fits(_ done: Set<ChangeKind>, at stage: ChangeStage, gross: Money) -> Bool {
    guard kinds.isEmpty || !kinds.isDisjoint(with: done), stages.isEmpty || stages.contains(stage)
    else { return false }
    return minimumChange.map {
      $0.currency == gross.currency && gross.minor.magnitude >= $0.minor.magnitude
    } ?? true
  }
}

/// A version of who must agree to which changes. None is ever changed.
package struct ChangePolicy: Hashable, Sendable {
  package let version: Int64
  package let rules: [ChangeRule]
  /// Business hours after which a request ends; nil for never.
  package let expireHours: Int?
  /// By so many days the goods may be ready later than was shown, and it still is what was agreed.
  package let slackDays: Int
  package let reason: String
  /// Empty for the one that a company begins with.
  package let madeBy: String
  package let madeAt: Instant

  /// The steps that a change asks for, a role once, each with what it is about.
  func demands(
    for done: Set<ChangeKind>, at stage: ChangeStage, gross: Money
  ) -> [ChangeDemand] {
    var found: [ChangeDemand] = []
    for (index, rule) in rules.enumerated() where rule.fits(done, at: stage, gross: gross) {
      let about = rule.kinds.isEmpty ? done : rule.kinds.intersection(done)
      if let known = found.firstIndex(where: { $0.step.role == rule.step.role }) {
        found[known].kinds.formUnion(about)
      } else {
        found.append(ChangeDemand(rule: index + 1, step: rule.step, kinds: about))
      }
    }
    return found
  }
}

/// That a role must agree to what a change does.
struct ChangeDemand: Hashable, Sendable {
  /// Position among the rules of the policy, from 1; 0 for the matrix.
  let rule: Int
  let step: ApprovalStepRule
  var kinds: Set<ChangeKind>

  /// What is approved by the steps of the matrix and the policy.
  static let stepKind = "CHANGE"
}

/// Makes a new version of who must agree to which changes. Requests that wait keep their steps.
package struct SetChangePolicy: Sendable {
  package let rules: [ChangeRule]
  /// Nil for never.
  package let expireHours: Int?
  package let slackDays: Int
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    rules: [ChangeRule], expireHours: Int?, slackDays: Int, reason: String, by actor: String
  ) {
    self.rules = rules
    self.expireHours = expireHours
    self.slackDays = slackDays
    self.reason = reason
    self.actor = actor
  }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> ChangePolicy {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(rules.count, "rules", 0...Self.limit)
    if let expireHours {
      check.range(expireHours, "expire_hours", 1...ReplaceApprovalRules.longestHours)
    }
    check.range(slackDays, "slack_days", 0...60)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      if let amount = rule.minimumChange { found.amount(amount, "minimum_change", base: base) }
      rule.step.check(&found, "step.")
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let policy = try ChangePolicyTable.insert(self, at: now, in: tx)
    tx.record(
      DomainEvent(
        "change-policy.set", DocumentReference(.masterData, "change-policy"),
        [
          Fact("version", policy.version), Fact("rules", rules.count), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return policy
  }
}

/// Questions about policies.
package enum ChangePolicies {
  /// The newest.
  package static func current(in snapshot: Snapshot) throws -> ChangePolicy {
    try ChangePolicyTable.current(in: snapshot)
  }
}

/// All SQL of `change_policy` and its rules. There is no update and no delete.
private enum ChangePolicyTable {
  private static let known = LookupCache<OnlyKey, ChangePolicy>()

  static func current(in snapshot: Snapshot) throws -> ChangePolicy {
    try snapshot.lookUp(in: known) {
      let head = try snapshot.first(
        """
        SELECT version, expire_hours, slack_days, reason, made_by, made_at FROM change_policy
        ORDER BY version DESC LIMIT 1
        """
      ) { row in
        ChangePolicy(
          version: row.int64(0), rules: [], expireHours: row.optionalInt(1),
          slackDays: row.int(2), reason: row.text(3), madeBy: row.text(4), madeAt: row.instant(5))
      }
      guard let head else { throw MissingRow("change_policy", 1) }
      return ChangePolicy(
        version: head.version, rules: try rules(of: head.version, in: snapshot),
        expireHours: head.expireHours, slackDays: head.slackDays, reason: head.reason,
        madeBy: head.madeBy, madeAt: head.madeAt)
    }
  }

  private static func rules(of version: Int64, in snapshot: Snapshot) throws -> [ChangeRule] {
    try snapshot.all(
      """
      SELECT kinds, stages, minimum_minor, currency, role, due_hours, remind_hours,
        escalation_role
      FROM change_policy_rule WHERE policy_version = ? ORDER BY position
      """, version
    ) { row in
      ChangeRule(
        kinds: Set(row.text(0).split(separator: " ").compactMap { ChangeKind(rawValue: "\($0)") }),
        stages: Set(
          row.text(1).split(separator: " ").compactMap { ChangeStage(rawValue: "\($0)") }),
        minimumChange: row.optionalMoney(2, 3),
        step: ApprovalStepRule(
          role: row.text(4), dueHours: row.optionalInt(5), remindHours: row.optionalInt(6),
          escalationRole: row.optionalText(7)))
    }
  }

  static func insert(
    _ given: SetChangePolicy, at now: Moment, in tx: Transaction
  ) throws -> ChangePolicy {
    let version: ID<ChangePolicy> = try tx.insert(
      """
      INSERT INTO change_policy (expire_hours, slack_days, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?)
      """, given.expireHours, given.slackDays, given.reason, given.actor, now.instant)
    for (index, rule) in given.rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO change_policy_rule (policy_version, position, kinds, stages, minimum_minor,
          currency, role, due_hours, remind_hours, escalation_role)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.kinds.map(\.rawValue).sorted().joined(separator: " "),
        rule.stages.map(\.rawValue).sorted().joined(separator: " "), rule.minimumChange?.minor,
        rule.minimumChange?.currency, rule.step.role, rule.step.dueHours, rule.step.remindHours,
        rule.step.escalationRole)
    }
    return ChangePolicy(
      version: version.value, rules: given.rules, expireHours: given.expireHours,
      slackDays: given.slackDays, reason: given.reason, madeBy: given.actor, madeAt: now.instant)
  }
}
