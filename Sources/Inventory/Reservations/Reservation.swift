package import MasterData
package import Values

/// A promise of goods to a demand. What is held lies on the shelves for it and for nobody else; the
/// rest waits for goods to come.
package struct Reservation: Hashable, Sendable {
  /// Grows with age: of two demands the older has the smaller id.
  package let id: ID<Reservation>
  package let product: ID<Product>
  /// The shelves.
  package let location: ID<Location>
  package let wanted: Quantity
  /// Never more than wanted; counted in the balance's `reserved`.
  package let held: Quantity
  /// The greater is served first.
  package let priority: Int
  /// The line that demands it.
  package let origin: Origin
  /// The work order whose output it waits for; such a demand takes no free stock.
  package let peg: DocumentReference?
  /// The document on whose timeline it belongs, where that is not the origin's own.
  package let root: DocumentReference?
  package let createdAt: Instant

  package var waiting: Quantity { Quantity(micros: wanted.micros - held.micros) }
  package var isFilled: Bool { held == wanted }

  func event(_ type: String, product: Product, location: Location, _ facts: [Fact]) -> DomainEvent {
    .ofDemand(
      type, origin, root: root, product: product,
      warehouse: location.warehouseCode ?? location.code, facts)
  }
}

/// What a demand wants and what of it is held for it.
package struct ReservedQuantity: Hashable, Sendable {
  package let wanted: Quantity
  package let held: Quantity

  package var waiting: Quantity { Quantity(micros: wanted.micros - held.micros) }
  package var isFilled: Bool { held == wanted }
}

/// What happens to a demand for which there is not enough.
package enum ShortageRule: String, Hashable, Sendable, CaseIterable {
  /// It takes what is free and waits for the rest.
  case wait = "WAIT"
  /// All or nothing.
  case refuse = "REFUSE"
}

extension DomainEvent {
  /// An event of a demand: on the timeline of its document, and of the root document.
  static func ofDemand(
    _ type: String, _ origin: Origin, root: DocumentReference?, product: Product,
    warehouse: String, _ facts: [Fact]
  ) -> DomainEvent {
    DomainEvent(
      type, origin.document, related: root == origin.document ? nil : root,
      [
        Fact("line", origin.line), Fact("sku", product.sku), Fact("warehouse", warehouse),
      ] + facts)
  }
}
