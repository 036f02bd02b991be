import MasterData
package import Storage
package import Values

/// By what waiting lines are ranked.
package enum AllocationCriterion: String, Hashable, Sendable, CaseIterable {
  /// The greater score first.
  case priority = "PRIORITY"
  /// The earlier day that was promised first; what nobody could promise comes last.
  case promised = "PROMISED"
  /// The earlier day on which the customer wants it; without one, the day of the order.
  case wanted = "WANTED"
  /// Who was confirmed earlier.
  case confirmed = "CONFIRMED"
}

/// Points for orders in some cases.
package struct PriorityRule: Hashable, Sendable {
  /// Nil for all.
  package let customerClass: String?
  /// With tax, at the exchange rate of the order; nil for any.
  package let fromGross: Money?
  /// Days from the order to when its customer wants it, at most; nil for any.
  package let withinDays: Int?
  /// Nil for all.
  package let sku: String?
  /// Nil for all.
  package let productClass: String?
  package let points: Int

  package init(
    customerClass: String? = nil, fromGross: Money? = nil, withinDays: Int? = nil,
    sku: String? = nil, productClass: String? = nil, points: Int
  ) {
    self.customerClass = customerClass
    self.fromGross = fromGross
    self.withinDays = withinDays
    self.sku = sku
    self.productClass = productClass
    self.points = points
  }

  /// `grossMinor` is of the order in the base currency.
  func fits(
    _ line: SalesOrderLine, of order: SalesOrder, _ grossMinor: Int64, customerClass given: String,
    productClass givenProduct: String
  ) -> Bool {
    if let customerClass, customerClass != given { return false }
    if let productClass, productClass != givenProduct { return false }
    if let fromGross, grossMinor < fromGross.minor { return false }
    if let sku, sku != line.sku { return false }
    guard let withinDays else { return true }
    return order.requestedOn(of: line).map { $0 <= order.createdOn.adding(days: withinDays) }
      ?? false
  }

  /// What it asks, for people.
  var words: String {
    let conditions = [
      customerClass.map { "class \($0)" }, fromGross.map { "from \($0)" },
      withinDays.map { "wanted within \($0) days" }, sku,
      productClass.map { "products of class \($0)" },
    ].compactMap(\.self)
    return conditions.isEmpty ? "any order" : conditions.joined(separator: ", ")
  }
}

/// Who gets goods where there are too few. Versions are never changed; the newest holds.
package struct AllocationPolicy: Hashable, Sendable {
  package let version: Int64
  /// In the order in which they count.
  package let criteria: [AllocationCriterion]
  /// All of which everything fits add up.
  package let rules: [PriorityRule]
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant

  /// Of the product of a line, where a rule asks for it.
  func productClass(of line: SalesOrderLine, in snapshot: Snapshot) throws -> String {
    guard rules.contains(where: { $0.productClass != nil }), line.product != nil else { return "" }
    return try line.requireProduct(in: snapshot).productClass
  }

  /// The sum of the points, each with its reason.
  func priority(
    _ line: SalesOrderLine, of order: SalesOrder, customerClass: String, productClass: String
  ) -> LinePriority {
    var score = 0
    var explanation = Explanation()
    // What is too much for any amount is more than any rule asks.
    let gross = (try? order.baseGross().minor) ?? .max
    for (index, rule) in rules.enumerated()
    where rule.fits(
      line, of: order, gross, customerClass: customerClass, productClass: productClass)
    {
      score += rule.points
      explanation.add(
        "PRIORITY_RULE", "Rule \(index + 1) (\(rule.words)): \(rule.points)",
        [
          Fact("policy", version), Fact("rule", index + 1), Fact("points", rule.points),
        ])
    }
    if explanation.isEmpty {
      explanation.add("NO_PRIORITY_RULE", "No rule fits: 0", [Fact("policy", version)])
    }
    return LinePriority(line: line.number, sku: line.sku, score: score, explanation: explanation)
  }
}

/// How urgent a line is, and why.
package struct LinePriority: Hashable, Sendable {
  package let line: Int
  package let sku: String
  package let score: Int
  package let explanation: Explanation
}

