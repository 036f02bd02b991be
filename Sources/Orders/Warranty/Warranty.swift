import MasterData
package import Storage
package import Values

/// For how long something is covered. Rules are tried in their order; the first of which everything
/// fits decides.
package struct WarrantyRule: Hashable, Sendable {
  /// Nil for any product.
  package let sku: String?
  /// How the goods came to be; nil for any.
  package let sourcing: Sourcing?
  /// "FABRIC"; nil for any component, and for the whole.
  package let component: String?
  /// From the day of the delivery of each unit, or of the installation after it, which is when the
  /// customer has what was sold (DOMAIN 5.7); 0: not covered at all.
  package let months: Int

  package init(
    sku: String? = nil, sourcing: Sourcing? = nil, component: String? = nil, months: Int
  ) {
    self.sku = sku
    self.sourcing = sourcing
    self.component = component
    self.months = months
  }

  func fits(_ line: SalesOrderLine, _ component: String) -> Bool {
    (sku == nil || sku == line.sku) && (sourcing == nil || sourcing == line.sourcing)
      && (self.component == nil || self.component == component)
  }

  /// For people.
  var words: String {
    let conditions = [sku, sourcing.map { $0.rawValue.lowercased() }, component]
      .compactMap(\.self)
    return (conditions.isEmpty ? "anything" : conditions.joined(separator: ", "))
      + (months == 0 ? ": not covered" : ": \(months) months")
  }
}

/// Terms of warranty, as agreed with orders of a time. Policies are versions: one is never changed,
/// and an order keeps the one that was in force on the day of its creation.
package struct WarrantyPolicy: Hashable, Sendable {
  package let version: Int64
  /// For orders created on this day or later, until a later policy begins.
  package let validFrom: Day
  package let rules: [WarrantyRule]
  /// What may be given for a line for nothing in all, at list prices in the base currency, before a
  /// second person must agree even where the customer keeps more; nil for no such limit.
  package let freeLimit: Money?
  /// Who must agree to more than that, or than what the customer keeps.
  package let approverRole: String
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant
}

