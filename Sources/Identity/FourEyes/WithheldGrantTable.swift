import Storage
import Values

extension WithheldGrant.Kind: Bindable {}

/// All SQL of `withheld_grant`.
enum WithheldGrantTable {
  static func find(_ name: String, in snapshot: Snapshot) throws -> WithheldGrant? {
    try snapshot.first(
      """
      SELECT id, name, kind, principal_id, role_id, key_id, requested_by, requested_at, decided_by,
        is_approved
      FROM withheld_grant WHERE name = ?
      """, name, map: grant)
  }

  static func pending(in snapshot: Snapshot) throws -> [WithheldGrant] {
    try snapshot.all(
      """
      SELECT id, name, kind, principal_id, role_id, key_id, requested_by, requested_at, decided_by,
        is_approved
      FROM withheld_grant WHERE is_approved IS NULL ORDER BY id LIMIT 1000
      """, map: grant)
  }

  static func insert(_ grant: WithheldGrant, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO withheld_grant (name, kind, principal_id, role_id, key_id, requested_by,
        requested_at, decided_by, decided_at, is_approved)
      VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL)
      """, grant.name, grant.kind, grant.principal, grant.role, grant.key, grant.requestedBy,
      grant.requestedAt)
  }

  static func decide(
    _ id: ID<WithheldGrant>, isApproved: Bool, by actor: String, at now: Instant,
    in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE withheld_grant SET decided_by = ?, decided_at = ?, is_approved = ? WHERE id = ?",
      actor, now, isApproved, id)
  }

  private static func grant(_ row: Row) throws -> WithheldGrant {
    WithheldGrant(
      id: row.id(0), name: row.text(1), kind: try row.value(2), principal: row.optionalID(3),
      role: row.optionalID(4), key: row.optionalID(5), requestedBy: row.text(6),
      requestedAt: row.instant(7), decidedBy: row.optionalText(8),
      isApproved: row.optionalBool(9))
  }
}
