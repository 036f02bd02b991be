import MasterData
package import Storage
package import Values

/// Approves the steps of a submitted order that its roles let somebody decide. Four eyes: whoever
/// made it cannot, nobody decides two steps of a rule, and neither can who stands in for them.
package struct ApproveOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// A remark for the record.
  package let comment: String
  /// Of the steps to decide; nil for all.
  package let kind: String?
  package let decider: Decider

  package init(
    number: String, expectedVersion: Int64? = nil, comment: String = "", kind: String? = nil,
    by actor: String, roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.comment = comment
    self.kind = kind
    decider = Decider(actor, roles: roles, standingInFor: standingInFor)
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.approve, in: tx)
    let chosen = try order.decidable(by: decider, kind: kind, in: tx)
    var steps = order.approval.steps
    for step in chosen {
      steps[step.number - 1].decide(.approved, by: decider, comment: comment, at: now)
    }
    let opened = steps.advance(by: try BusinessHours.current(in: tx), at: now)
    for number in Set(chosen.map(\.number) + opened) {
      try ApprovalStepTable.update(steps[number - 1], in: tx)
    }
    order.approval.take(steps, askedBy: order.approval.askedBy ?? "")
    try SalesOrderTable.update(order, in: tx)
    order.version += 1
    for step in chosen where order.approval.isPending || step.number != chosen.last?.number {
      tx.record(
        DomainEvent(
          "order.approval-given", order.reference,
          [
            Fact("actor", decider.actor), Fact("role", step.role), Fact("kind", step.kind),
            Fact("comment", comment),
          ]))
    }
    order.recordRequests(opened, in: tx)
    if !order.approval.isPending {
      tx.record(
        DomainEvent(
          "order.approved", order.reference,
          [
            Fact("actor", decider.actor), Fact("role", order.approval.requiredRole ?? ""),
            Fact("comment", comment),
          ]))
      try order.proceedAsPreorder(in: tx, at: now)
    }
    return order
  }
}
