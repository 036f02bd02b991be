import Storage
import Values

/// All SQL of `notice_template`: each version that was ever written.
enum NoticeTemplateTable {
  static func insert(
    _ template: NoticeTemplate, by actor: String, at now: Instant, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO notice_template (event_type, channel, locale, version, subject, body, created_by,
        created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, template.eventType, template.channel, template.locale, template.version,
      template.subject, template.body, actor, now)
  }

  static func newest(
    _ type: String, _ channel: NoticeChannel, _ locale: String, in snapshot: Snapshot
  ) throws -> NoticeTemplate? {
    try snapshot.first(
      """
      SELECT event_type, channel, locale, subject, body, version FROM notice_template
      WHERE event_type = ? AND channel = ? AND locale = ? ORDER BY version DESC LIMIT 1
      """, type, channel, locale, map: template)
  }

  /// Of every kind, channel and language that somebody has written for: as many as there are.
  static func newest(in snapshot: Snapshot) throws -> [NoticeTemplate] {
    try snapshot.all(
      """
      SELECT event_type, channel, locale, subject, body, version FROM notice_template AS t
      WHERE version = (
        SELECT max(n.version) FROM notice_template AS n
        WHERE n.event_type = t.event_type AND n.channel = t.channel AND n.locale = t.locale)
      ORDER BY event_type, channel, locale LIMIT 1000
      """, map: template)
  }

  private static func template(_ row: Row) throws -> NoticeTemplate {
    NoticeTemplate(
      eventType: row.text(0), channel: try row.value(1), locale: row.text(2), subject: row.text(3),
      body: row.text(4), version: row.int64(5))
  }
}
