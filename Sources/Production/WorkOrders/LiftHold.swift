package import Storage
package import Values

/// The deposit of a document has come: its work orders, on all levels, may be released.
package struct LiftHold: Sendable {
  package let origin: DocumentReference

  package init(origin: DocumentReference) { self.origin = origin }

  /// The work orders that waited.
  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> [DocumentReference] {
    try WorkOrderTable.held(for: origin, in: tx).map { held in
      var order = held
      order.hold = nil
      try WorkOrderTable.update(&order, in: tx)
      tx.record(order.event("work-order.hold-lifted"))
      return order.reference
    }
  }
}
