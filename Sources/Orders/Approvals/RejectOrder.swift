import MasterData
package import Storage
package import Values

/// Sends a submitted order back to draft, with the reason. Where somebody must approve, the same
/// somebody rejects, and all of it is asked for anew when the order is submitted again.
package struct RejectOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: String
  package let decider: Decider

  package init(
    number: String, expectedVersion: Int64? = nil, reason: String, by actor: String,
    roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    decider = Decider(actor, roles: roles, standingInFor: standingInFor)
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    try SalesOrders.sendBack(
      number, expectedVersion, as: .rejected, by: decider, reason: reason, in: tx, at: now)
  }
}

/// Sends a submitted order back to draft to be written otherwise. What was approved stays so when
/// it is submitted again, unless what its rule looks at has become more.
package struct ReturnOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: String
  package let decider: Decider

  package init(
    number: String, expectedVersion: Int64? = nil, reason: String, by actor: String,
    roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    decider = Decider(actor, roles: roles, standingInFor: standingInFor)
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    try SalesOrders.sendBack(
      number, expectedVersion, as: .returned, by: decider, reason: reason, in: tx, at: now)
  }
}

extension SalesOrders {
  fileprivate static func sendBack(
    _ number: String, _ expectedVersion: Int64?, as state: ApprovalStep.State, by decider: Decider,
    reason: String, in tx: Transaction, at now: Moment
  ) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var order = try require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.reject, in: tx)
    try order.sendBack(as: state, by: decider, reason: reason, in: tx, at: now)
    tx.record(
      DomainEvent(
        state == .rejected ? "order.rejected" : "order.returned", order.reference,
        [Fact("actor", decider.actor), Fact("reason", reason)]))
    return order
  }
}
