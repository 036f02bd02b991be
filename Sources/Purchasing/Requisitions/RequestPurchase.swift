import Inventory
package import MasterData
package import Storage
package import Values

/// Asks for goods to be bought, for a demand that stock cannot serve.
package struct RequestPurchase: Sendable {
  package let product: Product
  package let quantity: Quantity
  package let warehouse: Warehouse
  /// Nil: as soon as possible.
  package let neededOn: Day?
  /// The order line or work order that needs it.
  package let origin: Origin
  /// The document on whose timeline it belongs too, where that is not the origin's own.
  package let root: DocumentReference?

  package init(
    product: Product, quantity: Quantity, warehouse: Warehouse, neededOn: Day? = nil,
    origin: Origin, root: DocumentReference? = nil
  ) {
    self.product = product
    self.quantity = quantity
    self.warehouse = warehouse
    self.neededOn = neededOn
    self.origin = origin
    self.root = root
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> Requisition {
    guard product.isStocked else {
      throw InventoryRejection.serviceHasNoStock(field: nil, sku: product.sku)
    }
    guard quantity.isPositive else {
      throw InventoryRejection.quantityNotPositive(field: nil, given: quantity)
    }
    let number = try DocumentNumbers.next(.requisition, on: now.day, in: tx)
    let id = try RequisitionTable.insert(self, number: number, at: now, in: tx)
    let preferred = try SupplierPriceTable.preferred(for: product.id, in: tx)
    let requisition = Requisition(
      id: id, number: number, state: .open, product: product.id, sku: product.sku,
      unit: product.unit, quantity: quantity, warehouse: warehouse.id,
      warehouseCode: warehouse.code, neededOn: neededOn, origin: origin, root: root,
      isPegged: true, preferredSupplierCode: preferred?.supplierCode, purchaseOrderNumber: nil)
    tx.record(
      requisition.event(
        "requisition.raised",
        [Fact("warehouse", warehouse.code)]
          + (preferred.map { [Fact("supplier", $0.supplierCode)] } ?? [])))
    return requisition
  }
}
