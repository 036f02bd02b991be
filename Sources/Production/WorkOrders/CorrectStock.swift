package import Inventory
package import MasterData
package import Storage
package import Values

/// Corrects stock, and plans anew what had been made for a line and turned out to be missing:
/// nobody else would make it.
package struct CorrectStock: Sendable {
  package let adjustment: AdjustStock

  package init(_ adjustment: AdjustStock) { self.adjustment = adjustment }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> StockCorrection {
    let correction = try adjustment.run(in: tx, at: now)
    guard !correction.withdrawn.isEmpty else { return correction }
    let product = try Products.require(sku: adjustment.sku, field: "sku", in: tx)
    for origin in correction.withdrawn {
      try ReplaceMissing(product, for: origin).run(in: tx, at: now)
    }
    return correction
  }
}

/// Plans anew what had been made for a line and is not there: nobody else would make it. Nothing
/// where nobody had made it.
package struct ReplaceMissing: Sendable {
  package let product: Product
  /// The line.
  package let origin: Origin

  package init(_ product: Product, for origin: Origin) {
    self.product = product
    self.origin = origin
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let makers = try WorkOrderTable.of(origin, in: tx).filter { $0.product == product.id }
    // One that is still at work answers for it at its end.
    guard let last = makers.last, !last.state.yields else { return }
    _ = try PlanReplacement(order: last).run(in: tx, at: now)
  }
}
