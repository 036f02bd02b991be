import Inventory
import MasterData
package import Purchasing
package import Storage
package import Values

/// Where a drop shipment stands: it follows from its purchase order.
package enum DropShipmentState: Hashable, Sendable {
  case ordered
  case confirmed
  case partlyShipped
  case shipped
  case cancelled

  init(_ purchase: PurchaseOrder) {
    switch purchase.state {
    case .ordered: self = purchase.confirmedOn == nil ? .ordered : .confirmed
    case .partlyReceived: self = .partlyShipped
    case .received, .billed: self = .shipped
    case .cancelled: self = .cancelled
    }
  }
}

/// A line of an order that a supplier brings straight to its customer: a purchase order of one
/// line, whose receipts are shipments of the sales order.
package struct DropShipment: Hashable, Sendable {
  package let purchase: PurchaseOrder
  /// The line of the sales order.
  package let origin: Origin
  /// The only one of the purchase order.
  package let line: PurchaseOrder.Line

  /// Nil for a purchase order whose goods come to the warehouse.
  init?(_ purchase: PurchaseOrder) {
    guard let origin = purchase.direct, origin.kind == .salesOrder, let line = purchase.lines.first
    else { return nil }
    self.purchase = purchase
    self.origin = origin
    self.line = line
  }

  package var state: DropShipmentState { DropShipmentState(purchase) }
}

/// Questions about what suppliers bring straight to customers.
package enum DropShipments {
  /// By the number of its purchase order; refuses one that goes to no customer, and one of an order
  /// out of scope.
  package static func require(
    purchase number: String, field: @autoclosure () -> String = "purchase_order_number",
    in snapshot: Snapshot
  ) throws -> DropShipment {
    let purchase = try PurchaseOrders.find(number: number, in: snapshot)
    guard let purchase, let found = DropShipment(purchase),
      try SalesOrders.isSeen(found.origin.number, in: snapshot)
    else {
      throw DropShipRejection.unknownDropShipment(
        field: field(), number: String(number.prefix(60))
      ).ifNamed(number)
    }
    return found
  }

  /// Of orders in scope, the newest first, from the one before `id` on.
  package static func list(
    order number: String? = nil, before id: ID<PurchaseOrder>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [DropShipment] {
    try snapshot.all(
      """
      SELECT d.number FROM view_direct_purchase AS d
      WHERE d.id < ? AND d.direct_kind = 'SALES_ORDER' AND (? IS NULL OR d.direct_number = ?)
        AND EXISTS (
          SELECT 1 FROM view_order_owner AS v
          WHERE v.number = d.direct_number
            AND in_scope(v.owner, v.store_code, v.warehouse_code, v.author))
      ORDER BY d.id DESC LIMIT ?
      """, id ?? ID(.max), number, number, limit
    ) { $0.text(0) }.compactMap { number in
      try PurchaseOrders.find(number: number, in: snapshot).flatMap { DropShipment($0) }
    }
  }

  /// Whether a supplier brings what is in it.
  static func isOne(_ shipment: Shipment, in snapshot: Snapshot) throws -> Bool {
    try snapshot.first(
      "SELECT 1 FROM drop_shipment WHERE shipment_id = ?", shipment.id
    ) { _ in true } ?? false
  }

  /// Numbers of the shipments that came of it, the oldest first.
  package static func shipments(
    of found: DropShipment, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT s.number FROM drop_shipment AS d JOIN shipment AS s ON s.id = d.shipment_id
      WHERE d.purchase_order_number = ? ORDER BY s.id
      """, found.purchase.number
    ) { $0.text(0) }
  }

  /// What a supplier has still to send of a line.
  static func open(
    of line: SalesOrderLine, _ order: SalesOrder, in snapshot: Snapshot
  ) throws -> [DropShipment] {
    guard line.isDropShipped else { return [] }
    return try PurchaseOrders.direct(for: order.origin(of: line), in: snapshot)
      .compactMap { DropShipment($0) }.filter(\.line.open.isPositive)
  }
}
