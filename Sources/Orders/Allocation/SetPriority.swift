import Inventory
import MasterData
package import Storage
package import Values

/// Sets by hand how urgent an order is, or takes that back. Its lines take their new places in the
/// queue, and who is served before or after them is promised anew.
package struct SetPriority: Sendable {
  package let number: String
  /// Nil for what the policy says.
  package let score: Int?
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, score: Int?, reason: String, by actor: String) {
    self.number = number
    self.score = score
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [LinePriority] {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    if let score { check.range(score, "score", -100_000...100_000) }
    try check.pass()
    let order = try SalesOrders.require(number: number, field: "order_number", in: tx)
    guard order.state == .confirmed || order.state == .partlyShipped else {
      throw OrdersRejection.orderStateForbids(
        order: order.number, state: order.state, action: "set the priority")
    }
    try PriorityTable.insert(
      GivenPriority(score: score, reason: reason, setBy: actor), of: order.id, at: now, in: tx)
    let priorities = try AllocationPolicies.priorities(of: order, in: tx)
    for priority in priorities {
      try RankReservations(
        origin: order.origin(of: order.lines[priority.line - 1]), priority: priority.score
      ).run(in: tx)
    }
    tx.record(
      DomainEvent(
        "order.priority-set", order.reference,
        [
          Fact("score", score.map { "\($0)" } ?? "by the policy"), Fact("actor", actor),
          Fact("reason", reason),
        ]))
    try RefreshPromises(at: order.waitingLines.compactMap { order.place(of: $0) })
      .run(in: tx, at: now)
    return priorities
  }
}

/// What somebody set by hand.
struct GivenPriority {
  /// Nil: taken back.
  let score: Int?
  let reason: String
  let setBy: String

  func priority(of line: SalesOrderLine) -> LinePriority? {
    guard let score else { return nil }
    return LinePriority(
      line: line.number, sku: line.sku, score: score,
      explanation: Explanation([
        .init(
          "SET_BY_HAND", "\(setBy) set it to \(score): \(reason)",
          [Fact("actor", setBy), Fact("reason", reason)])
      ]))
  }
}

/// All SQL of `order_priority`. Rows are only ever added: the newest holds.
enum PriorityTable {
  static func insert(
    _ given: GivenPriority, of order: ID<SalesOrder>, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO order_priority (sales_order_id, score, reason, set_by, set_at)
      VALUES (?, ?, ?, ?, ?)
      """, order, given.score, given.reason, given.setBy, now.instant)
  }

  static func current(
    of order: ID<SalesOrder>, in snapshot: Snapshot
  ) throws -> GivenPriority? {
    try snapshot.first(
      """
      SELECT score, reason, set_by FROM order_priority
      WHERE sales_order_id = ? ORDER BY id DESC LIMIT 1
      """, order
    ) { row in
      GivenPriority(
        score: row.optionalInt(0), reason: row.text(1), setBy: row.text(2))
    }
  }
}
