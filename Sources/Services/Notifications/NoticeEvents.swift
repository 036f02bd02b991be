internal import Notifications
internal import Storage
internal import Values

/// What must hold between notices and the log of events, which is above them.
enum NoticeEvents {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT n.id, n.place, n.event_type FROM notice AS n
      LEFT JOIN event AS e
        ON e.place = n.place AND e.type = n.event_type AND e.root_number = n.root_number
      WHERE e.place IS NULL ORDER BY n.id LIMIT 100
      """
    ) { row in
      InvariantViolation(
        "notifications.notice-has-event", "A notice is about an event that is not in the log",
        [
          Fact("notice", row.int64(0)), Fact("place", row.int64(1)), Fact("event", row.text(2)),
        ])
    }
  }
}
