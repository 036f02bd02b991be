import Storage
import Values

/// All SQL of `carrier_coverage` and its rows. There is no update and no delete.
enum CoverageTable {
  static func insert(
    validFrom: Day, _ rows: [CoverageRow], reason: String, by actor: String, at now: Moment,
    in tx: Transaction
  ) throws -> Int64 {
    let version: ID<Coverage> = try tx.insert(
      "INSERT INTO carrier_coverage (valid_from, reason, made_by, made_at) VALUES (?, ?, ?, ?)",
      validFrom, reason, actor, now.instant)
    for (index, row) in rows.enumerated() {
      try tx.execute(
        """
        INSERT INTO carrier_coverage_row (version, zone_code, position, carrier)
        VALUES (?, ?, ?, ?)
        """, version, row.zone, index + 1, row.carrier)
    }
    return version.value
  }

  static func version(on day: Day, in snapshot: Snapshot) throws -> Int64? {
    try snapshot.first(
      """
      SELECT version FROM carrier_coverage WHERE valid_from <= ?
      ORDER BY valid_from DESC, version DESC LIMIT 1
      """, day
    ) { $0.int64(0) }
  }

  static func carriers(
    of zone: String, version: Int64, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT carrier FROM carrier_coverage_row WHERE version = ? AND zone_code = ?
      ORDER BY position LIMIT 100
      """, version, zone
    ) { $0.text(0) }
  }

  static func find(_ version: Int64, in snapshot: Snapshot) throws -> Coverage? {
    let rows = try snapshot.all(
      """
      SELECT zone_code, carrier FROM carrier_coverage_row WHERE version = ?
      ORDER BY zone_code, position
      """, version
    ) { CoverageRow(zone: $0.text(0), carrier: $0.text(1)) }
    return try snapshot.first(
      """
      SELECT version, valid_from, reason, made_by, made_at FROM carrier_coverage WHERE version = ?
      """, version
    ) { row in
      Coverage(
        version: row.int64(0), validFrom: row.day(1), rows: rows, reason: row.text(2),
        madeBy: row.text(3), madeAt: row.instant(4))
    }
  }
}
