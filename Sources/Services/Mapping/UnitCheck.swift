internal import MasterData
internal import Messages

/// A quantity on the wire may name its unit; it must then be the product's own, so that nobody
/// orders 3 boxes and gets 3 pieces.
enum UnitCheck {
  static func check(_ quantity: TypeV1.Quantity?, of product: Product, _ field: String) throws {
    guard let unit = quantity?.unitCode, !unit.isEmpty, unit != product.unit else { return }
    throw RequestRejection.wrongUnit(
      field + ".unit_code", given: unit, expected: product.unit, sku: product.sku)
  }
}
