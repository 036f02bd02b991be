import Storage
import Values

/// All SQL of `known_network` and `login_hour`.
enum LoginHabitTable {
  static func knows(
    _ network: String, of person: ID<Principal>, in snapshot: Snapshot
  ) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM known_network WHERE principal_id = ? AND network = ?", person, network,
      map: { _ in true }) != nil
  }

  static func knowsAny(of person: ID<Principal>, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM known_network WHERE principal_id = ? LIMIT 1", person,
      map: { _ in true }) != nil
  }

  /// Notes a login; of more than `limit` networks the one that was not seen for longest is
  /// forgotten.
  static func note(
    _ network: String, of person: ID<Principal>, limit: Int, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO known_network (principal_id, network, last_at, failures, locked_until)
      VALUES (?, ?, ?, 0, NULL)
      ON CONFLICT (principal_id, network) DO UPDATE SET last_at = excluded.last_at
      """, person, network, now)
    try tx.execute(
      """
      DELETE FROM known_network WHERE principal_id = ? AND network NOT IN (
        SELECT network FROM known_network WHERE principal_id = ?
        ORDER BY last_at DESC, network LIMIT ?)
      """, person, person, limit)
  }

  /// Logins by the hour of the day.
  static func hours(of person: ID<Principal>, in snapshot: Snapshot) throws -> [Int: Int] {
    Dictionary(
      try snapshot.all(
        "SELECT hour, logins FROM login_hour WHERE principal_id = ?", person,
        map: { ($0.int(0), $0.int(1)) }), uniquingKeysWith: +)
  }

  static func note(hour: Int, of person: ID<Principal>, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO login_hour (principal_id, hour, logins) VALUES (?, ?, 1)
      ON CONFLICT (principal_id, hour) DO UPDATE SET logins = logins + 1
      """, person, hour)
  }

  static func forget(_ person: ID<Principal>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM known_network WHERE principal_id = ?", person)
    try tx.execute("DELETE FROM login_hour WHERE principal_id = ?", person)
  }
}
