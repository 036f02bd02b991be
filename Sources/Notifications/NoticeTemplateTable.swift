import Storage
import Values

/// All SQL of `notice_template`: each version that was ever written.
enum NoticeTemplateTable {
  static func insert(
    _ template: NoticeTemplate, by actor: String, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO notice_template (event_type, audience, channel, locale, version, subject, body,
        created_by, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, template.eventType, template.audience, template.channel, template.locale,
      template.version, template.subject, template.body, actor, now)
  }

  static func newest(
    _ type: String, _ audience: NoticeRule.Audience, _ channel: NoticeChannel, _ locale: String,
    in snapshot: Snapshot
  ) throws -> NoticeTemplate? {
    try snapshot.first(
      """
      SELECT event_type, audience, channel, locale, subject, body, version FROM notice_template
      WHERE event_type = ? AND audience = ? AND channel = ? AND locale = ?
      ORDER BY version DESC LIMIT 1
      """, type, audience, channel, locale, map: template)
  }

  /// Of every kind, channel and language that somebody has written for: as many as there are.
  static func newest(in snapshot: Snapshot) throws -> [NoticeTemplate] {
    try snapshot.all(
      """
      SELECT event_type, audience, channel, locale, subject, body, version FROM notice_template AS t
      WHERE version = (
        SELECT max(n.version) FROM notice_template AS n
        WHERE n.event_type = t.event_type AND n.audience = t.audience AND n.channel = t.channel
          AND n.locale = t.locale)
      ORDER BY event_type, audience, channel, locale LIMIT 1000
      """, map: template)
  }

  private static func template(_ row: Row) throws -> NoticeTemplate {
    NoticeTemplate(
      eventType: row.text(0), audience: try row.value(1), channel: try row.value(2),
      locale: row.text(3), subject: row.text(4), body: row.text(5), version: row.int64(6))
  }
}
