import MasterData
package import Storage
package import Values

/// Withdraws what a demand asked to be bought, because the demand went away. What nobody has
/// ordered is cancelled; what is on its way, or here, goes to whoever needs it next.
package struct CancelRequisitions: Sendable {
  /// The line; line 0 means all lines of the document.
  package let origin: Origin

  package init(origin: Origin) { self.origin = origin }

  package func run(in tx: Transaction, at now: Moment) throws -> [SupplyVerdict] {
    try RequisitionTable.of(origin, in: tx).filter(\.isPegged).map { requisition in
      try RequisitionTable.unpeg(requisition.id, in: tx)
      let verdict = try verdict(on: requisition, in: tx)
      tx.record(
        requisition.event(
          verdict.outcome == .cancelled ? "requisition.cancelled" : "requisition.kept-as-stock"))
      return verdict
    }
  }

  private func verdict(
    on requisition: Requisition, in tx: Transaction
  ) throws -> SupplyVerdict {
    guard let number = requisition.purchaseOrderNumber,
      let line = try PurchaseOrderLineTable.of(requisition: requisition.id, in: tx)
    else {
      return SupplyVerdict(
        requisition.reference, .cancelled, text: "\(requisition.number) was not ordered yet")
    }
    let came = min(line.received, requisition.quantity)
    let spent = try line.unitPrice.amount(for: came)
    return SupplyVerdict(
      requisition.reference, .keptAsStock,
      text: came == requisition.quantity
        ? "\(requisition.number) has come with \(number) and stays in stock"
        : "\(requisition.number) is ordered with \(number) and goes to stock when it comes",
      sunkCost: spent.minor > 0 ? spent : nil)
  }
}
