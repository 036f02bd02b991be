package import Storage
package import Values

/// What we claim from a carrier for goods that were lost on its way or damaged. Its amounts are in
/// the currency of the books.
package struct CarrierClaim: Hashable, Sendable {
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    /// The carrier, or we, say that the goods are gone.
    case lost = "LOST"
    /// Refused at the door for a reason that is the carrier's doing.
    case damaged = "DAMAGED"
  }

  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Nobody has told the carrier yet.
    case open = "OPEN"
    case filed = "FILED"
    /// The carrier owes what it has accepted.
    case accepted = "ACCEPTED"
    /// May be filed again.
    case rejected = "REJECTED"
    /// At its end, unless the goods turn up.
    case paid = "PAID"
    /// The goods were found, or we do not ask any more. Open again when they are lost once more.
    case withdrawn = "WITHDRAWN"
    /// The carrier has paid for what turned up, and is to have its money back. Paid again when the
    /// goods are lost once more.
    case owedBack = "OWED_BACK"
    /// The carrier has its money back. Open again when the goods are lost once more.
    case paidBack = "PAID_BACK"
    /// The carrier does not want its money back. Final.
    case waived = "WAIVED"

    /// The life of a claim as data, as people take it on.
    package static let transitions: [State: Set<State>] = [
      .open: [.filed, .withdrawn],
      .filed: [.accepted, .rejected, .withdrawn],
      .accepted: [.paid, .withdrawn],
      .rejected: [.filed, .withdrawn],
      .paid: [.owedBack],
      .withdrawn: [.open],
      .owedBack: [.paidBack, .waived],
      .paidBack: [.open],
      .waived: [],
    ]

    /// What one does to get here, for a refusal: "cannot file".
    var action: String {
      switch self {
      case .open: "reopen"
      case .filed: "file"
      case .accepted: "accept"
      case .rejected: "reject"
      case .paid: "pay"
      case .withdrawn: "withdraw"
      case .owedBack: "owe back"
      case .paidBack: "pay back"
      case .waived: "waive"
      }
    }
  }

  /// By what goods are claimed.
  package enum Basis: String, Hashable, Sendable, CaseIterable {
    /// What they cost us.
    case cost = "COST"
    /// What they were sold for, without tax.
    case salesValue = "SALES_VALUE"
  }

  package struct Line: Hashable, Sendable {
    /// Of the order.
    package let orderLine: Int
    package let sku: String
    package let unit: String
    package let quantity: Quantity
    package let cost: Money
    package let salesValue: Money
  }

  package internal(set) var id: ID<CarrierClaim>
  /// "SH-2026-000012/LOST".
  package let number: String
  let shipment: ID<Shipment>
  package let shipmentNumber: String
  package let orderNumber: String
  package let carrier: String
  package let cause: Cause
  package internal(set) var state: State
  package let basis: Basis
  package let claimed: Money
  /// Nil where the carrier owes nothing by it, and has paid nothing.
  package internal(set) var accepted: Money?
  /// How often something that was posted of it was taken back.
  var reversals: Int
  /// The carrier's own number of it; may be empty.
  package internal(set) var reference: String
  /// Why it stands where it does, as somebody said last; may be empty.
  package internal(set) var reason: String
  package internal(set) var openedOn: Day
  /// Since when its goods are there, while its carrier knows of it and has not paid.
  package internal(set) var turnedUpOn: Day?
  package internal(set) var lines: [Line]

  var document: DocumentReference { DocumentReference(.shipment, shipmentNumber) }

  /// Tells apart what is posted of it, as it may be accepted anew.
  var occurrence: Int64 { id.value << 32 + Int64(reversals) }

  /// Goes to `next`, or refuses.
  mutating func advance(to next: State) throws(CarrierClaimRejection) {
    guard State.transitions[state, default: []].contains(next) else {
      throw .stateForbids(field: "number", claim: number, state: state, action: next.action)
    }
    state = next
  }

  /// Says what happened to it, on the shipment's timeline and the order's.
  func record(_ facts: [Fact] = [], in tx: Transaction) {
    tx.record(
      DomainEvent(
        "claim.\(state.rawValue.lowercased().replacing("_", with: "-"))", document,
        related: DocumentReference(.salesOrder, orderNumber),
        [
          Fact("claim", number), Fact("carrier", carrier), Fact("basis", basis.rawValue),
        ] + facts))
  }

  /// Without amounts: by the cost of goods they are not for everybody.
  var words: String {
    let words =
      switch state {
      case .open: "\(carrier) is to be told of it"
      case .filed: "\(carrier) has not answered"
      case .accepted: "\(carrier) has not paid what it accepted"
      case .rejected: "\(carrier) has rejected it"
      case .owedBack: "\(carrier) is to have back what it paid"
      case .paid, .withdrawn, .paidBack, .waived: "it is settled"
      }
    return turnedUpOn == nil ? words : "\(words), and its goods have turned up"
  }
}

/// Questions about claims.
package enum CarrierClaims {
  package struct Filter: Hashable, Sendable {
    /// Empty for all.
    package let carrier: String
    /// Nil for all.
    package let state: CarrierClaim.State?
    /// Only what is not settled.
    package let isOpen: Bool

    package init(carrier: String = "", state: CarrierClaim.State? = nil, isOpen: Bool = false) {
      self.carrier = carrier
      self.state = state
      self.isOpen = isOpen
    }
  }

  /// Of orders in scope, the oldest first, from the one after `id` on.
  package static func list(
    _ filter: Filter, after id: ID<CarrierClaim>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [CarrierClaim] {
    try CarrierClaimTable.list(filter, after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// By what is claimed from each carrier that has terms of its own, by name, and before them from
  /// all others (""), which always have some; from the one after `carrier` on.
  package static func terms(
    after carrier: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [(carrier: String, basis: CarrierClaim.Basis)] {
    let named = try CarrierClaimTable.terms(after: carrier ?? "", limit: limit, in: snapshot)
    guard carrier == nil else { return named }
    let others = try CarrierClaimTable.basis(of: "", in: snapshot) ?? .cost
    return [("", others)] + named.prefix(limit - 1)
  }

  /// Refuses an unknown one, and one of an order out of scope.
  static func require(
    number: String, field: String = "number", in snapshot: Snapshot
  ) throws -> CarrierClaim {
    guard let found = try CarrierClaimTable.find(number, in: snapshot),
      let shipment = try Shipments.find(number: found.shipmentNumber, in: snapshot),
      try SalesOrderTable.isSeen(shipment.order, in: snapshot)
    else { throw CarrierClaimRejection.unknownClaim(field: field, claim: number) }
    return found
  }
}
