package import MasterData
package import Storage
package import Values

/// Ends a demand, or part of it. The part that waits goes first; what was held goes to the demand
/// that waits for it.
package struct ReleaseReservation: Sendable {
  /// The line; line 0 means all lines of the document.
  package let origin: Origin
  /// Nil: every product that the origin demands.
  package let product: Product?
  /// Nil: all of it. More than is wanted releases all.
  package let quantity: Quantity?

  package init(origin: Origin, product: Product? = nil, quantity: Quantity? = nil) {
    self.origin = origin
    self.product = product
    self.quantity = quantity
  }

  /// How much is not wanted any more.
  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> Quantity {
    if let quantity, quantity.micros < 0 {
      throw InventoryRejection.quantityNegative(field: nil, given: quantity)
    }
    var released = Quantity.zero
    for demand in try ReservationTable.of(origin, in: tx)
    where product == nil || product?.id == demand.product {
      let part = try quantity.map { min(demand.wanted, try $0 - released) } ?? demand.wanted
      guard part.isPositive else { break }
      try release(part, of: demand, in: tx)
      released = try released + part
    }
    return released
  }

  private func release(_ part: Quantity, of demand: Reservation, in tx: Transaction) throws {
    let freed = max(.zero, try part - demand.waiting)
    try ReservationTable.set(
      wanted: demand.wanted - part, held: demand.held - freed, of: demand.id, in: tx)
    guard freed.isPositive else { return }
    try StockBalanceTable.addReserved(
      -freed.micros, of: demand.product, at: demand.location, in: tx)
    _ = try AllocateFreed(
      product: product ?? Products.fetch(demand.product, in: tx),
      location: Locations.fetch(demand.location, in: tx), free: freed
    ).run(in: tx)
  }
}
