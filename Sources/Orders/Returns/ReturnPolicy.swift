import MasterData
package import Storage
package import Values

/// Whether goods may come back in some cases, and on what terms. Rules are tried in their order;
/// the first of which everything fits decides about a line.
package struct ReturnRule: Hashable, Sendable {
  /// Code of a reason; nil for any.
  package let reasonCode: String?
  /// Nil for both defects and what the customer just does not want.
  package let isDefect: Bool?
  /// How the goods came to be; nil for any.
  package let sourcing: Sourcing?
  /// Until so many days after the delivery of the unit; nil for ever.
  package let withinDays: Int?
  package let allowed: Bool
  /// Of what is credited, with tax.
  package let fee: Rate
  /// Of what goods cost, by which they are written down when they come back as grade B.
  package let writeDown: Rate
  /// Nil when nobody needs to agree.
  package let approverRole: String?

  package init(
    reasonCode: String? = nil, isDefect: Bool? = nil, sourcing: Sourcing? = nil,
    withinDays: Int? = nil, allowed: Bool, fee: Rate = .zero, writeDown: Rate = .zero,
    approverRole: String? = nil
  ) {
    self.reasonCode = reasonCode
    self.isDefect = isDefect
    self.sourcing = sourcing
    self.withinDays = withinDays
    self.allowed = allowed
    self.fee = fee
    self.writeDown = writeDown
    self.approverRole = approverRole
  }

  func fits(_ reason: ReturnReason, sourcing: Sourcing?, days: Int) -> Bool {
    (reasonCode == nil || reasonCode == reason.code)
      && (isDefect == nil || isDefect == reason.isDefect)
      && (self.sourcing == nil || self.sourcing == sourcing)
      && (withinDays.map { days <= $0 } ?? true)
  }

  /// What it asks and says, for people.
  var words: String {
    let conditions = [
      reasonCode, isDefect.map { $0 ? "defects" : "no defect" },
      sourcing.map { $0.rawValue.lowercased() }, withinDays.map { "within \($0) days" },
    ].compactMap(\.self)
    let effects = [
      allowed ? "may come back" : "may not come back", fee > .zero ? "for a fee of \(fee)" : nil,
      approverRole.map { "once \($0) agrees" },
    ].compactMap(\.self)
    return (conditions.isEmpty ? "anything" : conditions.joined(separator: ", ")) + ": "
      + effects.joined(separator: " ")
  }
}

/// What may come back, as agreed with orders of a time. Policies are versions: one is never
/// changed, and an order keeps the one that was in force on the day of its creation.
package struct ReturnPolicy: Hashable, Sendable {
  package let version: Int64
  /// For orders created on this day or later, until a later policy begins.
  package let validFrom: Day
  package let rules: [ReturnRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant

  /// What it says about units of a line that were delivered so many days ago; nil where no rule
  /// fits.
  func verdict(
    _ reason: ReturnReason, of line: SalesOrderLine, days: Int
  ) -> (position: Int, rule: ReturnRule)? {
    rules.firstIndex { $0.fits(reason, sourcing: line.sourcing, days: days) }.map {
      (position: $0 + 1, rule: rules[$0])
    }
  }
}

/// Questions about policies.
package enum ReturnPolicies {
  /// The one for orders that are created on a day.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> ReturnPolicy {
    guard let policy = try ReturnPolicyTable.inForce(on: day, in: snapshot) else {
      throw MissingRow("return_policy", 1)
    }
    return policy
  }

  /// Refuses a version that there never was.
  package static func require(
    version: Int64, field: String, in snapshot: Snapshot
  ) throws -> ReturnPolicy {
    guard let policy = try ReturnPolicyTable.find(version, in: snapshot) else {
      throw ReturnRejection.unknownPolicy(field: field, version: version)
    }
    return policy
  }
}

/// Makes a new version of what may come back, for orders from a day on.
package struct SetReturnPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let rules: [ReturnRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(validFrom: Day? = nil, rules: [ReturnRule], reason: String, by actor: String) {
    self.validFrom = validFrom
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  static let limit = 100

  package func run(in tx: Transaction, at now: Moment) throws -> ReturnPolicy {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(rules.count, "rules", 0...Self.limit)
    // What was agreed with a customer is not changed afterwards.
    let from = validFrom ?? now.day
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    try check.pass()
    let reasons = Set(try ReturnReasons.list(in: tx).map(\.code))
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      if let code = rule.reasonCode, !reasons.contains(code) {
        found.refuse(
          ReturnRejection.unknownReason(field: found.path.field("reason_code"), code: code))
      }
      if let days = rule.withinDays { found.range(days, "within_days", 0...36_500) }
      if rule.sourcing == .service {
        found.refuse(ReturnRejection.servicesStay(field: found.path.field("sourcing")))
      }
      found.range(rule.fee, "fee_micros", .zero ... .one)
      found.range(rule.writeDown, "write_down_micros", .zero ... .one)
      if let role = rule.approverRole { found.code(role, "approver_role") }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let policy = try ReturnPolicyTable.insert(
      validFrom: from, rules, reason: reason, by: actor, at: now, in: tx)
    tx.record(
      DomainEvent(
        "return-policy.set", DocumentReference(.masterData, "return-policy"),
        [
          Fact("version", policy.version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return policy
  }
}

/// All SQL of `return_policy` and its rules. There is no update and no delete.
private enum ReturnPolicyTable {
  static func insert(
    validFrom: Day, _ rules: [ReturnRule], reason: String, by actor: String, at now: Moment,
    in tx: Transaction
  ) throws -> ReturnPolicy {
    let version: ID<ReturnPolicy> = try tx.insert(
      "INSERT INTO return_policy (valid_from, reason, made_by, made_at) VALUES (?, ?, ?, ?)",
      validFrom, reason, actor, now.instant)
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO return_rule (policy_version, position, reason_code, is_defect, sourcing,
          within_days, allowed, fee_micros, write_down_micros, approver_role)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.reasonCode, rule.isDefect, rule.sourcing, rule.withinDays,
        rule.allowed, rule.fee, rule.writeDown, rule.approverRole)
    }
    return ReturnPolicy(
      version: version.value, validFrom: validFrom, rules: rules, reason: reason, madeBy: actor,
      madeAt: now.instant)
  }

  /// Of those that begin on the same day the newest counts.
  static func inForce(on day: Day, in snapshot: Snapshot) throws -> ReturnPolicy? {
    let version = try snapshot.first(
      """
      SELECT version FROM return_policy WHERE valid_from <= ?
      ORDER BY valid_from DESC, version DESC LIMIT 1
      """, day
    ) { $0.int64(0) }
    return try version.flatMap { try find($0, in: snapshot) }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> ReturnPolicy? {
    let rules = try snapshot.all(
      """
      SELECT reason_code, is_defect, sourcing, within_days, allowed, fee_micros, approver_role,
        write_down_micros
      FROM return_rule WHERE policy_version = ? ORDER BY position
      """, version
    ) { row in
      ReturnRule(
        reasonCode: row.optionalText(0), isDefect: row.optionalBool(1),
        sourcing: try row.optionalValue(2), withinDays: row.optionalInt(3), allowed: row.bool(4),
        fee: row.rate(5), writeDown: row.rate(7), approverRole: row.optionalText(6))
    }
    return try snapshot.first(
      "SELECT version, valid_from, reason, made_by, made_at FROM return_policy WHERE version = ?",
      version
    ) { row in
      ReturnPolicy(
        version: row.int64(0), validFrom: row.day(1), rules: rules, reason: row.text(2),
        madeBy: row.text(3), madeAt: row.instant(4))
    }
  }
}
