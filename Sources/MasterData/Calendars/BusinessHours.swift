package import Storage
package import Values

/// When the company works. What is due in so many hours of business is due when they have been
/// worked: nobody is late for a night or a holiday.
package struct BusinessHours: Hashable, Sendable {
  /// Minutes of a day, the second after the last that is worked.
  package struct Opening: Hashable, Sendable {
    package let opens: Int
    package let closes: Int

    package init(opens: Int, closes: Int) {
      self.opens = opens
      self.closes = closes
    }
  }

  /// A day that is not like others of its weekday.
  package struct Special: Hashable, Sendable {
    package let day: Day
    /// Nil for a day that is not worked.
    package let opening: Opening?
    package let name: String

    package init(day: Day, opening: Opening?, name: String) {
      self.day = day
      self.opening = opening
      self.name = name
    }
  }

  /// By weekday: 1 is Monday, 7 is Sunday.
  package let week: [Int: Opening]
  /// By day.
  package let special: [Special]
  private let openings: [Day: Opening?]

  package init(week: [Int: Opening], special: [Special]) {
    self.week = week
    self.special = special.sorted { $0.day < $1.day }
    openings = Dictionary(special.map { ($0.day, $0.opening) }, uniquingKeysWith: { $1 })
  }

  /// More than any calendar has days that are not worked in a row.
  private static let horizonDays = 4_000

  /// When so many hours have been worked since a moment. The distance from UTC is taken as it is at
  /// that moment: where clocks are put forward in between, it is an hour off.
  package func instant(afterHours hours: Int, from now: Moment) -> Instant {
    let second = Instant(
      microseconds: now.instant.microseconds / 1_000_000 * 1_000_000)
    return instant(
      afterMicroseconds: Int64(hours) * Self.hour, from: second, secondsEast: now.secondsEast)
  }

  /// When so much has been worked since an instant, by clocks so far ahead of UTC.
  package func instant(
    afterMicroseconds amount: Int64, from start: Instant, secondsEast: Int64
  ) -> Instant {
    let local = start.adding(seconds: secondsEast)
    var day = local.utcDay
    var time = local.microseconds - Self.midnight(day)
    var left = amount
    for _ in 0..<Self.horizonDays {
      if let opening = opening(on: day) {
        let from = max(time, Int64(opening.opens) * Self.minute)
        let worked = Int64(opening.closes) * Self.minute - from
        if worked >= left { return instant(day, from + left, secondsEast) }
        if worked > 0 { left -= worked }
      }
      day = day.adding(days: 1)
      time = 0
    }
    return instant(day, 0, secondsEast)
  }

  /// How much is worked between two instants, in microseconds; 0 where the second is not later.
  package func microseconds(
    from start: Instant, to end: Instant, secondsEast: Int64
  ) -> Int64 {
    let (first, last) = (start.adding(seconds: secondsEast), end.adding(seconds: secondsEast))
    var day = first.utcDay
    var sum: Int64 = 0
    for _ in 0..<Self.horizonDays where day <= last.utcDay {
      if let opening = opening(on: day) {
        let midnight = Self.midnight(day)
        let from = max(first.microseconds, midnight + Int64(opening.opens) * Self.minute)
        let to = min(last.microseconds, midnight + Int64(opening.closes) * Self.minute)
        sum += max(0, to - from)
      }
      day = day.adding(days: 1)
    }
    return sum
  }

  /// The day on which so many days have been worked after a day; 0 for the day itself.
  package func day(afterWorked days: Int, from start: Day) -> Day {
    var (day, left) = (start, days)
    for _ in 0..<Self.horizonDays where left > 0 {
      day = day.adding(days: 1)
      if opening(on: day) != nil { left -= 1 }
    }
    return day
  }

  private static let minute: Int64 = 60_000_000
  private static let hour: Int64 = 60 * minute

  private static func midnight(_ day: Day) -> Int64 {
    Int64(day.daysSinceEpoch) * 24 * hour
  }

  private func instant(_ day: Day, _ time: Int64, _ secondsEast: Int64) -> Instant {
    Instant(microseconds: Self.midnight(day) + time - secondsEast * 1_000_000)
  }

  private func opening(on day: Day) -> Opening? {
    if let known = openings[day] { return known }
    return week[day.weekday]
  }

  /// What is in force.
  package static func current(in snapshot: Snapshot) throws -> BusinessHours {
    try BusinessHoursTable.current(in: snapshot)
  }
}

