package import MasterData
package import Storage
package import Values

/// Questions about what suppliers ask.
package enum SupplierPrices {
  package static func find(
    _ supplier: Supplier, product: Product, in snapshot: Snapshot
  ) throws -> SupplierPrice? {
    try SupplierPriceTable.find(supplier.id, product: product.id, in: snapshot)
  }

  /// Of the supplier that is asked first; nil when none is preferred.
  package static func preferred(
    for product: Product, in snapshot: Snapshot
  ) throws -> SupplierPrice? {
    try SupplierPriceTable.preferred(for: product.id, in: snapshot)
  }

  /// Of the suppliers that are asked first; products without one are absent.
  package static func preferred(
    for products: [ID<Product>], in snapshot: Snapshot
  ) throws -> [ID<Product>: SupplierPrice] {
    try SupplierPriceTable.preferred(for: products, in: snapshot)
  }
}
