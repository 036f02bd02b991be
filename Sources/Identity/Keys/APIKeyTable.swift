import Storage
import Values

/// All SQL of `api_key`.
enum APIKeyTable {
  static func find(_ name: String, in snapshot: Snapshot) throws -> APIKey? {
    try snapshot.first(
      """
      SELECT id, name, principal_id, label, created_at, expires_at, revoked_at, networks,
        certificate_subject, is_withheld, digest, store_code
      FROM api_key WHERE name = ?
      """, name, map: key)
  }

  /// Newest first.
  static func list(
    of principal: ID<Principal>, limit: Int, in snapshot: Snapshot
  ) throws -> [APIKey] {
    try snapshot.all(
      """
      SELECT id, name, principal_id, label, created_at, expires_at, revoked_at, networks,
        certificate_subject, is_withheld, digest, store_code
      FROM api_key WHERE principal_id = ? ORDER BY id DESC LIMIT ?
      """, principal, limit, map: key)
  }

  static func countLive(
    of principal: ID<Principal>, at now: Instant, in snapshot: Snapshot
  ) throws -> Int {
    try snapshot.first(
      """
      SELECT count(*) FROM api_key
      WHERE principal_id = ? AND revoked_at IS NULL AND expires_at > ?
      """, principal, now, map: { $0.int(0) }) ?? 0
  }

  static func insert(_ key: APIKey, in tx: Transaction) throws -> ID<APIKey> {
    try tx.insert(
      """
      INSERT INTO api_key (name, principal_id, label, created_at, expires_at, revoked_at, networks,
        certificate_subject, is_withheld, digest, store_code)
      VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, ?)
      """, key.name, key.principal, key.label, key.createdAt, key.expiresAt,
      key.networks.map(\.description).joined(separator: " "), key.certificateSubject,
      key.isWithheld, key.digest, key.storeCode)
  }

  /// Lets a key that was withheld open what it is for.
  static func release(_ key: ID<APIKey>, in tx: Transaction) throws {
    try tx.execute("UPDATE api_key SET is_withheld = 0 WHERE id = ?", key)
  }

  /// Writes what may change: its end.
  static func update(_ key: APIKey, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE api_key SET expires_at = ?, revoked_at = ? WHERE id = ?", key.expiresAt,
      key.revokedAt, key.id)
  }

  private static func key(_ row: Row) -> APIKey {
    APIKey(
      id: row.id(0), name: row.text(1), principal: row.id(2), label: row.text(3),
      createdAt: row.instant(4), expiresAt: row.instant(5), revokedAt: row.optionalInstant(6),
      networks: row.text(7).split(separator: " ").compactMap { Network(String($0)) },
      certificateSubject: row.optionalText(8), storeCode: row.optionalText(11),
      isWithheld: row.bool(9), digest: row.blob(10))
  }
}
