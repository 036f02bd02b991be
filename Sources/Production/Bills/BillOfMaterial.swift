package import MasterData
package import Values

/// How a product is made: what goes into one unit of it, and the steps.
package struct BillOfMaterial: Hashable, Sendable {
  package struct Component: Hashable, Sendable {
    package let product: ID<Product>
    package let sku: String
    /// Base unit of the component, in which the quantity counts.
    package let unit: String
    /// What one unit of the product needs, without waste.
    package let quantity: Quantity
    /// Share of the component that is lost as waste, below 100 %.
    package let scrap: Rate
  }

  package struct Operation: Hashable, Sendable {
    /// Position, from 1; steps are finished in this order.
    package let sequence: Int
    package let name: String
    package let workCentre: ID<WorkCentre>
    package let workCentreCode: String
    /// Once a work order.
    package let setupMinutes: Quantity
    /// For each unit.
    package let unitMinutes: Quantity
  }

  package let product: ID<Product>
  package let sku: String
  /// Base unit of the product.
  package let unit: String
  /// Counts the bills that the product had, from 1.
  package let version: Int64
  package let components: [Component]
  /// In the order of their sequence; may be empty.
  package let operations: [Operation]

  /// It says the same, whatever its version.
  func isSame(as other: BillOfMaterial) -> Bool {
    components == other.components && operations == other.operations
  }
}

extension BillOfMaterial.Operation {
  /// Set-up and the time of each unit, rounded up.
  func minutes(for quantity: Quantity) throws(ArithmeticError) -> Quantity {
    try setupMinutes + quantity.demand(perUnit: unitMinutes)
  }
}

extension BillOfMaterial.Component {
  /// What `quantity` units of the product need, waste included, rounded up; to whole units where
  /// the component is counted in such, since nobody takes half a hinge off the shelf.
  func need(for quantity: Quantity, wholeUnits: Bool) throws(ArithmeticError) -> Quantity {
    let exact = try quantity.demand(perUnit: self.quantity, scrap: scrap)
    let rest = exact.micros % Quantity.one.micros
    guard wholeUnits, rest > 0 else { return exact }
    return try exact + Quantity(micros: Quantity.one.micros - rest)
  }
}
