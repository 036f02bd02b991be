package import MasterData
package import Storage
package import Values

/// Promises goods to a demand. A free quantity is promised by one conditional write, so that N
/// buyers of k units get exactly k (complaint 1 of DOMAIN). A demand that is pegged to a supply
/// takes no free stock and waits for its output.
///
/// Reserving again for the same origin and product adds to what it wants and keeps its age.
package struct Reserve: Sendable {
  package let product: Product
  package let warehouse: Warehouse
  package let quantity: Quantity
  /// The line that demands it.
  package let origin: Origin
  /// The greater is served first.
  package let priority: Int
  /// The work order whose output it waits for.
  package let peg: DocumentReference?
  package let shortage: ShortageRule
  /// The document on whose timeline shortage and arrival belong too, where that is not the origin's
  /// own.
  package let root: DocumentReference?
  /// Field of the request that asked for the quantity, for a refusal.
  package let field: String?

  package init(
    product: Product, warehouse: Warehouse, quantity: Quantity, origin: Origin, priority: Int = 0,
    peg: DocumentReference? = nil, shortage: ShortageRule, root: DocumentReference? = nil,
    field: String? = nil
  ) {
    self.product = product
    self.warehouse = warehouse
    self.quantity = quantity
    self.origin = origin
    self.priority = priority
    self.peg = peg
    self.shortage = shortage
    self.root = root
    self.field = field
  }

  /// What the origin wants of the product now, and what of it is held.
  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> ReservedQuantity {
    guard product.isStocked else {
      throw InventoryRejection.serviceHasNoStock(field: field, sku: product.sku)
    }
    guard quantity.isPositive else {
      throw InventoryRejection.quantityNotPositive(field: field, given: quantity)
    }
    if peg == nil,
      try StockBalanceTable.reserve(quantity, of: product.id, in: warehouse.id, in: tx)
    {
      return try add(held: quantity, in: tx, now: now)
    }
    return try runShort(in: tx, at: now)
  }

  /// Not all of it is free, or none of it may be taken.
  private func runShort(in tx: Transaction, at now: Moment) throws -> ReservedQuantity {
    let free =
      peg == nil
      ? try StockBalanceTable.free(product.id, in: warehouse.id, in: tx) : .zero
    if peg == nil, shortage == .refuse {
      throw InventoryRejection.insufficientStock(
        field: field, sku: product.sku, available: free, requested: quantity)
    }
    let location = try Locations.stock(of: warehouse, in: tx)
    // A product that was never here gets its row, so that what waits is seen with the stock.
    let currency = try Companies.current(in: tx).baseCurrency
    _ = try StockBalanceTable.add(0, value: .zero(currency), of: product, at: location, in: tx)
    if free.isPositive {
      try StockBalanceTable.addReserved(free.micros, of: product.id, at: location.id, in: tx)
    }
    let reserved = try add(held: free, in: tx, now: now)
    if peg == nil {
      tx.record(
        .ofDemand(
          "reservation.short", origin, root: root, product: product, warehouse: warehouse.code,
          [Fact("wanted", reserved.wanted), Fact("missing", reserved.waiting)]))
    }
    return reserved
  }

  private func add(
    held: Quantity, in tx: Transaction, now: Moment
  ) throws -> ReservedQuantity {
    if try ReservationTable.insert(self, held: held, now: now, in: tx) {
      return ReservedQuantity(wanted: quantity, held: held)
    }
    guard let reserved = try ReservationTable.add(self, held: held, in: tx) else {
      throw InventoryRejection.reservedElsewhere(origin: origin, sku: product.sku)
    }
    return reserved
  }
}
