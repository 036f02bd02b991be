package import Inventory
import MasterData
package import Storage
package import Values

/// Plans a work order that nobody waits for: its output is free stock. What a caller gives is
/// checked all at once.
package struct PlanForStock: Sendable {
  package let sku: String
  package let quantity: GivenQuantity
  package let warehouseCode: String
  /// Nil: as soon as possible.
  package let dueOn: Day?

  package init(sku: String, quantity: GivenQuantity, warehouseCode: String, dueOn: Day? = nil) {
    self.sku = sku
    self.quantity = quantity
    self.warehouseCode = warehouseCode
    self.dueOn = dueOn
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> WorkOrder {
    var check = FieldCheck(.request)
    let product = try Products.find(sku: sku, in: tx)
    if product == nil {
      check.refuse(
        MasterDataRejection.unknownProduct(field: "sku", sku: String(sku.prefix(60))).ifNamed(sku))
    }
    let warehouse = try Warehouses.seen(code: warehouseCode, in: tx)
    if warehouse == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(
          field: "warehouse_code", code: String(warehouseCode.prefix(60))
        ).ifNamed(warehouseCode))
    }
    quantity.check(&check, "quantity", of: product)
    try check.pass()
    guard let product, let warehouse else {
      preconditionFailure("a request that passed its checks is complete")
    }
    return try PlanWorkOrder(
      product: product, quantity: quantity.quantity, warehouse: warehouse, origin: nil,
      dueOn: dueOn, field: "sku"
    ).run(in: tx, at: now)
  }
}
