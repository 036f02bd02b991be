package import MasterData
package import Storage
package import Values

/// Sets bills of material by product. A bill that says anything else than the one before takes its
/// place as the next version; work orders that are planned keep what they were planned with.
package struct UpsertBillsOfMaterial: Sendable {
  package let rows: [BillDraft]

  package init(_ rows: [BillDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    try Batch.run(rows, field: "bills", in: tx) { draft, path in
      let product = try Products.find(sku: draft.sku, in: tx)
      let stored = try product.flatMap { try BillTable.find($0.id, in: tx) }
      var reader = BillReader(draft, at: path, in: tx)
      let bill = try reader.bill(of: product, from: stored)
      if let stored, bill.isSame(as: stored) { return .unchanged }
      var cycle = BillCycle(of: bill, field: path.field("components"))
      try cycle.refuse(in: tx)
      try BillTable.insert(bill, in: tx)
      return stored == nil ? .created : .updated
    }
  }
}
