package import MasterData
package import Storage
package import Values

/// Questions about what is there and what of it is free.
package enum Availability {
  /// Of one warehouse, or of all together.
  package static func of(
    _ product: Product, warehouse: Warehouse? = nil, in snapshot: Snapshot
  ) throws -> StockTotals {
    try StockTotals(
      StockBalanceTable.levels(of: product.id, in: warehouse?.code, in: snapshot))
  }

  /// What is on the shelves of all warehouses together; products that never were are absent.
  package static func shelves(
    of products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: ShelfStock] {
    try StockBalanceTable.shelves(of: products, in: snapshot)
  }

  /// What can still be promised in one warehouse: one small read.
  package static func free(
    _ product: Product, in warehouse: Warehouse, in snapshot: Snapshot
  ) throws -> Quantity {
    try StockBalanceTable.free(product.id, in: warehouse.id, in: snapshot)
  }

  /// A row per warehouse, in the order of their codes; warehouses that never had the product are
  /// absent.
  package static func levels(
    of product: Product, warehouse: Warehouse? = nil, in snapshot: Snapshot
  ) throws -> [StockLevel] {
    try StockBalanceTable.levels(of: product.id, in: warehouse?.code, in: snapshot)
  }

  /// What lies at the places of one kind that warehouses have beside their shelves, by warehouse
  /// and sku.
  package static func goods(
    at kind: LocationKind, in snapshot: Snapshot
  ) throws -> [GoodsBeside] {
    try StockBalanceTable.goods(at: kind, in: snapshot)
  }

  /// Where a page of stock ended.
  package struct Key: Hashable, Sendable {
    package let sku: String
    package let warehouseCode: String

    package init(sku: String, warehouseCode: String) {
      self.sku = sku
      self.warehouseCode = warehouseCode
    }
  }

  /// In the order of sku and warehouse code, from the one after `key` on (nil: from the first);
  /// `warehouse` nil means all.
  package static func list(
    after key: Key? = nil, warehouse: Warehouse? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [StockLevel] {
    try StockBalanceTable.list(
      afterSKU: key?.sku ?? "", warehouse: key?.warehouseCode ?? "", only: warehouse?.code,
      limit: limit, in: snapshot)
  }
}
