package import MasterData
package import Storage
package import Values

/// Adds or changes work centres by code.
package struct UpsertWorkCentres: Sendable {
  package let rows: [WorkCentreDraft]

  package init(_ rows: [WorkCentreDraft]) { self.rows = rows }

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    return try Batch.run(rows, field: "work_centres", in: tx) { draft, path in
      let stored = try WorkCentreTable.find(draft.code, in: tx)
      let centre = try draft.workCentre(from: stored, at: path, base: base)
      guard let stored else {
        try WorkCentreTable.insert(centre, in: tx)
        return .created
      }
      guard centre != stored else { return .unchanged }
      try WorkCentreTable.update(centre, in: tx)
      return .updated
    }
  }
}
