import MasterData
package import Storage
package import Values

/// Agrees to a return. Four eyes: whoever asked for it cannot, and neither can who stands in for
/// them.
package struct ApproveReturn: Sendable {
  package let number: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(
    number: String, by actor: String, roles: Set<String>, standingInFor: Set<String> = []
  ) {
    self.number = number
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CustomerReturn {
    var found = try Returns.require(number: number, in: tx)
    try found.advance(to: .approved)
    let maker = found.requestedBy
    guard actor != maker, !standingInFor.contains(maker) else {
      throw ReturnRejection.requesterMayNotDecide(number: number, actor: actor, requester: maker)
    }
    try found.check(roles)
    found.decidedBy = actor
    try found.save(in: tx)
    found.record("return.approved", [Fact("actor", actor)], in: tx)
    return found
  }
}

/// Does not agree to a return: who could have agreed.
package struct RejectReturn: Sendable {
  package let number: String
  package let reason: String
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(number: String, reason: String, by actor: String, roles: Set<String>) {
    self.number = number
    self.reason = reason
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CustomerReturn {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Returns.require(number: number, in: tx)
    try found.advance(to: .rejected)
    try found.check(roles)
    found.decidedBy = actor
    found.decision = reason
    try found.save(in: tx)
    found.record("return.rejected", [Fact("actor", actor), Fact("reason", reason)], in: tx)
    try SettleExchange.end(found, in: tx)
    return found
  }
}

/// Calls a return off while nothing has come: the goods may be given back another time.
package struct CancelReturn: Sendable {
  package let number: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(number: String, reason: String, by actor: String) {
    self.number = number
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CustomerReturn {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Returns.require(number: number, in: tx)
    try found.advance(to: .cancelled)
    found.decision = reason
    try found.save(in: tx)
    found.record("return.cancelled", [Fact("actor", actor), Fact("reason", reason)], in: tx)
    try SettleExchange.end(found, in: tx)
    return found
  }
}

extension CustomerReturn {
  fileprivate func check(_ roles: Set<String>) throws(ReturnRejection) {
    guard let approverRole, !roles.contains(approverRole) else { return }
    throw .roleMissing(number: number, role: approverRole)
  }
}
