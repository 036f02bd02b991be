import MasterData
package import Storage
package import Values

/// Takes goods in that come without a purchase order, at a given cost: above all the opening stock.
/// The owners brought them in, so their value is capital and nothing that a supplier could bill.
package struct ReceiveStock: Sendable {
  package let sku: String
  package let warehouseCode: String
  package let quantity: GivenQuantity
  /// Of one unit, without tax.
  package let unitCost: UnitPrice?
  /// At most 200 characters.
  package let reason: String

  package init(
    sku: String, warehouseCode: String, quantity: GivenQuantity, unitCost: UnitPrice?,
    reason: String = ""
  ) {
    self.sku = sku
    self.warehouseCode = warehouseCode
    self.quantity = quantity
    self.unitCost = unitCost
    self.reason = reason
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> StockCorrection {
    var request = StockRequest()
    let product = try request.product(sku, in: tx)
    let warehouse = try request.warehouse(warehouseCode, in: tx)
    let quantity = quantity.read(&request.check, "quantity", of: product)
    let cost = request.check.required(unitCost, "unit_cost")
    try request.unitCost(cost, in: tx)
    let value = cost.flatMap { cost in
      quantity.flatMap { request.check.value(of: $0, at: cost, "unit_cost") }
    }
    request.check.text(reason, "reason")
    try request.check.pass()
    guard let product, let warehouse, let quantity, let value else {
      preconditionFailure("a request that passed its checks is complete")
    }
    let number = try DocumentNumbers.next(.stockAdjustment, on: now.day, in: tx)
    try MoveStock(
      product: product, quantity: quantity, from: Locations.opening,
      to: Locations.stock(of: warehouse, in: tx), valuation: .given(value), cause: .openingStock,
      origin: Origin(.stockAdjustment, number), reason: reason, field: "quantity"
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "stock.received", DocumentReference(.stockAdjustment, number),
        [
          Fact("sku", product.sku), Fact("warehouse", warehouse.code),
          Fact("quantity", quantity), Fact("unit", product.unit), Fact("value", value),
          Fact("reason", reason),
        ]))
    return StockCorrection(
      number: number, levels: try Availability.levels(of: product, warehouse: warehouse, in: tx))
  }
}
