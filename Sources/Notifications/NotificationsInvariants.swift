package import Storage
package import Values

/// What must hold of notices at every commit, beyond what their tables enforce by themselves.
package enum NotificationsInvariants {
  package static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try ahead(in: snapshot) + textless(in: snapshot) + foreign(in: snapshot)
  }

  /// The feed is never behind what was made of it, or the same would be made again.
  private static func ahead(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT id, place FROM notice
      WHERE place > (SELECT f.place FROM notice_feed AS f WHERE f.id = 1) ORDER BY id LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "notifications.feed-is-behind-its-notices",
        "A notice is about an event that the feed has not come to",
        [Fact("notice", row.int64(0)), Fact("place", row.int64(1))])
    }
  }

  /// What waits for people says something to somebody.
  private static func textless(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT id FROM notice
      WHERE state = 'PENDING' AND channel <> 'WEBHOOK' AND (address = '' OR body = '')
      ORDER BY id LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "notifications.pending-has-text", "A notice waits without address or text",
        [Fact("notice", row.int64(0))])
    }
  }

  /// A notice is of a rule or a webhook that there is.
  private static func foreign(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT n.id, n.origin FROM notice AS n
      WHERE NOT EXISTS (SELECT 1 FROM notice_rule AS r WHERE 'rule ' || r.code = n.origin)
        AND NOT EXISTS (SELECT 1 FROM webhook AS w WHERE 'webhook ' || w.code = n.origin)
      ORDER BY n.id LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "notifications.origin-exists", "A notice is of no rule and no webhook",
        [Fact("notice", row.int64(0)), Fact("origin", row.text(1))])
    }
  }
}
