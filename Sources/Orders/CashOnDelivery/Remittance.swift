import MasterData
package import Storage
package import Values

/// A row of a carrier's statement, as the carrier gives it.
package struct RemittanceRow: Hashable, Sendable {
  /// The carrier's own.
  package let rowID: String
  /// Our number; may be empty where the carrier's is given.
  package let shipmentNumber: String
  package let trackingNumber: String
  /// Before the fee.
  package let amount: Money
  package let fee: Money

  package init(
    rowID: String, shipmentNumber: String, trackingNumber: String, amount: Money, fee: Money
  ) {
    self.rowID = rowID
    self.shipmentNumber = shipmentNumber
    self.trackingNumber = trackingNumber
    self.amount = amount
    self.fee = fee
  }
}

/// A row as it is kept.
package struct Remittance: Hashable, Sendable {
  package enum State: String, Hashable, Sendable, CaseIterable {
    case matched = "MATCHED"
    /// The carrier owes more for the shipment.
    case short = "SHORT"
    /// The carrier owed less: the excess is owed to it.
    case over = "OVER"
    /// For no shipment that is known: all of it is owed to the carrier.
    case unknown = "UNKNOWN"
    /// It did not fit, and somebody or a later row has settled it.
    case settled = "SETTLED"

    var isOpen: Bool { self == .short || self == .over || self == .unknown }
  }

  /// For what it is.
  package struct Shipped: Hashable, Sendable {
    package let number: String
    package let orderNumber: String
    /// What the carrier still owes for it.
    let withCarrier: Money
  }

  /// How money settles one.
  package enum Settlement: String, Hashable, Sendable, CaseIterable {
    /// What is missing is given up.
    case writeOff = "WRITE_OFF"
    /// What is too much goes back.
    case payBack = "PAY_BACK"

    var words: String {
      switch self {
      case .writeOff: "write it off"
      case .payBack: "pay it back"
      }
    }
  }

  /// What one person has asked for, and another agrees to.
  package struct Proposal: Hashable, Sendable {
    package let settlement: Settlement
    /// The difference then.
    package let amount: Money
    package let actor: String
    package let at: Instant
  }

  package let id: ID<Remittance>
  package let carrier: String
  package let statement: String
  package let told: RemittanceRow
  /// Nil where none is known.
  package internal(set) var shipment: Shipped?
  /// What of the amount the carrier had owed.
  package internal(set) var credited: Money
  package internal(set) var state: State
  package let importedAt: Instant
  /// Nil for nobody.
  package internal(set) var settledBy: String?
  package internal(set) var reason: String
  /// Nil for none. It stays with a settled one: `settledBy` has agreed to it, or a later row came.
  package internal(set) var proposal: Proposal?

  /// What is owed to the carrier for it.
  var excess: Money {
    Money(minor: told.amount.minor - credited.minor, currency: credited.currency)
  }

  /// By how much it does not fit; nil where it does, or is settled.
  package var difference: Money? {
    switch state {
    case .matched, .settled: nil
    case .short: shipment?.withCarrier
    case .over, .unknown: excess
    }
  }

  var words: String {
    guard state.isOpen, let proposal else { return wordsOfState }
    return "\(wordsOfState); \(proposal.actor) has asked to \(proposal.settlement.words)"
  }

  private var wordsOfState: String {
    let amount = difference.map { "\($0)" } ?? "nothing"
    return switch state {
    case .short: "\(amount) of what was collected is missing"
    case .over: "\(amount) more than the carrier owed"
    case .unknown: "\(amount) for no delivered shipment that is known to be paid at the door"
    case .matched, .settled: "it is settled"
    }
  }

  /// Where its money is posted.
  var origin: Origin {
    shipment.map { Origin(.shipment, $0.number) } ?? Origin(.masterData, "carrier:\(carrier)")
  }
}

/// What became of a row.
package struct RemittanceResult: Sendable {
  package enum Outcome: Sendable {
    case taken(Remittance)
    case duplicate(Remittance)
    case refused([any Rejection])
  }

  package let rowID: String
  package let outcome: Outcome
}

/// Questions about what carriers remit.
package enum Remittances {
  package struct Filter: Hashable, Sendable {
    /// Empty for all.
    package let carrier: String
    package let statement: String
    /// Only what does not fit and is not settled.
    package let isOpen: Bool
    /// Only what somebody has asked for and nobody has decided.
    package let isProposed: Bool

    package init(
      carrier: String = "", statement: String = "", isOpen: Bool = false,
      isProposed: Bool = false
    ) {
      self.carrier = carrier
      self.statement = statement
      self.isOpen = isOpen
      self.isProposed = isProposed
    }
  }

  /// The row that a request names; refuses an unknown one.
  static func require(
    carrier: String, statement: String, rowID: String, in snapshot: Snapshot
  ) throws -> Remittance {
    let found = try RemittanceTable.find(
      carrier: carrier, statement: statement, rowID: rowID, in: snapshot)
    guard let found else {
      throw CashOnDeliveryRejection.unknownRow(
        field: "row_id", carrier: carrier, statement: statement, row: rowID)
    }
    return found
  }

  /// The oldest first, from the one after `id` on.
  package static func list(
    _ filter: Filter, after id: ID<Remittance>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Remittance] {
    try RemittanceTable.list(filter, after: id ?? ID(0), limit: limit, in: snapshot)
  }
}
