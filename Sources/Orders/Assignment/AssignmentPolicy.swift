package import MasterData
package import Storage
package import Values

/// How one of the warehouses of a rule is chosen.
package enum AssignmentChoice: String, Hashable, Sendable, CaseIterable {
  /// The first in which all goods from stock are free, or else the first of those where most lines
  /// are.
  case complete = "COMPLETE"
  /// The first, whatever it has.
  case first = "FIRST"
}

/// What orders get what warehouse: all that is given must fit.
package struct AssignmentRule: Hashable, Sendable {
  /// Nil for any.
  package var channel: Channel?
  /// Nil for any.
  package var customerClass: String?
  /// Of the customer; nil for any.
  package var storeCode: String?
  /// Nil for any, and for what is fetched.
  package var zone: String?
  /// Of one of its lines; nil for any.
  package var productClass: String?
  /// Only orders of which something is made: the workshop of the warehouse does.
  package var isMade = false
  /// The first choice first.
  package let warehouses: [String]
  package let choice: AssignmentChoice

  package init(_ warehouses: [String], _ choice: AssignmentChoice = .complete) {
    self.warehouses = warehouses
    self.choice = choice
  }

  /// What it asks of an order, for people.
  var condition: String {
    let parts = [
      channel.map { "from \($0.rawValue)" }, customerClass.map { "class \($0)" },
      storeCode.map { "customers of \($0)" }, zone.map { "to zone \($0)" },
      productClass.map { "with products of class \($0)" }, isMade ? "with something made" : nil,
    ].compactMap(\.self)
    return parts.isEmpty ? "any order" : parts.joined(separator: ", ")
  }
}

/// Which warehouse orders get that name none. Versions: one is never changed, and an order is
/// assigned by the one of the day on which it is submitted.
package struct AssignmentPolicy: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  /// The first that fits decides.
  package let rules: [AssignmentRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant
}

/// Questions about the rules.
package enum AssignmentPolicies {
  /// Of those that begin on the same day the newest; nil as long as there is none.
  static func inForce(on day: Day, in snapshot: Snapshot) throws -> AssignmentPolicy? {
    try AssignmentPolicyTable.all(in: snapshot).last { $0.validFrom <= day }
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> AssignmentPolicy {
    let found =
      version == 0
      ? try inForce(on: day, in: snapshot)
      : try AssignmentPolicyTable.all(in: snapshot).first { $0.version == version }
    guard let found else {
      throw AssignmentRejection.unknownPolicy(field: "version", version: version)
    }
    return found
  }
}

/// Makes a new version of the rules, from a day on.
package struct SetAssignmentPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let rules: [AssignmentRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(validFrom: Day?, rules: [AssignmentRule], reason: String, by actor: String) {
    self.validFrom = validFrom
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  static let limit = 200
  static let warehouseLimit = 10

  package func run(in tx: Transaction, at now: Moment) throws -> AssignmentPolicy {
    let from = validFrom ?? now.day
    var check = FieldCheck(.request)
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    check.range(rules.count, "rules", 0...Self.limit)
    check.text(reason, "reason", limit: 500, required: true)
    for (row, rule) in rules.prefix(Self.limit).enumerated() {
      for violation in try Self.violations(of: rule, row: row, in: tx) { check.refuse(violation) }
    }
    try check.pass()
    let version = try AssignmentPolicyTable.insert(self, from: from, at: now, in: tx)
    tx.record(
      DomainEvent(
        "assignment-policy.set", DocumentReference(.masterData, "assignment-policy"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try AssignmentPolicies.require(version: version, on: from, in: tx)
  }

  private static func violations(
    of rule: AssignmentRule, row: Int, in snapshot: Snapshot
  ) throws -> [any Rejection] {
    var found = FieldCheck(FieldPath("rules", row: row))
    for (code, field) in [
      (rule.customerClass, "customer_class"), (rule.storeCode, "store_code"),
      (rule.zone, "zone_code"), (rule.productClass, "product_class"),
    ] {
      if let code { found.code(code, field) }
    }
    found.range(rule.warehouses.count, "warehouse_codes", 1...warehouseLimit)
    for (index, code) in rule.warehouses.prefix(warehouseLimit).enumerated() {
      let field = found.path.field("warehouse_codes[\(index)]")
      if try Warehouses.find(code: code, in: snapshot) == nil {
        found.refuse(
          MasterDataRejection.unknownWarehouse(field: field, code: code).ifNamed(code))
      } else if rule.warehouses[..<index].contains(code) {
        found.refuse(AssignmentRejection.duplicateWarehouse(field: field, code: code))
      }
    }
    return found.violations
  }
}

/// All SQL of `assignment_policy` and `assignment_rule`. There is no update and no delete.
enum AssignmentPolicyTable {
  private static let known = LookupCache<OnlyKey, [AssignmentPolicy]>()

  /// In the order in which they come into force.
  static func all(in snapshot: Snapshot) throws -> [AssignmentPolicy] {
    try snapshot.lookUp(in: known) {
      let rules = Dictionary(
        grouping: try snapshot.all(
          """
          SELECT policy_version, channel, customer_class, store_code, zone_code, product_class,
            is_made, warehouse_codes, choice
          FROM assignment_rule ORDER BY policy_version, position
          """, map: { ($0.int64(0), try rule($0)) }), by: \.0)
      return try snapshot.all(
        """
        SELECT version, valid_from, reason, made_by, made_at
        FROM assignment_policy ORDER BY valid_from, version
        """
      ) { row in
        AssignmentPolicy(
          version: row.int64(0), validFrom: row.day(1),
          rules: rules[row.int64(0), default: []].map(\.1), reason: row.text(2),
          madeBy: row.text(3), madeAt: row.instant(4))
      }
    }
  }

  private static func rule(_ row: Row) throws -> AssignmentRule {
    var rule = AssignmentRule(
      row.text(7).split(separator: " ").map(String.init), try row.value(8))
    rule.channel = try row.optionalValue(1)
    rule.customerClass = row.optionalText(2)
    rule.storeCode = row.optionalText(3)
    rule.zone = row.optionalText(4)
    rule.productClass = row.optionalText(5)
    rule.isMade = row.bool(6)
    return rule
  }

  static func insert(
    _ policy: SetAssignmentPolicy, from: Day, at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let version: ID<AssignmentPolicy> = try tx.insert(
      "INSERT INTO assignment_policy (valid_from, reason, made_by, made_at) VALUES (?, ?, ?, ?)",
      from, policy.reason, policy.actor, now.instant)
    for (index, rule) in policy.rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO assignment_rule (policy_version, position, channel, customer_class, store_code,
          zone_code, product_class, is_made, warehouse_codes, choice)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.channel, rule.customerClass, rule.storeCode, rule.zone,
        rule.productClass, rule.isMade, rule.warehouses.joined(separator: " "), rule.choice)
    }
    return version.value
  }
}

extension AssignmentChoice: Bindable {}
