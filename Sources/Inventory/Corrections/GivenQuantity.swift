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

  /// What it comes to in the base unit of `product` as a positive quantity, said in any unit that
  /// the product is counted in; nil when something is wrong with it, which is noted.
  @discardableResult
  package func read(
    _ check: inout FieldCheck, _ name: String, of product: Product?
  ) -> Quantity? {
    guard let product, let pack = product.pack(unit) else {
      if let product { checkUnit(&check, name, of: product, known: product.unitCodes) }
      self.check(&check, name, of: product)
      return product == nil ? nil : quantity
    }
    return converted(by: pack, of: product, &check, name).map { base in
      GivenQuantity(base).check(&check, name, of: product)
      return base
    }
  }

  /// The same for a count, which may be 0, and for a difference, which may be negative, too.
  func readCount(
    _ check: inout FieldCheck, _ name: String, of product: Product?, isDifference: Bool = false
  ) -> Quantity? {
    var base = self
    if let product, let pack = product.pack(unit) {
      guard let found = converted(by: pack, of: product, &check, name) else { return nil }
      base = GivenQuantity(found)
    }
    if isDifference {
      base.checkMeasure(&check, name, of: product)
    } else {
      base.checkCount(&check, name, of: product)
    }
    return base.quantity
  }

  private func converted(
    by pack: ProductUnit, of product: Product, _ check: inout FieldCheck, _ name: String
  ) -> Quantity? {
    if let base = pack.base(of: quantity) { return base }
    check.refuse(
      ProductRejection.inexactConversion(
        field: check.path.field(name), sku: product.sku, given: "\(quantity) \(pack.code)",
        unit: product.unit))
    return nil
  }

  /// Whether it counts in the unit of the product.
  package func checkUnit(
    _ check: inout FieldCheck, _ name: String, of product: Product, known: String? = nil
  ) {
    guard !unit.isEmpty, unit != product.unit else { return }
    check.refuse(
      InventoryRejection.wrongUnit(
        field: check.path.field(name + ".unit_code"), sku: product.sku,
        unit: known ?? product.unit, given: String(unit.prefix(40))))
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
