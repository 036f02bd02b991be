package import MasterData
package import Storage
package import Values

/// Goods of a product that are to come to a warehouse.
package struct Arrival: Hashable, Sendable {
  /// The purchase order, or the requisition that nobody has ordered yet.
  package let document: DocumentReference
  /// What is still to come.
  package let quantity: Quantity
  /// Nil for a requisition: nobody has named a day.
  package let expectedOn: Day?
}

/// Questions about what is to come.
package enum Arrivals {
  /// No more documents than this are looked at: what comes after them is far away.
  package static let limit = 1_000

  /// By purchase orders: those expected first in front, then the older.
  package static func ordered(
    _ product: ID<Product>, for warehouse: ID<Warehouse>, in snapshot: Snapshot
  ) throws -> [Arrival] {
    try PurchaseOrderLineTable.arrivals(product, warehouse, limit: limit, in: snapshot)
  }

  /// By requisitions that nobody has ordered: the oldest in front.
  package static func requested(
    _ product: ID<Product>, for warehouse: ID<Warehouse>, in snapshot: Snapshot
  ) throws -> [Arrival] {
    try RequisitionTable.open(product, warehouse, limit: limit, in: snapshot)
  }
}
