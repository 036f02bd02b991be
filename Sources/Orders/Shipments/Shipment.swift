package import MasterData
import Storage
package import Values

/// Where a shipment stands.
package enum ShipmentState: String, Hashable, Sendable, CaseIterable {
  /// Goods are set apart; the pick list can be printed.
  case prepared = "PREPARED"
  /// Goods are taken from the shelves.
  case picked = "PICKED"
  /// Goods are in their cartons.
  case packed = "PACKED"
  /// Goods have left with the carrier: from here on there is no calling off, only a return.
  case dispatched = "DISPATCHED"
  /// The customer has them. Final.
  case delivered = "DELIVERED"
  /// Called off before it left. Final.
  case cancelled = "CANCELLED"
  /// Lost on the way and given up; on its way again when it turns up. It counts as called off for
  /// all that counts goods, and so it is stored (`ShipmentTable`).
  case lost = "LOST"

  /// The life of a shipment as data, but for what turns up (`turnUp`).
  package static let transitions: [ShipmentState: Set<ShipmentState>] = [
    .prepared: [.picked, .cancelled],
    .picked: [.packed, .cancelled],
    .packed: [.dispatched, .cancelled],
    .dispatched: [.delivered, .lost],
    .delivered: [],
    .cancelled: [],
    .lost: [],
  ]

  package func mayBecome(_ next: ShipmentState) -> Bool {
    Self.transitions[self, default: []].contains(next)
  }

  /// The goods are still in the house.
  package var isOpen: Bool { mayBecome(.cancelled) }

  /// Name of the event when a shipment gets here.
  var event: String { "shipment.\(rawValue.lowercased())" }

  /// What one does to get here, for a refusal: "cannot pick".
  var action: String {
    switch self {
    case .prepared: "prepare"
    case .picked: "pick"
    case .packed: "pack"
    case .dispatched: "dispatch"
    case .delivered: "deliver"
    case .cancelled: "cancel"
    case .lost: "give up"
    }
  }
}

/// A line of a shipment.
package struct ShipmentLine: Hashable, Sendable {
  /// Of the order.
  package let orderLine: Int
  package let product: ID<Product>
  package let sku: String
  package let unit: String
  package let quantity: Quantity
  /// Of the line, of which it is by name; nil for whichever are the earliest.
  package var schedule: Int?
  /// What the goods cost when they left; nil before.
  package var cost: Money?
  /// What the customer asks for about them; nil for nothing of their own.
  package internal(set) var instructions: OrderInstructions?
}

/// Goods of one order that leave together.
package struct Shipment: Hashable, Sendable {
  package let id: ID<Shipment>
  /// "SH-2026-000045".
  package let number: String
  package let order: ID<SalesOrder>
  package let orderNumber: String
  package var state: ShipmentState
  package var lines: [ShipmentLine]
  /// 0 until packed.
  package var cartons: Int
  package var carrier: String
  package var trackingNumber: String
  package var dispatchedOn: Day?
  package var deliveredOn: Day?
  /// By when it was to arrive, fixed when it left; nil where nobody had said.
  package internal(set) var dueOn: Day?
  /// When it was given up; nil for anything but a lost one.
  var lostAt: Instant?
  /// When its goods came back to us; nil for anything but a lost one that was found.
  var recoveredAt: Instant?
  /// Who took it at the door.
  package var receivedBy: String
  /// Where it stands by what carriers reported; nil where nothing was.
  package internal(set) var carrierStatus: CarrierStatus?
  /// What the customer asks for about the goods; once it has left, what was asked for then.
  package internal(set) var instructions: OrderInstructions?
  /// What is to be paid at the door; nil where nothing was arranged.
  package internal(set) var cashOnDelivery: CashOnDelivery?
  /// Whom it was given to before it left; nil where nobody chose.
  package internal(set) var carrierChoice: CarrierChoice?
  /// The customer's address to which it goes; nil for where the order goes.
  package internal(set) var addressID: ID<Address>?

  package var reference: DocumentReference { DocumentReference(.shipment, number) }

  /// Goes to `next`, or refuses.
  mutating func advance(to next: ShipmentState) throws {
    guard state.mayBecome(next) else {
      throw OrdersRejection.shipmentStateForbids(
        shipment: number, state: state, action: next.action)
    }
    state = next
  }

  /// What was lost is on its way again.
  mutating func turnUp() {
    precondition(state == .lost, "only what was lost turns up")
    state = .dispatched
    lostAt = nil
  }

  /// Says that the shipment has come to its state.
  func record(_ facts: [Fact] = [], in tx: Transaction) {
    tx.record(
      DomainEvent(
        state.event, reference, related: DocumentReference(.salesOrder, orderNumber), facts))
  }

  /// "2 CHAIR-01, 1 TABLE-02".
  var contents: Fact {
    Fact("contents", lines.map { "\($0.quantity) \($0.sku)" }.joined(separator: ", "))
  }
}
