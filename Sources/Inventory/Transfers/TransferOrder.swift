package import MasterData
package import Values

/// Where an order between warehouses stands: derived from its lines, the stored state is a cache
/// of it (law 6).
package enum TransferState: String, Hashable, Sendable, CaseIterable {
  /// Nothing has left yet.
  case requested = "REQUESTED"
  /// Some has left, more is to leave.
  case partlyDispatched = "PARTLY_DISPATCHED"
  /// Nothing more is to leave, and some is on the way.
  case inTransit = "IN_TRANSIT"
  /// All that left has come or was lost.
  case received = "RECEIVED"
  /// All was cancelled before anything left.
  case cancelled = "CANCELLED"
}

/// An order of one of our warehouses to another: an internal order. What leaves is on the way until
/// it is taken in, and what does not come is a loss that is seen as one.
package struct TransferOrder: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package internal(set) var id: ID<Line>
    /// Within the order, from 1.
    package let number: Int
    package let product: ID<Product>
    package let sku: String
    package let unit: String
    package let ordered: Quantity
    package internal(set) var cancelled = Quantity.zero
    package internal(set) var dispatched = Quantity.zero
    package internal(set) var received = Quantity.zero
    package internal(set) var lost = Quantity.zero
    /// What of the open part lies on the shelf for it.
    package internal(set) var held = Quantity.zero

    /// What is still to leave.
    package var open: Quantity {
      Quantity(micros: ordered.micros - cancelled.micros - dispatched.micros)
    }

    /// What is on the way.
    package var underWay: Quantity {
      Quantity(micros: dispatched.micros - received.micros - lost.micros)
    }
  }

  /// Grows with time; the key by which pages go on.
  package internal(set) var id: ID<TransferOrder>
  package let number: String
  /// That the goods leave.
  package let from: ID<Warehouse>
  package let fromCode: String
  /// That receives them.
  package let to: ID<Warehouse>
  package let toCode: String
  package let createdOn: Day
  /// When the goods come; nil while nobody has said.
  package internal(set) var expectedOn: Day?
  package let note: String
  /// Counts the changes, from 1.
  package internal(set) var version: Int64
  /// In the order of their numbers.
  package internal(set) var lines: [Line]

  package var reference: DocumentReference { DocumentReference(.transferOrder, number) }

  package var state: TransferState {
    if lines.allSatisfy({ $0.cancelled == $0.ordered }) { return .cancelled }
    let hasLeft = lines.contains { $0.dispatched.isPositive }
    if lines.contains(where: \.open.isPositive) { return hasLeft ? .partlyDispatched : .requested }
    return lines.contains(where: \.underWay.isPositive) ? .inTransit : .received
  }

  /// The line's own demand on the shelves that it leaves.
  func origin(of line: Line) -> Origin { Origin(.transferOrder, number, line: line.number) }

  /// Orders of customers in the warehouse that the goods leave are served before.
  static let priority = -1_000_000
}

/// A product and how much of it another warehouse is asked for.
package struct TransferLineDraft: Hashable, Sendable {
  package let sku: String
  package let quantity: GivenQuantity

  package init(sku: String, quantity: GivenQuantity) {
    self.sku = sku
    self.quantity = quantity
  }
}

/// How much of a line leaves, comes, or is lost.
package struct TransferLineQuantity: Hashable, Sendable {
  package let lineNumber: Int
  /// Nil for none.
  package let quantity: GivenQuantity?
  /// What did not come, and will not; nil for none.
  package let lost: GivenQuantity?

  package init(lineNumber: Int, quantity: GivenQuantity?, lost: GivenQuantity? = nil) {
    self.lineNumber = lineNumber
    self.quantity = quantity
    self.lost = lost
  }
}

/// Goods on their way to a warehouse.
package struct TransferArrival: Hashable, Sendable {
  package let number: String
  package let quantity: Quantity
  package let expectedOn: Day
}
