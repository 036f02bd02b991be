package import Storage
package import Values

/// How long it takes to put a product together at the customer's.
package struct AssemblyTime: Hashable, Sendable {
  package let sku: String
  /// Of one base unit.
  package let minutes: Int64
  /// More, for each cubic metre of what the customer chose of a configurable product.
  package let minutesPerCubicMetre: Int64

  package init(sku: String, minutes: Int64, minutesPerCubicMetre: Int64 = 0) {
    self.sku = sku
    self.minutes = minutes
    self.minutesPerCubicMetre = minutesPerCubicMetre
  }

  /// Of so much of it, a part of a minute as a whole one; nil for what no number holds.
  /// `configuration` is what the customer chose of it.
  package func minutes(
    of quantity: Quantity, _ configuration: Configuration?
  ) throws(ArithmeticError) -> Int64 {
    // The volume of a configuration is millionths of a cubic metre.
    let volume = Int128(configuration?.volume.micros ?? 0)
    let one = Int128(1_000_000)
    let each = Int128(minutes) * one + Int128(minutesPerCubicMetre) * volume
    let all = each * Int128(quantity.micros)
    guard let whole = Int64(exactly: (all + one * one - 1) / (one * one)) else { throw .overflow }
    return whole
  }
}

/// An assembly time as a caller wants it to be.
package struct AssemblyTimeDraft: BatchRow {
  package let time: AssemblyTime

  package init(_ time: AssemblyTime) { self.time = time }

  package var malformed: [any Rejection] { [] }
  package var code: String { time.sku }
  package static var codeField: String { "sku" }

  func product(at path: FieldPath, in snapshot: Snapshot) throws -> Product {
    var check = FieldCheck(path)
    check.range(time.minutes, "minutes", 0...100_000)
    check.range(time.minutesPerCubicMetre, "minutes_per_cubic_metre", 0...100_000)
    try check.pass()
    return try Products.require(sku: time.sku, field: path.field("sku"), in: snapshot)
  }
}

/// Says how long it takes to put products together. Appointments keep what they were booked with.
package struct UpsertAssemblyTimes: Sendable {
  package let rows: [AssemblyTimeDraft]

  package init(_ rows: [AssemblyTimeDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "times", in: tx) { draft, path in
      let product = try draft.product(at: path, in: tx)
      let stored = try AssemblyTimeTable.find(product.sku, in: tx)
      guard draft.time != stored else { return .unchanged }
      try AssemblyTimeTable.set(draft.time, of: product.id, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}

/// Questions about assembly times.
package enum AssemblyTimes {
  /// Nil where nobody has said.
  package static func find(sku: String, in snapshot: Snapshot) throws -> AssemblyTime? {
    try AssemblyTimeTable.find(sku, in: snapshot)
  }

  /// In the order of the sku, from the one after `sku` on (nil: from the first).
  package static func list(
    after sku: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [AssemblyTime] {
    try AssemblyTimeTable.list(after: sku ?? "", limit: limit, in: snapshot)
  }
}

/// All SQL of `assembly_time`.
private enum AssemblyTimeTable {
  static func set(_ time: AssemblyTime, of product: ID<Product>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO assembly_time (sku, product_id, minutes, cubic_metre_minutes)
      VALUES (?, ?, ?, ?)
      ON CONFLICT (sku) DO UPDATE SET minutes = excluded.minutes,
        cubic_metre_minutes = excluded.cubic_metre_minutes
      """, time.sku, product, time.minutes, time.minutesPerCubicMetre)
  }

  static func find(_ sku: String, in snapshot: Snapshot) throws -> AssemblyTime? {
    try snapshot.first(
      "SELECT sku, minutes, cubic_metre_minutes FROM assembly_time WHERE sku = ?", sku, map: time)
  }

  static func list(after sku: String, limit: Int, in snapshot: Snapshot) throws -> [AssemblyTime] {
    try snapshot.all(
      """
      SELECT sku, minutes, cubic_metre_minutes FROM assembly_time WHERE sku > ?
      ORDER BY sku LIMIT ?
      """, sku, limit, map: time)
  }

  private static func time(_ row: Row) -> AssemblyTime {
    AssemblyTime(sku: row.text(0), minutes: row.int64(1), minutesPerCubicMetre: row.int64(2))
  }
}
