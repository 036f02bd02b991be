package import Storage
package import Values

/// Adds or changes customers by code.
package struct UpsertCustomers: Sendable {
  package let rows: [CustomerDraft]
  /// What is not shown to who asks for it.
  package let hidden: Set<CustomerDraft.Restricted>

  package init(_ rows: [CustomerDraft], hidden: Set<CustomerDraft.Restricted> = []) {
    self.rows = rows
    self.hidden = hidden
  }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "customers", in: tx) { draft, path in
      let stored = try CustomerTable.find(draft.code, in: tx)
      let customer = try draft.customer(from: stored, hidden: hidden, at: path, base: base) {
        try PriceListTable.find($0, in: tx) != nil
      }
      guard let stored else {
        try CustomerTable.insert(customer, in: tx)
        return .created
      }
      guard customer != stored else { return .unchanged }
      try CustomerTable.update(customer, from: stored, in: tx)
      return .updated
    }
  }
}
