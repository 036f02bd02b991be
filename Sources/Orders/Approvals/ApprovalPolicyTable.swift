import MasterData
import Storage
import Values

/// All SQL of `approval_policy`, its rules and their steps. There is no update and no delete.
enum ApprovalPolicyTable {
  private static let known = LookupCache<OnlyKey, ApprovalPolicy>()

  static func current(in snapshot: Snapshot) throws -> ApprovalPolicy {
    try snapshot.lookUp(in: known) {
      guard let found = try find(nil, in: snapshot) else { throw MissingRow("approval_policy", 1) }
      return found
    }
  }

  /// One version, or the newest, by one statement: a row for each step, or for each rule without
  /// any.
  static func find(_ version: Int64?, in snapshot: Snapshot) throws -> ApprovalPolicy? {
    var head: (version: Int64, reason: String, madeBy: String, madeAt: Instant)?
    var rules: [(rule: ApprovalRule, steps: [ApprovalStepRule])] = []
    try snapshot.forEach(
      """
      SELECT p.version, p.reason, p.made_by, p.made_at, r.position, r.kind, r.customer_class,
        r.minimum_gross_minor, r.currency, r.minimum_discount_micros, r.margin_below_micros,
        r.exempt_role, r.gross_below_minor, r.window_hours, r.country_code, r.region_prefix,
        r.product_class, r.is_parallel, s.role, s.due_hours, s.remind_hours, s.escalation_role
      FROM approval_policy AS p
      LEFT JOIN approval_policy_rule AS r ON r.policy_version = p.version
      LEFT JOIN approval_policy_step AS s
        ON s.policy_version = r.policy_version AND s.rule = r.position
      WHERE p.version = coalesce(?, (SELECT max(version) FROM approval_policy))
      ORDER BY r.position, s.position
      """, version
    ) { row in
      head = (row.int64(0), row.text(1), row.text(2), row.instant(3))
      guard !row.isNull(4) else { return }
      if row.int(4) > rules.count { rules.append((rule(row), [])) }
      guard !row.isNull(18) else { return }
      rules[rules.count - 1].steps.append(
        ApprovalStepRule(
          role: row.text(18), dueHours: row.optionalInt(19), remindHours: row.optionalInt(20),
          escalationRole: row.optionalText(21)))
    }
    return head.map { head in
      ApprovalPolicy(
        version: head.version,
        rules: rules.map { found in
          var rule = found.rule
          rule.steps = found.steps
          return rule
        }, reason: head.reason, madeBy: head.madeBy, madeAt: head.madeAt)
    }
  }

  private static func rule(_ row: Row) -> ApprovalRule {
    var rule = ApprovalRule(
      kind: row.text(5), customerClass: row.optionalText(6), minimumGross: row.optionalMoney(7, 8),
      minimumDiscount: row.optionalRate(9), marginBelow: row.optionalRate(10),
      exemptRole: row.optionalText(11), steps: [], isParallel: row.bool(17))
    rule.grossBelow = row.optionalMoney(12, 8)
    rule.windowHours = row.optionalInt(13)
    rule.region = row.optionalText(14).map { Region(country: $0, code: row.text(15)) }
    rule.productClass = row.optionalText(16)
    return rule
  }

  static func insert(
    _ rules: [ApprovalRule], reason: String, by actor: String, at now: Moment, in tx: Transaction
  ) throws -> ApprovalPolicy {
    let version: ID<ApprovalPolicy> = try tx.insert(
      "INSERT INTO approval_policy (reason, made_by, made_at) VALUES (?, ?, ?)", reason, actor,
      now.instant)
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO approval_policy_rule (policy_version, position, kind, customer_class,
          minimum_gross_minor, currency, minimum_discount_micros, margin_below_micros, exempt_role,
          gross_below_minor, window_hours, country_code, region_prefix, product_class, is_parallel)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.kind, rule.customerClass, rule.minimumGross?.minor,
        (rule.minimumGross ?? rule.grossBelow)?.currency, rule.minimumDiscount, rule.marginBelow,
        rule.exemptRole, rule.grossBelow?.minor, rule.windowHours, rule.region?.country,
        rule.region?.code, rule.productClass, rule.isParallel)
      for (position, step) in rule.steps.enumerated() {
        try tx.execute(
          """
          INSERT INTO approval_policy_step (policy_version, rule, position, role, due_hours,
            remind_hours, escalation_role)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """, version, index + 1, position + 1, step.role, step.dueHours, step.remindHours,
          step.escalationRole)
      }
    }
    return ApprovalPolicy(
      version: version.value, rules: rules, reason: reason, madeBy: actor, madeAt: now.instant)
  }
}
