import MasterData
package import Storage
package import Values

/// One level of reminding.
package struct DunningLevel: Hashable, Sendable {
  package enum Letter: String, Hashable, Sendable, CaseIterable {
    case reminder = "REMINDER"
    case demand = "DEMAND"
    case finalDemand = "FINAL_DEMAND"

    /// Of the event that a letter of this kind is told by.
    package var event: String {
      switch self {
      case .reminder: "dunning.reminder"
      case .demand: "dunning.demand"
      case .finalDemand: "dunning.final-demand"
      }
    }
  }

  /// Days that an invoice is overdue.
  package let afterDays: Int
  package let letter: Letter
  /// Claimed once in the letter, in the base currency.
  package let fee: Money
  /// Claimed a year on what is open.
  package let interest: Rate
  /// New orders on terms are held.
  package let blocksOrders: Bool

  package init(
    afterDays: Int, letter: Letter, fee: Money, interest: Rate, blocksOrders: Bool
  ) {
    self.afterDays = afterDays
    self.letter = letter
    self.fee = fee
    self.interest = interest
    self.blocksOrders = blocksOrders
  }

  static let days: Int64 = 365

  /// Simple interest by days of a year of 365, rounded once.
  func interest(on open: Money, days: Int) throws(ArithmeticError) -> Money {
    let part = try Rounding.quotient(
      Int128(open.minor) * Int128(interest.micros) * Int128(max(0, days)),
      Int128(Self.days) * Int128(Rate.one.micros))
    return Money(minor: part, currency: open.currency)
  }
}

/// What of a letter's claims is booked as owed when it is written. Whether VAT is due on it differs
/// by country: default interest is compensation and outside VAT in most, a part of the price in
/// others (价外费用).
package struct DunningClaimRule: Hashable, Sendable {
  package let fee: Bool
  package let feeTax: Rate
  package let interest: Bool
  package let interestTax: Rate
  /// Days from the letter until it is due.
  package let netDays: Int

  package init(fee: Bool, feeTax: Rate, interest: Bool, interestTax: Rate, netDays: Int) {
    self.fee = fee
    self.feeTax = feeTax
    self.interest = interest
    self.interestTax = interestTax
    self.netDays = netDays
  }

  static let none = DunningClaimRule(
    fee: false, feeTax: .zero, interest: false, interestTax: .zero, netDays: 0)
}

/// When customers are reminded of what they owe. Versions: one is never changed.
package struct DunningPolicy: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  /// In their order; the first is level 1.
  package let levels: [DunningLevel]
  /// Of which less is open is left alone; in the base currency.
  package let minimum: Money
  package let sparesComplaints: Bool
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant
  package let claims: DunningClaimRule

  /// That an invoice has reached; 0 for none.
  package func level(daysOverdue days: Int) -> Int {
    levels.lastIndex { $0.afterDays <= days }.map { $0 + 1 } ?? 0
  }
}

/// Questions about the policy.
package enum DunningPolicies {
  /// Of those that begin on the same day the newest; nil as long as there is none.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> DunningPolicy? {
    try DunningPolicyTable.all(in: snapshot).last { $0.validFrom <= day }
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> DunningPolicy {
    let found =
      version == 0
      ? try inForce(on: day, in: snapshot)
      : try DunningPolicyTable.all(in: snapshot).first { $0.version == version }
    guard let found else {
      throw DunningRejection.unknownPolicy(field: "version", version: version)
    }
    return found
  }
}

