internal import MasterData
package import Storage
package import Values

/// Agrees to go on from a restored database. Two administrators must; where there is but one,
/// nobody else is there to ask, and that is on record.
package struct ApproveRestoration: Sendable {
  package let restoration: String
  package let caller: Caller

  package init(restoration: String, by caller: Caller) {
    self.restoration = restoration
    self.caller = caller
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Restoration {
    var found = try Restorations.require(name: restoration, in: tx)
    if let first = found.agreedBy {
      guard caller.name != first, !caller.standsInFor.contains(first) else {
        throw RestorationRejection.mayNotApprove(name: found.name, caller: caller.name)
      }
    } else if try FourEyes.apply(to: caller.name, in: tx) {
      found.agreedBy = caller.name
      try RestorationTable.update(found, in: tx)
      tx.record(
        DomainEvent("restoration.agreed", found.reference, [Fact("agreed_by", caller.name)]))
      return found
    }
    found.decide(.approved, by: caller.name, at: now.instant)
    try RestorationTable.update(found, in: tx)
    tx.record(
      DomainEvent(
        "restoration.approved", found.reference,
        [
          Fact("agreed_by", found.agreedBy ?? ""), Fact("decided_by", caller.name),
          Fact("only_administrator", found.agreedBy == nil ? "true" : ""),
          Fact("reached", found.source.reached),
        ]))
    return found
  }
}

/// Refuses to go on from a restored database, for good.
package struct RejectRestoration: Sendable {
  package let restoration: String
  package let reason: String
  /// Who refuses.
  package let actor: String

  package init(restoration: String, reason: String, by actor: String) {
    self.restoration = restoration
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Restoration {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var found = try Restorations.require(name: restoration, in: tx)
    found.decide(.rejected, by: actor, at: now.instant)
    try RestorationTable.update(found, in: tx)
    tx.record(
      DomainEvent(
        "restoration.rejected", found.reference,
        [Fact("decided_by", actor), Fact("reason", reason)]))
    return found
  }
}

extension Restoration {
  fileprivate mutating func decide(_ state: State, by actor: String, at now: Instant) {
    self.state = state
    decidedBy = actor
    decidedAt = now
  }
}
