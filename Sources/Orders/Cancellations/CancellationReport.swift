package import MasterData
package import Storage
package import Values

/// Cancellations that are alike in what they are counted by.
package struct CancellationCount: Hashable, Sendable {
  /// Empty where it is not counted by.
  package let reasonCode: String
  /// Nil where it is not counted by.
  package let stage: CancelStage?
  /// The home store of the customers; empty for none, or where it is not counted by.
  package let storeCode: String
  /// The first day of the month; nil where it is not counted by.
  package let month: Day?
  /// Empty where it is not counted by.
  package let sku: String
  /// Nil where it is not counted by.
  package let channel: Channel?
  package let count: Int64
  /// What was cancelled, with tax.
  package let amount: Money
  package let fees: Money
  package let forfeited: Money
  package let compensation: Money
  /// What had been spent on it.
  package let sunkCost: Money
}

/// What was cancelled in a time, in the base currency at the rate of each order, by reason, stage,
/// store, month, product and channel, or by some of these.
package struct CancellationReport: Sendable {
  package enum Dimension: Hashable, Sendable, CaseIterable {
    case reason, stage, store, month, product, channel

    /// What it is counted by where nothing is said.
    static let usual: Set<Dimension> = [.reason, .stage, .store, .month]
  }

  package let rows: [CancellationCount]

  static let longestDays = 366

  /// Of orders in scope.
  package static func of(
    from: Day?, until: Day?, by dimensions: Set<Dimension>, on today: Day, in snapshot: Snapshot
  ) throws -> CancellationReport {
    let last = until ?? today
    let first = from ?? last.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(first, "cancelled_from", last.adding(days: 1 - longestDays)...last)
    try check.pass()
    var sums = Sums(by: dimensions.isEmpty ? Dimension.usual : dimensions)
    if dimensions.contains(.product) {
      try countProducts(from: first, until: last, &sums, in: snapshot)
    } else {
      try count(from: first, until: last, &sums, in: snapshot)
    }
    let currency = try Companies.current(in: snapshot).baseCurrency
    return CancellationReport(rows: try sums.rows(currency))
  }

  private static func count(
    from first: Day, until last: Day, _ sums: inout Sums, in snapshot: Snapshot
  ) throws {
    try snapshot.forEach(
      """
      SELECT c.reason_code, c.stage, COALESCE(u.store_code, ''), c.cancelled_on, o.channel,
        COUNT(*), SUM(c.amount_minor), SUM(c.fee_minor), SUM(c.forfeited_minor),
        SUM(c.compensation_minor), SUM(c.sunk_minor), o.currency, o.rate_micros, o.rate_units,
        o.base_currency
      FROM cancellation AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
      WHERE c.cancelled_on BETWEEN ? AND ?
        AND in_scope(u.owner, u.store_code, o.warehouse_code,
          CASE o.state WHEN 'DRAFT' THEN o.created_by END)
      GROUP BY c.reason_code, c.stage, u.store_code, c.cancelled_on, o.channel, o.currency,
        o.rate_micros, o.rate_units, o.base_currency
      """, first, last
    ) { row in
      let rate = row.exchangeRate(12, 13, 14, of: 11)
      let amounts = try (6...9).map { column in
        try rate?.base(of: row.money(column, 11)).minor ?? row.int64(column)
      }
      sums.add(key(row, sku: ""), [row.int64(5)] + amounts + [row.int64(10)])
    }
  }

  private static func key(_ row: Row, sku: String) -> Key {
    Key(
      reason: row.text(0), stage: row.text(1), store: row.text(2),
      month: row.day(3).firstOfMonth, sku: sku, channel: row.text(4))
  }

  /// What a cancellation took and cost is spread over its products by what was cancelled of each.
  private static func countProducts(
    from first: Day, until last: Day, _ sums: inout Sums, in snapshot: Snapshot
  ) throws {
    var current = Spread()
    try snapshot.forEach(
      """
      SELECT c.reason_code, c.stage, COALESCE(u.store_code, ''), c.cancelled_on, o.channel, c.id,
        c.amount_minor, c.fee_minor, c.forfeited_minor, c.compensation_minor, c.sunk_minor,
        o.currency, o.rate_micros, o.rate_units, o.base_currency, s.sku,
        SUM(COALESCE(l.amount_minor, 0))
      FROM cancellation AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      JOIN sales_order_cancellation AS l ON l.cancellation_id = c.id
      JOIN sales_order_line AS s
        ON s.sales_order_id = l.sales_order_id AND s.line_number = l.line_number
      LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
      WHERE c.cancelled_on BETWEEN ? AND ?
        AND in_scope(u.owner, u.store_code, o.warehouse_code,
          CASE o.state WHEN 'DRAFT' THEN o.created_by END)
      GROUP BY c.id, s.sku
      ORDER BY c.id, s.sku
      """, first, last
    ) { row in
      if current.id != row.int64(5) {
        try current.close(into: &sums)
        let rate = row.exchangeRate(12, 13, 14, of: 11)
        current = Spread(
          id: row.int64(5),
          amounts: try (6...9).map { column in
            try rate?.base(of: row.money(column, 11)).minor ?? row.int64(column)
          } + [row.int64(10)])
      }
      current.parts.append((key: key(row, sku: row.text(15)), weight: row.int64(16)))
    }
    try current.close(into: &sums)
  }

  /// One cancellation, product by product.
  private struct Spread {
    var id: Int64?
    var amounts: [Int64] = []
    var parts: [(key: Key, weight: Int64)] = []

    func close(into sums: inout Sums) throws {
      guard !parts.isEmpty else { return }
      // What was cancelled before it had a price weighs nothing, and nothing is to be spread.
      let weights = parts.map { max($0.weight, 0) }
      let shares = try amounts.map { amount in
        try Allocation.largestRemainder(
          amount, weights: weights.allSatisfy { $0 == 0 } ? weights.map { _ in 1 } : weights)
      }
      for (index, part) in parts.enumerated() {
        sums.add(part.key, [1] + shares.map { $0[index] })
      }
    }
  }

  private struct Key: Hashable, Comparable {
    var reason: String
    var stage: String
    var store: String
    var month: Day?
    var sku: String
    var channel: String

    static func < (left: Key, right: Key) -> Bool {
      let (first, second) = (left.texts, right.texts)
      return (left.month?.daysSinceEpoch ?? 0) == (right.month?.daysSinceEpoch ?? 0)
        ? first.lexicographicallyPrecedes(second)
        : left.month?.daysSinceEpoch ?? 0 < right.month?.daysSinceEpoch ?? 0
    }

    private var texts: [String] { [reason, stage, store, sku, channel] }
  }

  private struct Sums {
    let by: Set<Dimension>
    /// How many, and the five amounts.
    private var values: [Key: [Int128]] = [:]

    init(by: Set<Dimension>) { self.by = by }

    /// Under what of the key is counted by.
    mutating func add(_ given: Key, _ more: [Int64]) {
      let key = Key(
        reason: by.contains(.reason) ? given.reason : "",
        stage: by.contains(.stage) ? given.stage : "",
        store: by.contains(.store) ? given.store : "",
        month: by.contains(.month) ? given.month : nil,
        sku: by.contains(.product) ? given.sku : "",
        channel: by.contains(.channel) ? given.channel : "")
      var sum = values[key] ?? [Int128](repeating: 0, count: 6)
      for (index, value) in more.enumerated() { sum[index] += Int128(value) }
      values[key] = sum
    }

    func rows(_ currency: Currency) throws -> [CancellationCount] {
      try values.sorted { $0.key < $1.key }.map { key, sum in
        let money = try sum.dropFirst().map { value in
          guard let minor = Int64(exactly: value) else { throw ArithmeticError.overflow }
          return Money(minor: minor, currency: currency)
        }
        return CancellationCount(
          reasonCode: key.reason, stage: CancelStage(rawValue: key.stage), storeCode: key.store,
          month: key.month, sku: key.sku, channel: Channel(rawValue: key.channel),
          count: Int64(sum[0]), amount: money[0], fees: money[1], forfeited: money[2],
          compensation: money[3], sunkCost: money[4])
      }
    }
  }
}

extension Day {
  /// Of its month.
  fileprivate var firstOfMonth: Day { adding(days: 1 - day) }
}