/// Whether a component of what was sold is covered on a day.
package struct WarrantyVerdict: Hashable, Sendable {
  package let isCovered: Bool
  /// The day of the delivery, or of the installation after it, from which it runs; nil where the
  /// customer keeps nothing.
  package let acceptedOn: Day?
  /// The last day; nil where no rule fits, or nothing was delivered.
  package let until: Day?
  package let policyVersion: Int64
  /// Position of the rule that decides; 0 where none fits.
  package let rule: Int
  /// Why, for people.
  package let words: String

  /// For a line of an order in scope: the newest unit that the customer keeps.
  package static func of(
    orderNumber: String, line: Int, component: String, on day: Day, in snapshot: Snapshot
  ) throws -> WarrantyVerdict {
    var check = FieldCheck(.request)
    if !component.isEmpty { check.code(component, "component") }
    try check.pass()
    let order = try SalesOrders.require(
      number: orderNumber, field: "order_number", in: snapshot)
    let index = try order.index(ofLine: line, field: "line_number")
    return try WarrantyVerdict(
      of: order, line: order.lines[index], component: component, units: nil, on: day, in: snapshot)
  }

  /// For the very piece that a delivery had with a serial number, and what it was sold with. Of
  /// several with one number the one that was delivered last counts.
  package static func of(
    serial: String, component: String, on day: Day, in snapshot: Snapshot
  ) throws -> (verdict: WarrantyVerdict, order: String, line: Int) {
    var check = FieldCheck(.request)
    if !component.isEmpty { check.code(component, "component") }
    check.text(serial, "serial", limit: 60, required: true)
    try check.pass()
    guard let piece = try DeliveryProofTable.piece(serial: serial, in: snapshot) else {
      throw ReturnRejection.unknownSerial(field: "serial", serial: serial)
    }
    let order = try SalesOrders.require(number: piece.order, field: "serial", in: snapshot)
    let line = order.lines[try order.index(ofLine: piece.line, field: "serial")]
    let isKept = try order.kept(line, in: snapshot).isPositive
    let acceptance = try Acceptance(
      of: order, deliveredOn: piece.deliveredOn, at: piece.address, in: snapshot)
    let verdict = try WarrantyVerdict(
      of: order, line: line, component: component, since: isKept ? acceptance : nil, on: day,
      in: snapshot)
    return (verdict, order.number, line.number)
  }

  /// `component` may be empty: the whole. All of so many `units` must be covered, of those that the
  /// customer keeps the newest; nil for one.
  init(
    of order: SalesOrder, line: SalesOrderLine, component: String, units: Quantity?, on day: Day,
    in snapshot: Snapshot
  ) throws {
    let kept = try KeptUnits.of(order, in: snapshot)[line.number]?.batches ?? []
    // What came later may have been put together earlier, at another place.
    let newest = try kept.map { batch in
      (
        quantity: batch.quantity,
        acceptance: try Acceptance(
          of: order, deliveredOn: batch.day, at: batch.address, in: snapshot)
      )
    }.sorted { $0.acceptance.day > $1.acceptance.day }
    var left = units?.micros ?? 1
    let oldest = newest.first {
      left -= $0.quantity.micros
      return left <= 0
    }
    try self.init(
      of: order, line: line, component: component, since: oldest?.acceptance, on: day,
      in: snapshot)
  }

  private init(
    of order: SalesOrder, line: SalesOrderLine, component: String, since accepted: Acceptance?,
    on day: Day, in snapshot: Snapshot
  ) throws {
    let policy = try WarrantyPolicies.inForce(on: order.createdOn, in: snapshot)
    policyVersion = policy.version
    acceptedOn = accepted?.day
    guard let accepted else {
      (isCovered, until, rule) = (false, nil, 0)
      words =
        line.delivered.isPositive
        ? "The customer does not keep as much of line \(line.number)"
        : "Nothing of line \(line.number) is delivered yet"
      return
    }
    guard let index = policy.rules.firstIndex(where: { $0.fits(line, component) }) else {
      (isCovered, until, rule) = (false, nil, 0)
      words = "No rule of the terms of version \(policy.version) fits"
      return
    }
    let found = policy.rules[index]
    let last = accepted.day.adding(months: found.months)
    rule = index + 1
    until = last
    isCovered = found.months > 0 && day <= last
    words =
      "Rule \(index + 1) (\(found.words)), "
      + "\(accepted.isInstalled ? "installed" : "delivered") on \(accepted.day): "
      + "covered until \(last)"
      + (isCovered ? "" : ", which is over")
  }
}

/// When the customer has what was sold as it was sold: with its delivery, or with the installation
/// after it at the same place.
private struct Acceptance {
  let day: Day
  let isInstalled: Bool

  /// `address`: nil for where the order goes.
  init(
    of order: SalesOrder, deliveredOn delivered: Day, at address: ID<Address>?,
    in snapshot: Snapshot
  ) throws {
    let installed = try AppointmentTable.installed(
      of: order.id, at: address, from: delivered, in: snapshot)
    day = installed ?? delivered
    isInstalled = installed != nil
  }
}

/// Questions about terms.
package enum WarrantyPolicies {
  /// Those of orders that are created on a day.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> WarrantyPolicy {
    guard let policy = try WarrantyPolicyTable.inForce(on: day, in: snapshot) else {
      throw MissingRow("warranty_policy", 1)
    }
    return policy
  }

  /// Refuses a version that there never was.
  package static func require(
    version: Int64, field: String, in snapshot: Snapshot
  ) throws -> WarrantyPolicy {
    guard let policy = try WarrantyPolicyTable.find(version, in: snapshot) else {
      throw ReturnRejection.unknownPolicy(field: field, version: version)
    }
    return policy
  }
}

