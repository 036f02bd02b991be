package import Values

/// How a product comes to be.
package enum ProductKind: String, Hashable, Sendable, CaseIterable {
  /// Bought or made for stock, and sold from stock.
  case stocked = "STOCKED"
  /// Made for one order line by a work order of its own.
  case madeToOrder = "MADE_TO_ORDER"
  /// Boards, fabric, hardware: used by the workshop, not sold.
  case rawMaterial = "RAW_MATERIAL"
  /// Delivery, installation and other work: sold, never stocked.
  case service = "SERVICE"
}

/// Something that is bought, made or sold. Kind and unit stay as they were created, since stock,
/// prices and documents count in them.
package struct Product: Hashable, Sendable {
  package let id: ID<Product>
  /// Stock-keeping unit code; names the product for ever.
  package let sku: String
  /// In the company's language.
  package var name: String
  /// May be empty.
  package var nameEnglish: String
  package let kind: ProductKind
  /// Base unit of stock and prices: "pcs", "m2", "m", "kg", "h".
  package let unit: String
  package var taxClass: String
  /// Of one base unit, packed; nil when nobody has said.
  package var weightGrams: Int64?
  package var volumeCubicCentimetres: Int64?
  /// Counts the changes of the row, from 1.
  package var version: Int64

  /// Nobody sells half a chair.
  package var countsInWholeUnits: Bool { ["pcs", "set", "pair"].contains(unit) }

  package var isStocked: Bool { kind != .service }
}
