import Storage
import Values

/// All SQL of `delegation`.
enum DelegationTable {
  static func find(_ name: String, in snapshot: Snapshot) throws -> Delegation? {
    try snapshot.first(
      """
      SELECT id, name, delegator_id, delegate_id, role_id, begins_at, ends_at, revoked_at
      FROM delegation WHERE name = ?
      """, name, map: delegation)
  }

  /// Those that a principal has given or got and that are not over, the first to end first.
  static func open(
    of principal: ID<Principal>, at now: Instant, in snapshot: Snapshot
  ) throws -> [Delegation] {
    try snapshot.all(
      """
      SELECT id, name, delegator_id, delegate_id, role_id, begins_at, ends_at, revoked_at
      FROM delegation
      WHERE (delegator_id = ? OR delegate_id = ?) AND revoked_at IS NULL AND ends_at > ?
      ORDER BY ends_at, id LIMIT 1000
      """, principal, principal, now, map: delegation)
  }

  static func insert(_ delegation: Delegation, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO delegation
        (name, delegator_id, delegate_id, role_id, begins_at, ends_at, revoked_at)
      VALUES (?, ?, ?, ?, ?, ?, NULL)
      """, delegation.name, delegation.delegator, delegation.delegate, delegation.role,
      delegation.beginsAt, delegation.endsAt)
  }

  static func revoke(_ id: ID<Delegation>, at now: Instant, in tx: Transaction) throws {
    try tx.execute("UPDATE delegation SET revoked_at = ? WHERE id = ?", now, id)
  }

  /// Names of the roles in which a principal stands in now, and of those for whom: who has the role
  /// and is let in.
  static func standIns(
    for delegate: ID<Principal>, at now: Instant, in snapshot: Snapshot
  ) throws -> [(role: String, delegator: String)] {
    try snapshot.all(
      """
      SELECT r.name, p.name FROM delegation AS d
      JOIN role AS r ON r.id = d.role_id
      JOIN principal AS p ON p.id = d.delegator_id AND p.is_disabled = 0
      JOIN principal_role AS pr ON pr.principal_id = d.delegator_id AND pr.role_id = d.role_id
      WHERE d.delegate_id = ? AND d.revoked_at IS NULL AND d.begins_at <= ? AND d.ends_at > ?
      ORDER BY r.name, p.name
      """, delegate, now, now
    ) { (role: $0.text(0), delegator: $0.text(1)) }
  }

  /// When the next one begins or ends.
  static func nextChange(
    for delegate: ID<Principal>, after now: Instant, in snapshot: Snapshot
  ) throws -> Instant? {
    let all = try open(of: delegate, at: now, in: snapshot).filter { $0.delegate == delegate }
    return all.flatMap { [$0.beginsAt, $0.endsAt] }.filter { $0 > now }.min()
  }

  private static func delegation(_ row: Row) -> Delegation {
    Delegation(
      id: row.id(0), name: row.text(1), delegator: row.id(2), delegate: row.id(3),
      role: row.id(4), beginsAt: row.instant(5), endsAt: row.instant(6),
      revokedAt: row.optionalInstant(7))
  }
}
