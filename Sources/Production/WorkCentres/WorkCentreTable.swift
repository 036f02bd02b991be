import Storage
import Values

/// All SQL of `work_centre`.
enum WorkCentreTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> WorkCentre? {
    try snapshot.first(
      """
      SELECT id, code, name, hourly_rate_minor, currency, version, inspects
      FROM work_centre WHERE code = ?
      """, code, map: workCentre)
  }

  static func list(after code: String, limit: Int, in snapshot: Snapshot) throws -> [WorkCentre] {
    try snapshot.all(
      """
      SELECT id, code, name, hourly_rate_minor, currency, version, inspects
      FROM work_centre WHERE code > ? ORDER BY code LIMIT ?
      """, code, limit, map: workCentre)
  }

  static func insert(_ centre: WorkCentre, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO work_centre (code, name, hourly_rate_minor, currency, inspects, version)
      VALUES (?, ?, ?, ?, ?, 1)
      """, centre.code, centre.name, centre.hourlyRate.minor, centre.hourlyRate.currency,
      centre.inspects)
  }

  /// Writes what may change and counts the version up.
  static func update(_ centre: WorkCentre, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE work_centre SET name = ?, hourly_rate_minor = ?, currency = ?, inspects = ?,
        version = version + 1
      WHERE id = ?
      """, centre.name, centre.hourlyRate.minor, centre.hourlyRate.currency, centre.inspects,
      centre.id)
  }

  private static func workCentre(_ row: Row) -> WorkCentre {
    WorkCentre(
      id: row.id(0), code: row.text(1), name: row.text(2), hourlyRate: row.money(3, 4),
      inspects: row.bool(6), version: row.int64(5))
  }
}
