package import MasterData
package import Storage
package import Values

/// Questions about promises.
package enum Reservations {
  /// What a line wants and holds; line 0 means all lines of the document. The oldest first.
  package static func of(_ origin: Origin, in snapshot: Snapshot) throws -> [Reservation] {
    try ReservationTable.of(origin, in: snapshot)
  }

  /// What each line of a document holds; lines that never demanded anything are missing.
  package static func held(
    by document: DocumentReference, in snapshot: Snapshot
  ) throws -> [(line: Int, quantity: Quantity)] {
    try ReservationTable.held(by: document, in: snapshot)
  }

  /// The demand of one line for one product.
  package static func find(
    _ origin: Origin, product: Product, in snapshot: Snapshot
  ) throws -> Reservation? {
    try ReservationTable.find(origin, product: product.id, in: snapshot)
  }

  /// Demand that waits for a supply's output or holds some of it already.
  package static func pegged(
    to supply: DocumentReference, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try ReservationTable.pegged(to: supply, in: snapshot)
  }

  /// Demand for a product that waits, the oldest first, from the one after `id` on.
  package static func waiting(
    for product: Product, after id: ID<Reservation>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try ReservationTable.waiting(for: product.id, after: id ?? ID(0), limit: limit, in: snapshot)
  }

  /// What waits for a product on the shelves of a warehouse, in the order in which it is served.
  package static func queue(
    for product: ID<Product>, at location: ID<Location>, limit: Int, in snapshot: Snapshot
  ) throws -> [Reservation] {
    try ReservationTable.waiting(for: product, at: location, limit: limit, in: snapshot)
  }

  /// How much of what waits is served before a demand.
  package static func ahead(of demand: Reservation, in snapshot: Snapshot) throws -> Quantity {
    try ReservationTable.ahead(of: demand, in: snapshot)
  }

  /// Whether nobody who waits is served after a demand.
  package static func isLast(_ demand: Reservation, in snapshot: Snapshot) throws -> Bool {
    try ReservationTable.last(for: demand.product, at: demand.location, in: snapshot) == demand.id
  }

  /// What lines of documents of a kind want of a product in a warehouse, held or not, and from no
  /// supply of their own; the oldest first. None where the warehouse never had shelves.
  package static func claims(
    of kind: DocumentKind, on product: Product, in warehouse: Warehouse, limit: Int,
    in snapshot: Snapshot
  ) throws -> [Reservation] {
    guard let location = try Locations.find(of: warehouse, in: snapshot) else { return [] }
    return try ReservationTable.claims(
      of: kind, on: product.id, at: location.id, limit: limit, in: snapshot)
  }
}
