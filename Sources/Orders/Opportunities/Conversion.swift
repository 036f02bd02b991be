package import MasterData
package import Storage
package import Values

/// Opportunities of one group and currency.
package struct ConversionRow: Hashable, Sendable {
  /// Empty where nobody said, and where all are together.
  package let key: String
  package let currency: Currency
  package fileprivate(set) var count: [OpportunityState: Int64] = [:]
  fileprivate var expectedMinor: Int64 = 0
  /// Times the probability in millionths.
  fileprivate var weightedMicros: Int128 = 0
  fileprivate var wonMinor: Int64 = 0
  fileprivate var lostMinor: Int64 = 0

  package var expected: Money { Money(minor: expectedMinor, currency: currency) }
  package func weighted() throws -> Money { try Conversion.rounded(weightedMicros, currency) }
  package var wonGross: Money { Money(minor: wonMinor, currency: currency) }
  package var lostExpected: Money { Money(minor: lostMinor, currency: currency) }
  package func winRate() throws -> Rate? { try Conversion.winRate(count) }
}

/// Opportunities of one currency that ever were in a stage.
package struct StageConversionRow: Hashable, Sendable {
  package let stageCode: String
  /// In the newest version that has it.
  package let stageName: String
  package let currency: Currency
  package fileprivate(set) var count: [OpportunityState: Int64] = [:]
  /// That are in it now.
  package fileprivate(set) var here: Int64 = 0
  fileprivate var seconds: Int64 = 0
  fileprivate var expectedMinor: Int64 = 0
  fileprivate var weightedMicros: Int128 = 0

  package var opportunities: Int64 { count.values.reduce(0, +) }
  package var expected: Money { Money(minor: expectedMinor, currency: currency) }
  package func weighted() throws -> Money { try Conversion.rounded(weightedMicros, currency) }
  package func winRate() throws -> Rate? { try Conversion.winRate(count) }

  /// How long each was in it on average, in millionths of a day.
  package func meanDaysMicros() throws -> Int64 {
    guard opportunities > 0 else { return 0 }
    return try Rounding.quotient(
      Int128(seconds) * 1_000_000, Int128(opportunities) * Conversion.secondsOfDay)
  }
}

