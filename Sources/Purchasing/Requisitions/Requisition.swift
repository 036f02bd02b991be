package import MasterData
package import Values

/// Where a requisition stands.
package enum RequisitionState: String, Hashable, Sendable, CaseIterable {
  /// Nobody has ordered it yet.
  case open = "OPEN"
  /// It is on a purchase order.
  case ordered = "ORDERED"
  /// What asked for it went away before anybody ordered.
  case cancelled = "CANCELLED"
}

/// A request to buy, raised where stock is short.
package struct Requisition: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<Requisition>
  package let number: String
  package let state: RequisitionState
  package let product: ID<Product>
  package let sku: String
  package let unit: String
  package let quantity: Quantity
  package let warehouse: ID<Warehouse>
  package let warehouseCode: String
  /// Nil: as soon as possible.
  package let neededOn: Day?
  /// The order line or work order that needs it.
  package let origin: Origin
  /// The document on whose timeline it belongs, where that is not the origin's own.
  package let root: DocumentReference?
  /// What asked for it still does. Goods of a requisition that nobody asks for any more become free
  /// stock.
  package let isPegged: Bool
  /// The supplier that is preferred for this product; nil when none is.
  package let preferredSupplierCode: String?
  /// The purchase order it is on; nil while it is on none.
  package let purchaseOrderNumber: String?

  package var reference: DocumentReference { DocumentReference(.requisition, number) }

  /// An event of this requisition, on the timeline of what asked for it.
  func event(_ type: String, _ facts: [Fact] = []) -> DomainEvent {
    DomainEvent(
      type, reference, related: root ?? origin.document,
      [Fact("sku", sku), Fact("quantity", quantity), Fact("unit", unit)] + facts)
  }
}
