import MasterData
import Storage
import Values

/// All SQL of `notice_rule`.
enum NoticeRuleTable {
  static func find(_ code: String, in snapshot: Snapshot) throws -> NoticeRule? {
    try snapshot.first(
      """
      SELECT code, event_type, channel, audience, purpose, locale, addresses, is_active,
        version, role, store_code, quiet_from, quiet_until, hourly_limit
      FROM notice_rule WHERE code = ?
      """, code, map: rule)
  }

  static func list(in snapshot: Snapshot) throws -> [NoticeRule] {
    try snapshot.all(
      """
      SELECT code, event_type, channel, audience, purpose, locale, addresses, is_active,
        version, role, store_code, quiet_from, quiet_until, hourly_limit
      FROM notice_rule ORDER BY code LIMIT 1000
      """, map: rule)
  }

  /// Those in use, with the place in the log from which on they hold.
  static func active(in snapshot: Snapshot) throws -> [(rule: NoticeRule, since: Int64)] {
    try snapshot.all(
      """
      SELECT code, event_type, channel, audience, purpose, locale, addresses, is_active,
        version, role, store_code, quiet_from, quiet_until, hourly_limit, since
      FROM notice_rule WHERE is_active = 1 ORDER BY code LIMIT 1000
      """
    ) { (try rule($0), $0.int64(14)) }
  }

  static func count(in snapshot: Snapshot) throws -> Int {
    try snapshot.first("SELECT count(*) FROM notice_rule") { $0.int(0) } ?? 0
  }

  /// `since` nil leaves what is stored.
  static func upsert(_ rule: NoticeRule, since: Int64?, in tx: Transaction) throws {
    try tx.execute(
      """
      INSERT INTO notice_rule (code, event_type, channel, audience, purpose, locale, addresses,
        is_active, version, role, store_code, quiet_from, quiet_until, hourly_limit, since)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, 0))
      ON CONFLICT (code) DO UPDATE SET event_type = excluded.event_type,
        channel = excluded.channel, audience = excluded.audience, purpose = excluded.purpose,
        locale = excluded.locale, addresses = excluded.addresses, is_active = excluded.is_active,
        version = excluded.version, role = excluded.role, store_code = excluded.store_code,
        quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
        hourly_limit = excluded.hourly_limit,
        since = CASE WHEN excluded.since = 0 THEN notice_rule.since ELSE excluded.since END
      """, rule.code, rule.eventType, rule.channel, rule.audience, rule.purpose, rule.locale,
      rule.addresses.joined(separator: " "), rule.isActive, rule.version, rule.role,
      rule.storeCode, rule.quiet?.from, rule.quiet?.until, rule.hourlyLimit, since)
  }

  private static func rule(_ row: Row) throws -> NoticeRule {
    var rule = NoticeRule(
      code: row.text(0), eventType: row.text(1), channel: try row.value(2),
      audience: try row.value(3), purpose: try row.value(4), locale: row.text(5),
      addresses: row.text(6).split(separator: " ").map(String.init), isActive: row.bool(7),
      version: row.int64(8))
    rule.role = row.text(9)
    rule.storeCode = row.text(10)
    rule.quiet = row.isNull(11) ? nil : QuietHours(from: row.int(11), until: row.int(12))
    rule.hourlyLimit = row.optionalInt(13)
    return rule
  }
}
