import MasterData
import Storage
import Values

/// All SQL of `validation_policy` and its rules. There is no update and no delete.
enum ValidationPolicyTable {
  static func insert(
    validFrom: Day, _ rules: [ValidationRule], reason: String, by actor: String, at now: Moment,
    in tx: Transaction
  ) throws -> ValidationPolicy {
    let version: ID<ValidationPolicy> = try tx.insert(
      """
      INSERT INTO validation_policy (valid_from, reason, made_by, made_at) VALUES (?, ?, ?, ?)
      """, validFrom, reason, actor, now.instant)
    for (index, rule) in rules.enumerated() {
      let columns = Columns(rule.condition)
      try tx.execute(
        """
        INSERT INTO validation_rule (policy_version, position, code, channel, customer_class,
          sourcing, condition, element, patterns, country_code, postcode_prefix, region_prefix,
          factor_micros, minimum_history, least_spread_micros, hours, overdue_days, most_net_days,
          least_deposit_micros, fewer_closed, fewer_orders, most_quantity, most_amount_minor,
          currency, earliest_days, latest_days, share_micros, at_dispatch, hold)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
          ?)
        """, version, index + 1, rule.code, rule.channel, rule.customerClass, rule.sourcing,
        columns.condition, columns.element, columns.patterns, columns.country, columns.postcode,
        columns.region, columns.outlier?.factor, columns.outlier?.minimumHistory,
        columns.outlier?.leastSpread, columns.hours, columns.overdue, columns.terms?.mostNetDays,
        columns.terms?.leastDeposit, columns.terms?.fewerClosedOrders,
        columns.newcomer?.fewerOrders, columns.newcomer?.mostQuantity,
        columns.newcomer?.mostAmount?.minor, columns.newcomer?.mostAmount?.currency,
        columns.days?.earliest, columns.days?.latest, columns.share, rule.isForDispatch,
        rule.hold)
    }
    return ValidationPolicy(
      version: version.value, validFrom: validFrom, rules: rules, reason: reason, madeBy: actor,
      madeAt: now.instant)
  }

