import Storage
import Values

extension PrincipalKind: Bindable {}

/// All SQL of `principal` and of who has which role.
enum PrincipalTable {
  static func find(_ name: String, in snapshot: Snapshot) throws -> Principal? {
    try snapshot.first(
      """
      SELECT id, name, kind, display_name, is_disabled, certificate_subject, created_at, version,
        department, store_code, warehouse_code,
        (SELECT 1 FROM second_factor WHERE principal_id = principal.id AND confirmed_at IS NOT NULL)
      FROM principal WHERE name = ?
      """, name, map: { try principal($0, in: snapshot) })
  }

  static func fetch(_ id: ID<Principal>, in snapshot: Snapshot) throws -> Principal? {
    try snapshot.first(
      """
      SELECT id, name, kind, display_name, is_disabled, certificate_subject, created_at, version,
        department, store_code, warehouse_code,
        (SELECT 1 FROM second_factor WHERE principal_id = principal.id AND confirmed_at IS NOT NULL)
      FROM principal WHERE id = ?
      """, id, map: { try principal($0, in: snapshot) })
  }

  static func find(certificate subject: String, in snapshot: Snapshot) throws -> Principal? {
    try snapshot.first(
      """
      SELECT id, name, kind, display_name, is_disabled, certificate_subject, created_at, version,
        department, store_code, warehouse_code,
        (SELECT 1 FROM second_factor WHERE principal_id = principal.id AND confirmed_at IS NOT NULL)
      FROM principal WHERE certificate_subject = ?
      """, subject, map: { try principal($0, in: snapshot) })
  }

  static func list(after name: String, limit: Int, in snapshot: Snapshot) throws -> [Principal] {
    try snapshot.all(
      """
      SELECT id, name, kind, display_name, is_disabled, certificate_subject, created_at, version,
        department, store_code, warehouse_code,
        (SELECT 1 FROM second_factor WHERE principal_id = principal.id AND confirmed_at IS NOT NULL)
      FROM principal WHERE name > ? ORDER BY name LIMIT ?
      """, name, limit, map: { try principal($0, in: snapshot) })
  }

  static func isEmpty(in snapshot: Snapshot) throws -> Bool {
    try snapshot.first("SELECT 1 FROM principal LIMIT 1", map: { _ in true }) == nil
  }

  /// Names of the people who are let in and have this permission for everything, sorted.
  static func people(may permission: String, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      """
      SELECT DISTINCT p.name FROM role_permission AS rp
      JOIN principal_role AS pr ON pr.role_id = rp.role_id
      JOIN principal AS p ON p.id = pr.principal_id
      WHERE rp.permission = ? AND pr.scope = 'ALL' AND p.kind = 'PERSON' AND p.is_disabled = 0
      ORDER BY p.name LIMIT 1000
      """, permission
    ) { $0.text(0) }
  }

  static func insert(_ principal: Principal, in tx: Transaction) throws -> ID<Principal> {
    try tx.insert(
      """
      INSERT INTO principal
        (name, kind, display_name, is_disabled, certificate_subject, created_at, version)
      VALUES (?, ?, ?, ?, ?, ?, 1)
      """, principal.name, principal.kind, principal.displayName, principal.isDisabled,
      principal.certificateSubject, principal.createdAt)
  }

  /// Writes what may change and counts the version up.
  static func update(_ principal: Principal, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE principal SET display_name = ?, is_disabled = ?, department = ?, store_code = ?,
        warehouse_code = ?, version = version + 1
      WHERE id = ?
      """, principal.displayName, principal.isDisabled, principal.place.department,
      principal.place.storeCode, principal.place.warehouseCode, principal.id)
  }

  /// Exactly these; those that it has already keep their reach.
  static func setRoles(
    _ roles: [ID<Role>], of principal: ID<Principal>, in tx: Transaction
  ) throws {
    let stored: [ID<Role>] = try tx.all(
      "SELECT role_id FROM principal_role WHERE principal_id = ?", principal
    ) { $0.id(0) }
    for role in stored where !roles.contains(role) {
      try tx.execute(
        "DELETE FROM principal_role WHERE principal_id = ? AND role_id = ?", principal, role)
    }
    for role in roles { try addRole(role, to: principal, in: tx) }
  }

  static func setReach(
    _ reach: RoleReach, of principal: ID<Principal>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE principal_role SET scope = ?
      WHERE principal_id = ? AND role_id = (SELECT id FROM role WHERE name = ?)
      """, reach.storedText, principal, reach.role)
  }

  /// Names of those who belong to a department, at most 1,000; nobody belongs to the empty one.
  static func members(of department: String, in snapshot: Snapshot) throws -> Set<String> {
    Set(
      try snapshot.all(
        """
        SELECT name FROM principal WHERE department = ? AND department <> ''
        ORDER BY name LIMIT 1000
        """, department
      ) { $0.text(0) })
  }

  static func addRole(
    _ role: ID<Role>, to principal: ID<Principal>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO principal_role (principal_id, role_id) VALUES (?, ?) ON CONFLICT DO NOTHING
      """, principal, role)
  }

  private static func principal(_ row: Row, in snapshot: Snapshot) throws -> Principal {
    let id: ID<Principal> = row.id(0)
    let reaches = try snapshot.all(
      """
      SELECT r.name, pr.scope FROM principal_role AS pr JOIN role AS r ON r.id = pr.role_id
      WHERE pr.principal_id = ? ORDER BY r.name
      """, id
    ) { RoleReach(role: $0.text(0), storedText: $0.text(1)) }
    return Principal(
      id: id, name: row.text(1), kind: try row.value(2), displayName: row.text(3),
      isDisabled: row.bool(4), certificateSubject: row.optionalText(5), createdAt: row.instant(6),
      version: row.int64(7), roles: reaches.map(\.role), hasSecondFactor: !row.isNull(11),
      place: Place(
        department: row.text(8), storeCode: row.text(9), warehouseCode: row.text(10)),
      reaches: reaches)
  }
}
