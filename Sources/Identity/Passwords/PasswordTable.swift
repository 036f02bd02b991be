import Storage
import Values

/// All SQL of `password`.
enum PasswordTable {
  /// With the attempts that count for somebody in `network`.
  static func find(
    _ person: ID<Principal>, from network: String, in snapshot: Snapshot
  ) throws -> StoredPassword? {
    try snapshot.first(
      """
      SELECT w.salt, w.hash, w.rounds, w.block_size, w.parallelism, w.must_change, w.changed_at,
        CASE WHEN k.network IS NULL THEN w.failures ELSE k.failures END,
        CASE WHEN k.network IS NULL THEN w.locked_until ELSE k.locked_until END, k.network
      FROM password AS w
      LEFT JOIN known_network AS k ON k.principal_id = w.principal_id AND k.network = ?
      WHERE w.principal_id = ?
      """, network, person
    ) { row in
      StoredPassword(
        hash: PasswordHash(
          salt: row.blob(0), hash: row.blob(1),
          strength: ScryptStrength(
            rounds: row.int(2), blockSize: row.int(3), parallelism: row.int(4))),
        mustChange: row.bool(5), changedAt: row.instant(6), failures: row.int(7),
        lockedUntil: row.optionalInstant(8), network: row.optionalText(9))
    }
  }

  /// Writes how often it was missed from where `password` says, and until when there is a wait.
  static func setAttempts(
    _ password: StoredPassword, of person: ID<Principal>, in tx: Transaction
  ) throws {
    guard let network = password.network else {
      try tx.execute(
        "UPDATE password SET failures = ?, locked_until = ? WHERE principal_id = ?",
        password.failures, password.lockedUntil, person)
      return
    }
    try tx.execute(
      """
      UPDATE known_network SET failures = ?, locked_until = ?
      WHERE principal_id = ? AND network = ?
      """, password.failures, password.lockedUntil, person, network)
  }

  /// The same password with more work in its hash.
  static func setHash(
    _ hash: PasswordHash, of person: ID<Principal>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE password SET salt = ?, hash = ?, rounds = ?, block_size = ?, parallelism = ?
      WHERE principal_id = ?
      """, hash.salt, hash.hash, hash.strength.rounds, hash.strength.blockSize,
      hash.strength.parallelism, person)
  }

  /// Puts the password in place of the one before, if there was one; nobody waits any more.
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
    try tx.execute(
      "UPDATE known_network SET failures = 0, locked_until = NULL WHERE principal_id = ?", person)
  }
}
