package import MasterData
package import Storage
package import Values

/// Adds or changes promotions by code. Orders keep what they were submitted with.
package struct UpsertPromotions: Sendable {
  package let rows: [PromotionDraft]

  package init(_ rows: [PromotionDraft]) { self.rows = rows }

  /// Promotions that have not ended: every order may have to look at all of them.
  package static let runningLimit = 200

  package func run(in tx: Transaction, at now: Moment) throws -> [RowVerdict] {
    let base = try Companies.current(in: tx).baseCurrency
    // All of a batch begin together.
    let edition = try PricingRulesTable.nextEdition(in: tx)
    let verdicts = try Batch.run(rows, field: "promotions", in: tx) { draft, path in
      let stored = try PromotionTable.find(draft.code, in: tx)
      let promotion = try draft.promotion(from: stored, at: path, base: base) {
        try Products.find(sku: $0, in: tx)
      }
      guard promotion != stored else { return .unchanged }
      if stored == nil {
        try PromotionTable.insert(promotion, since: edition, in: tx)
      } else {
        try PromotionTable.update(promotion, since: edition, in: tx)
      }
      guard try PromotionTable.count(endingFrom: now.day, in: tx) <= Self.runningLimit else {
        throw OrdersRejection.tooManyPromotions(
          field: path.field("valid_until"), limit: Self.runningLimit)
      }
      return stored == nil ? .created : .updated
    }
    try PricingRulesTable.set(hasPromotions: true, in: tx)
    return verdicts
  }
}

/// Questions about promotions.
package enum Promotions {
  /// In the order of the code, from the one after `code` on (nil: from the first).
  package static func list(
    after code: String? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Promotion] {
    try PromotionTable.list(after: code ?? "", limit: limit, in: snapshot)
  }
}
