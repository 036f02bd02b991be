package import Storage

/// Questions about customers that belong together.
package enum CustomerGroups {
  /// Codes of all that are in one group with a customer, which is among them: the one that heads
  /// it, and all below.
  package static func members(
    with customer: String, in snapshot: Snapshot
  ) throws -> [String] {
    let found = try snapshot.all(
      """
      WITH RECURSIVE above AS (
        SELECT code, parent_code FROM customer WHERE code = ?
        UNION
        SELECT c.code, c.parent_code FROM above JOIN customer AS c ON c.code = above.parent_code
      ), member AS (
        SELECT code FROM above
        UNION
        SELECT c.code FROM member JOIN customer AS c ON c.parent_code = member.code
      )
      SELECT code FROM member ORDER BY code
      """, customer
    ) { $0.text(0) }
    return found.isEmpty ? [customer] : found
  }
}
