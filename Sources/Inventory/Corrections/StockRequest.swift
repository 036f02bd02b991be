import MasterData
import Storage
import Values

/// The product and the warehouses that a request about stock names, with everything that is wrong about them.
struct StockRequest {
  var check = FieldCheck(.request)

  mutating func product(_ sku: String, in snapshot: Snapshot) throws -> Product? {
    guard let product = try Products.find(sku: sku, in: snapshot) else {
      check.refuse(MasterDataRejection.unknownProduct(field: "sku", sku: String(sku.prefix(60))))
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
    let warehouse = try Warehouses.find(code: code, in: snapshot)
    if warehouse == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(field: field, code: String(code.prefix(60))))
    }
    return warehouse
  }

  /// Of one unit; 0 or more, in the currency of the books.
  mutating func unitCost(_ cost: UnitPrice?, in snapshot: Snapshot) throws {
    guard let cost else { return }
    let base = try Companies.current(in: snapshot).baseCurrency
    check.currency(cost.currency, "unit_cost", base: base)
    check.range(cost.micros, "unit_cost", 0...Self.highestCost)
  }

  /// What that many units cost; notes a value beyond all reason.
  mutating func value(_ cost: UnitPrice, _ quantity: Quantity) -> Money? {
    let value = try? cost.amount(for: quantity)
    if value.map({ $0.minor > Self.highestValue }) ?? true {
      check.range(Self.highestValue + 1, "unit_cost", 0...Self.highestValue)
      return nil
    }
    return value
  }

  /// A million of the major unit for one piece.
  private static let highestCost: Int64 = 1_000_000_000_000
  /// Ten million million of the major unit: sums of many still fit.
  private static let highestValue: Int64 = 1_000_000_000_000_000
}
