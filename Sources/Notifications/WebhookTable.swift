import Storage
import Values

/// All SQL of `webhook`.
enum WebhookTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> Webhook? {
    try snapshot.first(
      "SELECT code, url, events, key_name, is_active, version FROM webhook WHERE code = ?", code,
      map: webhook)
  }

  static func list(in snapshot: Snapshot) throws -> [Webhook] {
    try snapshot.all(
      """
      SELECT code, url, events, key_name, is_active, version FROM webhook
      ORDER BY code LIMIT 1000
      """, map: webhook)
  }

  /// Those in use, with the place in the log from which on they are told.
  static func active(in snapshot: Snapshot) throws -> [(webhook: Webhook, since: Int64)] {
    try snapshot.all(
      """
      SELECT code, url, events, key_name, is_active, version, since FROM webhook
      WHERE is_active = 1 ORDER BY code LIMIT 1000
      """
    ) { (try webhook($0), $0.int64(6)) }
  }

  static func count(in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT count(*) FROM webhook") { $0.int(0) } ?? 0
  }

  /// `since` nil leaves what is stored.
  static func upsert(_ webhook: Webhook, since: Int64?, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO webhook (code, url, events, key_name, is_active, version, since)
      VALUES (?, ?, ?, ?, ?, ?, coalesce(?, 0))
      ON CONFLICT (code) DO UPDATE SET url = excluded.url, events = excluded.events,
        key_name = excluded.key_name, is_active = excluded.is_active, version = excluded.version,
        since = CASE WHEN excluded.since = 0 THEN webhook.since ELSE excluded.since END
      """, webhook.code, webhook.url, webhook.events.joined(separator: " "), webhook.keyName,
      webhook.isActive, webhook.version, since)
  }

  private static func webhook(_ row: Row) throws -> Webhook {
    Webhook(
      code: row.text(0), url: row.text(1),
      events: row.text(2).split(separator: " ").map(String.init), keyName: row.text(3),
      isActive: row.bool(4), version: row.int64(5))
  }
}