/// Questions about who comes first.
package enum AllocationPolicies {
  package static func current(in snapshot: Snapshot) throws -> AllocationPolicy {
    try AllocationPolicyTable.current(in: snapshot)
  }

  /// Refuses a version that there never was.
  package static func require(
    version: Int64, field: String, in snapshot: Snapshot
  ) throws -> AllocationPolicy {
    guard let policy = try AllocationPolicyTable.find(version, in: snapshot) else {
      throw AllocationRejection.unknownPolicy(field: field, version: version)
    }
    return policy
  }

  /// Of the lines of goods, by the policy of now or as somebody set it.
  package static func priorities(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [LinePriority] {
    let policy = try current(in: snapshot)
    let customer = try Customers.find(code: order.customerCode, in: snapshot)
    let given = try PriorityTable.current(of: order.id, in: snapshot)
    return try order.lines.filter { $0.sourcing != .service && $0.charge.isEmpty }.map { line in
      try given.flatMap { $0.priority(of: line) }
        ?? policy.priority(
          line, of: order, customerClass: customer?.customerClass ?? "",
          productClass: policy.productClass(of: line, in: snapshot))
    }
  }

  /// Of a line that is promised now. For a new order nothing is looked up: nobody can have set how
  /// urgent it is.
  static func score(
    _ line: SalesOrderLine, of order: SalesOrder, for customer: Customer, isNew: Bool,
    in tx: Transaction
  ) throws -> Int {
    if !isNew, let given = try PriorityTable.current(of: order.id, in: tx)?.score { return given }
    let policy = try current(in: tx)
    guard !policy.rules.isEmpty else { return 0 }
    return policy.priority(
      line, of: order, customerClass: customer.customerClass,
      productClass: try policy.productClass(of: line, in: tx)
    ).score
  }
}

/// All SQL of `allocation_policy` and its rules. There is no update and no delete.
enum AllocationPolicyTable {
  private static let known = LookupCache<OnlyKey, AllocationPolicy>()

  static func current(in snapshot: Snapshot) throws -> AllocationPolicy {
    try snapshot.lookUp(in: known) {
      let version = try snapshot.first("SELECT max(version) FROM allocation_policy") {
        $0.int64(0)
      }
      guard let policy = try find(version ?? 0, in: snapshot) else {
        throw MissingRow("allocation_policy", version ?? 0)
      }
      return policy
    }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> AllocationPolicy? {
    let rules = try snapshot.all(
      """
      SELECT customer_class, from_gross_minor, currency, within_days, sku, points,
        product_class
      FROM priority_rule WHERE policy_version = ? ORDER BY position
      """, version
    ) { row in
      PriorityRule(
        customerClass: row.optionalText(0), fromGross: row.optionalMoney(1, 2),
        withinDays: row.optionalInt(3), sku: row.optionalText(4),
        productClass: row.optionalText(6), points: row.int(5))
    }
    return try snapshot.first(
      """
      SELECT version, criteria, reason, made_by, made_at FROM allocation_policy WHERE version = ?
      """, version
    ) { row in
      AllocationPolicy(
        version: row.int64(0),
        criteria: row.text(1).split(separator: " ").compactMap {
          AllocationCriterion(rawValue: String($0))
        }, rules: rules, reason: row.text(2), madeBy: row.text(3), madeAt: row.instant(4))
    }
  }

  static func insert(
    _ criteria: [AllocationCriterion], _ rules: [PriorityRule], reason: String, by actor: String,
    at now: Moment, in tx: Transaction
  ) throws -> AllocationPolicy {
    let version: ID<AllocationPolicy> = try tx.insert(
      "INSERT INTO allocation_policy (criteria, reason, made_by, made_at) VALUES (?, ?, ?, ?)",
      criteria.map(\.rawValue).joined(separator: " "), reason, actor, now.instant)
    for (index, rule) in rules.enumerated() {
      try tx.execute(
        """
        INSERT INTO priority_rule (policy_version, position, customer_class, from_gross_minor,
          currency, within_days, sku, points, product_class)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, version, index + 1, rule.customerClass, rule.fromGross?.minor,
        rule.fromGross?.currency, rule.withinDays, rule.sku, rule.points,
        rule.productClass)
    }
    return AllocationPolicy(
      version: version.value, criteria: criteria, rules: rules, reason: reason, madeBy: actor,
      madeAt: now.instant)
  }
}
