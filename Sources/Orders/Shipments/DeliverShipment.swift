import Inventory
import MasterData
package import Storage
package import Values

/// Records the arrival: the goods are the customer's, and their cost leaves the books. With the
/// last goods of an order its services are done too.
package struct DeliverShipment: Sendable {
  package let number: String
  /// Who took it at the door; may be empty.
  package let receivedBy: String
  /// On which the customer took it, when that is told later; nil for today.
  let acceptedOn: Day?

  package init(number: String, receivedBy: String = "") {
    self.init(number: number, receivedBy: receivedBy, acceptedOn: nil)
  }

  init(number: String, receivedBy: String = "", acceptedOn: Day?) {
    self.number = number
    self.receivedBy = receivedBy
    self.acceptedOn = acceptedOn
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    var check = FieldCheck(.request)
    check.text(receivedBy, "received_by", limit: 100)
    try check.pass()
    var shipment = try Shipments.require(number: number, in: tx)
    var order = try SalesOrders.require(number: shipment.orderNumber, in: tx)
    try shipment.advance(to: .delivered)
    for line in shipment.lines {
      try move(line, of: shipment, party: order.customerCode, in: tx, at: now)
      let index = line.orderLine - 1
      order.lines[index].delivered = try order.lines[index].delivered + line.quantity
    }
    shipment.receivedBy = receivedBy
    // Nobody takes what has not left, or takes it tomorrow.
    shipment.deliveredOn = max(
      shipment.dispatchedOn ?? now.day, min(acceptedOn ?? now.day, now.day))
    try ShipmentTable.update(shipment, in: tx)
    // Who took it stands in the shipment, which can forget it; an event cannot.
    shipment.record([shipment.contents], in: tx)
    let services = order.completeServicesWithLastGoods(
      but: try order.servicesAwaitingInstallation(in: tx))
    try order.save(lines: shipment.lines.map(\.orderLine) + services, in: tx)
    if !services.isEmpty { try order.updateExposureOfShipped(in: tx, at: now) }
    try order.keepDelivery(by: shipment, in: tx, at: now)
    try shipment.meetDoor(in: tx)
    try shipment.withdrawLoss(because: "\(number) has arrived", in: tx, at: now)
    try order.settlePoints(in: tx, at: now)
    return shipment
  }

  private func move(
    _ line: ShipmentLine, of shipment: Shipment, party: String, in tx: Transaction, at now: Moment
  ) throws {
    try MoveStock(
      product: try Products.fetch(line.product, in: tx), quantity: line.quantity,
      from: Locations.transit, to: Locations.customer,
      valuation: line.cost.map { .given($0) } ?? .average, cause: .delivery,
      origin: Origin(.shipment, shipment.number, line: line.orderLine), party: party
    ).run(in: tx, at: now)
  }
}

extension SalesOrder {
  /// Once every line of goods is where it should be, what is open of the services counts as done,
  /// `but` for what somebody is still to come for. Returns the numbers of the lines that changed.
  mutating func completeServicesWithLastGoods(but awaited: Set<Int>) -> [Int] {
    let goods = lines.filter { $0.sourcing != .service }
    guard goods.allSatisfy({ $0.undelivered == .zero }) else { return [] }
    return lines.indices.compactMap { index in
      guard lines[index].sourcing == .service, lines[index].undelivered.isPositive,
        !awaited.contains(lines[index].number)
      else {
        return nil
      }
      lines[index].shipped = lines[index].wanted
      lines[index].delivered = lines[index].wanted
      return lines[index].number
    }
  }
}
