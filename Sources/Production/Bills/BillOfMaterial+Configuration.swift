import MasterData
import Storage
import Values

extension BillOfMaterial {
  /// What goes into one piece as its customer chose it, and the steps. A published model names only
  /// products and work centres that exist, and neither is ever removed.
  init(_ configuration: Configuration, of product: Product, in snapshot: Snapshot) throws {
    self.init(
      product: product.id, sku: product.sku, unit: product.unit, version: configuration.version,
      components: try configuration.components.map { component in
        guard let part = try Products.find(sku: component.sku, in: snapshot) else {
          throw MissingRow("product", 0)
        }
        return Component(
          product: part.id, sku: part.sku, unit: part.unit, quantity: component.quantity,
          scrap: component.waste)
      },
      operations: try configuration.operations.map { operation in
        guard let centre = try WorkCentreTable.find(operation.workCentre, in: snapshot) else {
          throw MissingRow("work_centre", 0)
        }
        return Operation(
          sequence: operation.sequence, name: operation.name, workCentre: centre.id,
          workCentreCode: centre.code, setupMinutes: operation.setupMinutes,
          unitMinutes: operation.unitMinutes)
      })
  }
}
