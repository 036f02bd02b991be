package import MasterData
package import Storage
package import Values

/// Questions about the movements that were made.
package enum StockMoves {
  /// Of a product, the newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    of product: Product, before id: ID<StockMove>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [StockMove] {
    try StockMoveTable.list(of: product.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Of a document, the oldest first, from the one after `id` on (nil: from the oldest).
  package static func list(
    of document: DocumentReference, after id: ID<StockMove>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [StockMove] {
    try StockMoveTable.list(of: document, after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// The day on which the oldest of so much came in, where the first to come is the first to go:
  /// from suppliers, the workshop, customers, or from nowhere. Nil where no move tells. Of no more
  /// than the newest ten thousand moves; behind them it is at least as old as the last.
  package static func oldest(
    of product: ID<Product>, onHand: Quantity, in snapshot: Snapshot
  ) throws -> Day? {
    guard onHand.isPositive else { return nil }
    var left = onHand.micros
    var oldest: Day?
    try StockMoveTable.arrivals(of: product, limit: 10_000, in: snapshot) { quantity, day in
      guard left > 0 else { return }
      left -= quantity.micros
      oldest = day
    }
    return oldest
  }
}
