import Storage
import Values

/// All SQL of `password`.
enum PasswordTable {
  static func find(_ person: ID<Principal>, in snapshot: Snapshot) throws -> StoredPassword? {
    try snapshot.first(
      """
      SELECT salt, hash, rounds, block_size, parallelism, must_change, changed_at, failures,
        locked_until
      FROM password WHERE principal_id = ?
      """, person
    ) { row in
      StoredPassword(
        hash: PasswordHash(
          salt: row.blob(0), hash: row.blob(1),
          strength: ScryptStrength(
            rounds: row.int(2), blockSize: row.int(3), parallelism: row.int(4))),
        mustChange: row.bool(5), changedAt: row.instant(6), failures: row.int(7),
        lockedUntil: row.optionalInstant(8))
    }
  }

  /// Puts the password in place of the one before, if there was one.
  static func put(
    _ password: StoredPassword, of person: ID<Principal>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO password (principal_id, salt, hash, rounds, block_size, parallelism,
        must_change, changed_at, failures, locked_until)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (principal_id) DO UPDATE SET salt = excluded.salt, hash = excluded.hash,
        rounds = excluded.rounds, block_size = excluded.block_size,
        parallelism = excluded.parallelism, must_change = excluded.must_change,
        changed_at = excluded.changed_at, failures = excluded.failures,
        locked_until = excluded.locked_until
      """, person, password.hash.salt, password.hash.hash,
      Int64(password.hash.strength.rounds), Int64(password.hash.strength.blockSize),
      Int64(password.hash.strength.parallelism), password.mustChange, password.changedAt,
      Int64(password.failures), password.lockedUntil)
  }
}
