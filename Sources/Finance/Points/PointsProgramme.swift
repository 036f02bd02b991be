import MasterData
package import Storage
package import Values

/// What earns points.
package enum PointsMoment: String, Hashable, Sendable, CaseIterable {
  case delivery = "DELIVERY"
  case invoice = "INVOICE"
}

/// How much customers of a class earn; an empty class is all others.
package struct PointsRate: Hashable, Sendable {
  package let customerClass: String
  /// Points for each major unit of the base currency, in millionths.
  package let micros: Int64

  package init(customerClass: String, micros: Int64) {
    self.customerClass = customerClass
    self.micros = micros
  }
}

/// How points are earned and what they pay. Versions: one is never changed, and an order earns by
/// the one of the day of its creation.
package struct PointsProgramme: Hashable, Sendable {
  package let version: Int64
  package let validFrom: Day
  package let moment: PointsMoment
  /// In the order of their classes.
  package let rates: [PointsRate]
  /// What a point pays.
  package let value: UnitPrice
  /// What a point is worth when it is granted: its stand-alone selling price (IFRS 15, B42), which
  /// reckons with those that are never used.
  package let fairValue: UnitPrice
  package let minimum: Int64
  /// 0: they never expire.
  package let validMonths: Int
  package let reason: String
  package let madeBy: String
  package let madeAt: Instant

  /// Nil for customers who earn nothing.
  func rate(for customerClass: String) -> PointsRate? {
    rates.first { $0.customerClass == customerClass } ?? rates.first { $0.customerClass.isEmpty }
  }

  func lastDay(from day: Day) -> Day? {
    validMonths == 0 ? nil : day.adding(months: validMonths)
  }
}

extension PointsRate {
  /// The whole points of an amount, so that those of its parts never sum to more.
  func points(of gross: Money) -> Int64 {
    let unit = Int128(FixedPoint.powerOfTen(gross.currency.exponent)) * 1_000_000
    return Int64(clamping: Int128(max(0, gross.minor)) * Int128(micros) / unit)
  }
}

/// Points are a material right: what is paid is for the goods and for the points, and each gets its
/// part by what it would be sold for alone (IFRS 15, 76 and B39–B42; ASBE 14, articles 20 and 35).
/// Simplified: the price of the goods alone is what was invoiced, discounts and all, and the share
/// that is never used is part of the programme's fair value instead of being estimated anew.
package enum PointsAllocation {
  /// The part of `net` that is owed as points which alone would be sold for `points`, rounded once.
  package static func deferred(
    _ net: Money, points: Money
  ) throws(ArithmeticError) -> Money {
    guard net.minor > 0, points.minor > 0 else { return .zero(net.currency) }
    let part = try Rounding.quotient(
      Int128(net.minor) * Int128(points.minor), Int128(net.minor) + Int128(points.minor))
    return Money(minor: part, currency: net.currency)
  }
}

extension UnitPrice {
  /// So many points at this price each, rounded once.
  func amount(ofPoints points: Int64) throws(ArithmeticError) -> Money {
    let scale = Int128(FixedPoint.powerOfTen(6 - currency.exponent))
    return Money(
      minor: try Rounding.quotient(Int128(micros) * Int128(points), scale), currency: currency)
  }
}

/// Questions about the programme.
package enum PointsProgrammes {
  /// Of those that begin on the same day the newest; nil as long as there is none.
  package static func inForce(on day: Day, in snapshot: Snapshot) throws -> PointsProgramme? {
    try PointsProgrammeTable.all(in: snapshot).last { $0.validFrom <= day }
  }

  /// Refuses a version that there never was; 0 for that of the day.
  package static func require(
    version: Int64, on day: Day, in snapshot: Snapshot
  ) throws -> PointsProgramme {
    let found =
      version == 0
      ? try inForce(on: day, in: snapshot)
      : try PointsProgrammeTable.all(in: snapshot).first { $0.version == version }
    guard let found else {
      throw PointsRejection.unknownProgramme(field: "version", version: version)
    }
    return found
  }

  /// Whether there ever was a programme: costs nothing where there was none.
  package static func exist(in snapshot: Snapshot) throws -> Bool {
    try !PointsProgrammeTable.all(in: snapshot).isEmpty
  }
}

