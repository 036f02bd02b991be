package import MasterData
package import Storage
package import Values

/// Goods of a product that a purchase order is to bring to a warehouse.
package struct Arrival: Hashable, Sendable {
  package let document: DocumentReference
  /// What is still to come.
  package let quantity: Quantity
  package let expectedOn: Day

  package init(document: DocumentReference, quantity: Quantity, expectedOn: Day) {
    self.document = document
    self.quantity = quantity
    self.expectedOn = expectedOn
  }
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

  /// By purchase orders for all warehouses together; products of which nothing comes are absent.
  package static func ordered(
    of products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: Quantity] {
    try PurchaseOrderLineTable.coming(of: products, in: snapshot)
  }

  /// By requisitions that nobody has ordered, all together.
  package static func requested(
    _ product: ID<Product>, for warehouse: ID<Warehouse>, in snapshot: Snapshot
  ) throws -> Quantity {
    try RequisitionTable.open(product, warehouse, in: snapshot)
  }
}
