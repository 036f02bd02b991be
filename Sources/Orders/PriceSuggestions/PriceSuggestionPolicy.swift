import MasterData
package import Storage
package import Values

/// Which prices are suggested when. Versions: one is never changed.
package struct PriceSuggestionPolicy: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  /// In the order in which they are tried.
  package let rules: [PriceRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant

  package func rule(_ code: String) -> PriceRule? { rules.first { $0.code == code } }
}

/// Questions about the policy.
package enum PriceSuggestionPolicies {
  /// Of those that begin on the same day the newest; nil as long as there is none.
  package static func inForce(
    on day: Day, in snapshot: Snapshot
  ) throws -> PriceSuggestionPolicy? {
    try PriceSuggestionPolicyTable.all(in: snapshot).last { $0.validFrom <= day }
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> PriceSuggestionPolicy {
    let found =
      version == 0
      ? try inForce(on: day, in: snapshot)
      : try PriceSuggestionPolicyTable.all(in: snapshot).first { $0.version == version }
    guard let found else {
      throw PriceSuggestionRejection.unknownPolicy(field: "version", version: version)
    }
    return found
  }

  /// The newest first, from the one before `version` on (nil: from the newest).
  package static func list(
    before version: Int64? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [PriceSuggestionPolicy] {
    let found = try PriceSuggestionPolicyTable.all(in: snapshot)
      .filter { $0.version < version ?? .max }
    return Array(found.sorted { $0.version > $1.version }.prefix(limit))
  }
}

/// Makes a new version of the policy, from a day on.
package struct SetPriceSuggestionPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let rules: [PriceRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(validFrom: Day?, rules: [PriceRule], reason: String, by actor: String) {
    self.validFrom = validFrom
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  private static let rules = 100

  package func run(in tx: Transaction, at now: Moment) throws -> PriceSuggestionPolicy {
    let from = validFrom ?? now.day
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    check.range(rules.count, "rules", 0...Self.rules)
    check.text(reason, "reason", limit: 500, required: true)
    var codes: Set<String> = []
    for (row, rule) in rules.prefix(Self.rules).enumerated() {
      let path = FieldPath("rules", row: row)
      var found = FieldCheck(path)
      try rule.check(&found, base: base, in: tx)
      if !codes.insert(rule.code).inserted {
        found.refuse(
          PriceSuggestionRejection.duplicateRule(field: path.field("code"), code: rule.code))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let version = try PriceSuggestionPolicyTable.insert(self, from: from, at: now, in: tx)
    tx.record(
      DomainEvent(
        "price-suggestion-policy.set", DocumentReference(.masterData, "price-suggestion-policy"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try PriceSuggestionPolicies.require(version: version, on: from, in: tx)
  }
}

extension PriceRule {
  fileprivate func check(
    _ check: inout FieldCheck, base: Currency, in snapshot: Snapshot
  ) throws {
    check.code(code, "code")
    try checkScope(&check, in: snapshot)
    let currency =
      try PriceLists.find(code: list, in: snapshot).map { $0.currency ?? base }
    if currency == nil {
      let field = check.path.field("price_list_code")
      check.refuse(
        list.isEmpty
          ? MasterDataRejection.missingValue(field: field)
          : .unknownPriceList(field: field, code: list))
    }
    check.range(windowDays, "window_days", 1...366)
    check.range(conditions.count, "conditions", 0...20)
    for (row, condition) in conditions.prefix(20).enumerated() {
      check.range(
        condition.value, "conditions[\(row)].value_micros",
        -1_000_000_000_000_000...1_000_000_000_000_000)
    }
    checkAction(&check)
    if let ending, let currency { checkEnding(ending, currency, &check) }
    check.range(band.mostDown.micros, "most_down_micros", 0...900_000)
    check.range(band.mostUp.micros, "most_up_micros", 0...1_000_000)
    check.range(band.farthestDown.micros, "farthest_down_micros", 0...900_000)
    check.range(band.farthestUp.micros, "farthest_up_micros", 0...1_000_000)
    if let floorMargin { check.range(floorMargin.micros, "floor_margin_micros", 0...950_000) }
    check.range(minimumDays, "minimum_days", 1...366)
    check.range(expiresAfterDays, "expires_after_days", 1...90)
  }

  private func checkScope(_ check: inout FieldCheck, in snapshot: Snapshot) throws {
    if !productClass.isEmpty { check.code(productClass, "product_class") }
    if !sku.isEmpty, try Products.find(sku: sku, in: snapshot) == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: check.path.field("sku"), sku: sku))
    }
    if !supplier.isEmpty, try Suppliers.find(code: supplier, in: snapshot) == nil {
      check.refuse(
        MasterDataRejection.unknownSupplier(
          field: check.path.field("supplier_code"), code: supplier))
    }
  }

  private func checkAction(_ check: inout FieldCheck) {
    switch action {
    case .change(let share):
      check.range(share.micros, "change_micros", -900_000...1_000_000)
      if share == .zero {
        check.refuse(MasterDataRejection.missingValue(field: check.path.field("change_micros")))
      }
    case .targetMargin(let margin):
      check.range(margin.micros, "target_margin_micros", 0...950_000)
    }
  }

  private func checkEnding(
    _ ending: Ending, _ currency: Currency, _ check: inout FieldCheck
  ) {
    let highest = FieldCheck.highestAmountMinor
    check.amount(ending.step, "ending_step", base: currency, highest: highest)
    check.range(ending.step.minor, "ending_step", 1...highest)
    check.amount(ending.offset, "ending", base: currency, highest: highest)
    check.range(ending.offset.minor, "ending", 0...max(0, ending.step.minor - 1))
  }
}

/// All SQL of `price_suggestion_policy`, `price_rule` and `price_condition`. There is no update and
/// no delete.
enum PriceSuggestionPolicyTable {
  private static let known = LookupCache<OnlyKey, [PriceSuggestionPolicy]>()

  /// In the order in which they come into force.
  static func all(in snapshot: Snapshot) throws -> [PriceSuggestionPolicy] {
    try snapshot.lookUp(in: known) {
      var conditions: [Int64: [Int: [PriceCondition]]] = [:]
      try snapshot.forEach(
        """
        SELECT policy_version, rule_number, fact, bound, value_micros
        FROM price_condition ORDER BY policy_version, rule_number, number
        """
      ) { row in
        conditions[row.int64(0), default: [:]][row.int(1), default: []].append(
          PriceCondition(try row.value(2), try row.value(3), row.int64(4)))
      }
      var rules: [Int64: [PriceRule]] = [:]
      try snapshot.forEach(
        """
        SELECT policy_version, rule_number, code, price_list_code, product_class, sku,
          supplier_code, window_days, change_micros, target_margin_micros, ending_step_minor,
          ending_minor, currency, most_down_micros, most_up_micros, farthest_down_micros,
          farthest_up_micros, floor_margin_micros, minimum_days, expires_after_days, beyond_band,
          applies_within_band
        FROM price_rule ORDER BY policy_version, rule_number
        """
      ) { row in
        rules[row.int64(0), default: []].append(
          rule(row, conditions[row.int64(0)]?[row.int(1)] ?? []))
      }
      return try snapshot.all(
        """
        SELECT version, valid_from, reason, made_by, made_at
        FROM price_suggestion_policy ORDER BY valid_from, version
        """
      ) { row in
        PriceSuggestionPolicy(
          version: row.int64(0), validFrom: row.day(1), rules: rules[row.int64(0)] ?? [],
          reason: row.text(2), madeBy: row.text(3), madeAt: row.instant(4))
      }
    }
  }

  private static func rule(_ row: Row, _ conditions: [PriceCondition]) -> PriceRule {
    PriceRule(
      code: row.text(2), list: row.text(3), productClass: row.text(4), sku: row.text(5),
      supplier: row.text(6), windowDays: row.int(7), conditions: conditions,
      action: row.optionalRate(8).map { .change($0) } ?? .targetMargin(row.rate(9)),
      ending: row.optionalMoney(10, 12).map { .init(step: $0, offset: row.money(11, 12)) },
      band: .init(
        mostDown: row.rate(13), mostUp: row.rate(14), farthestDown: row.rate(15),
        farthestUp: row.rate(16)),
      floorMargin: row.optionalRate(17), minimumDays: row.int(18), expiresAfterDays: row.int(19),
      goesBeyondBand: row.bool(20), appliesWithinBand: row.bool(21))
  }

  static func insert(
    _ policy: SetPriceSuggestionPolicy, from: Day, at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let version: ID<PriceSuggestionPolicy> = try tx.insert(
      """
      INSERT INTO price_suggestion_policy (valid_from, reason, made_by, made_at)
      VALUES (?, ?, ?, ?)
      """, from, policy.reason, policy.actor, now.instant)
    for (index, rule) in policy.rules.enumerated() {
      try insert(rule, index + 1, of: version, in: tx)
    }
    return version.value
  }

  private static func insert(
    _ rule: PriceRule, _ number: Int, of version: ID<PriceSuggestionPolicy>, in tx: Transaction
  ) throws {
    var (change, margin): (Rate?, Rate?) = (nil, nil)
    switch rule.action {
    case .change(let share): change = share
    case .targetMargin(let share): margin = share
    }
    try tx.execute(
      """
      INSERT INTO price_rule (policy_version, rule_number, code, price_list_code, product_class,
        sku, supplier_code, window_days, change_micros, target_margin_micros, ending_step_minor,
        ending_minor, currency, most_down_micros, most_up_micros, farthest_down_micros,
        farthest_up_micros, floor_margin_micros, minimum_days, expires_after_days, beyond_band,
        applies_within_band)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, version, number, rule.code, rule.list, rule.productClass, rule.sku, rule.supplier,
      rule.windowDays, change, margin, rule.ending?.step.minor, rule.ending?.offset.minor,
      rule.ending?.step.currency, rule.band.mostDown, rule.band.mostUp, rule.band.farthestDown,
      rule.band.farthestUp, rule.floorMargin, rule.minimumDays, rule.expiresAfterDays,
      rule.goesBeyondBand, rule.appliesWithinBand)
    for (index, condition) in rule.conditions.enumerated() {
      try tx.execute(
        """
        INSERT INTO price_condition (policy_version, rule_number, number, fact, bound, value_micros)
        VALUES (?, ?, ?, ?, ?, ?)
        """, version, number, index + 1, condition.fact.rawValue, condition.bound.rawValue,
        condition.value)
    }
  }
}
