import Finance
import MasterData
package import Storage
package import Values

/// Takes a claim on a carrier one step further. What the carrier accepts it owes us from then on,
/// until it pays.
package struct AdvanceClaim: Sendable {
  package let number: String
  package let to: CarrierClaim.State
  /// What the carrier accepts; nil for all of it.
  package let accepted: Money?
  /// The carrier's own number; empty to leave it as it is.
  package let reference: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, to state: CarrierClaim.State, accepted: Money? = nil, reference: String = "",
    reason: String = "", by actor: String
  ) {
    self.number = number
    self.to = state
    self.accepted = accepted
    self.reference = reference
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CarrierClaim {
    var claim = try CarrierClaims.require(number: number, in: tx)
    var check = FieldCheck(.request)
    check.text(reference, "reference", limit: 100)
    check.text(reason, "reason", limit: 500, required: to == .rejected || to == .withdrawn)
    if let accepted {
      check.amount(accepted, "accepted", base: claim.claimed.currency)
      if accepted.minor <= 0 {
        check.refuse(FinanceRejection.amountNotPositive(field: "accepted", given: accepted))
      }
    }
    try check.pass()
    try claim.advance(to: to)
    if to == .open { claim.openedOn = now.day }
    let owed = claim.accepted
    if to == .accepted { try accept(&claim) }
    if to == .withdrawn { claim.accepted = nil }
    if !reference.isEmpty { claim.reference = reference }
    claim.reason = reason
    try post(claim, owed, in: tx, at: now)
    if claim.accepted == nil, owed != nil { claim.reversals += 1 }
    try CarrierClaimTable.update(claim, in: tx)
    claim.record(
      [
        Fact("reference", claim.reference), Fact("reason", reason), Fact("actor", actor),
      ], in: tx)
    return claim
  }

  private func accept(_ claim: inout CarrierClaim) throws {
    let amount = accepted ?? claim.claimed
    guard amount.minor > 0 else {
      throw FinanceRejection.amountNotPositive(field: "accepted", given: amount)
    }
    guard amount.minor <= claim.claimed.minor else {
      throw CarrierClaimRejection.moreThanClaimed(
        field: "accepted", claim: claim.number, given: amount, claimed: claim.claimed)
    }
    claim.accepted = amount
  }

  /// What the carrier owes by it now, has paid, or does not owe any more.
  private func post(
    _ claim: CarrierClaim, _ owed: Money?, in tx: Transaction, at now: Moment
  ) throws {
    guard let amount = claim.accepted ?? owed else { return }
    let step: PostEntry.CarrierClaimStep =
      claim.accepted == nil ? .withdrawn : claim.state == .paid ? .paid : .accepted
    try PostEntry.carrierClaim(
      Origin(.shipment, claim.shipmentNumber), occurrence: claim.occurrence, of: claim.carrier,
      step, amount: amount
    ).run(in: tx, at: now)
  }
}

/// Says by what goods are claimed from a carrier from now on: by what they cost us, or by what they
/// were sold for.
package struct SetClaimTerms: Sendable {
  /// Empty for all that have no terms of their own.
  package let carrier: String
  package let basis: CarrierClaim.Basis
  /// Who asks.
  package let actor: String

  package init(carrier: String, basis: CarrierClaim.Basis, by actor: String) {
    self.carrier = carrier
    self.basis = basis
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    var check = FieldCheck(.request)
    check.text(carrier, "carrier", limit: 100)
    try check.pass()
    try CarrierClaimTable.set(basis, of: carrier, in: tx)
    tx.record(
      DomainEvent(
        "claim-terms.set", DocumentReference(.masterData, "claim-terms"),
        [Fact("carrier", carrier), Fact("basis", basis.rawValue), Fact("actor", actor)]))
  }
}

extension Shipment {
  private func claimNumber(_ cause: CarrierClaim.Cause) -> String { "\(number)/\(cause.rawValue)" }

  /// Opens a claim on its carrier for units of its lines, once for each cause: what was withdrawn
  /// is open again, and what else there was before stays as it is.
  @discardableResult
  func claim(
    _ cause: CarrierClaim.Cause, _ quantities: [Int: Quantity], in tx: Transaction, at now: Moment
  ) throws -> CarrierClaim {
    let number = claimNumber(cause)
    if var known = try CarrierClaimTable.find(number, in: tx) {
      guard known.state == .withdrawn else { return known }
      try known.advance(to: .open)
      known.reason = ""
      known.openedOn = now.day
      try CarrierClaimTable.update(known, in: tx)
      known.record(in: tx)
      return known
    }
    let order = try SalesOrders.require(number: orderNumber, in: tx)
    let claimed = try lines.compactMap { line in
      try quantities[line.orderLine].map { try line.claimed($0, of: order) }
    }
    let basis = try CarrierClaimTable.basis(of: carrier, in: tx) ?? .cost
    var claim = CarrierClaim(
      id: ID(0), number: number, shipment: id, shipmentNumber: self.number,
      orderNumber: orderNumber, carrier: carrier, cause: cause, state: .open, basis: basis,
      claimed: try claimed.map { basis == .cost ? $0.cost : $0.salesValue }
        .sum(order.baseCurrency),
      accepted: nil, reversals: 0, reference: "", reason: "", openedOn: now.day, lines: claimed)
    claim.id = try CarrierClaimTable.insert(claim, in: tx)
    claim.record(in: tx)
    return claim
  }

  /// All of it, as lost.
  @discardableResult
  func claimLoss(in tx: Transaction, at now: Moment) throws -> CarrierClaim {
    try claim(
      .lost, Dictionary(uniqueKeysWithValues: lines.map { ($0.orderLine, $0.quantity) }), in: tx,
      at: now)
  }

  /// What was said to be lost is not: nobody needs to claim it. What the carrier was told of stays
  /// until somebody settles that with it.
  func withdrawLoss(because reason: String, in tx: Transaction) throws {
    guard var claim = try CarrierClaimTable.find(claimNumber(.lost), in: tx), claim.state == .open
    else { return }
    try claim.advance(to: .withdrawn)
    claim.reason = reason
    try CarrierClaimTable.update(claim, in: tx)
    claim.record([Fact("reason", claim.reason)], in: tx)
  }
}

extension ShipmentLine {
  fileprivate func claimed(
    _ part: Quantity, of order: SalesOrder
  ) throws -> CarrierClaim.Line {
    let sold = order.lines[orderLine - 1]
    let net = try sold.amount(from: sold.shipped - part, upTo: sold.shipped).net
    return CarrierClaim.Line(
      orderLine: orderLine, sku: sku, unit: unit, quantity: part,
      cost: try cost?.allocated(part, of: quantity) ?? .zero(order.baseCurrency),
      salesValue: try order.base(of: net))
  }
}
