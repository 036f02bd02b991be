package import MasterData
package import Storage
package import Values

/// Sets what suppliers ask, by supplier and product. A row that is preferred takes the preference
/// from the supplier that had it.
package struct UpsertSupplierPrices: Sendable {
  package let rows: [SupplierPriceDraft]

  package init(_ rows: [SupplierPriceDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "prices", in: tx) { draft, path in
      let price = try draft.price(
        of: Suppliers.find(code: draft.supplierCode, in: tx),
        for: Products.find(sku: draft.sku, in: tx), at: path, base: base)
      let stored = try SupplierPriceTable.find(price.supplier, product: price.product, in: tx)
      guard price != stored else { return .unchanged }
      if price.isPreferred, stored?.isPreferred != true {
        try SupplierPriceTable.withdrawPreference(for: price.product, in: tx)
      }
      try SupplierPriceTable.upsert(price, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}
