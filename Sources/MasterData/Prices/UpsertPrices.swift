package import Storage
package import Values

/// Adds or changes prices. Two prices of one list, product and minimum quantity never hold on the
/// same day; to change a price from a day on, end the old one the day before, in an earlier row of
/// the batch.
package struct UpsertPrices: Sendable {
  package let rows: [PriceDraft]

  package init(_ rows: [PriceDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "prices", in: tx) { draft, path in
      let product = try ProductTable.find(draft.sku, in: tx)
      let price = try draft.price(
        in: PriceListTable.find(draft.list, in: tx), of: product, at: path, base: base)
      if let terms = price.model, let product {
        let model = try Models.require(
          sku: product.sku, version: 0, in: tx, skuField: path.field("sku"))
        try terms.check(for: product, Models.draft(of: model, in: tx), at: path)
      }
      let stored = try PriceTable.find(price, in: tx)
      guard price != stored else { return .unchanged }
      if let other = try PriceTable.overlap(with: price, in: tx) {
        throw MasterDataRejection.pricePeriodsOverlap(
          field: path.field("valid_from"), list: draft.list, sku: draft.sku, from: other.from,
          until: other.until)
      }
      if stored == nil {
        try PriceTable.insert(price, in: tx)
        return .created
      }
      try PriceTable.update(price, in: tx)
      return .updated
    }
  }
}
