package import Storage
package import Values

/// Adds or changes price lists by code.
package struct UpsertPriceLists: Sendable {
  package let rows: [PriceListDraft]

  package init(_ rows: [PriceListDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "price_lists", in: tx) { draft, path in
      let stored = try PriceListTable.find(draft.code, in: tx)
      let list = try draft.list(from: stored, at: path) {
        try CustomerTable.find($0, in: tx) != nil
      }
      guard let stored else {
        try PriceListTable.insert(list, in: tx)
        return .created
      }
      guard list != stored else { return .unchanged }
      try PriceListTable.update(list, in: tx)
      return .updated
    }
  }
}
