package import MasterData
package import Storage
package import Values

/// How far ahead the orders of a class of customers count; an empty class is all others.
package struct CreditHorizonRule: Hashable, Sendable {
  package let customerClass: String
  /// What is wanted later than so many days from today does not count yet.
  package let days: Int

  package init(customerClass: String, days: Int) {
    self.customerClass = customerClass
    self.days = days
  }
}

/// How far ahead orders count in credit (DOMAIN 5.9: within horizon H). Versions: one is never
/// changed, and that of the day counts. Without one everything counts.
package struct CreditHorizon: Hashable, Sendable {
  /// 0 where there is none.
  package let version: Int64
  package let validFrom: Day
  /// In the order of their classes.
  package let rules: [CreditHorizonRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant?

  /// Everything counts.
  static func none(on day: Day) -> CreditHorizon {
    CreditHorizon(version: 0, validFrom: day, rules: [], reason: "", madeBy: "", madeAt: nil)
  }

  /// The last day of which orders count; nil where everything does.
  func lastDay(for customerClass: String, on day: Day) -> Day? {
    let rule =
      rules.first { $0.customerClass == customerClass } ?? rules.first { $0.customerClass.isEmpty }
    return rule.map { day.adding(days: $0.days) }
  }
}

/// Questions about how far ahead orders count.
package enum CreditHorizons {
  /// Of those that begin on the same day the newest.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> CreditHorizon {
    try CreditHorizonTable.all(in: snapshot).last { $0.validFrom <= day } ?? .none(on: day)
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> CreditHorizon {
    guard version != 0 else { return try inForce(on: day, in: snapshot) }
    let found = try CreditHorizonTable.all(in: snapshot).first { $0.version == version }
    guard let found else {
      throw FinanceRejection.unknownCreditHorizon(field: "version", version: version)
    }
    return found
  }

  /// The last day of which a customer's orders count; nil where everything does.
  package static func lastDay(
    for customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> Day? {
    try reach(of: customer.customerClass, on: day, in: snapshot).lastDay
  }

  /// Of which days a customer's orders count. `onlyChecked`: as far as limits were asked for them.
  static func reach(
    of customerClass: String, on day: Day, onlyChecked: Bool = false, in snapshot: Snapshot
  ) throws -> CreditReach {
    CreditReach(
      horizons: try CreditHorizonTable.all(in: snapshot), customerClass: customerClass, day: day,
      onlyChecked: onlyChecked)
  }

  /// Whether there ever was one: costs nothing where there was none.
  static func exist(in snapshot: Snapshot) throws -> Bool {
    try !CreditHorizonTable.all(in: snapshot).isEmpty
  }
}

/// Says how far ahead orders count, from a day on.
package struct SetCreditHorizon: Sendable {
  /// Nil: today.
  package let validFrom: Day?
  package let rules: [CreditHorizonRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day? = nil, rules: [CreditHorizonRule], reason: String, by actor: String
  ) {
    self.validFrom = validFrom
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CreditHorizon {
    let from = validFrom ?? now.day
    var check = FieldCheck(.request)
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    check.range(rules.count, "rules", 0...100)
    var classes: Set<String> = []
    for (row, rule) in rules.prefix(100).enumerated() {
      var found = FieldCheck(FieldPath("rules", row: row))
      if !rule.customerClass.isEmpty { found.code(rule.customerClass, "customer_class") }
      found.range(rule.days, "days", 0...3_650)
      if !classes.insert(rule.customerClass).inserted {
        found.refuse(
          FinanceRejection.duplicateHorizonClass(
            field: found.path.field("customer_class"), customerClass: rule.customerClass))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let version = try CreditHorizonTable.insert(self, from: from, at: now, in: tx)
    tx.record(
      DomainEvent(
        "credit-horizon.set", DocumentReference(.masterData, "credit-horizon"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try CreditHorizons.require(version: version, on: from, in: tx)
  }
}

/// All SQL of `credit_horizon` and `credit_horizon_rule`. There is no update and no delete.
enum CreditHorizonTable {
  private static let known = LookupCache<OnlyKey, [CreditHorizon]>()

  /// In the order in which they come into force.
  static func all(in snapshot: Snapshot) throws -> [CreditHorizon] {
    try snapshot.lookUp(in: known) {
      var rules: [Int64: [CreditHorizonRule]] = [:]
      try snapshot.forEach(
        """
        SELECT version, customer_class, days FROM credit_horizon_rule
        ORDER BY version, customer_class
        """
      ) { row in
        rules[row.int64(0), default: []].append(
          CreditHorizonRule(customerClass: row.text(1), days: row.int(2)))
      }
      return try snapshot.all(
        """
        SELECT version, valid_from, reason, made_by, made_at
        FROM credit_horizon ORDER BY valid_from, version
        """
      ) { row in
        CreditHorizon(
          version: row.int64(0), validFrom: row.day(1), rules: rules[row.int64(0)] ?? [],
          reason: row.text(2), madeBy: row.text(3), madeAt: row.instant(4))
      }
    }
  }

  static func insert(
    _ horizon: SetCreditHorizon, from: Day, at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let version: ID<CreditHorizon> = try tx.insert(
      "INSERT INTO credit_horizon (valid_from, reason, made_by, made_at) VALUES (?, ?, ?, ?)",
      from, horizon.reason, horizon.actor, now.instant)
    for rule in horizon.rules {
      try tx.execute(
        "INSERT INTO credit_horizon_rule (version, customer_class, days) VALUES (?, ?, ?)",
        version, rule.customerClass, rule.days)
    }
    return version.value
  }
}
