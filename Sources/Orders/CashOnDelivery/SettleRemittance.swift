import Finance
import MasterData
package import Storage
package import Values

/// Settles a row of a carrier's statement that did not fit. Where money is given up or goes back,
/// and the difference is more than one person alone may settle, it is asked for and waits for
/// somebody else to agree (ApproveRemittance).
package struct SettleRemittance: Sendable {
  package enum Decision: Hashable, Sendable {
    /// It is for this shipment.
    case match(shipmentNumber: String)
    /// What it left open is given up.
    case writeOff
    /// What it brought too much goes back.
    case payBack

    /// Nil where no money is settled.
    var settlement: Remittance.Settlement? {
      switch self {
      case .match: nil
      case .writeOff: .writeOff
      case .payBack: .payBack
      }
    }
  }

  package let carrier: String
  package let statement: String
  package let rowID: String
  package let decision: Decision
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    carrier: String, statement: String, rowID: String, _ decision: Decision, reason: String,
    by actor: String
  ) {
    self.carrier = carrier
    self.statement = statement
    self.rowID = rowID
    self.decision = decision
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Remittance {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    var remittance = try Remittances.require(
      carrier: carrier, statement: statement, rowID: rowID, in: tx)
    try remittance.expect(decision)
    try remittance.expectNoProposal()
    remittance.reason = reason
    guard let settlement = decision.settlement, let difference = remittance.difference else {
      try match(&remittance, in: tx, at: now)
      return remittance
    }
    if try RemittancePolicies.takesTwo(difference, by: actor, in: tx) {
      try remittance.propose(settlement, difference, by: actor, in: tx, at: now)
    } else {
      try remittance.settle(settlement, by: actor, in: tx, at: now)
    }
    return remittance
  }

  private func match(_ remittance: inout Remittance, in tx: Transaction, at now: Moment) throws {
    guard case .match(let number) = decision else { return }
    var shipment = try Shipments.require(number: number, field: "shipment_number", in: tx)
    guard shipment.isCollectedByCarrier else {
      throw CashOnDeliveryRejection.notCollected(
        field: "shipment_number", shipment: shipment.number)
    }
    let held = remittance.origin
    remittance.settledBy = actor
    try remittance.credit(&shipment, in: tx, at: now)
    if remittance.credited.minor > 0 {
      try PostEntry.remittanceSettled(
        held, occurrence: remittance.id.value, carrier: carrier, as: .matched,
        amount: remittance.credited
      ).run(in: tx, at: now)
    }
    remittance.recordSettled(remittance.credited, by: actor, in: tx)
  }
}

extension Remittance {
  /// Settles it by money.
  mutating func settle(
    _ settlement: Settlement, by actor: String, in tx: Transaction, at now: Moment
  ) throws {
    settledBy = actor
    let amount =
      switch settlement {
      case .writeOff: try writeOff(in: tx, at: now)
      case .payBack: try payBack(in: tx, at: now)
      }
    recordSettled(amount, by: actor, in: tx)
  }

  fileprivate mutating func propose(
    _ settlement: Settlement, _ difference: Money, by actor: String, in tx: Transaction,
    at now: Moment
  ) throws {
    settledBy = nil
    proposal = Proposal(
      settlement: settlement, amount: difference, actor: actor, at: now.instant)
    try RemittanceTable.setProposal(of: self, in: tx)
    record(
      "remittance.proposed",
      [
        Fact("settlement", settlement.rawValue), Fact("asked", difference), Fact("actor", actor),
        Fact("reason", reason),
      ], in: tx)
  }

  private mutating func writeOff(in tx: Transaction, at now: Moment) throws -> Money {
    guard let number = shipment?.number else { return credited }
    var sent = try Shipments.require(number: number, field: "row_id", in: tx)
    guard var cash = sent.cashOnDelivery else { return credited }
    let missing = cash.withCarrier
    cash.writtenOff = try cash.writtenOff + missing
    try CashOnDeliveryTable.update(cash, of: sent.id, in: tx)
    sent.cashOnDelivery = cash
    try RemittanceTable.settleShort(of: sent.id, in: tx)
    try end(of: sent.id, as: .writtenOff, missing, in: tx, at: now)
    return missing
  }

  private mutating func payBack(in tx: Transaction, at now: Moment) throws -> Money {
    let paid = try shipment.map {
      try Shipments.require(number: $0.number, field: "row_id", in: tx).id
    }
    let amount = excess
    try end(of: paid, as: .paidBack, amount, in: tx, at: now)
    return amount
  }

  private mutating func end(
    of shipment: ID<Shipment>?, as settlement: PostEntry.RemittanceSettlement, _ amount: Money,
    in tx: Transaction, at now: Moment
  ) throws {
    state = .settled
    try RemittanceTable.update(self, of: shipment, in: tx)
    try PostEntry.remittanceSettled(
      origin, occurrence: id.value, carrier: carrier, as: settlement, amount: amount
    ).run(in: tx, at: now)
  }

  fileprivate func recordSettled(_ amount: Money, by actor: String, in tx: Transaction) {
    var facts = [Fact("settled", amount), Fact("actor", actor), Fact("reason", reason)]
    if let proposal { facts.append(Fact("proposed_by", proposal.actor)) }
    record("remittance.settled", facts, in: tx)
  }

  /// Refuses a decision that does not fit to its state.
  fileprivate func expect(_ decision: SettleRemittance.Decision) throws(CashOnDeliveryRejection) {
    let (states, words): (Set<State>, String) =
      switch decision {
      case .match: ([.unknown], "match it to a shipment")
      case .writeOff: ([.short], "write off what is missing")
      case .payBack: ([.over, .unknown], "pay the excess back")
      }
    guard states.contains(state) else {
      throw .rowStateForbids(
        field: "decision", statement: statement, row: told.rowID, state: state, action: words)
    }
  }

  /// Refuses one of which somebody has asked something that nobody has decided.
  fileprivate func expectNoProposal() throws(CashOnDeliveryRejection) {
    guard let proposal else { return }
    throw .proposed(
      field: "row_id", statement: statement, row: told.rowID, proposer: proposal.actor,
      settlement: proposal.settlement)
  }
}
