import Finance
import Inventory
import MasterData
import Purchasing
package import Storage
package import Values

/// Takes back what a supplier has not sent to a customer: the line is served from our own stock
/// again, and waits for it where there is too little, whatever the order says about shortage.
package struct CancelDropShipment: Sendable {
  package let purchaseOrderNumber: String
  package let reason: String

  package init(purchaseOrderNumber: String, reason: String) {
    self.purchaseOrderNumber = purchaseOrderNumber
    self.reason = reason
  }

  package func run(in tx: Transaction, at now: Moment) throws -> DropShipLine.Outcome {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let found = try DropShipments.require(purchase: purchaseOrderNumber, in: tx)
    var order = try SalesOrders.require(
      number: found.origin.number, field: "purchase_order_number", in: tx)
    let index = found.origin.line - 1
    guard found.line.open.isPositive else {
      throw PurchasingRejection.nothingToCancel(order: found.purchase.number)
    }
    _ = try CancelPurchaseOrder(
      number: found.purchase.number, reason: reason, isDirect: true
    ).run(in: tx, at: now)
    order.lines[index].isDropShipped = false
    try SalesOrderLineTable.set(
      dropShipped: false, found.origin.line, of: order.id, in: tx)
    let known = Set(try Requisitions.of(found.origin, in: tx).map(\.number))
    let line = order.lines[index]
    var promise = Promise(
      customer: try order.customer(in: tx), warehouse: try order.warehouse(in: tx), products: [],
      received: .zero(order.currency), waits: true)
    promise.isPatient = true
    order.lines[index].reserved = try promise.promise(
      line.open, of: line, line.requireProduct(in: tx), of: order,
      FieldPath("purchase_order_number"), in: tx, at: now)
    tx.record(
      DomainEvent(
        "order.drop-shipment-cancelled", order.reference, related: found.purchase.reference,
        [
          Fact("line", line.number), Fact("sku", line.sku), Fact("quantity", line.open),
          Fact("reason", reason),
        ]))
    try order.save(lines: [], in: tx)
    try order.countSupplier(in: tx, at: now)
    try order.promiseDropShipped(index, in: tx, at: now)
    let appointments = try order.fitAppointments(in: tx, at: now)
    let raised = try Requisitions.of(found.origin, in: tx).filter { !known.contains($0.number) }
    return DropShipLine.Outcome(
      shipment: try DropShipments.require(purchase: purchaseOrderNumber, in: tx),
      verdicts: raised.map {
        SupplyVerdict(
          $0.reference, .planned,
          text: "\($0.number) asks for \($0.quantity) \($0.unit) \($0.sku)")
      } + appointments)
  }
}

extension SalesOrder {
  /// Of a drop-shipped line less is wanted than the supplier was asked for. What he has confirmed
  /// he sends, and it comes to our warehouse; what he has not, he does not send.
  func callOffDropShipments(
    of line: SalesOrderLine, in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    let found = try DropShipments.open(of: line, self, in: tx)
    var excess = try found.map(\.line.open).sum() - line.open
    var verdicts: [SupplyVerdict] = []
    for shipment in found.reversed() where excess.isPositive {
      let part = min(excess, shipment.line.open)
      excess = try excess - part
      verdicts.append(try callOff(part, of: shipment, in: tx, at: now))
    }
    return verdicts
  }

  private func callOff(
    _ part: Quantity, of shipment: DropShipment, in tx: Transaction, at now: Moment
  ) throws -> SupplyVerdict {
    let (purchase, line) = (shipment.purchase, shipment.line)
    let isWhole = part == line.ordered
    _ = try CancelPurchaseOrder(
      number: purchase.number, reason: "\(number) needs less", parts: [line.number: part],
      isDirect: true
    ).run(in: tx, at: now)
    guard purchase.confirmedOn != nil else {
      return SupplyVerdict(
        purchase.reference, isWhole ? .cancelled : .reduced,
        text: "\(purchase.supplierCode) has not confirmed \(purchase.number): "
          + "\(part) \(line.unit) of it are called off")
    }
    try CreatePurchaseOrder(
      supplierCode: purchase.supplierCode, warehouseCode: purchase.warehouseCode,
      lines: [
        PurchaseLineDraft(
          sku: line.sku, quantity: GivenQuantity(part), unitPrice: line.unitPrice)
      ], expectedOn: max(purchase.expectedOn, now.day)
    ).run(in: tx, at: now)
    return SupplyVerdict(
      purchase.reference, .keptAsStock,
      text: "\(purchase.supplierCode) has confirmed \(purchase.number): "
        + "\(part) \(line.unit) of it come to \(purchase.warehouseCode) instead")
  }
}
