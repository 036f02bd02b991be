import Storage
import Values

extension Restoration.State: Bindable {}

/// All SQL of `restoration`.
enum RestorationTable {
  static func latest(in snapshot: Snapshot) throws -> Restoration? {
    try snapshot.first(
      """
      SELECT id, name, backup, backup_at, chosen_at, reached_at, records, left_out, known_until,
        last_sequence, last_method, last_principal, last_at, restored_by, restored_at, reason,
        state, agreed_by, decided_by, decided_at
      FROM restoration ORDER BY id DESC LIMIT 1
      """, map: restoration)
  }

  static func insert(_ restoration: Restoration, in tx: Transaction) throws {
    let (source, last) = (restoration.source, restoration.last)
    try tx.execute(
      """
      INSERT INTO restoration (name, backup, backup_at, chosen_at, reached_at, records, left_out,
        known_until, last_sequence, last_method, last_principal, last_at, restored_by, restored_at,
        reason, state)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, restoration.name, source.backup, source.backupAt, source.chosen, source.reached,
      source.records, source.leftOut, source.knownUntil, last?.sequence, last?.method,
      last?.principal, last?.at, restoration.restoredBy, restoration.restoredAt,
      restoration.reason, restoration.state)
  }

  static func update(_ restoration: Restoration, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE restoration SET state = ?, agreed_by = ?, decided_by = ?, decided_at = ? WHERE id = ?
      """, restoration.state, restoration.agreedBy, restoration.decidedBy, restoration.decidedAt,
      restoration.id)
  }

  /// Those to which one has agreed twice.
  static func approvedByOne(in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      """
      SELECT name FROM restoration
      WHERE agreed_by = decided_by AND state = 'APPROVED' ORDER BY id LIMIT 100
      """
    ) { $0.text(0) }
  }

  private static func restoration(_ row: Row) throws -> Restoration {
    let last = row.optionalInt64(9).map {
      Restoration.LastCommand(
        sequence: $0, method: row.text(10), principal: row.text(11), at: row.instant(12))
    }
    var restoration = Restoration(
      id: row.id(0), name: row.text(1),
      source: .init(
        backup: row.text(2), backupAt: row.instant(3), chosen: row.optionalInstant(4),
        reached: row.instant(5), records: row.int64(6), leftOut: row.optionalInt64(7),
        knownUntil: row.instant(8)),
      last: last, restoredBy: row.text(13), restoredAt: row.instant(14), reason: row.text(15))
    restoration.state = try row.value(16)
    restoration.agreedBy = row.optionalText(17)
    restoration.decidedBy = row.optionalText(18)
    restoration.decidedAt = row.optionalInstant(19)
    return restoration
  }
}
