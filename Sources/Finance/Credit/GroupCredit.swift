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
  /// Of the head and all below it, as far as it counts.
  package let exposure: Money
  /// What of their orders does not count yet, each by the horizon of its customer's class.
  package let beyondHorizon: Money

  package var facts: [Fact] {
    (beyondHorizon.minor > 0 ? [Fact("beyond_horizon", beyondHorizon)] : [])
      + [Fact("exposure", exposure)]
  }

  /// The groups that a customer belongs to and that have a limit. `onlyChecked`: what did
  /// not count since limits were asked for it does not count.
  static func of(
    _ customer: Customer, on day: Day, onlyChecked: Bool = false, in snapshot: Snapshot
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
      let whole = try exposure(of: group.head, in: snapshot)
      let beyond = try uncounted(
        of: group.head, on: day, onlyChecked: onlyChecked, in: snapshot)
      return GroupCredit(
        head: group.head,
        limit: try Money(minor: group.limit, currency: currency)
          + Money(minor: granted, currency: currency),
        exposure: Money(minor: whole - beyond, currency: currency),
        beyondHorizon: Money(minor: beyond, currency: currency))
    }
  }

  /// Asked of each customer of the group where there ever was a horizon.
  private static func uncounted(
    of head: String, on day: Day, onlyChecked: Bool, in snapshot: Snapshot
  ) throws -> Int64 {
    guard try CreditHorizons.exist(in: snapshot) else { return 0 }
    let members = try snapshot.all(
      """
      WITH RECURSIVE member AS (
        SELECT id, code, customer_class FROM view_customer_group WHERE code = ?
        UNION
        SELECT g.id, g.code, g.customer_class
        FROM member JOIN view_customer_group AS g ON g.parent_code = member.code
      )
      SELECT id, customer_class FROM member
      """, head
    ) { (id: ID<Customer>($0.int64(0)), customerClass: $0.text(1)) }
    return try members.reduce(0) { sum, member in
      try sum
        + ExposureTable.uncounted(
          of: member.id,
          CreditHorizons.reach(
            of: member.customerClass, on: day, onlyChecked: onlyChecked, in: snapshot),
          in: snapshot)
    }
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

extension GroupCredit {
  /// As it was before so much of it came to count, and so much not yet; in minor units.
  func without(counted: Int64, beyond: Int64) throws -> GroupCredit {
    let currency = limit.currency
    return GroupCredit(
      head: head, limit: limit,
      exposure: try exposure - Money(minor: counted, currency: currency),
      beyondHorizon: try beyondHorizon - Money(minor: beyond, currency: currency))
  }
}
