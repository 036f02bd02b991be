package import Storage
package import Values

/// Adds or changes suppliers by code.
package struct UpsertSuppliers: Sendable {
  package let rows: [SupplierDraft]
  /// What is taken for suppliers that are there already; nil for all of it.
  package let fields: Set<SupplierDraft.Field>?

  package init(_ rows: [SupplierDraft], fields: Set<SupplierDraft.Field>? = nil) {
    self.rows = rows
    self.fields = fields
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "suppliers", in: tx) { draft, path in
      let stored = try SupplierTable.find(draft.code, in: tx)
      var draft = draft
      if let stored, let fields { draft = draft.taking(fields, of: stored) }
      if stored == nil {
        draft.malformed += try CodePatterns.refusals(
          of: draft.code, .supplier, field: path.field("code"), in: tx)
      }
      let supplier = try draft.supplier(from: stored, at: path)
      guard let stored else {
        try SupplierTable.insert(supplier, in: tx)
        return .created
      }
      guard supplier != stored else { return .unchanged }
      try SupplierTable.update(supplier, in: tx)
      return .updated
    }
  }
}