/// What became of the opportunities of a time. All of it follows from their steps and quotes.
package struct Conversion: Sendable {
  /// By what they are told apart.
  package enum Group: String, Hashable, Sendable, CaseIterable {
    case owner = "OWNER"
    case store = "STORE"
    case source = "SOURCE"
    case channel = "CHANNEL"
    /// Of the day on which they were written down.
    case month = "MONTH"
  }

  /// Which opportunities; empty texts mean any.
  package struct Filter: Hashable, Sendable {
    /// Nil for 90 days before `until`.
    package var from: Day?
    /// Nil for today.
    package var until: Day?
    package var owner: String
    package var storeCode: String
    package var sourceCode: String
    package var channel: Channel?

    package init(
      from: Day? = nil, until: Day? = nil, owner: String = "", storeCode: String = "",
      sourceCode: String = "", channel: Channel? = nil
    ) {
      self.from = from
      self.until = until
      self.owner = owner
      self.storeCode = storeCode
      self.sourceCode = sourceCode
      self.channel = channel
    }
  }

  /// By key, then by currency.
  package let groups: [ConversionRow]
  /// In the order of today's stages, others last; then by currency.
  package let stages: [StageConversionRow]

  static let longestDays = 366
  static let secondsOfDay: Int128 = 86_400

  /// Of opportunities in scope that were written down in this time.
  package static func of(
    _ filter: Filter, by group: Group?, at now: Moment, in snapshot: Snapshot
  ) throws -> Conversion {
    let last = filter.until ?? now.day
    let first = filter.from ?? last.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(first, "created_from", last.adding(days: 1 - longestDays)...last)
    try check.pass()
    return Conversion(
      groups: try groups(filter, first, last, by: group, in: snapshot),
      stages: try stages(filter, first, last, at: now, in: snapshot))
  }

  fileprivate static func rounded(_ micros: Int128, _ currency: Currency) throws -> Money {
    Money(minor: try Rounding.quotient(micros, Int128(Rate.one.micros)), currency: currency)
  }

  /// Won of all that were won or lost; nil when none was.
  fileprivate static func winRate(_ count: [OpportunityState: Int64]) throws -> Rate? {
    let won = count[.won, default: 0]
    let decided = won + count[.lost, default: 0]
    guard decided > 0 else { return nil }
    return Rate(
      micros: try Rounding.quotient(Int128(won) * Int128(Rate.one.micros), Int128(decided)))
  }

  private static func groups(
    _ filter: Filter, _ first: Day, _ last: Day, by group: Group?, in snapshot: Snapshot
  ) throws -> [ConversionRow] {
    var rows: [String: ConversionRow] = [:]
    try snapshot.forEach(
      """
      SELECT told_by, made_on, currency, state, probability_micros, COUNT(*),
        SUM(expected_minor), SUM(won_minor)
      FROM (
        SELECT CASE ? WHEN 'OWNER' THEN o.owner WHEN 'STORE' THEN o.store_code
            WHEN 'SOURCE' THEN o.source_code WHEN 'CHANNEL' THEN COALESCE(o.channel, '')
            ELSE '' END AS told_by,
          CASE WHEN ? = 'MONTH' THEN o.created_on ELSE 0 END AS made_on,
          o.currency AS currency, o.state AS state,
          s.probability_micros AS probability_micros, o.expected_minor AS expected_minor,
          COALESCE((
            SELECT SUM(q.gross_minor) FROM quote AS q
            WHERE q.opportunity_number = o.number AND q.state = 'WON'), 0) AS won_minor
        FROM opportunity AS o JOIN opportunity_stage AS s
          ON s.stages_version = o.stages_version AND s.code = o.stage_code
        WHERE o.created_on BETWEEN ? AND ? AND (? = '' OR o.owner = ?)
          AND (? = '' OR o.store_code = ?) AND (? = '' OR o.source_code = ?)
          AND (? IS NULL OR o.channel = ?)
          AND EXISTS (
            SELECT 1 FROM view_opportunity_owner AS v
            WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ) AS judged
      GROUP BY told_by, made_on, currency, state, probability_micros
      """, group?.rawValue ?? "", group?.rawValue ?? "", first, last, filter.owner, filter.owner,
      filter.storeCode, filter.storeCode, filter.sourceCode, filter.sourceCode, filter.channel,
      filter.channel
    ) { row in
      let key = group == .month ? month(of: row.day(1)) : row.text(0)
      let currency = row.currency(2)
      let state: OpportunityState = try row.value(3)
      let place = "\(key)\t\(currency)"
      var found = rows[place] ?? ConversionRow(key: key, currency: currency)
      found.count[state, default: 0] += row.int64(5)
      switch state {
      case .open:
        found.expectedMinor += row.int64(6)
        found.weightedMicros += Int128(row.int64(6)) * Int128(row.int64(4))
      case .won: found.wonMinor += row.int64(7)
      case .lost: found.lostMinor += row.int64(6)
      }
      rows[place] = found
    }
    return rows.values.sorted { ($0.key, $0.currency.code) < ($1.key, $1.currency.code) }
  }

  /// "2026-03".
  private static func month(of day: Day) -> String { String(day.description.prefix(7)) }

  private static func stages(
    _ filter: Filter, _ first: Day, _ last: Day, at now: Moment, in snapshot: Snapshot
  ) throws -> [StageConversionRow] {
    let today = try OpportunityStages.current(in: snapshot)
    var rows: [String: StageConversionRow] = [:]
    try snapshot.forEach(
      """
      WITH stay AS (
        SELECT p.opportunity_id, p.stage_code, p.state, p.entered_at,
          LEAD(p.entered_at) OVER (PARTITION BY p.opportunity_id ORDER BY p.step) AS left_at
        FROM opportunity AS o JOIN opportunity_step AS p ON p.opportunity_id = o.id
        WHERE o.created_on BETWEEN ? AND ? AND (? = '' OR o.owner = ?)
          AND (? = '' OR o.store_code = ?) AND (? = '' OR o.source_code = ?)
          AND (? IS NULL OR o.channel = ?)
          AND EXISTS (
            SELECT 1 FROM view_opportunity_owner AS v
            WHERE v.number = o.number AND in_scope(v.owner, v.store_code, NULL, v.author))
      ), spent AS (
        SELECT opportunity_id, stage_code,
          SUM((COALESCE(left_at, ?) - entered_at) / 1000000) AS seconds
        FROM stay WHERE state = 'OPEN' GROUP BY opportunity_id, stage_code
      )
      SELECT t.stage_code, o.currency, o.state,
        CASE WHEN o.state = 'OPEN' AND o.stage_code = t.stage_code THEN 1 ELSE 0 END AS here,
        s.probability_micros, COUNT(*), SUM(t.seconds), SUM(o.expected_minor)
      FROM spent AS t JOIN opportunity AS o ON o.id = t.opportunity_id
      JOIN opportunity_stage AS s
        ON s.stages_version = o.stages_version AND s.code = o.stage_code
      GROUP BY 1, 2, 3, 4, 5
      """, first, last, filter.owner, filter.owner, filter.storeCode, filter.storeCode,
      filter.sourceCode, filter.sourceCode, filter.channel, filter.channel, now.instant
    ) { row in
      let (code, currency) = (row.text(0), row.currency(1))
      let place = "\(code)\t\(currency)"
      var found =
        try rows[place]
        ?? StageConversionRow(
          stageCode: code, stageName: OpportunityStagesTable.name(of: code, in: snapshot) ?? "",
          currency: currency)
      let state: OpportunityState = try row.value(2)
      found.count[state, default: 0] += row.int64(5)
      found.seconds += row.int64(6)
      if row.bool(3) {
        found.here += row.int64(5)
        found.expectedMinor += row.int64(7)
        found.weightedMicros += Int128(row.int64(7)) * Int128(row.int64(4))
      }
      rows[place] = found
    }
    let places = rows.values.map { row in
      (position: today.position(of: row.stageCode) ?? .max, row: row)
    }
    return places.sorted {
      ($0.position, $0.row.stageCode, $0.row.currency.code)
        < ($1.position, $1.row.stageCode, $1.row.currency.code)
    }.map(\.row)
  }
}