/// Makes a new version of the programme, for orders that are created from a day on.
package struct SetPointsProgramme: Sendable {
  /// Nil: today.
  package let validFrom: Day?
  package let moment: PointsMoment?
  package let rates: [PointsRate]
  package let value: UnitPrice?
  /// Nil: `value`.
  package let fairValue: UnitPrice?
  package let minimum: Int64
  package let validMonths: Int
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    validFrom: Day?, moment: PointsMoment?, rates: [PointsRate], value: UnitPrice?,
    fairValue: UnitPrice?, minimum: Int64, validMonths: Int, reason: String, by actor: String
  ) {
    self.validFrom = validFrom
    self.moment = moment
    self.rates = rates
    self.value = value
    self.fairValue = fairValue
    self.minimum = minimum
    self.validMonths = validMonths
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> PointsProgramme {
    let from = validFrom ?? now.day
    let (moment, value) = try check(from, at: now, in: tx)
    let version = try PointsProgrammeTable.insert(
      self, from: from, moment, value, fairValue ?? value, at: now, in: tx)
    tx.record(
      DomainEvent(
        "points-programme.set", DocumentReference(.masterData, "points-programme"),
        [
          Fact("version", version), Fact("valid_from", from), Fact("moment", moment.rawValue),
          Fact("value", value.description), Fact("rates", rates.count), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    return try PointsProgrammes.require(version: version, on: from, in: tx)
  }

  private func check(
    _ from: Day, at now: Moment, in tx: Transaction
  ) throws -> (PointsMoment, UnitPrice) {
    let base = try Companies.current(in: tx).baseCurrency
    var check = FieldCheck(.request)
    check.range(from, "valid_from", now.day...now.day.adding(days: 3_660))
    let moment = check.required(moment, "moment")
    check.range(rates.count, "rates", 0...100)
    var classes: Set<String> = []
    for (row, rate) in rates.prefix(100).enumerated() {
      var found = FieldCheck(FieldPath("rates", row: row))
      if !rate.customerClass.isEmpty { found.code(rate.customerClass, "customer_class") }
      found.range(rate.micros, "points_micros", 1...1_000_000_000_000)
      if !classes.insert(rate.customerClass).inserted {
        found.refuse(
          PointsRejection.duplicateClass(
            field: found.path.field("customer_class"), customerClass: rate.customerClass))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    let value = check.required(value, "redemption_value")
    if let value {
      check.currency(value.currency, "redemption_value", base: base)
      check.range(value.micros, "redemption_value", 1...1_000_000_000_000)
      if let fairValue {
        check.currency(fairValue.currency, "fair_value", base: base)
        check.range(fairValue.micros, "fair_value", 0...max(0, value.micros))
      }
    }
    check.range(minimum, "minimum_points", 0...1_000_000_000)
    check.range(validMonths, "valid_months", 0...1_200)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    guard let moment, let value else { throw MasterDataRejection.missingValue(field: "moment") }
    return (moment, value)
  }
}

/// All SQL of `points_programme` and `points_rate`. There is no update and no delete.
enum PointsProgrammeTable {
  private static let known = LookupCache<OnlyKey, [PointsProgramme]>()

  /// In the order in which they come into force.
  static func all(in snapshot: Snapshot) throws -> [PointsProgramme] {
    try snapshot.lookUp(in: known) {
      var rates: [Int64: [PointsRate]] = [:]
      for (version, rate) in try snapshot.all(
        """
        SELECT version, customer_class, points_micros FROM points_rate
        ORDER BY version, customer_class
        """,
        map: { ($0.int64(0), PointsRate(customerClass: $0.text(1), micros: $0.int64(2))) })
      {
        rates[version, default: []].append(rate)
      }
      return try snapshot.all(
        """
        SELECT version, valid_from, moment, value_micros, fair_micros, currency, minimum_points,
          valid_months, reason, made_by, made_at
        FROM points_programme ORDER BY valid_from, version
        """
      ) { row in
        PointsProgramme(
          version: row.int64(0), validFrom: row.day(1), moment: try row.value(2),
          rates: rates[row.int64(0)] ?? [], value: row.unitPrice(3, 5),
          fairValue: row.unitPrice(4, 5), minimum: row.int64(6), validMonths: row.int(7),
          reason: row.text(8), madeBy: row.text(9), madeAt: row.instant(10))
      }
    }
  }

  static func insert(
    _ programme: SetPointsProgramme, from: Day, _ moment: PointsMoment, _ value: UnitPrice,
    _ fairValue: UnitPrice, at now: Moment, in tx: Transaction
  ) throws -> Int64 {
    let version: ID<PointsProgramme> = try tx.insert(
      """
      INSERT INTO points_programme (valid_from, moment, value_micros, fair_micros, currency,
        minimum_points, valid_months, reason, made_by, made_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, from, moment, value.micros, fairValue.micros, value.currency, programme.minimum,
      programme.validMonths, programme.reason, programme.actor, now.instant)
    for rate in programme.rates {
      try tx.execute(
        "INSERT INTO points_rate (version, customer_class, points_micros) VALUES (?, ?, ?)",
        version, rate.customerClass, rate.micros)
    }
    return version.value
  }
}

extension PointsMoment: Bindable {}
