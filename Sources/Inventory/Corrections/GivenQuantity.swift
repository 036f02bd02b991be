package import MasterData
package import Values

/// A quantity as a request gives it: with the unit that the caller had in mind, so that three
/// kilograms are never taken for three pieces.
package struct GivenQuantity: Hashable, Sendable {
  package let quantity: Quantity
  /// Empty for the product's base unit.
  package let unit: String

  package init(_ quantity: Quantity, unit: String = "") {
    self.quantity = quantity
    self.unit = unit
  }

  /// A thousand million units in one go; sums of any sensible number of them still fit.
  package static let highest = Quantity(micros: 1_000_000_000_000_000)

  /// Notes what is wrong with it as a positive quantity of `product` (nil: unknown, and noted
  /// elsewhere).
  package func check(_ check: inout FieldCheck, _ name: String, of product: Product?) {
    let field = check.path.field(name)
    if !quantity.isPositive {
      check.refuse(InventoryRejection.quantityNotPositive(field: field, given: quantity))
    }
    checkMeasure(&check, name, of: product)
  }

  /// The same for a count, which may be 0.
  func checkCount(_ check: inout FieldCheck, _ name: String, of product: Product?) {
    if quantity.micros < 0 {
      check.refuse(
        InventoryRejection.quantityNegative(field: check.path.field(name), given: quantity))
    }
    checkMeasure(&check, name, of: product)
  }

  /// Whether it counts in the unit of the product.
  package func checkUnit(_ check: inout FieldCheck, _ name: String, of product: Product) {
    guard !unit.isEmpty, unit != product.unit else { return }
    check.refuse(
      InventoryRejection.wrongUnit(
        field: check.path.field(name + ".unit_code"), sku: product.sku, unit: product.unit,
        given: String(unit.prefix(40))))
  }

  /// Size, unit and wholeness, whatever the sign.
  func checkMeasure(_ check: inout FieldCheck, _ name: String, of product: Product?) {
    let lowest = Quantity(micros: -Self.highest.micros)
    check.range(quantity, name, lowest...Self.highest)
    guard let product else { return }
    checkUnit(&check, name, of: product)
    if product.countsInWholeUnits, quantity.micros % Quantity.one.micros != 0 {
      check.refuse(
        InventoryRejection.fractionOfUnit(
          field: check.path.field(name), sku: product.sku, unit: product.unit, given: quantity))
    }
  }
}
