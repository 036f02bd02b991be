package import Storage
package import Values

/// Adds or changes price lists by code.
package struct UpsertPriceLists: Sendable {
  package let rows: [PriceListDraft]

  package init(_ rows: [PriceListDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "price_lists", in: tx) { draft, path in
      let stored = try PriceListTable.find(draft.code, in: tx)
      var draft = draft
      if stored == nil {
        draft.malformed += try CodePatterns.refusals(
          of: draft.code, .priceList, field: path.field("code"), in: tx)
      }
      let list = try draft.list(from: stored, at: path, base: base) {
        try CustomerTable.find($0, in: tx) != nil
      }
      guard let stored else {
        try PriceListTable.insert(list, in: tx)
        return .created
      }
      guard list != stored else { return .unchanged }
      if list.currency != stored.currency, try PriceTable.hasPrices(of: stored.id, in: tx) {
        throw MasterDataRejection.fixedOnceCreated(
          field: path.field("currency_code"), code: list.code,
          stored: (stored.currency ?? base).code, given: (list.currency ?? base).code)
      }
      try PriceListTable.update(list, in: tx)
      return .updated
    }
  }
}