/// Makes a new version of the policy, from a day on.
package struct SetDunningPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let levels: [DunningLevel]
  /// Nil for none.
  package let minimum: Money?
  package let sparesComplaints: Bool
  package let reason: String
  /// Nil for nothing that is booked.
  package let claims: DunningClaimRule?
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day?, levels: [DunningLevel], minimum: Money?, sparesComplaints: Bool,
    reason: String, claims: DunningClaimRule? = nil, by actor: String
  ) {
    self.validFrom = validFrom
    self.levels = levels
    self.minimum = minimum
    self.sparesComplaints = sparesComplaints
    self.reason = reason
    self.claims = claims
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> DunningPolicy {
    let base = try Companies.current(in: tx).baseCurrency
    let from = validFrom ?? now.day
    var check = FieldCheck(.request)
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    check.range(levels.count, "levels", 0...9)
    check.text(reason, "reason", limit: 500, required: true)
    if let minimum {
      check.amount(minimum, "minimum", base: base, highest: CustomerDraft.highestLimitMinor)
    }
    for (row, level) in levels.prefix(9).enumerated() {
      var found = FieldCheck(FieldPath("levels", row: row))
      let earlier = row == 0 ? 0 : levels[row - 1].afterDays
      found.range(level.afterDays, "after_days", min(max(1, earlier + 1), 3_650)...3_650)
      found.amount(level.fee, "fee", base: base, highest: CustomerDraft.highestLimitMinor)
      found.range(level.interest.micros, "interest_micros", 0...Rate.one.micros)
      for violation in found.violations { check.refuse(violation) }
    }
    if let claims {
      check.range(claims.feeTax, "claims.fee_tax_rate_micros", .zero ... .one)
      check.range(claims.interestTax, "claims.interest_tax_rate_micros", .zero ... .one)
      check.range(claims.netDays, "claims.net_days", 0...365)
    }
    try check.pass()
    let version = try DunningPolicyTable.insert(
      self, from: from, minimum ?? .zero(base), at: now, in: tx)
    if levels.contains(where: \.blocksOrders) {
      try PricingRulesTable.set(hasDunning: true, in: tx)
    }
    tx.record(
      DomainEvent(
        "dunning-policy.set", DocumentReference(.masterData, "dunning-policy"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("levels", levels.count),
          Fact("claims_fee", claims?.fee == true ? "yes" : ""),
          Fact("claims_interest", claims?.interest == true ? "yes" : ""),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return try DunningPolicies.require(version: version, on: from, in: tx)
  }
}

/// All SQL of `dunning_policy` and `dunning_level`. There is no update and no delete.
enum DunningPolicyTable {
  private static let known = LookupCache<OnlyKey, [DunningPolicy]>()

  /// In the order in which they come into force.
  static func all(in snapshot: Snapshot) throws -> [DunningPolicy] {
    try snapshot.lookUp(in: known) {
      var levels: [Int64: [DunningLevel]] = [:]
      for (version, level) in try snapshot.all(
        """
        SELECT l.policy_version, l.after_days, l.letter, l.fee_minor, p.currency,
          l.interest_micros, l.blocks_orders
        FROM dunning_level AS l JOIN dunning_policy AS p ON p.version = l.policy_version
        ORDER BY l.policy_version, l.level
        """,
        map: { row in
          (
            row.int64(0),
            DunningLevel(
              afterDays: row.int(1), letter: try row.value(2), fee: row.money(3, 4),
              interest: row.rate(5), blocksOrders: row.bool(6))
          )
        })
      {
        levels[version, default: []].append(level)
      }
      return try snapshot.all(
        """
        SELECT version, valid_from, minimum_minor, currency, spares_complaints, reason, made_by,
          made_at, claims_fee, fee_tax_micros, claims_interest, interest_tax_micros,
          claim_net_days
        FROM dunning_policy ORDER BY valid_from, version
        """
      ) { row in
        DunningPolicy(
          version: row.int64(0), validFrom: row.day(1), levels: levels[row.int64(0)] ?? [],
          minimum: row.money(2, 3), sparesComplaints: row.bool(4), reason: row.text(5),
          madeBy: row.text(6), madeAt: row.instant(7),
          claims: DunningClaimRule(
            fee: row.bool(8), feeTax: row.rate(9), interest: row.bool(10),
            interestTax: row.rate(11), netDays: row.int(12)))
      }
    }
  }

  static func insert(
    _ policy: SetDunningPolicy, from: Day, _ minimum: Money, at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let claims = policy.claims ?? .none
    let version: ID<DunningPolicy> = try tx.insert(
      """
      INSERT INTO dunning_policy (valid_from, minimum_minor, currency, spares_complaints, reason,
        made_by, made_at, claims_fee, fee_tax_micros, claims_interest, interest_tax_micros,
        claim_net_days)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, from, minimum.minor, minimum.currency, policy.sparesComplaints, policy.reason,
      policy.actor, now.instant, claims.fee, claims.feeTax, claims.interest, claims.interestTax,
      claims.netDays)
    for (index, level) in policy.levels.enumerated() {
      try tx.execute(
        """
        INSERT INTO dunning_level (policy_version, level, after_days, letter, fee_minor,
          interest_micros, blocks_orders)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, level.afterDays, level.letter, level.fee.minor, level.interest,
        level.blocksOrders)
    }
    return version.value
  }
}

extension DunningLevel.Letter: Bindable {}
