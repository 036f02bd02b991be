package import MasterData
package import Storage
package import Values

/// Questions about orders between warehouses.
package enum TransferOrders {
  /// The order that a field of a request names; refuses an unknown one, and one of whose warehouses
  /// none is in scope.
  package static func require(
    number: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> TransferOrder {
    guard let order = try TransferOrderTable.seen(number, in: snapshot) else {
      throw TransferRejection.unknownTransferOrder(
        field: field(), number: String(number.prefix(60))
      ).ifNamed(number)
    }
    return order
  }

  /// The newest first, from the one before `id` on (nil: from the newest). `warehouse` (nil: any)
  /// is the one that goods leave or the one that they go to.
  package static func list(
    warehouse: Warehouse? = nil, onlyOpen: Bool = false, before id: ID<TransferOrder>? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [TransferOrder] {
    try TransferOrderTable.list(
      warehouse: warehouse?.code, onlyOpen: onlyOpen, before: id ?? ID(.max), limit: limit,
      in: snapshot)
  }

  /// What is on the way to a warehouse, first what comes first; no more than the limit.
  package static func arrivals(
    of product: ID<Product>, at warehouse: ID<Warehouse>, limit: Int, in snapshot: Snapshot
  ) throws -> [TransferArrival] {
    try TransferOrderTable.arrivals(of: product, at: warehouse, limit: limit, in: snapshot)
  }
}
