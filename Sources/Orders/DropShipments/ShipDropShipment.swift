import Finance
package import Inventory
import MasterData
import Purchasing
package import Storage
package import Values

/// Records that a supplier has sent all or a part of a line to its customer: the purchase order has
/// come as far, the goods are on their way at what they cost, and the sales order has a shipment
/// that left. Its arrival is recorded like any other. What has happened is recorded whatever holds
/// the order has meanwhile.
package struct ShipDropShipment: Sendable {
  package let purchaseOrderNumber: String
  /// Nil for all that is open.
  package let quantity: GivenQuantity?
  package let carrier: String
  /// The carrier's number for it; may be empty.
  package let trackingNumber: String
  /// The supplier's; empty for none.
  package let deliveryNote: String

  package init(
    purchaseOrderNumber: String, quantity: GivenQuantity? = nil, carrier: String,
    trackingNumber: String = "", deliveryNote: String = ""
  ) {
    self.purchaseOrderNumber = purchaseOrderNumber
    self.quantity = quantity
    self.carrier = carrier
    self.trackingNumber = trackingNumber
    self.deliveryNote = deliveryNote
  }

  package struct Outcome: Hashable, Sendable {
    package let dropShipment: DropShipment
    package let shipment: Shipment
    package let receiptNumber: String
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    var check = FieldCheck(.request)
    check.text(carrier, "carrier", limit: 100, required: true)
    check.text(trackingNumber, "tracking_number", limit: 100)
    check.text(deliveryNote, "delivery_note", limit: 100)
    try check.pass()
    let found = try DropShipments.require(purchase: purchaseOrderNumber, in: tx)
    var order = try SalesOrders.require(
      number: found.origin.number, field: "purchase_order_number", in: tx)
    let index = found.origin.line - 1
    let sent = try sent(of: found, in: tx)
    let receipt = try ReceiveGoods(
      purchaseOrderNumber: purchaseOrderNumber,
      lines: [PurchaseLineQuantity(lineNumber: found.line.number, quantity: GivenQuantity(sent))],
      deliveryNote: deliveryNote, isDirect: true
    ).run(in: tx, at: now)
    let shipment = try write(
      sent, worth: receipt.value, of: order, found, receipt: receipt.number, in: tx, at: now)
    order.lines[index].shipped = try order.lines[index].shipped + sent
    try order.save(lines: [found.origin.line], in: tx)
    try order.updateExposureOfShipped(in: tx, at: now)
    try order.promiseDropShipped(index, in: tx, at: now)
    try shipment.adoptWaiting(in: tx, at: now)
    return Outcome(
      dropShipment: try DropShipments.require(purchase: purchaseOrderNumber, in: tx),
      shipment: try Shipments.require(number: shipment.number, in: tx),
      receiptNumber: receipt.number)
  }

  private func sent(of found: DropShipment, in tx: Transaction) throws -> Quantity {
    guard found.line.open.isPositive else {
      throw PurchasingRejection.nothingToReceive(order: found.purchase.number)
    }
    guard let quantity else { return found.line.open }
    var check = FieldCheck(.request)
    let sent = quantity.read(
      &check, "quantity", of: try Products.fetch(found.line.product, in: tx))
    try check.pass()
    guard let sent else { preconditionFailure("a quantity that passed its checks is read") }
    guard sent <= found.line.open else {
      throw PurchasingRejection.overReceipt(
        field: "quantity", order: found.purchase.number, line: found.line.number,
        open: found.line.open, given: sent)
    }
    return sent
  }

  private func write(
    _ sent: Quantity, worth cost: Money, of order: SalesOrder, _ found: DropShipment,
    receipt: String, in tx: Transaction, at now: Moment
  ) throws -> Shipment {
    let number = try DocumentNumbers.next(.shipment, on: now.day, in: tx)
    let line = ShipmentLine(
      orderLine: found.origin.line, product: found.line.product, sku: found.line.sku,
      unit: found.line.unit, quantity: sent, cost: cost,
      instructions: order.lines[found.origin.line - 1].instructions)
    var shipment = Shipment(
      id: try ShipmentTable.insert(number: number, of: order, in: tx), number: number,
      order: order.id, orderNumber: order.number, state: .dispatched, lines: [line], cartons: 0,
      carrier: carrier, trackingNumber: trackingNumber, dispatchedOn: now.day, deliveredOn: nil,
      receivedBy: "")
    shipment.instructions = order.instructions?.ofGoods
    shipment.dueOn = try order.wantedOn(shipment, in: tx)
    try ShipmentLineTable.insert(line, of: shipment.id, order: order, in: tx)
    try ShipmentLineTable.setCost(cost, ofLine: line.orderLine, of: shipment.id, in: tx)
    try ShipmentTable.update(shipment, in: tx)
    if order.hasInstructions { try ShipmentTable.keepInstructions(of: shipment.id, in: tx) }
    try tx.execute(
      """
      INSERT INTO drop_shipment (shipment_id, purchase_order_number, receipt_number)
      VALUES (?, ?, ?)
      """, shipment.id, found.purchase.number, receipt)
    shipment.record(
      [
        Fact("carrier", carrier), Fact("tracking_number", trackingNumber), shipment.contents,
        Fact("supplier", found.purchase.supplierCode),
        Fact("purchase_order", found.purchase.number),
      ], in: tx)
    return shipment
  }
}
