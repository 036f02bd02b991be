import MasterData
package import Storage
package import Values

/// Moves free goods from one warehouse to another, at what they cost. Promised goods stay where
/// they are promised.
package struct TransferStock: Sendable {
  package let sku: String
  package let fromWarehouseCode: String
  package let toWarehouseCode: String
  package let quantity: GivenQuantity

  package init(
    sku: String, fromWarehouseCode: String, toWarehouseCode: String, quantity: GivenQuantity
  ) {
    self.sku = sku
    self.fromWarehouseCode = fromWarehouseCode
    self.toWarehouseCode = toWarehouseCode
    self.quantity = quantity
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> StockCorrection {
    var request = StockRequest()
    let product = try request.product(sku, in: tx)
    let from = try request.warehouse(fromWarehouseCode, field: "from_warehouse_code", in: tx)
    let to = try request.warehouse(toWarehouseCode, field: "to_warehouse_code", in: tx)
    let quantity = quantity.read(&request.check, "quantity", of: product)
    if let from, from.id == to?.id {
      request.check.refuse(
        InventoryRejection.sameWarehouse(field: "to_warehouse_code", code: from.code))
    }
    try request.check.pass()
    guard let product, let from, let to, let quantity else {
      preconditionFailure("a request that passed its checks is complete")
    }
    let free = try Availability.free(product, in: from, in: tx)
    guard quantity <= free else {
      throw InventoryRejection.insufficientStock(
        field: "quantity", sku: product.sku, available: free, requested: quantity)
    }
    let number = try DocumentNumbers.next(.stockAdjustment, on: now.day, in: tx)
    try MoveStock(
      product: product, quantity: quantity, from: Locations.stock(of: from, in: tx),
      to: Locations.stock(of: to, in: tx), cause: .transfer,
      origin: Origin(.stockAdjustment, number), field: "quantity"
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "stock.transferred", DocumentReference(.stockAdjustment, number),
        [
          Fact("sku", product.sku), Fact("from", from.code), Fact("to", to.code),
          Fact("quantity", quantity), Fact("unit", product.unit),
        ]))
    return StockCorrection(
      number: number,
      levels: try Availability.levels(of: product, warehouse: from, in: tx)
        + Availability.levels(of: product, warehouse: to, in: tx))
  }
}
