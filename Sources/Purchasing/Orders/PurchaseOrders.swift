package import MasterData
package import Storage
package import Values

/// Questions about orders to suppliers.
package enum PurchaseOrders {
  package static func find(number: String, in snapshot: Snapshot) throws -> PurchaseOrder? {
    try PurchaseOrderTable.find(number, in: snapshot)
  }

  /// The order that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> PurchaseOrder {
    guard let order = try PurchaseOrderTable.seen(number, in: snapshot) else {
      throw PurchasingRejection.unknownPurchaseOrder(
        field: field(), number: String(number.prefix(60))
      ).ifNamed(number)
    }
    return order
  }

  /// The newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    before id: ID<PurchaseOrder>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try PurchaseOrderTable.list(before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  package static func list(
    from supplier: Supplier, before id: ID<PurchaseOrder>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try PurchaseOrderTable.list(
      from: supplier.id, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  package static func list(
    _ state: PurchaseOrderState, before id: ID<PurchaseOrder>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try PurchaseOrderTable.list(state, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// Those in scope of which something should have come before a day: the longest overdue first,
  /// from the one after a day and id on. Without their lines.
  package static func overdue(
    on today: Day, after key: (day: Int64, id: Int64), limit: Int, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try PurchaseOrderTable.overdue(on: today, after: key, limit: limit, in: snapshot)
  }

  /// Those that bring the goods of a line straight to its customer, the oldest first.
  package static func direct(
    for origin: Origin, in snapshot: Snapshot
  ) throws -> [PurchaseOrder] {
    try PurchaseOrderTable.direct(for: origin, in: snapshot)
  }

  /// What of a product is ordered and still to come.
  package static func openQuantity(
    of product: Product, in snapshot: Snapshot
  ) throws -> Quantity {
    try PurchaseOrderLineTable.open(product.id, in: snapshot)
  }
}
