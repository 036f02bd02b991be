import Finance
import Inventory
import MasterData
package import Storage
package import Values

/// Hands the goods to the carrier: they leave the shelves and are goods dispatched until they
/// arrive. Customers without credit terms must have paid the whole order before, or pay these goods
/// at the door.
package struct DispatchShipment: Sendable {
  package let number: String
  /// Empty for whom it was given to.
  package let carrier: String
  /// The carrier's number for it; may be empty.
  package let trackingNumber: String
  /// Who hands it over; empty where nobody says.
  package let actor: String

  package init(
    number: String, carrier: String, trackingNumber: String = "", by actor: String = ""
  ) {
    self.number = number
    self.carrier = carrier
    self.trackingNumber = trackingNumber
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    var check = FieldCheck(.request)
    check.text(self.carrier, "carrier", limit: 100)
    check.text(trackingNumber, "tracking_number", limit: 100)
    try check.pass()
    var shipment = try Shipments.require(number: number, in: tx)
    let carrier =
      self.carrier.isEmpty ? shipment.carrierChoice?.offer.carrier ?? "" : self.carrier
    check.text(carrier, "carrier", required: true)
    try check.pass()
    var order = try SalesOrders.require(number: shipment.orderNumber, in: tx)
    try shipment.advance(to: .dispatched)
    try order.expect(.dispatch, in: tx)
    if shipment.cashOnDelivery == nil { try order.expectPaidBeforeLeaving(in: tx) }
    try order.expectCredit(for: shipment.leaving, on: now.day, in: tx)
    try OrderCheck.checkDispatch(of: order, shipment.leaving, in: tx, at: now)
    try shipment.delivery(of: order, in: tx)?.checkCarrier(carrier, on: now.day, in: tx)
    try shipment.checkLoaded(in: tx)
    try move(&shipment, of: &order, in: tx, at: now)
    shipment.carrier = carrier
    shipment.trackingNumber = trackingNumber
    shipment.dispatchedOn = now.day
    shipment.dueOn = try order.due(shipment, in: tx)
    try ShipmentTable.update(shipment, in: tx)
    if order.hasInstructions { try ShipmentTable.keepInstructions(of: shipment.id, in: tx) }
    let facts = [
      Fact("carrier", carrier), Fact("tracking_number", trackingNumber), shipment.contents,
    ]
    shipment.record(facts + Fact.worker(actor), in: tx)
    try order.save(lines: shipment.lines.map(\.orderLine), in: tx)
    try order.updateExposureOfShipped(in: tx, at: now)
    try shipment.fixCashOnDelivery(of: order, in: tx)
    try shipment.adoptWaiting(in: tx, at: now)
    return try Shipments.require(number: number, in: tx)
  }

  /// Takes each line's own reservation off the shelves. What the goods cost goes with the line, so
  /// that exactly this arrives at the customer's.
  private func move(
    _ shipment: inout Shipment, of order: inout SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    for (row, line) in shipment.lines.enumerated() {
      let index = line.orderLine - 1
      let move = try ShipReserved(
        origin: order.origin(of: order.lines[index]),
        product: try Products.fetch(line.product, in: tx), quantity: line.quantity,
        to: Locations.transit, document: Origin(.shipment, shipment.number, line: line.orderLine),
        party: order.customerCode
      ).run(in: tx, at: now)
      shipment.lines[row].cost = move.value
      try ShipmentLineTable.setCost(
        move.value, ofLine: line.orderLine, of: shipment.id, in: tx)
      order.lines[index].shipped = try order.lines[index].shipped + line.quantity
      order.lines[index].reserved = try order.lines[index].reserved - line.quantity
      if let schedule = line.schedule {
        order.lines[index].ship(line.quantity, ofSchedule: schedule)
      }
    }
  }
}

extension SalesOrder {
  /// Customers without credit terms must have paid the whole order before anything leaves.
  func expectPaidBeforeLeaving(in snapshot: Snapshot) throws {
    guard isPrepaid else { return }
    let outstanding = try outstanding(in: snapshot)
    guard outstanding.minor == 0 else {
      throw OrdersRejection.paymentOutstanding(order: number, outstanding: outstanding)
    }
    // A cheque is no money before the bank has paid it.
    if let held = try Payments.held(for: reference, in: snapshot) {
      throw FinanceRejection.notCleared(number: held.number, method: held.method)
    }
  }
}
