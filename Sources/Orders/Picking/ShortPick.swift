package import MasterData
package import Storage
package import Values

/// What a picker did not find of a line, and what has become of that.
package struct ShortPick: Hashable, Sendable {
  /// Why it could not be taken.
  package enum Cause: String, Hashable, Sendable, CaseIterable {
    case notFound = "NOT_FOUND"
    case damaged = "DAMAGED"
    /// Something else lies in its place.
    case wrongGoods = "WRONG_GOODS"
  }

  package internal(set) var id: ID<ShortPick>
  package let shipment: ID<Shipment>
  package let shipmentNumber: String
  package let orderNumber: String
  /// Of the order.
  package let line: Int
  package let product: ID<Product>
  package let sku: String
  package let unit: String
  package let warehouseCode: String
  package let asked: Quantity
  package let found: Quantity
  /// What of the rest was set apart in stock until somebody has looked.
  package let held: Quantity
  package let cause: Cause
  package let pickedBy: String
  package let pickedAt: Instant
  /// Who looked into it; nil for nobody yet.
  package internal(set) var closedBy: String?
  package internal(set) var closedAt: Instant?

  /// Under which stock keeps it apart.
  var origin: Origin { Origin(.shipment, shipmentNumber, line: line) }

  var place: SupplyPlace { SupplyPlace(product, warehouseCode) }
}

/// Questions about what pickers did not find.
package enum ShortPicks {
  package struct Filter: Sendable {
    /// Empty for all orders in scope.
    package var orderNumber: String
    /// Only what nobody has looked into.
    package var isOpen: Bool

    package init(orderNumber: String = "", isOpen: Bool = false) {
      self.orderNumber = orderNumber
      self.isOpen = isOpen
    }
  }

  /// The oldest first, from the one after `id` on.
  package static func list(
    _ filter: Filter, after id: ID<ShortPick>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [ShortPick] {
    if !filter.orderNumber.isEmpty {
      _ = try SalesOrders.require(
        number: filter.orderNumber, field: "order_number", in: snapshot)
    }
    return try ShortPickTable.list(filter, after: id ?? ID(0), limit: limit, in: snapshot)
  }
}
