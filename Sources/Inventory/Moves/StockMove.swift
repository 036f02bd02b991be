package import MasterData
package import Values

/// One movement of goods from a place to another: immutable and positive. A correction is another
/// movement.
package struct StockMove: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<StockMove>
  package let product: ID<Product>
  /// Code of the location that the goods left ("MAIN/STOCK", "SUPPLIER").
  package let from: String
  /// Code of the location that they went to.
  package let to: String
  /// Greater than 0.
  package let quantity: Quantity
  /// What they cost; 0 or more.
  package let value: Money
  package let cause: MoveCause
  /// The document behind it.
  package let origin: Origin
  /// What somebody gave as the reason; empty where the document says it all.
  package let reason: String
  package let movedAt: Instant
  package let movedOn: Day
  /// Whose waiting demand the arrival filled; empty for a move that is read back.
  package internal(set) var allocations: [Allocated] = []
}

/// Goods that arrived and were promised to a demand that waited for them.
package struct Allocated: Hashable, Sendable {
  package let origin: Origin
  package let quantity: Quantity
  /// Nothing of this demand waits any more.
  package let isFilled: Bool
}
