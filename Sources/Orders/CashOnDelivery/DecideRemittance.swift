import MasterData
package import Storage
package import Values

/// Settles a row of a carrier's statement as somebody else has asked for. Four eyes: neither who
/// asked agrees, nor who stands in for them.
package struct ApproveRemittance: Sendable {
  package let carrier: String
  package let statement: String
  package let rowID: String
  /// Who asks, and for whom they stand in.
  package let actor: String
  package let standingInFor: Set<String>

  package init(
    carrier: String, statement: String, rowID: String, by actor: String,
    standingInFor: Set<String> = []
  ) {
    self.carrier = carrier
    self.statement = statement
    self.rowID = rowID
    self.actor = actor
    self.standingInFor = standingInFor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Remittance {
    var remittance = try Remittances.require(
      carrier: carrier, statement: statement, rowID: rowID, in: tx)
    let asked = try remittance.expectProposal("agree to settle it")
    guard asked.actor != actor, !standingInFor.contains(asked.actor) else {
      throw CashOnDeliveryRejection.proposerMayNotApprove(
        field: "row_id", row: rowID, actor: actor, proposer: asked.actor)
    }
    let difference = remittance.difference ?? .zero(asked.amount.currency)
    guard difference == asked.amount else {
      throw CashOnDeliveryRejection.differenceChanged(
        field: "row_id", row: rowID, asked: asked.amount, now: difference)
    }
    try remittance.settle(asked.settlement, by: actor, in: tx, at: now)
    return remittance
  }
}

/// Does not settle a row as somebody has asked for: it waits as before. No money moves, so whoever
/// asked may take it back.
package struct DeclineRemittance: Sendable {
  package let carrier: String
  package let statement: String
  package let rowID: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    carrier: String, statement: String, rowID: String, reason: String, by actor: String
  ) {
    self.carrier = carrier
    self.statement = statement
    self.rowID = rowID
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Remittance {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var remittance = try Remittances.require(
      carrier: carrier, statement: statement, rowID: rowID, in: tx)
    let asked = try remittance.expectProposal("decline to settle it")
    remittance.proposal = nil
    remittance.reason = ""
    try RemittanceTable.setProposal(of: remittance, in: tx)
    remittance.record(
      "remittance.declined",
      [
        Fact("settlement", asked.settlement.rawValue), Fact("asked", asked.amount),
        Fact("proposed_by", asked.actor), Fact("actor", actor), Fact("reason", reason),
      ], in: tx)
    return remittance
  }
}

extension Remittance {
  /// What somebody has asked for; refuses a row that is settled, and one of which nothing is asked.
  fileprivate func expectProposal(_ action: String) throws(CashOnDeliveryRejection) -> Proposal {
    guard state.isOpen else {
      throw .rowStateForbids(
        field: "row_id", statement: statement, row: told.rowID, state: state, action: action)
    }
    guard let proposal else {
      throw .notProposed(field: "row_id", statement: statement, row: told.rowID)
    }
    return proposal
  }
}
