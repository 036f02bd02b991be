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
}
