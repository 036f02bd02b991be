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
  /// Copied several times for each line that names it: one reference, whatever it holds.
  private let fields: Shared<Fields>

  private struct Fields: Hashable {
    let id: ID<Product>
    let sku: String
    let name: String
    let kind: ProductKind
    let unit: String
    let taxClass: String
    let weightGrams: Int64?
    let volumeCubicCentimetres: Int64?
    let details: ProductDetails
    let version: Int64
  }

  package init(
    id: ID<Product>, sku: String, name: String, kind: ProductKind, unit: String, taxClass: String,
    weightGrams: Int64?, volumeCubicCentimetres: Int64?, details: ProductDetails, version: Int64
  ) {
    fields = Shared(
      Fields(
        id: id, sku: sku, name: name, kind: kind, unit: unit, taxClass: taxClass,
        weightGrams: weightGrams, volumeCubicCentimetres: volumeCubicCentimetres, details: details,
        version: version))
  }

  package var id: ID<Product> { fields.value.id }
  /// Stock-keeping unit code; names the product for ever.
  package var sku: String { fields.value.sku }
  /// In the company's language.
  package var name: String { fields.value.name }
  package var kind: ProductKind { fields.value.kind }
  /// Base unit of stock and prices: "pcs", "m2", "m", "kg", "h".
  package var unit: String { fields.value.unit }
  package var taxClass: String { fields.value.taxClass }
  /// Of one base unit, packed; nil when nobody has said.
  package var weightGrams: Int64? { fields.value.weightGrams }
  package var volumeCubicCentimetres: Int64? { fields.value.volumeCubicCentimetres }
  /// Counts the changes of the row, from 1.
  package var version: Int64 { fields.value.version }

  package var nameEnglish: String { fields.value.details.nameEnglish }
  package var description: String { fields.value.details.description }
  package var descriptionEnglish: String { fields.value.details.descriptionEnglish }
  package var size: ProductSize { fields.value.details.size }
  package var units: [ProductUnit] { fields.value.details.units }
  package var hasCartons: Bool { fields.value.details.hasCartons }
  package var productClass: String { fields.value.details.productClass }
  package var customs: ProductCustoms { fields.value.details.customs }
  package var lifecycle: ProductLifecycle? { fields.value.details.lifecycle }

  /// Nobody sells half a chair.
  package var countsInWholeUnits: Bool { ["pcs", "set", "pair"].contains(unit) }

  package var isStocked: Bool { kind != .service }

  /// Another unit in which it can be asked for; nil when there is none of that code.
  package func pack(_ code: String) -> ProductUnit? {
    units.isEmpty ? nil : units.first { $0.code == code && !$0.isRetired }
  }

  /// How much `quantity` of a unit, its base unit among them, is in the base unit; nil when it is
  /// not counted in that, or comes to no whole number of millionths.
  package func base(of quantity: Quantity, in code: String) -> Quantity? {
    code.isEmpty || code == unit ? quantity : pack(code)?.base(of: quantity)
  }

  /// That it is not counted in `code`.
  package func refusal(ofUnit code: String, field: String) -> ProductRejection {
    .unknownUnit(
      field: field, sku: sku, given: String(code.prefix(40)), known: unitCodes)
  }

  /// What it can be asked for in: "pcs, box, pallet".
  package var unitCodes: String {
    ([unit] + units.filter { !$0.isRetired }.map(\.code)).joined(separator: ", ")
  }
}

/// What is asked of a product less often than once for each line that names it.
package struct ProductDetails: Hashable, Sendable {
  /// May be empty.
  package var nameEnglish = ""
  /// In the company's language, and in English; both may be empty.
  package var description = ""
  package var descriptionEnglish = ""
  /// Of one base unit as it stands in a room; nil when nobody has said.
  package var size = ProductSize()
  /// What it is counted in beside its base unit, retired ones included, in the order of their code.
  package var units: [ProductUnit] = []
  /// Its cartons say what it weighs and what room it takes.
  package var hasCartons = false
  /// What rules of approval and cancellation know it by; empty for none.
  package var productClass = ""
  package var customs = ProductCustoms()
  /// Nil when nobody has said anything about its days.
  package var lifecycle: ProductLifecycle?
}

/// Millimetres; nil where nobody has said.
package struct ProductSize: Hashable, Sendable {
  package var length: Int64?
  package var width: Int64?
  package var height: Int64?

  package init(length: Int64? = nil, width: Int64? = nil, height: Int64? = nil) {
    self.length = length
    self.width = width
    self.height = height
  }
}
