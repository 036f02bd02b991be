import MasterData
import Storage
package import Values

/// What the groups above a customer, and its own, may owe and have on order together. Asked only of
/// customers that belong to one.
package struct GroupCredit: Hashable, Sendable {
  /// Code of the customer that heads the group.
  package let head: String
  /// With what is granted on top of it for a while.
  package let limit: Money
  /// Of the head and all below it.
  package let exposure: Money

  /// The groups that a customer belongs to and that have a limit.
  static func of(
    _ customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> [GroupCredit] {
    guard customer.parentCode != nil || customer.groupLimit != nil else { return [] }
    let groups = try snapshot.all(
      """
      WITH RECURSIVE above AS (
        SELECT id, code, parent_code, group_limit_minor FROM view_customer_group WHERE id = ?
        UNION
        SELECT g.id, g.code, g.parent_code, g.group_limit_minor
        FROM above JOIN view_customer_group AS g ON g.code = above.parent_code
      )
      SELECT id, code, group_limit_minor FROM above WHERE group_limit_minor IS NOT NULL
      """, customer.id
    ) { (id: ID<Customer>($0.int64(0)), head: $0.text(1), limit: $0.int64(2)) }
    let currency = customer.creditLimit.currency
    return try groups.map { group in
      let granted = try CreditGrantTable.sum(of: group.id, .temporaryGroup, on: day, in: snapshot)
      return GroupCredit(
        head: group.head,
        limit: try Money(minor: group.limit, currency: currency)
          + Money(minor: granted, currency: currency),
        exposure: Money(minor: try exposure(of: group.head, in: snapshot), currency: currency))
    }
  }

  /// The first group whose limit is passed now; nil when none is.
  static func exceeded(
    by customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> GroupCredit? {
    try of(customer, on: day, in: snapshot).first { $0.exposure.minor > $0.limit.minor }
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
