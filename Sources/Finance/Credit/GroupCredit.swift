import MasterData
import Storage
import Values

/// What the groups above a customer, and its own, may owe and have on order together. Asked only of
/// customers that belong to one.
struct GroupCredit {
  /// Code of the customer that heads the group.
  let head: String
  let limit: Int64
  /// Of the head and all below it.
  let exposure: Int64

  /// The first group whose limit is passed now; nil when none is.
  static func exceeded(
    by customer: Customer, in snapshot: Snapshot
  ) throws -> GroupCredit? {
    guard customer.parentCode != nil || customer.groupLimit != nil else { return nil }
    let groups = try snapshot.all(
      """
      WITH RECURSIVE above AS (
        SELECT code, parent_code, group_limit_minor FROM view_customer_group WHERE id = ?
        UNION
        SELECT g.code, g.parent_code, g.group_limit_minor
        FROM above JOIN view_customer_group AS g ON g.code = above.parent_code
      )
      SELECT code, group_limit_minor FROM above WHERE group_limit_minor IS NOT NULL
      """, customer.id
    ) { (head: $0.text(0), limit: $0.int64(1)) }
    for group in groups {
      let exposure = try exposure(of: group.head, in: snapshot)
      if exposure > group.limit {
        return GroupCredit(head: group.head, limit: group.limit, exposure: exposure)
      }
    }
    return nil
  }

  private static func exposure(of head: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      WITH RECURSIVE member AS (
        SELECT id, code FROM view_customer_group WHERE code = ?
        UNION
        SELECT g.id, g.code FROM member JOIN view_customer_group AS g ON g.parent_code = member.code
      )
      SELECT COALESCE(SUM(t.exposure_minor), 0)
      FROM member JOIN credit_total AS t ON t.customer_id = member.id
      """, head
    ) { $0.int64(0) } ?? 0
  }
}
