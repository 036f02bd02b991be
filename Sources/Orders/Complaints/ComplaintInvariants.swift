import Storage
import Values

/// What must hold of complaints: one pause at a time, and the clock of one that is paused does not
/// strike before the pause is over.
enum ComplaintInvariants {
  static let rules = ["orders.complaint-pauses-in-turn", "orders.paused-complaint-waits"]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try overlapping(in: snapshot) + striking(in: snapshot)
  }

  private static func overlapping(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT c.number FROM complaint_pause AS p
      JOIN complaint_pause AS n ON n.complaint_id = p.complaint_id AND n.id > p.id
      JOIN complaint AS c ON c.id = p.complaint_id
      WHERE n.paused_at < COALESCE(p.resumed_at, p.until_at) ORDER BY n.id
      """
    ) { row in
      InvariantViolation(
        "orders.complaint-pauses-in-turn", "A complaint was paused while it stood still already",
        [Fact("complaint", row.text(0))])
    }
  }

  private static func striking(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT c.number, c.paused_until FROM complaint AS c
      WHERE c.paused_until IS NOT NULL
        AND (c.due_at < c.paused_until OR NOT EXISTS (
          SELECT 1 FROM complaint_pause AS p
          WHERE p.complaint_id = c.id AND p.until_at = c.paused_until AND p.resumed_at IS NULL))
      ORDER BY c.id
      """
    ) { row in
      InvariantViolation(
        "orders.paused-complaint-waits", "The deadline of a complaint passes while it is paused",
        [Fact("complaint", row.text(0)), Fact("paused_until", row.instant(1))])
    }
  }
}
