import Storage
import Values

/// All SQL of `role` and of its permissions.
enum RoleTable {
  static func find(_ name: String, in snapshot: Snapshot) throws -> Role? {
    try snapshot.first(
      "SELECT id, name, title, version FROM role WHERE name = ?", name,
      map: { try role($0, in: snapshot) })
  }

  static func fetch(_ id: ID<Role>, in snapshot: Snapshot) throws -> Role? {
    try snapshot.first(
      "SELECT id, name, title, version FROM role WHERE id = ?", id,
      map: { try role($0, in: snapshot) })
  }

  static func list(limit: Int, in snapshot: Snapshot) throws -> [Role] {
    try snapshot.all(
      "SELECT id, name, title, version FROM role ORDER BY name LIMIT ?", limit,
      map: { try role($0, in: snapshot) })
  }

  /// What its own roles permit, and those of others in which it stands in: there all but
  /// `undelegable`; each with how far the role reaches.
  static func holdings(
    of principal: ID<Principal>, but undelegable: String, at now: Instant, in snapshot: Snapshot
  ) throws -> [(permission: String, held: Scopes.Held)] {
    try snapshot.all(
      """
      SELECT rp.permission, r.name, pr.scope, p.name, p.department, p.store_code, p.warehouse_code
      FROM principal AS p
      JOIN principal_role AS pr ON pr.principal_id = p.id
      JOIN role AS r ON r.id = pr.role_id
      JOIN role_permission AS rp ON rp.role_id = pr.role_id
      WHERE p.id = ?
      UNION
      SELECT rp.permission, r.name, pr.scope, p.name, p.department, p.store_code, p.warehouse_code
      FROM delegation AS d
      JOIN principal AS p ON p.id = d.delegator_id AND p.is_disabled = 0
      JOIN principal_role AS pr ON pr.principal_id = d.delegator_id AND pr.role_id = d.role_id
      JOIN role AS r ON r.id = pr.role_id
      JOIN role_permission AS rp ON rp.role_id = d.role_id
      WHERE d.delegate_id = ? AND d.revoked_at IS NULL AND d.begins_at <= ? AND d.ends_at > ?
        AND rp.permission <> ?
      """, principal, principal, now, now, undelegable
    ) { row in
      let held = Scopes.Held(
        reach: RoleReach(role: row.text(1), storedText: row.text(2)), holder: row.text(3),
        place: Place(
          department: row.text(4), storeCode: row.text(5), warehouseCode: row.text(6)))
      return (permission: row.text(0), held: held)
    }
  }

  /// Names of the roles that hold a permission, sorted.
  static func names(holding permission: String, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      """
      SELECT r.name FROM role_permission AS rp JOIN role AS r ON r.id = rp.role_id
      WHERE rp.permission = ? ORDER BY r.name LIMIT 1000
      """, permission
    ) { $0.text(0) }
  }

  static func count(in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT count(*) FROM role", map: { $0.int(0) }) ?? 0
  }

  static func insert(_ role: Role, in tx: Transaction) throws -> ID<Role> {
    let id: ID<Role> = try tx.insert(
      "INSERT INTO role (name, title, version) VALUES (?, ?, 1)", role.name, role.title)
    try put(role.permissions, of: id, in: tx)
    return id
  }

  /// Writes what may change and counts the version up.
  static func update(_ role: Role, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE role SET title = ?, version = version + 1 WHERE id = ?", role.title, role.id)
    try tx.execute("DELETE FROM role_permission WHERE role_id = ?", role.id)
    try put(role.permissions, of: role.id, in: tx)
  }

  private static func put(
    _ permissions: [String], of role: ID<Role>, in tx: Transaction
  ) throws {
    for permission in permissions {
      try tx.execute(
        "INSERT INTO role_permission (role_id, permission) VALUES (?, ?)", role, permission)
    }
  }

  private static func role(_ row: Row, in snapshot: Snapshot) throws -> Role {
    let id: ID<Role> = row.id(0)
    let permissions = try snapshot.all(
      "SELECT permission FROM role_permission WHERE role_id = ? ORDER BY permission", id
    ) { $0.text(0) }
    return Role(
      id: id, name: row.text(1), title: row.text(2), permissions: permissions,
      version: row.int64(3))
  }
}
