package import Finance
import MasterData
package import Storage
package import Values

/// What is to be paid at the door for the goods of a shipment (货到付款), and how far that is. All
/// amounts are in the currency of the books.
package struct CashOnDelivery: Hashable, Sendable {
  package enum Collector: String, Hashable, Sendable, CaseIterable {
    case ownCrew = "OWN_CREW"
    /// Who owes us what it has collected until it remits it.
    case carrier = "CARRIER"
  }

  package enum State: Hashable, Sendable {
    case arranged, onItsWay, uncollected, withCarrier, settled, calledOff
  }

  package internal(set) var collector: Collector
  /// Fixed when the goods left; nil before.
  package internal(set) var due: Money?
  /// Of that, since the door: without what was refused, and what came in some other way.
  package internal(set) var owed: Money
  package internal(set) var collected: Money
  package internal(set) var remitted: Money
  package internal(set) var writtenOff: Money

  init(_ collector: Collector, in currency: Currency) {
    self.collector = collector
    let none = Money.zero(currency)
    (owed, collected, remitted, writtenOff) = (none, none, none, none)
  }

  // Each of them is at most what was due, which is bounded: no overflow here.

  /// Owed, and not collected.
  var uncollected: Money {
    Money(minor: owed.minor - collected.minor, currency: owed.currency)
  }

  /// What the carrier still owes of what it has collected.
  package var withCarrier: Money {
    guard collector == .carrier else { return .zero(owed.currency) }
    return Money(
      minor: collected.minor - remitted.minor - writtenOff.minor, currency: owed.currency)
  }

  package func state(of shipment: ShipmentState) -> State {
    switch shipment {
    case .prepared, .picked, .packed: .arranged
    case .cancelled, .lost: .calledOff
    case .dispatched: .onItsWay
    case .delivered:
      uncollected.minor > 0 ? .uncollected : withCarrier.minor > 0 ? .withCarrier : .settled
    }
  }
}

/// Money that was collected at the door.
package struct CollectedCash: Hashable, Sendable {
  package let amount: Money
  package let method: PaymentMethod?
  /// The gateway's or card machine's id of it; empty for none.
  package let reference: String

  package init(amount: Money, method: PaymentMethod?, reference: String = "") {
    self.amount = amount
    self.method = method
    self.reference = reference
  }
}

/// What is still to come of a shipment that has left.
package struct OpenCashOnDelivery: Sendable {
  package let id: ID<Shipment>
  package let shipmentNumber: String
  package let carrier: String
  package let shipmentState: ShipmentState
  package let cash: CashOnDelivery
}

/// Questions about money that is paid at the door.
package enum CashOnDeliveries {
  /// Of orders in scope: what is not collected, and what carriers have not remitted; the oldest
  /// first, from the one after `id` on.
  package static func open(
    carrier: String = "", after id: ID<Shipment>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [OpenCashOnDelivery] {
    try CashOnDeliveryTable.open(carrier: carrier, after: id ?? ID(0), limit: limit, in: snapshot)
  }
}
