package import Storage
package import Values

/// Adds or changes warehouses by code.
package struct UpsertWarehouses: Sendable {
  package let rows: [WarehouseDraft]

  package init(_ rows: [WarehouseDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "warehouses", in: tx) { draft, path in
      let stored = try WarehouseTable.find(draft.code, in: tx)
      var draft = draft
      if stored == nil {
        draft.malformed += try CodePatterns.refusals(
          of: draft.code, .warehouse, field: path.field("code"), in: tx)
      }
      let warehouse = try draft.warehouse(from: stored, at: path)
      guard let stored else {
        try WarehouseTable.insert(warehouse, in: tx)
        return .created
      }
      guard warehouse != stored else { return .unchanged }
      try WarehouseTable.update(warehouse, in: tx)
      return .updated
    }
  }
}
