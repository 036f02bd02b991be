import MasterData
import Storage
import Values

/// The product and the warehouses that a request about stock names, with everything that is wrong
/// about them.
struct StockRequest {
  var check = FieldCheck(.request)

  mutating func product(_ sku: String, in snapshot: Snapshot) throws -> Product? {
    guard let product = try Products.find(sku: sku, in: snapshot) else {
      check.refuse(
        MasterDataRejection.unknownProduct(field: "sku", sku: String(sku.prefix(60))).ifNamed(sku))
      return nil
    }
    if !product.isStocked {
      check.refuse(InventoryRejection.serviceHasNoStock(field: "sku", sku: product.sku))
    }
    return product
  }

  mutating func warehouse(
    _ code: String, field: String = "warehouse_code", in snapshot: Snapshot
  ) throws -> Warehouse? {
    let warehouse = try Warehouses.seen(code: code, in: snapshot)
    if warehouse == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(field: field, code: String(code.prefix(60))).ifNamed(
          code))
    }
    return warehouse
  }

  /// Of one unit; nil asks for nothing.
  mutating func unitCost(_ cost: UnitPrice?, in snapshot: Snapshot) throws {
    guard let cost else { return }
    check.unitPrice(cost, "unit_cost", base: try Companies.current(in: snapshot).baseCurrency)
  }
}