/// Says when the company works, from now on: what waits already keeps its due time.
package struct SetBusinessHours: Sendable {
  /// By weekday, in the order of the request.
  package let week: [(weekday: Int, opening: BusinessHours.Opening)]
  package let special: [BusinessHours.Special]

  package init(
    week: [(weekday: Int, opening: BusinessHours.Opening)], special: [BusinessHours.Special]
  ) {
    self.week = week
    self.special = special
  }

  static let specialLimit = 1_000

  package func run(in tx: Transaction, at now: Moment) throws -> BusinessHours {
    var check = FieldCheck(.request)
    check.range(week.count, "week", 1...7)
    check.range(special.count, "special_days", 0...Self.specialLimit)
    try check.pass()
    var weekdays: Set<Int> = []
    for (index, (weekday, opening)) in week.enumerated() {
      var found = FieldCheck(FieldPath("week", row: index))
      found.range(weekday, "weekday", 1...7)
      found.opening(opening)
      if !weekdays.insert(weekday).inserted {
        found.refuse(
          MasterDataRejection.duplicateInBatch(
            field: found.path.field("weekday"), code: "\(weekday)",
            firstRow: week.firstIndex { $0.weekday == weekday } ?? 0))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    var days: Set<Day> = []
    for (index, day) in special.enumerated() {
      var found = FieldCheck(FieldPath("special_days", row: index))
      if let opening = day.opening { found.opening(opening) }
      found.text(day.name, "name", limit: 100)
      if !days.insert(day.day).inserted {
        found.refuse(
          MasterDataRejection.duplicateInBatch(
            field: found.path.field("day"), code: day.day.description,
            firstRow: special.firstIndex { $0.day == day.day } ?? 0))
      }
      for violation in found.violations { check.refuse(violation) }
    }
    try check.pass()
    let hours = BusinessHours(
      week: Dictionary(week.map { ($0.weekday, $0.opening) }, uniquingKeysWith: { $1 }),
      special: special)
    try BusinessHoursTable.replace(with: hours, in: tx)
    tx.record(
      DomainEvent(
        "business-hours.set", DocumentReference(.masterData, "business-hours"),
        [Fact("weekdays", week.count), Fact("special_days", special.count)]))
    return hours
  }
}

extension FieldCheck {
  fileprivate mutating func opening(_ opening: BusinessHours.Opening) {
    range(opening.opens, "hours.opens_minute", 0...1_439)
    guard (0...1_439).contains(opening.opens) else { return }
    range(opening.closes, "hours.closes_minute", opening.opens + 1...1_440)
  }
}

/// All SQL of `business_hours` and `business_special_day`.
enum BusinessHoursTable {
  private static let known = LookupCache<OnlyKey, BusinessHours>()

  static func current(in snapshot: Snapshot) throws -> BusinessHours {
    try snapshot.lookUp(in: known) {
      let week = try snapshot.all(
        "SELECT weekday, opens, closes FROM business_hours ORDER BY weekday"
      ) { ($0.int(0), BusinessHours.Opening(opens: $0.int(1), closes: $0.int(2))) }
      let special = try snapshot.all(
        "SELECT day, opens, closes, name FROM business_special_day ORDER BY day LIMIT 1000"
      ) { row in
        BusinessHours.Special(
          day: row.day(0),
          opening: row.isNull(1)
            ? nil : BusinessHours.Opening(opens: row.int(1), closes: row.int(2)),
          name: row.text(3))
      }
      return BusinessHours(
        week: Dictionary(week, uniquingKeysWith: { $1 }), special: special)
    }
  }

  static func replace(with hours: BusinessHours, in tx: Transaction) throws {
    try tx.execute("DELETE FROM business_hours")
    try tx.execute("DELETE FROM business_special_day")
    for (weekday, opening) in hours.week.sorted(by: { $0.key < $1.key }) {
      try tx.execute(
        "INSERT INTO business_hours (weekday, opens, closes) VALUES (?, ?, ?)", weekday,
        opening.opens, opening.closes)
    }
    for day in hours.special {
      try tx.execute(
        "INSERT INTO business_special_day (day, opens, closes, name) VALUES (?, ?, ?, ?)", day.day,
        day.opening?.opens, day.opening?.closes, day.name)
    }
  }
}
