package import Storage
package import Values

/// Adds or changes products by sku.
package struct UpsertProducts: Sendable {
  package let rows: [ProductDraft]
  /// What is taken for products that are there already; nil for all of it.
  package let fields: Set<ProductDraft.Field>?

  package init(_ rows: [ProductDraft], fields: Set<ProductDraft.Field>? = nil) {
    self.rows = rows
    self.fields = fields
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let taxClasses = try TaxRateTable.classes(in: tx)
    return try Batch.run(rows, field: "products", in: tx) { draft, path in
      let stored = try ProductTable.find(draft.sku, in: tx)
      var draft = draft
      if let stored, let fields { draft = draft.taking(fields, of: stored) }
      if stored == nil {
        draft.malformed += try CodePatterns.refusals(
          of: draft.sku, .product, draft.productClass ?? "", field: path.field("sku"), in: tx)
      }
      let product = try draft.product(from: stored, at: path, taxClasses: taxClasses)
      guard let stored else {
        try ProductTable.insert(product, in: tx)
        return .created
      }
      guard product != stored else { return .unchanged }
      try ProductTable.update(product, from: stored, in: tx)
      return .updated
    }
  }
}
