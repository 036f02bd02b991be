import MasterData
package import Storage
package import Values

/// Makes a new version of what cancelling costs, for orders from a day on.
package struct SetCancellationPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  /// Nil for the fifth that the law has.
  package let earnestCap: Rate?
  package let rules: [CancellationRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day? = nil, earnestCap: Rate? = nil, rules: [CancellationRule], reason: String,
    by actor: String
  ) {
    self.validFrom = validFrom
    self.earnestCap = earnestCap
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  static let limit = 100
  static let legalCap = Rate(micros: 200_000)

  package func run(in tx: Transaction, at now: Moment) throws -> CancellationPolicy {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(rules.count, "rules", 0...Self.limit)
    if let earnestCap { check.range(earnestCap, "earnest_cap_micros", .zero ... .one) }
    // What was agreed with a customer is not changed afterwards.
    let from = validFrom ?? now.day
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    try check.pass()
    for (index, rule) in rules.enumerated() {
      for violation in Self.violations(of: rule, row: index, base: base) { check.refuse(violation) }
    }
    try check.pass()
    let policy = try CancellationPolicyTable.insert(
      validFrom: from, earnestCap: earnestCap ?? Self.legalCap, rules, reason: reason, by: actor,
      at: now, in: tx)
    tx.record(
      DomainEvent(
        "cancellation-policy.set", DocumentReference(.masterData, "cancellation-policy"),
        [
          Fact("version", policy.version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return policy
  }

  private static func violations(
    of rule: CancellationRule, row: Int, base: Currency
  ) -> [any Rejection] {
    var found = FieldCheck(FieldPath("rules", row: row))
    if let customerClass = rule.customerClass { found.code(customerClass, "customer_class") }
    rule.steps.check(&found)
    if let productClass = rule.productClass { found.code(productClass, "product_class") }
    found.range(rule.share, "share_micros", .zero ... .one)
    for (amount, name) in [
      (rule.fixed, "fixed"), (rule.minimum, "minimum"), (rule.maximum, "maximum"),
      (rule.approvalFrom, "approval_from"),
    ] {
      if let amount { found.amount(amount, name, base: base) }
    }
    if let minimum = rule.minimum, let maximum = rule.maximum, minimum.minor > maximum.minor {
      found.refuse(
        CancellationRejection.minimumAboveMaximum(
          field: found.path.field("minimum"), minimum: minimum, maximum: maximum))
    }
    if rule.approvalFrom != nil, rule.steps.isEmpty {
      found.refuse(MasterDataRejection.missingValue(field: found.path.field("approver_role")))
    }
    if let windowHours = rule.windowHours {
      found.range(windowHours, "window_hours", 1...ReplaceApprovalRules.longestHours)
      if rule.approvalFrom == nil {
        found.refuse(MasterDataRejection.missingValue(field: found.path.field("approval_from")))
      }
    }
    return found.violations
  }
}

/// Questions about policies.
package enum CancellationPolicies {
  /// The one for orders that are created on a day.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> CancellationPolicy {
    guard let policy = try CancellationPolicyTable.inForce(on: day, in: snapshot) else {
      throw MissingRow("cancellation_policy", 1)
    }
    return policy
  }

  /// Refuses a version that there never was.
  package static func require(
    version: Int64, field: String, in snapshot: Snapshot
  ) throws -> CancellationPolicy {
    guard let policy = try CancellationPolicyTable.find(version, in: snapshot) else {
      throw CancellationRejection.unknownPolicy(field: field, version: version)
    }
    return policy
  }
}

/// All SQL of `cancellation_policy` and its rules. There is no update and no delete.
private enum CancellationPolicyTable {
  static func insert(
    validFrom: Day, earnestCap: Rate, _ rules: [CancellationRule], reason: String, by actor: String,
    at now: Moment, in tx: Transaction
  ) throws -> CancellationPolicy {
    let version: ID<CancellationPolicy> = try tx.insert(
      """
      INSERT INTO cancellation_policy (valid_from, earnest_cap_micros, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?)
      """, validFrom, earnestCap, reason, actor, now.instant)
    for (index, rule) in rules.enumerated() {
      let amounts = [rule.fixed, rule.minimum, rule.maximum, rule.approvalFrom]
      try tx.execute(
        """
        INSERT INTO cancellation_rule (policy_version, position, stage, sourcing, customer_class,
          share_micros, fixed_minor, minimum_minor, maximum_minor, waives_earnest, is_parallel,
          approval_from_minor, window_hours, currency, product_class, is_forbidden)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.stage, rule.sourcing, rule.customerClass, rule.share,
        rule.fixed?.minor, rule.minimum?.minor, rule.maximum?.minor, rule.waivesEarnest,
        rule.isParallel, rule.approvalFrom?.minor, rule.windowHours,
        amounts.compactMap(\.self).first?.currency, rule.productClass, rule.isForbidden)
      for (position, step) in rule.steps.enumerated() {
        try tx.execute(
          """
          INSERT INTO cancellation_rule_step (policy_version, rule, position, role, due_hours,
            remind_hours, escalation_role)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """, version, index + 1, position + 1, step.role, step.dueHours, step.remindHours,
          step.escalationRole)
      }
    }
    return CancellationPolicy(
      version: version.value, validFrom: validFrom, earnestCap: earnestCap, rules: rules,
      reason: reason, madeBy: actor, madeAt: now.instant)
  }

  /// Of those that begin on the same day the newest counts.
  static func inForce(on day: Day, in snapshot: Snapshot) throws -> CancellationPolicy? {
    let version = try snapshot.first(
      """
      SELECT version FROM cancellation_policy WHERE valid_from <= ?
      ORDER BY valid_from DESC, version DESC LIMIT 1
      """, day
    ) { $0.int64(0) }
    return try version.flatMap { try find($0, in: snapshot) }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> CancellationPolicy? {
    let steps = try steps(of: version, in: snapshot)
    let rules = try snapshot.all(
      """
      SELECT stage, sourcing, customer_class, share_micros, fixed_minor, minimum_minor,
        maximum_minor, waives_earnest, is_parallel, approval_from_minor, currency,
        product_class, is_forbidden, window_hours, position
      FROM cancellation_rule WHERE policy_version = ? ORDER BY position
      """, version
    ) { row in
      CancellationRule(
        stage: try row.optionalValue(0), sourcing: try row.optionalValue(1),
        customerClass: row.optionalText(2), productClass: row.optionalText(11),
        share: row.rate(3), fixed: row.optionalMoney(4, 10),
        minimum: row.optionalMoney(5, 10), maximum: row.optionalMoney(6, 10),
        waivesEarnest: row.bool(7), steps: steps[row.int(14), default: []],
        isParallel: row.bool(8), approvalFrom: row.optionalMoney(9, 10),
        windowHours: row.optionalInt(13), isForbidden: row.bool(12))
    }
    return try snapshot.first(
      """
      SELECT version, valid_from, earnest_cap_micros, reason, made_by, made_at
      FROM cancellation_policy WHERE version = ?
      """, version
    ) { row in
      CancellationPolicy(
        version: row.int64(0), validFrom: row.day(1), earnestCap: row.rate(2), rules: rules,
        reason: row.text(3), madeBy: row.text(4), madeAt: row.instant(5))
    }
  }
}

extension CancellationPolicyTable {
  /// Of a version, by rule.
  fileprivate static func steps(
    of version: Int64, in snapshot: Snapshot
  ) throws -> [Int: [ApprovalStepRule]] {
    var found: [Int: [ApprovalStepRule]] = [:]
    try snapshot.forEach(
      """
      SELECT rule, role, due_hours, remind_hours, escalation_role
      FROM cancellation_rule_step WHERE policy_version = ? ORDER BY rule, position
      """, version
    ) { row in
      found[row.int(0), default: []].append(
        ApprovalStepRule(
          role: row.text(1), dueHours: row.optionalInt(2), remindHours: row.optionalInt(3),
          escalationRole: row.optionalText(4)))
    }
    return found
  }
}

extension CancelStage: Bindable {}
