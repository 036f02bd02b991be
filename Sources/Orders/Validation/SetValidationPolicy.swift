import Inventory
import MasterData
package import Storage
package import Values

/// Makes a new version of what orders are checked for, for those that are submitted from a day on.
package struct SetValidationPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let rules: [ValidationRule]
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day? = nil, rules: [ValidationRule], reason: String, by actor: String
  ) {
    self.validFrom = validFrom
    self.rules = rules
    self.reason = reason
    self.actor = actor
  }

  static let limit = 200

  package func run(in tx: Transaction, at now: Moment) throws -> ValidationPolicy {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(rules.count, "rules", 0...Self.limit)
    let from = validFrom ?? now.day
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    try check.pass()
    let base = try Companies.current(in: tx).baseCurrency
    var codes: Set<String> = []
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      rule.check(&found, base: base)
      if !codes.insert(rule.code).inserted {
        found.refuse(
          ValidationRejection.duplicateRule(field: found.path.field("code"), code: rule.code))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let policy = try ValidationPolicyTable.insert(
      validFrom: from, rules, reason: reason, by: actor, at: now, in: tx)
    if !rules.isEmpty { try PricingRulesTable.set(hasValidation: true, in: tx) }
    tx.record(
      DomainEvent(
        "validation-policy.set", DocumentReference(.masterData, "validation-policy"),
        [
          Fact("version", policy.version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("actor", actor), Fact("reason", reason),
        ]))
    return policy
  }
}

extension ValidationRule {
  fileprivate func check(_ check: inout FieldCheck, base: Currency) {
    check.code(code, "code")
    if isForDispatch, !condition.isAboutDebt {
      check.refuse(ValidationRejection.notForDispatch(field: check.path.field("at_dispatch")))
    }
    if let customerClass { check.code(customerClass, "customer_class") }
    switch condition {
    case .required: break
    case .format(let element, let patterns, let country):
      self.check(element, patterns, country, &check)
    case .region(let country, let postcode, let region):
      self.check(country: country, "region.country_code", &check)
      if !(1...10).contains(postcode.count) {
        check.refuse(
          ValidationRejection.invalidPrefix(
            field: check.path.field("region.postcode_prefix"), given: String(postcode.prefix(20))))
      }
      if !(1...6).contains(region.count) {
        check.refuse(
          ValidationRejection.invalidPrefix(
            field: check.path.field("region.region_prefix"), given: String(region.prefix(20))))
      }
    case .quantity(let outlier): outlier.check(&check, "quantity_outlier")
    case .amount(let outlier): outlier.check(&check, "amount_outlier")
    case .duplicate(let hours): check.range(hours, "duplicate_hours", 1...8_760)
    case .overdue(let days): check.range(days, "overdue_days", 0...3_650)
    case .terms(let limit): limit.check(&check, "terms")
    case .newcomer(let limit): limit.check(&check, "newcomer", base: base)
    case .requestedDay(let range):
      check.range(range.earliest, "requested_day.earliest_days", -3_650...3_650)
      if let latest = range.latest {
        check.range(latest, "requested_day.latest_days", max(range.earliest, -3_650)...3_650)
      }
    case .credit(let share):
      check.range(share, "credit.share_micros", Rate(micros: 1) ... .one)
    }
  }

  private func check(
    _ element: OrderElement, _ patterns: [String], _ country: String?, _ check: inout FieldCheck
  ) {
    if !OrderElement.formatted.contains(element) {
      check.refuse(
        ValidationRejection.notFormatted(
          field: check.path.field("format.element"), element: element))
    }
    check.range(patterns.count, "format.patterns", 1...10)
    for pattern in patterns where !TextPattern.isValid(pattern) {
      check.refuse(
        ValidationRejection.invalidPattern(
          field: check.path.field("format.patterns"), given: String(pattern.prefix(60))))
    }
    if let country { self.check(country: country, "format.country_code", &check) }
  }

  private func check(country: String, _ name: String, _ check: inout FieldCheck) {
    guard country.utf8.count == 2, country.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
      return check.refuse(CustomerRejection.invalidCountry(field: check.path.field(name)))
    }
  }
}

extension TermsLimit {
  fileprivate func check(_ check: inout FieldCheck, _ name: String) {
    if mostNetDays == nil && leastDeposit == nil {
      check.refuse(ValidationRejection.nothingLimited(field: check.path.field(name)))
    }
    if let mostNetDays { check.range(mostNetDays, name + ".most_net_days", 0...3_650) }
    if let leastDeposit {
      check.range(leastDeposit, name + ".least_deposit_micros", .zero ... .one)
    }
    if let fewerClosedOrders {
      check.range(fewerClosedOrders, name + ".fewer_closed_orders", 1...200)
    }
  }
}

extension NewcomerLimit {
  fileprivate func check(_ check: inout FieldCheck, _ name: String, base: Currency) {
    if mostQuantity == nil && mostAmount == nil {
      check.refuse(ValidationRejection.nothingLimited(field: check.path.field(name)))
    }
    check.range(fewerOrders, name + ".fewer_orders", 1...50)
    if let mostQuantity {
      check.range(
        mostQuantity, name + ".most_quantity_micros",
        Quantity(micros: 1)...GivenQuantity.highest)
    }
    if let mostAmount {
      check.amount(mostAmount, name + ".most_amount", base: base)
      if mostAmount.minor == 0 {
        check.refuse(
          ValidationRejection.nothingLimited(field: check.path.field(name + ".most_amount")))
      }
    }
  }
}

extension Outlier {
  fileprivate func check(_ check: inout FieldCheck, _ name: String) {
    check.range(factor, name + ".factor_micros", .one...Rate(micros: 1_000_000_000))
    check.range(minimumHistory, name + ".minimum_history", 3...Self.historyLimit)
    check.range(leastSpread, name + ".least_spread_micros", .zero ... .one)
  }
}

/// Questions about policies.
package enum ValidationPolicies {
  private static let known = LookupCache<Day, ValidationPolicy>(limit: 8)

  /// The one for orders that are submitted on a day.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> ValidationPolicy {
    try snapshot.lookUp(day, in: known) {
      guard let policy = try ValidationPolicyTable.inForce(on: day, in: snapshot) else {
        throw MissingRow("validation_policy", 1)
      }
      return policy
    }
  }

  /// Refuses a version that there never was.
  package static func require(
    version: Int64, field: String, in snapshot: Snapshot
  ) throws -> ValidationPolicy {
    guard let policy = try ValidationPolicyTable.find(version, in: snapshot) else {
      throw ValidationRejection.unknownPolicy(field: field, version: version)
    }
    return policy
  }
}
