internal import Identity
internal import Storage

/// All SQL of `subject_key`: what the log's texts about a person or a document of theirs are
/// encrypted with.
enum SubjectKeyTable {
  /// Nil where the subject never had one; empty once it is erased.
  static func find(_ subject: String, in snapshot: Snapshot) throws -> SealedSecret? {
    try snapshot.first(
      "SELECT sealed_with, bytes FROM subject_key WHERE subject = ?", subject
    ) { SealedSecret(key: $0.blob(0), bytes: $0.blob(1)) }
  }

  static func insert(_ subject: String, _ key: SealedSecret, in tx: Transaction) throws {
    try tx.execute(
      "INSERT INTO subject_key (subject, sealed_with, bytes) VALUES (?, ?, ?)", subject, key.key,
      key.bytes)
  }

  /// Leaves a row that says so. The engine overwrites with zeros what was there (SECURE_DELETE).
  static func erase(_ subject: String, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO subject_key (subject, sealed_with, bytes) VALUES (?, x'', x'')
      ON CONFLICT (subject) DO UPDATE SET sealed_with = x'', bytes = x''
      """, subject)
  }

  /// Which keys the subjects' keys are encrypted with; an empty one where some are not. Goes from
  /// each to the next in the index, since DISTINCT would walk through all subjects.
  static func seals(in snapshot: Snapshot) throws -> [[UInt8]] {
    try snapshot.all(
      """
      WITH RECURSIVE step (seal) AS (
        SELECT min(sealed_with) FROM subject_key WHERE bytes <> x''
        UNION ALL
        SELECT (
          SELECT min(sealed_with) FROM subject_key WHERE bytes <> x'' AND sealed_with > step.seal
        )
        FROM step WHERE step.seal IS NOT NULL
      )
      SELECT seal FROM step WHERE seal IS NOT NULL
      """
    ) { $0.blob(0) }
  }
}
