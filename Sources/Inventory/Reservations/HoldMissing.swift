package import MasterData
package import Storage
package import Values

/// Sets apart what a demand held and nobody found on the shelves: it stays in the books and is
/// promised to nobody until somebody has looked. The demand waits for others; what is free serves
/// it at once. A loss that a count finds is taken from here first (`AdjustStock`), and what turns
/// up is free again by `ReleaseReservation`.
package struct HoldMissing: Sendable {
  /// The line that held it.
  package let origin: Origin
  package let product: Product
  package let warehouse: Warehouse
  package let quantity: Quantity
  /// The line of the shipment for which it was looked for: a document of a kind that demands
  /// nothing else.
  package let document: Origin

  package init(
    origin: Origin, product: Product, warehouse: Warehouse, quantity: Quantity, document: Origin
  ) {
    precondition(document.kind == Reservation.missingKind, "only shipments are picked")
    self.origin = origin
    self.product = product
    self.warehouse = warehouse
    self.quantity = quantity
    self.document = document
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    guard quantity.isPositive else {
      throw InventoryRejection.quantityNotPositive(field: nil, given: quantity)
    }
    let demand = try ReservationTable.find(origin, product: product.id, in: tx)
    guard let demand, demand.held >= quantity else {
      throw InventoryRejection.nothingReserved(
        origin: origin, sku: product.sku, held: demand?.held ?? .zero, requested: quantity)
    }
    let location = try Locations.fetch(demand.location, in: tx)
    try ReservationTable.setHeld(demand.held - quantity, of: demand.id, in: tx)
    let hold = Reserve(
      product: product, warehouse: warehouse, quantity: quantity, origin: document,
      priority: Reservation.missingPriority, shortage: .refuse)
    guard try ReservationTable.insert(hold, held: quantity, now: now, in: tx) else {
      throw InventoryRejection.reservedElsewhere(origin: document, sku: product.sku)
    }
    tx.record(
      demand.event(
        "reservation.short", product: product, location: location,
        [Fact("wanted", demand.wanted), Fact("missing", try demand.waiting + quantity)]))
    let free = try StockBalanceTable.find(product.id, at: location.id, in: tx)?.free ?? .zero
    _ = try AllocateFreed(product: product, location: location, free: free).run(in: tx)
  }
}

extension Reservation {
  /// What nobody found is set apart under these documents.
  static let missingKind = DocumentKind.shipment
  /// Gives way before any demand, and waits for nothing.
  static let missingPriority = -1_000_000_000

  /// Nobody wants it: it was looked for and not found.
  var isMissing: Bool { origin.kind == Self.missingKind }
}