  /// Of those that begin on the same day the newest counts.
  static func inForce(on day: Day, in snapshot: Snapshot) throws -> ValidationPolicy? {
    let version = try snapshot.first(
      """
      SELECT version FROM validation_policy WHERE valid_from <= ?
      ORDER BY valid_from DESC, version DESC LIMIT 1
      """, day
    ) { $0.int64(0) }
    return try version.flatMap { try find($0, in: snapshot) }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> ValidationPolicy? {
    let rules = try snapshot.all(
      """
      SELECT code, channel, customer_class, sourcing, hold, condition, element, patterns,
        country_code, postcode_prefix, region_prefix, factor_micros, minimum_history,
        least_spread_micros, hours, overdue_days, most_net_days, least_deposit_micros, fewer_closed,
        fewer_orders, most_quantity, most_amount_minor, currency, earliest_days, latest_days,
        share_micros, at_dispatch
      FROM validation_rule WHERE policy_version = ? ORDER BY position
      """, version
    ) { row in
      ValidationRule(
        code: row.text(0), channel: try row.optionalValue(1), customerClass: row.optionalText(2),
        sourcing: try row.optionalValue(3), try Columns(row, from: 5).value,
        hold: try row.optionalValue(4), isForDispatch: row.bool(26))
    }
    return try snapshot.first(
      """
      SELECT version, valid_from, reason, made_by, made_at
      FROM validation_policy WHERE version = ?
      """, version
    ) { row in
      ValidationPolicy(
        version: row.int64(0), validFrom: row.day(1), rules: rules, reason: row.text(2),
        madeBy: row.text(3), madeAt: row.instant(4))
    }
  }

  /// A condition as columns, of which each kind uses some.
  private struct Columns {
    enum Kind: String, Bindable {
      case required = "REQUIRED"
      case format = "FORMAT"
      case region = "REGION"
      case quantity = "QUANTITY"
      case amount = "AMOUNT"
      case duplicate = "DUPLICATE"
      case overdue = "OVERDUE"
      case terms = "TERMS"
      case newcomer = "NEWCOMER"
      case requestedDay = "REQUESTED_DAY"
      case credit = "CREDIT"
    }

    var condition: Kind
    var element: OrderElement?
    /// One on each line.
    var patterns: String?
    var country: String?
    var postcode: String?
    var region: String?
    var outlier: Outlier?
    var hours: Int?
    var overdue: Int?
    var terms: TermsLimit?
    var newcomer: NewcomerLimit?
    var days: DayRange?
    var share: Rate?

    init(_ condition: ValidationRule.Condition) {
      switch condition {
      case .required(let element): (self.condition, self.element) = (.required, element)
      case .format(let element, let patterns, let country):
        (self.condition, self.element, self.country) = (.format, element, country)
        self.patterns = patterns.joined(separator: "\n")
      case .region(let country, let postcode, let region):
        (self.condition, self.country) = (.region, country)
        (self.postcode, self.region) = (postcode, region)
      case .quantity(let outlier): (self.condition, self.outlier) = (.quantity, outlier)
      case .amount(let outlier): (self.condition, self.outlier) = (.amount, outlier)
      case .duplicate(let hours): (self.condition, self.hours) = (.duplicate, hours)
      case .overdue(let days): (self.condition, overdue) = (.overdue, days)
      case .terms(let limit): (self.condition, terms) = (.terms, limit)
      case .newcomer(let limit): (self.condition, newcomer) = (.newcomer, limit)
      case .requestedDay(let range): (self.condition, days) = (.requestedDay, range)
      case .credit(let share): (self.condition, self.share) = (.credit, share)
      }
    }

    /// From the columns condition to share_micros, which stand in a row.
    init(_ row: Row, from column: Int) throws {
      condition = try row.value(column)
      element = try row.optionalValue(column + 1)
      patterns = row.optionalText(column + 2)
      country = row.optionalText(column + 3)
      postcode = row.optionalText(column + 4)
      region = row.optionalText(column + 5)
      if let factor = row.optionalRate(column + 6) {
        outlier = Outlier(
          factor: factor, minimumHistory: row.int(column + 7), leastSpread: row.rate(column + 8))
      }
      hours = row.optionalInt(column + 9)
      overdue = row.optionalInt(column + 10)
      if condition == .terms {
        terms = TermsLimit(
          mostNetDays: row.optionalInt(column + 11), leastDeposit: row.optionalRate(column + 12),
          fewerClosedOrders: row.optionalInt(column + 13))
      }
      if let fewer = row.optionalInt(column + 14) {
        newcomer = NewcomerLimit(
          fewerOrders: fewer, mostQuantity: row.optionalQuantity(column + 15),
          mostAmount: row.optionalMoney(column + 16, column + 17))
      }
      if let earliest = row.optionalInt(column + 18) {
        days = DayRange(earliest: earliest, latest: row.optionalInt(column + 19))
      }
      share = row.optionalRate(column + 20)
    }

    var value: ValidationRule.Condition {
      get throws {
        switch (condition, element, outlier, terms) {
        case (.required, let element?, _, _): .required(element)
        case (.format, let element?, _, _):
          .format(
            element, patterns: (patterns ?? "").split(separator: "\n").map(String.init),
            country: country)
        case (.region, _, _, _):
          .region(
            country: country ?? "", postcodePrefix: postcode ?? "", regionPrefix: region ?? "")
        case (.quantity, _, let outlier?, _): .quantity(outlier)
        case (.amount, _, let outlier?, _): .amount(outlier)
        case (.duplicate, _, _, _): .duplicate(hours: hours ?? 1)
        case (.overdue, _, _, _): .overdue(days: overdue ?? 0)
        case (.terms, _, _, let terms?): .terms(terms)
        case (.credit, _, _, _): .credit(share ?? .one)
        case (.newcomer, _, _, _) where newcomer != nil:
          .newcomer(newcomer ?? NewcomerLimit(mostQuantity: nil, mostAmount: nil))
        case (.requestedDay, _, _, _) where days != nil:
          .requestedDay(days ?? DayRange(earliest: 0, latest: nil))
        default: throw MissingRow("validation_rule", 0)
        }
      }
    }
  }
}

extension OrderElement: Bindable {}
