package import MasterData
package import Storage
package import Values

/// Takes goods off the shelves for the demand that they are held for. It consumes that demand's own
/// promise and never more than is held (complaint 5 of DOMAIN).
package struct ShipReserved: Sendable {
  /// The line that the goods are reserved for.
  package let origin: Origin
  package let product: Product
  package let quantity: Quantity
  package let to: Location
  package let cause: MoveCause
  /// What the movement belongs to, where that is not the demand's own line: the shipment.
  package let document: Origin
  /// Code of the customer, for the journal.
  package let party: String?

  /// `cause` nil: what `to` suggests, a material issue to the workshop and a shipment elsewhere.
  package init(
    origin: Origin, product: Product, quantity: Quantity, to: Location, cause: MoveCause? = nil,
    document: Origin? = nil, party: String? = nil
  ) {
    self.origin = origin
    self.product = product
    self.quantity = quantity
    self.to = to
    self.cause = cause ?? (to.kind == .production ? .materialIssue : .shipment)
    self.document = document ?? origin
    self.party = party
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> StockMove {
    guard quantity.isPositive else {
      throw InventoryRejection.quantityNotPositive(field: nil, given: quantity)
    }
    let demand = try ReservationTable.find(origin, product: product.id, in: tx)
    guard let demand, demand.held >= quantity else {
      throw InventoryRejection.nothingReserved(
        origin: origin, sku: product.sku, held: demand?.held ?? .zero, requested: quantity)
    }
    try ReservationTable.set(
      wanted: demand.wanted - quantity, held: demand.held - quantity, of: demand.id, in: tx)
    return try MoveStock(
      product: product, quantity: quantity, from: Locations.fetch(demand.location, in: tx), to: to,
      valuation: .average, cause: cause, origin: document, supply: nil, party: party, reason: "",
      field: nil, isReserved: true
    ).run(in: tx, at: now)
  }
}
