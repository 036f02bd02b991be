package import MasterData
package import Storage
package import Values

/// The locations by name. Those outside our warehouses are one each and known by heart: the
/// migration writes them.
package enum Locations {
  package static let supplier = outside(1, .supplier)
  package static let customer = outside(2, .customer)
  /// Goods dispatched.
  package static let transit = outside(3, .transit)
  package static let production = outside(4, .production)
  package static let loss = outside(5, .loss)
  package static let scrap = outside(6, .scrap)
  package static let opening = outside(7, .opening)

  /// The shelves of a warehouse; its first use makes them.
  package static func stock(of warehouse: Warehouse, in tx: Transaction) throws -> Location {
    try place(.stock, of: warehouse, in: tx)
  }

  /// Where goods wait that have come back; its first use makes it.
  package static func quarantine(of warehouse: Warehouse, in tx: Transaction) throws -> Location {
    try place(.quarantine, of: warehouse, in: tx)
  }

  /// Where pieces are shown; its first use makes it.
  package static func showroom(of warehouse: Warehouse, in tx: Transaction) throws -> Location {
    try place(.showroom, of: warehouse, in: tx)
  }

  /// Where pieces are that customers have on loan; its first use makes it.
  package static func lent(of warehouse: Warehouse, in tx: Transaction) throws -> Location {
    try place(.lent, of: warehouse, in: tx)
  }

  /// Where goods are on their way to a warehouse from another one; its first use makes it.
  package static func transfer(to warehouse: Warehouse, in tx: Transaction) throws -> Location {
    try place(.transfer, of: warehouse, in: tx)
  }

  private static func place(
    _ kind: LocationKind, of warehouse: Warehouse, in tx: Transaction
  ) throws -> Location {
    try LocationTable.find(kind, of: warehouse.id, in: tx)
      ?? LocationTable.insert(kind, of: warehouse, in: tx)
  }

  /// The shelves of a warehouse; nil before their first use.
  package static func find(of warehouse: Warehouse, in snapshot: Snapshot) throws -> Location? {
    try LocationTable.find(.stock, of: warehouse.id, in: snapshot)
  }

  package static func fetch(_ id: ID<Location>, in snapshot: Snapshot) throws -> Location {
    guard let location = try LocationTable.fetch(id, in: snapshot) else {
      throw MissingRow("stock_location", id.value)
    }
    return location
  }

  private static func outside(_ id: Int64, _ kind: LocationKind) -> Location {
    Location(id: ID(id), code: kind.rawValue, kind: kind, warehouse: nil, warehouseCode: nil)
  }
}
