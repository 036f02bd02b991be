import Finance
import MasterData
package import Storage
package import Values

/// Settles a row of a carrier's statement that did not fit.
package struct SettleRemittance: Sendable {
  package enum Decision: Hashable, Sendable {
    /// It is for this shipment.
    case match(shipmentNumber: String)
    /// What it left open is given up.
    case writeOff
    /// What it brought too much goes back.
    case payBack
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
    guard
      var remittance = try RemittanceTable.find(
        carrier: carrier, statement: statement, rowID: rowID, in: tx)
    else {
      throw CashOnDeliveryRejection.unknownRow(
        field: "row_id", carrier: carrier, statement: statement, row: rowID)
    }
    try remittance.expect(decision)
    remittance.settledBy = actor
    remittance.reason = reason
    let settled =
      switch decision {
      case .match(let number): try match(&remittance, to: number, in: tx, at: now)
      case .writeOff: try writeOff(&remittance, in: tx, at: now)
      case .payBack: try payBack(&remittance, in: tx, at: now)
      }
    remittance.record(
      "remittance.settled",
      [Fact("settled", settled), Fact("actor", actor), Fact("reason", reason)], in: tx)
    return remittance
  }

  private func match(
    _ remittance: inout Remittance, to number: String, in tx: Transaction, at now: Moment
  ) throws -> Money {
    var shipment = try Shipments.require(number: number, field: "shipment_number", in: tx)
    guard shipment.isCollectedByCarrier else {
      throw CashOnDeliveryRejection.notCollected(
        field: "shipment_number", shipment: shipment.number)
    }
    let held = remittance.origin
    try remittance.credit(&shipment, in: tx, at: now)
    guard remittance.credited.minor > 0 else { return remittance.credited }
    try PostEntry.remittanceSettled(
      held, occurrence: remittance.id.value, carrier: carrier, as: .matched,
      amount: remittance.credited
    ).run(in: tx, at: now)
    return remittance.credited
  }

  private func writeOff(
    _ remittance: inout Remittance, in tx: Transaction, at now: Moment
  ) throws -> Money {
    guard let number = remittance.shipment?.number else { return remittance.credited }
    var shipment = try Shipments.require(number: number, field: "row_id", in: tx)
    guard var cash = shipment.cashOnDelivery else { return remittance.credited }
    let missing = cash.withCarrier
    cash.writtenOff = try cash.writtenOff + missing
    try CashOnDeliveryTable.update(cash, of: shipment.id, in: tx)
    shipment.cashOnDelivery = cash
    try RemittanceTable.settleShort(of: shipment.id, in: tx)
    try end(&remittance, of: shipment.id, as: .writtenOff, missing, in: tx, at: now)
    return missing
  }

  private func payBack(
    _ remittance: inout Remittance, in tx: Transaction, at now: Moment
  ) throws -> Money {
    let shipment = try remittance.shipment.map {
      try Shipments.require(number: $0.number, field: "row_id", in: tx).id
    }
    let excess = remittance.excess
    try end(&remittance, of: shipment, as: .paidBack, excess, in: tx, at: now)
    return excess
  }

  private func end(
    _ remittance: inout Remittance, of shipment: ID<Shipment>?,
    as settlement: PostEntry.RemittanceSettlement, _ amount: Money, in tx: Transaction,
    at now: Moment
  ) throws {
    remittance.state = .settled
    try RemittanceTable.update(remittance, of: shipment, in: tx)
    try PostEntry.remittanceSettled(
      remittance.origin, occurrence: remittance.id.value, carrier: carrier, as: settlement,
      amount: amount
    ).run(in: tx, at: now)
  }
}

extension Remittance {
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
}
