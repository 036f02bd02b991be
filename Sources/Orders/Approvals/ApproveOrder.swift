import MasterData
package import Storage
package import Values

/// Approves a submitted order. Four eyes: whoever created it cannot, and neither can who stands in
/// for the creator.
package struct ApproveOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// A remark for the record.
  package let comment: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>
  /// Names of those for whom they stand in.
  package let standingInFor: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, comment: String = "", by actor: String,
    roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.comment = comment
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.approve, in: tx)
    try order.checkDecision(by: actor, roles: roles, standingInFor: standingInFor)
    try order.checkQuoteAuthor(by: actor, standingInFor: standingInFor, in: tx)
    order.approval.decidedBy = actor
    try SalesOrderTable.update(order, in: tx)
    order.version += 1
    tx.record(
      DomainEvent(
        "order.approved", order.reference,
        [
          Fact("actor", actor), Fact("role", order.approval.requiredRole ?? ""),
          Fact("comment", comment),
        ]))
    return order
  }
}

extension SalesOrder {
  /// Refuses the creator of an order that somebody must decide about, and who stands in for the
  /// creator, and whoever lacks the role for it.
  func checkDecision(
    by actor: String, roles: Set<String>, standingInFor: Set<String>
  ) throws {
    guard let role = approval.requiredRole else { return }
    try OrdersRejection.checkFourEyes(
      on: number, madeBy: createdBy, decidedBy: actor, standingInFor: standingInFor)
    guard roles.contains(role) else {
      throw OrdersRejection.roleMissing(order: number, role: role)
    }
  }
}
