import Finance
import MasterData
package import Storage
package import Values

/// Takes a claim on a carrier one step further. What the carrier accepts it owes us from then on,
/// until it pays; what it pays for goods that have turned up we owe it.
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
    check.text(reason, "reason", limit: 500, required: Self.explained.contains(to))
    if let accepted {
      check.amount(accepted, "accepted", base: claim.claimed.currency)
      if accepted.minor <= 0 {
        check.refuse(FinanceRejection.amountNotPositive(field: "accepted", given: accepted))
      }
    }
    try check.pass()
    let found = claim.turnedUpOn
    try claim.advance(to: to)
    try follow(&claim, in: tx, at: now)
    if !reference.isEmpty { claim.reference = reference }
    claim.reason = reason
    let facts = [
      Fact("reference", claim.reference), Fact("reason", reason), Fact("actor", actor),
    ]
    try claim.save(facts, in: tx)
    if to == .paid, found != nil {
      try claim.oweBack(because: "\(claim.shipmentNumber) has turned up", in: tx, at: now)
    }
    return claim
  }

  /// Where somebody must say why.
  private static let explained: Set<CarrierClaim.State> = [
    .rejected, .withdrawn, .owedBack, .waived,
  ]

  /// What the carrier owes by it now, has paid, or is to have back.
  private func follow(
    _ claim: inout CarrierClaim, in tx: Transaction, at now: Moment
  ) throws {
    switch to {
    case .open: claim.reopen(on: now.day)
    case .filed, .rejected: break
    case .accepted:
      try accept(&claim)
      try claim.post(.accepted, in: tx, at: now)
    case .paid: try claim.post(.paid, in: tx, at: now)
    case .withdrawn:
      try claim.post(.withdrawn, in: tx, at: now)
      claim.letOff()
    case .owedBack: try claim.post(.owedBack, in: tx, at: now)
    case .paidBack: try claim.post(.paidBack, in: tx, at: now)
    case .waived: try claim.post(.kept, in: tx, at: now)
    }
    if to == .paid || to == .withdrawn { claim.turnedUpOn = nil }
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
}

extension CarrierClaim {
  /// Books a step of what was accepted, if anything was.
  fileprivate func post(
    _ step: PostEntry.CarrierClaimStep, in tx: Transaction, at now: Moment
  ) throws {
    guard let accepted else { return }
    try PostEntry.carrierClaim(
      Origin(.shipment, shipmentNumber), occurrence: occurrence, of: carrier, step, amount: accepted
    ).run(in: tx, at: now)
  }

  fileprivate func save(_ facts: [Fact] = [], in tx: Transaction) throws {
    try CarrierClaimTable.update(self, in: tx)
    record(facts, in: tx)
  }

  /// What was accepted is not any more.
  fileprivate mutating func letOff() {
    if accepted != nil { reversals += 1 }
    accepted = nil
  }

  /// As if nobody had said anything of it yet.
  fileprivate mutating func reopen(on day: Day) {
    letOff()
    reason = ""
    openedOn = day
  }

  fileprivate mutating func oweBack(
    because reason: String, in tx: Transaction, at now: Moment
  ) throws {
    try advance(to: .owedBack)
    self.reason = reason
    try post(.owedBack, in: tx, at: now)
    try save([Fact("reason", reason)], in: tx)
  }

  /// Its goods are lost, once more: what was withdrawn is open again, what was owed back is ours,
  /// and what else there was stays as it is.
  fileprivate mutating func beLost(in tx: Transaction, at now: Moment) throws {
    switch state {
    case .withdrawn, .paidBack:
      try advance(to: .open)
      reopen(on: now.day)
      try save(in: tx)
    case .owedBack:
      try post(.kept, in: tx, at: now)
      reversals += 1
      state = .paid
      reason = "\(shipmentNumber) is lost once more"
      try save([Fact("reason", reason)], in: tx)
    case .filed, .accepted, .rejected:
      guard turnedUpOn != nil else { return }
      turnedUpOn = nil
      try CarrierClaimTable.update(self, in: tx)
    case .open, .paid, .waived: break
    }
  }

  /// Its goods are there: nobody needs to claim it, and what the carrier has paid it is to have
  /// back. What it was told of and has not paid stays until somebody settles that with it.
  fileprivate mutating func beFound(
    because reason: String, in tx: Transaction, at now: Moment
  ) throws {
    switch state {
    case .open:
      try advance(to: .withdrawn)
      self.reason = reason
      try save([Fact("reason", reason)], in: tx)
    case .paid: try oweBack(because: reason, in: tx, at: now)
    case .filed, .accepted, .rejected:
      guard turnedUpOn == nil else { return }
      turnedUpOn = now.day
      try CarrierClaimTable.update(self, in: tx)
    case .withdrawn, .owedBack, .paidBack, .waived: break
    }
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

  /// Opens a claim on its carrier for units of its lines, once for each cause.
  @discardableResult
  func claim(
    _ cause: CarrierClaim.Cause, _ quantities: [Int: Quantity], in tx: Transaction, at now: Moment
  ) throws -> CarrierClaim {
    let number = claimNumber(cause)
    if var known = try CarrierClaimTable.find(number, in: tx) {
      try known.beLost(in: tx, at: now)
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
      accepted: nil, reversals: 0, reference: "", reason: "", openedOn: now.day, turnedUpOn: nil,
      lines: claimed)
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

  /// What was said to be lost is not.
  func withdrawLoss(because reason: String, in tx: Transaction, at now: Moment) throws {
    guard var claim = try CarrierClaimTable.find(claimNumber(.lost), in: tx) else { return }
    try claim.beFound(because: reason, in: tx, at: now)
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
