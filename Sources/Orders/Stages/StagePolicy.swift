package import MasterData
package import Storage
package import Values

/// How long orders may stay in a stage: a row of a table that the company keeps.
package struct StageTerm: Hashable, Sendable {
  package let stage: OrderStage
  /// Nil for all.
  package let channel: Channel?
  /// Nil for all.
  package let customerClass: String?
  package let hours: Int
  /// The hours are those that the company works; otherwise all count.
  package let inBusinessHours: Bool
  /// It is reminded of so many hours before they are over; 0 for not at all.
  package let remindBeforeHours: Int
  /// Who is told when they are; empty for nobody in particular.
  package let escalationRole: String

  package init(
    stage: OrderStage, channel: Channel? = nil, customerClass: String? = nil, hours: Int,
    inBusinessHours: Bool = false, remindBeforeHours: Int = 0, escalationRole: String = ""
  ) {
    self.stage = stage
    self.channel = channel
    self.customerClass = customerClass
    self.hours = hours
    self.inBusinessHours = inBusinessHours
    self.remindBeforeHours = remindBeforeHours
    self.escalationRole = escalationRole
  }

  /// All of it, and what of it is after the reminder, in microseconds of its clock.
  var length: Int64 { Int64(hours) * Self.hour }
  var afterReminder: Int64 { Int64(remindBeforeHours) * Self.hour }

  private static let hour: Int64 = 3_600_000_000
}

/// The terms of a company. Versions: one is never changed.
package struct StagePolicy: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  /// In the order in which they are tried.
  package let terms: [StageTerm]
  /// While an order is held for one of these, its clock stands still.
  package let stillOnHold: [OrderHoldKind]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant

  /// Position of the first that fits, from 1; nil for none. The class of the customer is asked for
  /// only where a term of the stage names one.
  func term(
    of stage: OrderStage, channel: Channel, customerClass: () throws -> String
  ) rethrows -> Int? {
    let index = try terms.firstIndex { term in
      guard term.stage == stage, (term.channel ?? channel) == channel else { return false }
      return try term.customerClass == nil || term.customerClass == customerClass()
    }
    return index.map { $0 + 1 }
  }
}

/// Questions about the policy.
package enum StagePolicies {
  /// False where nobody has ever set one.
  static func areSet(in snapshot: Snapshot) throws -> Bool {
    try !StagePolicyTable.all(in: snapshot).isEmpty
  }

  /// Of those that begin on the same day the newest; nil as long as there is none.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> StagePolicy? {
    try StagePolicyTable.all(in: snapshot).last { $0.validFrom <= day }
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> StagePolicy {
    let found =
      version == 0
      ? try inForce(on: day, in: snapshot)
      : try StagePolicyTable.all(in: snapshot).first { $0.version == version }
    guard let found else {
      throw StageRejection.unknownPolicy(field: "version", version: version)
    }
    return found
  }

  /// By which an order entered its stage.
  static func fetch(_ version: Int64, in snapshot: Snapshot) throws -> StagePolicy {
    guard
      let found = try StagePolicyTable.all(in: snapshot).first(where: { $0.version == version })
    else { throw MissingRow("stage_policy", version) }
    return found
  }
}

/// Makes a new version of the policy, from a day on. Orders that are in a stage keep its term.
package struct SetStagePolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let terms: [StageTerm]
  package let stillOnHold: [OrderHoldKind]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day?, terms: [StageTerm], stillOnHold: [OrderHoldKind], reason: String,
    by actor: String
  ) {
    self.validFrom = validFrom
    self.terms = terms
    self.stillOnHold = stillOnHold
    self.reason = reason
    self.actor = actor
  }

  static let limit = 200
  static let longest = 2_000

  package func run(in tx: Transaction, at now: Moment) throws -> StagePolicy {
    let from = validFrom ?? now.day
    var check = FieldCheck(.request)
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    check.range(terms.count, "terms", 0...Self.limit)
    check.text(reason, "reason", limit: 500, required: true)
    for (row, term) in terms.prefix(Self.limit).enumerated() {
      var found = FieldCheck(FieldPath("terms", row: row))
      if term.stage.isFinal {
        found.refuse(
          StageRejection.noTerm(field: found.path.field("stage"), stage: term.stage))
      }
      if let named = term.customerClass { found.code(named, "customer_class") }
      found.range(term.hours, "hours", 1...Self.longest)
      let most = max(0, min(term.hours, Self.longest) - 1)
      found.range(term.remindBeforeHours, "remind_before_hours", 0...most)
      if !term.escalationRole.isEmpty { found.code(term.escalationRole, "escalation_role") }
      for violation in found.violations { check.refuse(violation) }
    }
    for (index, kind) in stillOnHold.enumerated() where stillOnHold[..<index].contains(kind) {
      check.refuse(StageRejection.duplicateHold(field: "still_on_hold[\(index)]", kind: kind))
    }
    try check.pass()
    let version = try StagePolicyTable.insert(self, from: from, at: now, in: tx)
    tx.record(
      DomainEvent(
        "stage-policy.set", DocumentReference(.masterData, "stage-policy"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("terms", terms.count),
          Fact("still_on_hold", stillOnHold.map(\.rawValue).joined(separator: " ")),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try StagePolicies.fetch(version, in: tx)
  }
}

/// All SQL of `stage_policy` and `stage_term`. There is no update and no delete.
enum StagePolicyTable {
  private static let known = LookupCache<OnlyKey, [StagePolicy]>()

  /// In the order in which they come into force. Kept in memory: a company that has none is known
  /// to have none.
  static func all(in snapshot: Snapshot) throws -> [StagePolicy] {
    try snapshot.lookUp(in: known) {
      var terms: [Int64: [StageTerm]] = [:]
      for (version, term) in try snapshot.all(
        """
        SELECT policy_version, stage, channel, customer_class, hours, in_business_hours,
          remind_before_hours, escalation_role
        FROM stage_term ORDER BY policy_version, position
        """,
        map: { row in
          (
            row.int64(0),
            StageTerm(
              stage: try row.value(1), channel: try row.optionalValue(2),
              customerClass: row.optionalText(3), hours: row.int(4),
              inBusinessHours: row.bool(5), remindBeforeHours: row.int(6),
              escalationRole: row.text(7))
          )
        })
      {
        terms[version, default: []].append(term)
      }
      return try snapshot.all(
        """
        SELECT version, valid_from, still_on_hold, reason, made_by, made_at
        FROM stage_policy ORDER BY valid_from, version
        """
      ) { row in
        StagePolicy(
          version: row.int64(0), validFrom: row.day(1), terms: terms[row.int64(0)] ?? [],
          stillOnHold: row.text(2).split(separator: " ").compactMap {
            OrderHoldKind(rawValue: String($0))
          }, reason: row.text(3), madeBy: row.text(4), madeAt: row.instant(5))
      }
    }
  }

  static func insert(
    _ policy: SetStagePolicy, from: Day, at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let version: ID<StagePolicy> = try tx.insert(
      """
      INSERT INTO stage_policy (valid_from, still_on_hold, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?)
      """, from, policy.stillOnHold.map(\.rawValue).joined(separator: " "), policy.reason,
      policy.actor, now.instant)
    for (index, term) in policy.terms.enumerated() {
      try tx.execute(
        """
        INSERT INTO stage_term (policy_version, position, stage, channel, customer_class, hours,
          in_business_hours, remind_before_hours, escalation_role)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, term.stage, term.channel, term.customerClass, term.hours,
        term.inBusinessHours, term.remindBeforeHours, term.escalationRole)
    }
    return version.value
  }
}
