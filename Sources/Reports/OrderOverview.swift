package import Finance
package import Inventory
package import Orders
package import Production
package import Purchasing
package import Storage
package import Values

/// Everything that exists for one order: what is held for it, made, bought, shipped, charged and
/// paid.
package struct OrderOverview: Hashable, Sendable {
  package let order: SalesOrder
  package let reservations: [Reservation]
  /// On all levels, the oldest first.
  package let workOrders: [WorkOrder]
  package let requisitions: [Requisition]
  package let shipments: [Shipment]
  package let invoices: [Invoice]
  /// Those received for this order, applied or not.
  package let payments: [Payment]
  /// The newest first, without their lines.
  package let returns: [CustomerReturn]
  package let creditNotes: [CreditNote]

  /// Nil when there is no such order.
  package static func of(_ number: String, in snapshot: Snapshot) throws -> OrderOverview? {
    guard let order = try SalesOrders.find(number: number, in: snapshot) else { return nil }
    let origin = Origin(.salesOrder, number)
    let returns = try Returns.list(order: order, limit: 500, in: snapshot)
    return OrderOverview(
      order: order, reservations: try Reservations.of(origin, in: snapshot),
      workOrders: try WorkOrders.list(root: order.reference, limit: 500, in: snapshot).reversed(),
      requisitions: try Requisitions.of(origin, in: snapshot),
      shipments: try Shipments.ofOrder(order, in: snapshot),
      invoices: try Invoices.ofOrder(order.reference, in: snapshot),
      payments: try Payments.earmarked(to: order.reference, in: snapshot), returns: returns,
      creditNotes: try returns.flatMap { try CreditNotes.of(cause: $0.reference, in: snapshot) })
  }

  /// The documents whose journal entries are the order's: `Journal.entries(of:)` takes them.
  package var documents: [DocumentReference] {
    [order.reference] + workOrders.map(\.reference) + shipments.map(\.reference)
      + invoices.map(\.reference) + payments.map(\.reference) + returns.map(\.reference)
      + creditNotes.map(\.reference)
  }
}
