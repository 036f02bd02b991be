import Storage
import Values

/// All SQL of `customer_segment`. Lists are words with blanks between, which none of them has.
enum SegmentTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Segment? {
    try snapshot.first(
      """
      SELECT code, name, classes, stores, tags, region_prefixes, turnover_at_least_minor,
        turnover_below_minor, currency, turnover_days, ordered_within_days, not_ordered_for_days,
        version
      FROM customer_segment WHERE code = ?
      """, code, map: segment)
  }

  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [Segment] {
    try snapshot.all(
      """
      SELECT code, name, classes, stores, tags, region_prefixes, turnover_at_least_minor,
        turnover_below_minor, currency, turnover_days, ordered_within_days, not_ordered_for_days,
        version
      FROM customer_segment WHERE code > ? ORDER BY code LIMIT ?
      """, code, limit, map: segment)
  }

  static func insert(_ segment: Segment, _ currency: Currency, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO customer_segment (code, name, classes, stores, tags, region_prefixes,
        turnover_at_least_minor, turnover_below_minor, currency, turnover_days,
        ordered_within_days, not_ordered_for_days, version)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
      """, segment.code, segment.name, words(segment.classes), words(segment.stores),
      words(segment.tags), words(segment.regionPrefixes), segment.turnoverAtLeast?.minor,
      segment.turnoverBelow?.minor, currency, segment.turnoverDays, segment.orderedWithinDays,
      segment.notOrderedForDays)
  }

  /// Writes what may change and counts the version up.
  static func update(_ segment: Segment, _ currency: Currency, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE customer_segment SET name = ?, classes = ?, stores = ?, tags = ?,
        region_prefixes = ?, turnover_at_least_minor = ?, turnover_below_minor = ?, currency = ?,
        turnover_days = ?, ordered_within_days = ?, not_ordered_for_days = ?,
        version = version + 1
      WHERE code = ?
      """, segment.name, words(segment.classes), words(segment.stores), words(segment.tags),
      words(segment.regionPrefixes), segment.turnoverAtLeast?.minor, segment.turnoverBelow?.minor,
      currency, segment.turnoverDays, segment.orderedWithinDays, segment.notOrderedForDays,
      segment.code)
  }

  private static func words(_ list: [String]) -> String { list.joined(separator: " ") }

  private static func segment(_ row: Row) -> Segment {
    func list(_ column: Int) -> [String] {
      row.text(column).split(separator: " ").map(String.init)
    }
    return Segment(
      code: row.text(0), name: row.text(1), classes: list(2), stores: list(3), tags: list(4),
      regionPrefixes: list(5), turnoverAtLeast: row.optionalMoney(6, 8),
      turnoverBelow: row.optionalMoney(7, 8), turnoverDays: row.int(9),
      orderedWithinDays: row.optionalInt(10), notOrderedForDays: row.optionalInt(11),
      version: row.int64(12))
  }
}
