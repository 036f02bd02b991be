import MasterData
package import Storage
package import Values

/// Frees demand from a supply that will not come, or will not be enough: from now on it waits in
/// the open queue and takes what is free at once, unless only goods of its own will do.
package struct UnpegReservations: Sendable {
  package let supply: DocumentReference

  package let takesFreeStock: Bool

  package init(supply: DocumentReference, takesFreeStock: Bool = true) {
    self.supply = supply
    self.takesFreeStock = takesFreeStock
  }

  /// The demand as it was while pegged.
  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> [Reservation] {
    let demands = try ReservationTable.pegged(to: supply, in: tx)
    try ReservationTable.unpeg(supply, in: tx)
    for demand in demands where takesFreeStock && demand.waiting.isPositive {
      let product = try Products.fetch(demand.product, in: tx)
      let location = try Locations.fetch(demand.location, in: tx)
      let free = try StockBalanceTable.find(product.id, at: location.id, in: tx)?.free ?? .zero
      _ = try AllocateFreed(product: product, location: location, free: free).run(in: tx)
    }
    return demands
  }
}