/// Makes a new version of the terms, for orders from a day on.
package struct SetWarrantyPolicy: Sendable {
  /// Nil for today.
  package let validFrom: Day?
  package let rules: [WarrantyRule]
  package let freeLimit: Money?
  /// Empty for the usual one.
  package let approverRole: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day? = nil, rules: [WarrantyRule], freeLimit: Money? = nil,
    approverRole: String = "", reason: String, by actor: String
  ) {
    self.validFrom = validFrom
    self.rules = rules
    self.freeLimit = freeLimit
    self.approverRole = approverRole
    self.reason = reason
    self.actor = actor
  }

  static let limit = 500
  static let usualApprover = "SALES_MANAGER"

  package func run(in tx: Transaction, at now: Moment) throws -> WarrantyPolicy {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    check.range(rules.count, "rules", 0...Self.limit)
    // What was agreed with a customer is not changed afterwards.
    let from = validFrom ?? now.day
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    if let freeLimit {
      check.amount(
        freeLimit, "free_limit", base: try Companies.current(in: tx).baseCurrency)
    }
    if !approverRole.isEmpty { check.code(approverRole, "approver_role") }
    try check.pass()
    for (index, rule) in rules.enumerated() {
      var found = FieldCheck(FieldPath("rules", row: index))
      if let sku = rule.sku, try Products.find(sku: sku, in: tx) == nil {
        found.refuse(MasterDataRejection.unknownProduct(field: found.path.field("sku"), sku: sku))
      }
      if let component = rule.component { found.code(component, "component") }
      if rule.sourcing == .service {
        found.refuse(ReturnRejection.servicesStay(field: found.path.field("sourcing")))
      }
      found.range(rule.months, "months", 0...1_200)
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let policy = try WarrantyPolicyTable.insert(
      self, from: from, at: now, in: tx)
    tx.record(
      DomainEvent(
        "warranty-policy.set", DocumentReference(.masterData, "warranty-policy"),
        [
          Fact("version", policy.version), Fact("valid_from", from), Fact("rules", rules.count),
          Fact("approver_role", policy.approverRole), Fact("actor", actor), Fact("reason", reason),
        ] + (freeLimit.map { [Fact("free_limit", $0)] } ?? [])))
    return policy
  }
}

/// All SQL of `warranty_policy` and its rules. There is no update and no delete.
private enum WarrantyPolicyTable {
  static func insert(
    _ asked: SetWarrantyPolicy, from: Day, at now: Moment, in tx: Transaction
  ) throws -> WarrantyPolicy {
    let role = asked.approverRole.isEmpty ? SetWarrantyPolicy.usualApprover : asked.approverRole
    let version: ID<WarrantyPolicy> = try tx.insert(
      """
      INSERT INTO warranty_policy (valid_from, reason, made_by, made_at, approver_role,
        free_limit_minor, free_limit_currency)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, from, asked.reason, asked.actor, now.instant, role, asked.freeLimit?.minor,
      asked.freeLimit?.currency)
    for (index, rule) in asked.rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO warranty_rule (policy_version, position, sku, sourcing, component, months)
        VALUES (?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.sku, rule.sourcing, rule.component, rule.months)
    }
    return WarrantyPolicy(
      version: version.value, validFrom: from, rules: asked.rules, freeLimit: asked.freeLimit,
      approverRole: role, reason: asked.reason, madeBy: asked.actor, madeAt: now.instant)
  }

  /// Of those that begin on the same day the newest counts.
  static func inForce(on day: Day, in snapshot: Snapshot) throws -> WarrantyPolicy? {
    let version = try snapshot.first(
      """
      SELECT version FROM warranty_policy WHERE valid_from <= ?
      ORDER BY valid_from DESC, version DESC LIMIT 1
      """, day
    ) { $0.int64(0) }
    return try version.flatMap { try find($0, in: snapshot) }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> WarrantyPolicy? {
    let rules = try snapshot.all(
      """
      SELECT sku, sourcing, component, months FROM warranty_rule
      WHERE policy_version = ? ORDER BY position
      """, version
    ) { row in
      WarrantyRule(
        sku: row.optionalText(0), sourcing: try row.optionalValue(1),
        component: row.optionalText(2), months: row.int(3))
    }
    return try snapshot.first(
      """
      SELECT version, valid_from, reason, made_by, made_at, approver_role, free_limit_minor,
        free_limit_currency
      FROM warranty_policy WHERE version = ?
      """, version
    ) { row in
      WarrantyPolicy(
        version: row.int64(0), validFrom: row.day(1), rules: rules,
        freeLimit: row.optionalMoney(6, 7), approverRole: row.text(5), reason: row.text(2),
        madeBy: row.text(3), madeAt: row.instant(4))
    }
  }
}
