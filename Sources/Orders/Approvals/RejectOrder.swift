import MasterData
package import Storage
package import Values

/// Sends a submitted order back to draft, with the reason. Where somebody must approve, the same
/// somebody rejects.
package struct RejectOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>
  /// Names of those for whom they stand in.
  package let standingInFor: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, reason: String, by actor: String,
    roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.reject, in: tx)
    try order.checkDecision(by: actor, roles: roles, standingInFor: standingInFor)
    try order.checkQuoteAuthor(by: actor, standingInFor: standingInFor, in: tx)
    order.state = .draft
    order.approval = .none
    try SalesOrderTable.update(order, in: tx)
    try order.releaseCoupons(in: tx)
    order.version += 1
    tx.record(
      DomainEvent(
        "order.rejected", order.reference, [Fact("actor", actor), Fact("reason", reason)]))
    return order
  }
}
