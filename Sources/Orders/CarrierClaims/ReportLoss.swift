import Finance
import Inventory
import MasterData
import Purchasing
package import Storage
package import Values

/// Gives up a shipment that has left and is lost: its goods leave the books, their carrier is
/// claimed from, and what they were for is open again. It is promised anew, from stock or by the
/// workshop, or else cancelled with all that cancelling it means: nothing hangs in the air.
package struct ReportLoss: Sendable {
  package enum Resolution: Hashable, Sendable {
    case redeliver
    /// For a reason by its code.
    case cancel(reason: String)
  }

  package let shipmentNumber: String
  package let resolution: Resolution
  /// A remark for the record.
  package let comment: String
  /// Who asks, the roles they have, and for whom they stand in.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(
    shipmentNumber: String, _ resolution: Resolution, comment: String = "", by actor: String,
    roles: Set<String> = [], standingInFor: Set<String> = []
  ) {
    self.shipmentNumber = shipmentNumber
    self.resolution = resolution
    self.comment = comment
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  package struct Outcome: Sendable {
    package let shipment: Shipment
    package let claim: CarrierClaim
    package let order: SalesOrder
    /// Nil where it is brought again.
    package let cancellation: Cancellation?
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    var order = try SalesOrders.require(number: shipment.orderNumber, in: tx)
    try shipment.advance(to: .lost)
    let hasPiece = try shipment.hasPiece(of: order, in: tx)
    if hasPiece, resolution == .redeliver {
      throw CarrierClaimRejection.pieceLost(
        field: "resolution", shipment: shipment.number, order: order.number)
    }
    let claim = try shipment.claimLoss(in: tx, at: now)
    try writeOff(&shipment, of: &order, in: tx, at: now)
    if !hasPiece { try promise(shipment, of: &order, in: tx, at: now) }
    let cancellation = try cancel(shipment, in: tx, at: now)
    if hasPiece, let role = cancellation?.missingApproval {
      throw CarrierClaimRejection.pieceNeedsApproval(
        field: "resolution", shipment: shipment.number, role: role)
    }
    return Outcome(
      shipment: shipment, claim: claim,
      order: try SalesOrders.require(number: order.number, in: tx), cancellation: cancellation)
  }

  private func writeOff(
    _ shipment: inout Shipment, of order: inout SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    try shipment.move(
      of: order, from: Locations.transit, to: Locations.scrap, .transitLoss, in: tx, at: now)
    for line in shipment.lines {
      order.lines[line.orderLine - 1].unship(line.quantity, ofSchedule: line.schedule)
    }
    shipment.lostAt = now.instant
    try ShipmentTable.update(shipment, in: tx)
    if var cash = shipment.cashOnDelivery {
      cash.due = nil
      cash.owed = .zero(cash.owed.currency)
      try CashOnDeliveryTable.update(cash, of: shipment.id, in: tx)
      shipment.cashOnDelivery = cash
    }
    shipment.record(
      [
        shipment.contents, Fact("resolution", resolution == .redeliver ? "redeliver" : "cancel"),
        Fact("comment", comment), Fact("actor", actor),
      ], in: tx)
    try order.save(lines: shipment.lines.map(\.orderLine), in: tx)
    try order.updateExposure(of: try order.customer(in: tx), in: tx, at: now)
  }

  /// What is open again is held, made or bought, as if it were new and the customer patient.
  private func promise(
    _ shipment: Shipment, of order: inout SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    let promise = Promise(
      customer: try order.customer(in: tx), warehouse: try order.warehouse(in: tx), products: [],
      received: try Payments.received(for: order.reference, order.currency, in: tx), waits: true,
      isPatient: true)
    for line in shipment.lines {
      let open = order.lines[line.orderLine - 1]
      if open.isDropShipped {
        try order.orderAgain(line.quantity, of: open, in: tx, at: now)
        continue
      }
      _ = try promise.promise(
        line.quantity, of: open, open.requireProduct(in: tx), of: order,
        FieldPath("shipment_number"), in: tx, at: now)
    }
    try order.loadReserved(in: tx)
    try order.promiseWaiting(in: tx, at: now)
    _ = try order.fitAppointments(in: tx, at: now)
  }

  private func cancel(
    _ shipment: Shipment, in tx: Transaction, at now: Moment
  ) throws -> Cancellation? {
    guard case .cancel(let reason) = resolution else { return nil }
    return try CancelOrder(
      number: shipment.orderNumber, reason: reason, comment: comment,
      quantities: shipment.lines.map {
        LineQuantity(line: $0.orderLine, quantity: GivenQuantity($0.quantity, unit: $0.unit))
      }, by: actor, roles: roles, standingInFor: standingInFor
    ).run(in: tx, at: now)
  }
}

extension Shipment {
  /// Whether it is the one piece of a showroom that its order is about.
  func hasPiece(of order: SalesOrder, in snapshot: Snapshot) throws -> Bool {
    try lines.contains { try order.isOfPiece(order.lines[$0.orderLine - 1], in: snapshot) }
  }

  /// Moves its goods at what they cost when they left.
  func move(
    of order: SalesOrder, from: Location, to: Location, _ cause: MoveCause, in tx: Transaction,
    at now: Moment
  ) throws {
    for line in lines {
      try MoveStock(
        product: try Products.fetch(line.product, in: tx), quantity: line.quantity, from: from,
        to: to, valuation: line.cost.map { .given($0) } ?? .average, cause: cause,
        origin: Origin(.shipment, number, line: line.orderLine), party: order.customerCode
      ).run(in: tx, at: now)
    }
  }
}

extension SalesOrder {
  /// The supplier who brings a line straight to the customer is to bring so much of it again, at
  /// the price of the last time.
  fileprivate func orderAgain(
    _ quantity: Quantity, of line: SalesOrderLine, in tx: Transaction, at now: Moment
  ) throws {
    let origin = origin(of: line)
    guard let last = try PurchaseOrders.direct(for: origin, in: tx).last,
      let before = last.lines.first
    else { preconditionFailure("what a supplier brings straight to a customer was ordered of one") }
    let purchase = try CreatePurchaseOrder(
      supplierCode: last.supplierCode, warehouseCode: last.warehouseCode,
      lines: [
        PurchaseLineDraft(
          sku: before.sku, quantity: GivenQuantity(quantity), unitPrice: before.unitPrice)
      ], direct: origin
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "order.drop-shipped", reference, related: purchase.reference,
        [
          Fact("line", line.number), Fact("sku", line.sku), Fact("supplier", last.supplierCode),
          Fact("quantity", quantity), Fact("expected_on", purchase.expectedOn),
        ]))
  }
}
