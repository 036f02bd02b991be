import Inventory
import MasterData
package import Purchasing
package import Storage
package import Values

/// What giving goods out anew does to one line.
package struct ReallocatedLine: Hashable, Sendable {
  /// From 1: who comes first is served first.
  package let rank: Int
  package let order: String
  package let line: Int
  package let unit: String
  package let score: Int
  /// Nil where nobody could say.
  package let promisedOn: Day?
  package let needed: Quantity
  package let heldBefore: Quantity
  package let heldAfter: Quantity
  package let readyBefore: Day?
  package internal(set) var readyAfter: Day?
  /// Why, in one sentence.
  package let text: String
}

/// Who gets what.
package struct Reallocation: Hashable, Sendable {
  package let policyVersion: Int64
  /// Lines that win or lose, by rank.
  package let changes: [ReallocatedLine]
  /// On requests to buy that nobody needs any more, and new ones.
  package let verdicts: [SupplyVerdict]

  /// The same for the same reallocation.
  package var essence: String {
    let told = changes.map { change in
      "\(change.order) \(change.line) \(change.rank) \(change.heldBefore) \(change.heldAfter) "
        + "\(change.readyAfter?.description ?? "")"
    }
    return "\(policyVersion) \(told) \(verdicts.essence)"
  }
}

/// Gives the goods of a product that lines of orders hold in a warehouse to those that come first
/// by the policy (DOMAIN 5.3, 5.11). No more moves than puts the ranks right: whoever comes first
/// keeps all it holds, and what it lacks is taken from the last. What is in a shipment stays. Done
/// again it changes nothing: no rank depends on who holds what, and of equals each keeps what it
/// holds.
package struct Reallocate: Sendable {
  package let sku: String
  package let warehouseCode: String
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(sku: String, warehouseCode: String, reason: String, by actor: String) {
    self.sku = sku
    self.warehouseCode = warehouseCode
    self.reason = reason
    self.actor = actor
  }

  /// Lines that one command ranks.
  static let limit = 2_000

  package func run(in tx: Transaction, at now: Moment) throws -> Reallocation {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let product = try Products.require(sku: sku, field: "sku", in: tx)
    let warehouse = try Warehouses.requireSeen(
      code: warehouseCode, field: "warehouse_code", in: tx)
    let policy = try AllocationPolicies.current(in: tx)
    let claims = try claims(on: product, in: warehouse, by: policy, in: tx)
    let after = Self.shares(of: claims, by: policy.criteria)
    let moved = zip(claims, after).filter { $0.demand.held != $1 }.map { (claim: $0, held: $1) }
    var outlook = SupplyOutlook(on: now.day)
    let before = try days(of: moved.map(\.claim), &outlook, in: tx)
    for claim in claims where claim.demand.priority != claim.score {
      try RankReservations(origin: claim.demand.origin, priority: claim.score).run(in: tx)
    }
    try ShiftHeld(moved.map { (demand: $0.claim.demand, held: $0.held) }).run(in: tx)
    let verdicts = try settle(moved, product, warehouse, in: tx, at: now)
    outlook = SupplyOutlook(on: now.day)
    let later = try days(of: moved.map(\.claim), &outlook, in: tx)
    let ranks = Dictionary(
      claims.enumerated().map { ($1.demand.id, $0 + 1) }, uniquingKeysWith: { $1 })
    let changes = moved.map { claim, held in
      claim.change(
        rank: ranks[claim.demand.id] ?? 0, held: held, unit: product.unit, by: policy,
        ready: (before[claim.demand.id] ?? nil, later[claim.demand.id] ?? nil))
    }
    for change in changes { record(change, by: policy, in: tx) }
    try RefreshPromises(at: [SupplyPlace(product.id, warehouse.code)]).run(in: tx, at: now)
    return Reallocation(policyVersion: policy.version, changes: changes, verdicts: verdicts)
  }

  // MARK: - Who comes first

  /// The lines that want the product, by rank.
  private func claims(
    on product: Product, in warehouse: Warehouse, by policy: AllocationPolicy, in tx: Transaction
  ) throws -> [Claim] {
    let demands = try Reservations.claims(
      of: .salesOrder, on: product, in: warehouse, limit: Self.limit + 1, in: tx)
    guard demands.count <= Self.limit else {
      throw AllocationRejection.tooManyDemands(sku: product.sku, limit: Self.limit)
    }
    var claims = try demands.map { try Claim($0, by: policy, in: tx) }
    claims.sort { Claim.precedes($0, $1, by: policy.criteria, orAge: true) }
    return claims
  }

  /// What each is to hold, in the order of the claims. What is in shipments stays. Of those that
  /// rank equally all keep what they hold before any gets more.
  private static func shares(
    of claims: [Claim], by criteria: [AllocationCriterion]
  ) -> [Quantity] {
    let kept = claims.map { $0.demand.held.micros - $0.setApart.micros }
    var left = kept.reduce(0, +)
    var parts = [Int64](repeating: 0, count: claims.count)
    var first = 0
    while first < claims.count {
      let equals = claims[first...].prefix {
        !Claim.precedes(claims[first], $0, by: criteria, orAge: false)
      }.indices
      for index in equals {
        parts[index] = min(left, kept[index])
        left -= parts[index]
      }
      for (index, claim) in zip(equals, claims[equals]) {
        let most = claim.demand.wanted.micros - claim.setApart.micros
        let more = min(left, most - parts[index])
        parts[index] += more
        left -= more
      }
      first = equals.upperBound
    }
    return zip(claims, parts).map { Quantity(micros: $0.setApart.micros + $1) }
  }

  private func days(
    of claims: [Claim], _ outlook: inout SupplyOutlook, in snapshot: Snapshot
  ) throws -> [ID<Reservation>: Day?] {
    var days: [ID<Reservation>: Day?] = [:]
    for claim in claims {
      guard let order = try SalesOrders.find(number: claim.order.number, in: snapshot) else {
        continue
      }
      let promise = try outlook.promises(of: order, in: snapshot).first {
        $0.line == claim.demand.origin.line
      }
      days[claim.demand.id] = .some(promise?.readyOn)
    }
    return days
  }

  // MARK: - What follows

  /// What those who win had asked for goes as far as they need it no more; what comes anyway goes
  /// to who waits next. For the rest of what those who lose want, there is a new request.
  private func settle(
    _ moved: [(claim: Claim, held: Quantity)], _ product: Product, _ warehouse: Warehouse,
    in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    for (claim, held) in moved where held > claim.demand.held {
      verdicts += try ReduceRequisitions(
        origin: claim.demand.origin, waiting: claim.demand.wanted - held
      ).run(in: tx)
    }
    var lacking = try lacking(product, warehouse, in: tx)
    for (claim, held) in moved where held < claim.demand.held && lacking > 0 {
      let part = Quantity(micros: min(lacking, claim.demand.held.micros - held.micros))
      lacking -= part.micros
      let requisition = try RequestPurchase(
        product: product, quantity: part, warehouse: warehouse,
        neededOn: claim.requestedOn, origin: claim.demand.origin
      ).run(in: tx, at: now)
      verdicts.append(
        SupplyVerdict(
          requisition.reference, .planned,
          text: "\(requisition.number) asks for \(part) \(product.unit) \(product.sku)"))
    }
    return verdicts
  }

  /// What waits for the product and nothing that is to come will bring.
  private func lacking(
    _ product: Product, _ warehouse: Warehouse, in snapshot: Snapshot
  ) throws -> Int64 {
    guard let location = try Locations.find(of: warehouse, in: snapshot) else { return 0 }
    var outlook = SupplyOutlook(on: Day(daysSinceEpoch: 0))
    return try outlook.unsupplied(
      at: SupplyPlace(product.id, warehouse.code), location, in: snapshot
    ).micros
  }

  private func record(
    _ change: ReallocatedLine, by policy: AllocationPolicy, in tx: Transaction
  ) {
    tx.record(
      DomainEvent(
        "order.reallocated", DocumentReference(.salesOrder, change.order),
        [
          Fact("line", change.line), Fact("sku", sku), Fact("from", change.heldBefore),
          Fact("to", change.heldAfter), Fact("rank", change.rank),
          Fact("policy", policy.version), Fact("actor", actor), Fact("reason", reason),
        ]))
  }
}

