import Storage
import Values

extension Session.End: Bindable {}

/// All SQL of `session` and of the refresh tokens that were spent.
enum SessionTable {
  static func find(name: String, in snapshot: Snapshot) throws -> Session? {
    try snapshot.first(
      """
      SELECT id, name, principal_id, created_at, refreshed_at, expires_at, access_expires_at, peer,
        end_reason, second_factor_at, access_digest, refresh_digest, repeat_digest, repeat_key,
        repeat_until
      FROM session WHERE name = ?
      """, name, map: session)
  }

  static func find(_ id: ID<Session>, in snapshot: Snapshot) throws -> Session? {
    try snapshot.first(
      """
      SELECT id, name, principal_id, created_at, refreshed_at, expires_at, access_expires_at, peer,
        end_reason, second_factor_at, access_digest, refresh_digest, repeat_digest, repeat_key,
        repeat_until
      FROM session WHERE id = ?
      """, id, map: session)
  }

  /// Those that have not ended, newest first.
  static func live(
    of principal: ID<Principal>, at now: Instant, in snapshot: Snapshot
  ) throws -> [Session] {
    try snapshot.all(
      """
      SELECT id, name, principal_id, created_at, refreshed_at, expires_at, access_expires_at, peer,
        end_reason, second_factor_at, access_digest, refresh_digest, repeat_digest, repeat_key,
        repeat_until
      FROM session WHERE principal_id = ? AND end_reason IS NULL AND expires_at > ?
      ORDER BY id DESC LIMIT ?
      """, principal, now, Session.limit, map: session)
  }

  static func insert(
    name: String, of principal: ID<Principal>, _ tokens: SessionTokens, peer: String,
    secondFactorAt: Instant?, at now: Instant, in tx: Transaction
  ) throws -> ID<Session> {
    try tx.insert(
      """
      INSERT INTO session (name, principal_id, created_at, refreshed_at, expires_at,
        access_expires_at, peer, end_reason, ended_at, second_factor_at, access_digest,
        refresh_digest)
      VALUES (?, ?, ?, ?, ?, ?, ?, NULL, NULL, ?, ?, ?)
      """, name, principal, now, now, now.adding(seconds: Session.seconds),
      now.adding(seconds: Session.accessSeconds), peer, secondFactorAt,
      tokens.access.digest, tokens.refresh.digest)
  }

  /// Puts new tokens in place of the old, and remembers the refresh token as spent, and the refresh
  /// if it may come again.
  static func rotate(
    _ session: Session, to tokens: SessionTokens, repeatable: RepeatableRefresh?,
    at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      "INSERT INTO spent_refresh (session_id, digest) VALUES (?, ?)", session.id,
      session.refreshDigest)
    try tx.execute(
      """
      UPDATE session SET access_digest = ?, refresh_digest = ?, refreshed_at = ?,
        access_expires_at = ?, repeat_digest = ?, repeat_key = ?, repeat_until = ?
      WHERE id = ?
      """, tokens.access.digest, tokens.refresh.digest, now,
      min(now.adding(seconds: Session.accessSeconds), session.expiresAt), repeatable?.token,
      repeatable?.key, repeatable?.until, session.id)
  }

  /// Notes that the second factor was proved.
  static func prove(_ session: ID<Session>, at now: Instant, in tx: Transaction) throws {
    try tx.execute("UPDATE session SET second_factor_at = ? WHERE id = ?", now, session)
  }

  /// Sessions of a principal that were opened since then.
  static func count(
    of principal: ID<Principal>, since: Instant, in snapshot: Snapshot
  ) throws -> Int {
    try snapshot.first(
      "SELECT count(*) FROM session WHERE principal_id = ? AND created_at > ?", principal, since,
      map: { $0.int(0) }) ?? 0
  }

  static func wasSpent(_ digest: [UInt8], of session: ID<Session>, in snapshot: Snapshot) throws
    -> Bool
  {
    try snapshot.first(
      "SELECT 1 FROM spent_refresh WHERE session_id = ? AND digest = ?", session, digest,
      map: { _ in true }) != nil
  }

  static func end(
    _ session: ID<Session>, _ reason: Session.End, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE session SET end_reason = ?, ended_at = ? WHERE id = ? AND end_reason IS NULL",
      reason, now, session)
  }

  /// Ends all sessions of a principal but one.
  static func end(
    allOf principal: ID<Principal>, but kept: ID<Session>?, _ reason: Session.End,
    at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE session SET end_reason = ?, ended_at = ?
      WHERE principal_id = ? AND end_reason IS NULL AND id <> ?
      """, reason, now, principal, kept ?? ID(0))
  }

  /// Ends what is older than the newest `count`, and forgets spent tokens of what is over.
  static func tidy(
    _ principal: ID<Principal>, keeping count: Int, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE session SET end_reason = ?, ended_at = ?
      WHERE principal_id = ? AND end_reason IS NULL AND id NOT IN (
        SELECT id FROM session WHERE principal_id = ? AND end_reason IS NULL AND expires_at > ?
        ORDER BY id DESC LIMIT ?)
        AND expires_at > ?
      """, Session.End.tooMany, now, principal, principal, now, count, now)
    try tx.execute(
      """
      DELETE FROM spent_refresh WHERE session_id IN (
        SELECT id FROM session
        WHERE principal_id = ? AND (end_reason IS NOT NULL OR expires_at <= ?))
      """, principal, now)
  }

  private static func session(_ row: Row) throws -> Session {
    let refresh = row.optionalInstant(14).map {
      RepeatableRefresh(token: row.blob(12), key: row.blob(13), until: $0)
    }
    return Session(
      id: row.id(0), name: row.text(1), principal: row.id(2), createdAt: row.instant(3),
      refreshedAt: row.instant(4), expiresAt: row.instant(5), accessExpiresAt: row.instant(6),
      peer: row.text(7), end: try row.optionalValue(8),
      secondFactorAt: row.optionalInstant(9), accessDigest: row.blob(10),
      refreshDigest: row.blob(11), refresh: refresh)
  }
}
