import MasterData
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
/// store and month, or by some of these.
package struct CancellationReport: Sendable {
  package enum Dimension: Hashable, Sendable, CaseIterable { case reason, stage, store, month }

  package let rows: [CancellationCount]

  static let longestDays = 366

  /// Of orders in scope. Without dimensions by all of them.
  package static func of(
    from: Day?, until: Day?, by dimensions: Set<Dimension>, on today: Day, in snapshot: Snapshot
  ) throws -> CancellationReport {
    let last = until ?? today
    let first = from ?? last.adding(days: -90)
    var check = FieldCheck(.request)
    check.range(first, "cancelled_from", last.adding(days: 1 - longestDays)...last)
    try check.pass()
    let by = dimensions.isEmpty ? Set(Dimension.allCases) : dimensions
    var sums: [Key: Sum] = [:]
    let currency = try Companies.current(in: snapshot).baseCurrency
    try snapshot.forEach(
      """
      SELECT c.reason_code, c.stage, COALESCE(u.store_code, ''), c.cancelled_on, COUNT(*),
        SUM(c.amount_minor), SUM(c.fee_minor), SUM(c.forfeited_minor),
        SUM(c.compensation_minor), SUM(c.sunk_minor), o.currency, o.rate_micros, o.rate_units,
        o.base_currency
      FROM cancellation AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN view_customer_owner AS u ON u.code = o.customer_code
      WHERE c.cancelled_on BETWEEN ? AND ?
        AND in_scope(u.owner, u.store_code, o.warehouse_code,
          CASE o.state WHEN 'DRAFT' THEN o.created_by END)
      GROUP BY c.reason_code, c.stage, u.store_code, c.cancelled_on, o.currency, o.rate_micros,
        o.rate_units, o.base_currency
      """, first, last
    ) { row in
      let key = Key(
        reason: by.contains(.reason) ? row.text(0) : "",
        stage: by.contains(.stage) ? row.text(1) : "",
        store: by.contains(.store) ? row.text(2) : "",
        month: by.contains(.month) ? row.day(3).firstOfMonth : nil)
      let rate = row.exchangeRate(11, 12, 13, of: 10)
      let amounts = try (5...8).map { column in
        try rate?.base(of: row.money(column, 10)).minor ?? row.int64(column)
      }
      sums[key, default: Sum()].add([row.int64(4)] + amounts + [row.int64(9)])
    }
    return CancellationReport(
      rows: try sums.sorted { $0.key < $1.key }.map { try $1.count(for: $0, currency) })
  }

  private struct Key: Hashable, Comparable {
    let reason: String
    let stage: String
    let store: String
    let month: Day?

    static func < (left: Key, right: Key) -> Bool {
      (left.month?.daysSinceEpoch ?? 0, left.reason, left.stage, left.store)
        < (right.month?.daysSinceEpoch ?? 0, right.reason, right.stage, right.store)
    }
  }

  private struct Sum {
    var values = [Int128](repeating: 0, count: 6)

    mutating func add(_ more: [Int64]) {
      for (index, value) in more.enumerated() { values[index] += Int128(value) }
    }

    func count(for key: Key, _ currency: Currency) throws -> CancellationCount {
      let money = try values.dropFirst().map { value in
        guard let minor = Int64(exactly: value) else { throw ArithmeticError.overflow }
        return Money(minor: minor, currency: currency)
      }
      return CancellationCount(
        reasonCode: key.reason, stage: CancelStage(rawValue: key.stage), storeCode: key.store,
        month: key.month, count: Int64(values[0]), amount: money[0], fees: money[1],
        forfeited: money[2], compensation: money[3], sunkCost: money[4])
    }
  }
}

extension Day {
  /// Of its month.
  fileprivate var firstOfMonth: Day { adding(days: 1 - day) }
}