/// What a line of an order wants of a product, and what it is ranked by.
private struct Claim {
  let demand: Reservation
  let order: SalesOrder
  let score: Int
  /// In shipments that have not left.
  let setApart: Quantity
  let promisedOn: Day?
  /// Nil for as soon as possible.
  let requestedOn: Day?
  let wantedOn: Day

  init(_ demand: Reservation, by policy: AllocationPolicy, in snapshot: Snapshot) throws {
    guard let order = try SalesOrders.find(number: demand.origin.number, in: snapshot) else {
      throw StorageError(.corruptValue, "There is no order \(demand.origin.number)")
    }
    self.demand = demand
    self.order = order
    let line = demand.origin.line
    score =
      try AllocationPolicies.priorities(of: order, in: snapshot)
      .first { $0.line == line }?.score ?? 0
    let apart = try ShipmentLineTable.setApart(of: order.id, in: snapshot)[line] ?? .zero
    setApart = min(apart, demand.held)
    let record = try PromiseTable.list(of: order.id, in: snapshot).first { $0.line == line }
    // What had its goods when it was confirmed was promised at once.
    promisedOn = record == nil ? order.createdOn : record?.promisedOn
    requestedOn =
      order.lines.indices.contains(line - 1)
      ? order.requestedOn(of: order.lines[line - 1]) : order.requestedOn
    wantedOn = requestedOn ?? order.createdOn
  }

  /// By what the policy says, and then by age.
  static func precedes(
    _ left: Claim, _ right: Claim, by criteria: [AllocationCriterion], orAge: Bool
  ) -> Bool {
    for criterion in criteria {
      switch criterion {
      case .priority where left.score != right.score: return left.score > right.score
      case .promised where left.promisedOn != right.promisedOn:
        guard let first = left.promisedOn else { return false }
        return right.promisedOn.map { first < $0 } ?? true
      case .wanted where left.wantedOn != right.wantedOn: return left.wantedOn < right.wantedOn
      case .confirmed: return left.demand.id.value < right.demand.id.value
      case .priority, .promised, .wanted: continue
      }
    }
    return orAge && left.demand.id.value < right.demand.id.value
  }

  func change(
    rank: Int, held: Quantity, unit: String, by policy: AllocationPolicy,
    ready: (before: Day?, after: Day?)
  ) -> ReallocatedLine {
    let criteria = policy.criteria.map { criterion in
      switch criterion {
      case .priority: "score \(score)"
      case .promised: "promised \(promisedOn?.description ?? "nothing")"
      case .wanted: "wanted \(wantedOn)"
      case .confirmed: "confirmed \(demand.createdAt)"
      }
    }
    let verb = held > demand.held ? "wins" : "gives up"
    let part = Quantity(micros: abs(held.micros - demand.held.micros))
    return ReallocatedLine(
      rank: rank, order: order.number, line: demand.origin.line, unit: unit, score: score,
      promisedOn: promisedOn, needed: demand.wanted, heldBefore: demand.held, heldAfter: held,
      readyBefore: ready.before, readyAfter: ready.after,
      text: "\(verb) \(part) \(unit) at rank \(rank) (\(criteria.joined(separator: ", ")))")
  }
}
