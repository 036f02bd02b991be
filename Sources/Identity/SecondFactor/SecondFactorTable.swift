import Storage
import Values

/// All SQL of `second_factor` and `recovery_code`.
enum SecondFactorTable {
  static func find(
    _ person: ID<Principal>, in snapshot: Snapshot
  ) throws -> SecondFactor? {
    try snapshot.first(
      """
      SELECT seal_key, secret, added_at, confirmed_at, last_step FROM second_factor
      WHERE principal_id = ?
      """, person
    ) { row in
      SecondFactor(
        person: person, secret: SealedSecret(key: row.blob(0), bytes: row.blob(1)),
        addedAt: row.instant(2), confirmedAt: row.optionalInstant(3), lastStep: row.int64(4))
    }
  }

  /// Puts it in place of the one before, if there was one.
  static func put(_ factor: SecondFactor, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO second_factor (principal_id, seal_key, secret, added_at, confirmed_at, last_step)
      VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (principal_id) DO UPDATE SET seal_key = excluded.seal_key,
        secret = excluded.secret, added_at = excluded.added_at,
        confirmed_at = excluded.confirmed_at, last_step = excluded.last_step
      """, factor.person, factor.secret.key, factor.secret.bytes, factor.addedAt,
      factor.confirmedAt, factor.lastStep)
  }

  static func delete(_ person: ID<Principal>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM recovery_code WHERE principal_id = ?", person)
    try tx.execute("DELETE FROM second_factor WHERE principal_id = ?", person)
  }

  /// The keys that secrets are sealed with, each once.
  static func sealKeys(in snapshot: Snapshot) throws -> [[UInt8]] {
    try snapshot.all("SELECT DISTINCT seal_key FROM second_factor LIMIT 100") { $0.blob(0) }
  }

  /// Digests of the recovery codes that were not used.
  static func recoveryCodes(
    of person: ID<Principal>, in snapshot: Snapshot
  ) throws -> [[UInt8]] {
    try snapshot.all(
      "SELECT digest FROM recovery_code WHERE principal_id = ? AND used_at IS NULL", person
    ) { $0.blob(0) }
  }

  static func useRecoveryCode(
    _ digest: [UInt8], of person: ID<Principal>, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE recovery_code SET used_at = ? WHERE principal_id = ? AND digest = ?", now, person,
      digest)
  }

  /// Puts these in place of all before.
  static func replaceRecoveryCodes(
    _ digests: [[UInt8]], of person: ID<Principal>, in tx: Transaction
  ) throws {
    try tx.execute("DELETE FROM recovery_code WHERE principal_id = ?", person)
    for digest in digests {
      try tx.execute(
        "INSERT INTO recovery_code (principal_id, digest, used_at) VALUES (?, ?, NULL)", person,
        digest)
    }
  }
}
