package import Storage
package import Values

/// Sets tax rates. Documents keep the rate that they were written with.
package struct UpsertTaxRates: Sendable {
  package let rows: [TaxRateDraft]

  package init(_ rows: [TaxRateDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "tax_rates", in: tx) { draft, path in
      let taxRate = try draft.taxRate(at: path)
      let stored = try TaxRateTable.find(taxRate.taxClass, from: taxRate.validFrom, in: tx)
      guard stored != taxRate.rate else { return .unchanged }
      try TaxRateTable.set(taxRate, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}
