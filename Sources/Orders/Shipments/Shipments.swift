import MasterData
package import Storage
import Values

/// Questions about shipments.
package enum Shipments {
  package static func find(number: String, in snapshot: Snapshot) throws -> Shipment? {
    guard var shipment = try ShipmentTable.find(number, in: snapshot) else { return nil }
    shipment.lines = try ShipmentLineTable.list(of: shipment.id, in: snapshot)
    shipment.cashOnDelivery = try CashOnDeliveryTable.find(shipment.id, in: snapshot)
    shipment.carrierChoice = try CarrierChoiceTable.find(shipment.id, in: snapshot)
    return shipment
  }

  /// The shipment that a field of a request names; refuses an unknown one, and one of an order out
  /// of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> Shipment {
    guard let shipment = try find(number: number, in: snapshot),
      try SalesOrderTable.isSeen(shipment.order, in: snapshot)
    else {
      throw OrdersRejection.unknownShipment(field: field(), number: number).ifNamed(number)
    }
    return shipment
  }

  /// What of each line of an order was delivered when, by line number; only those of which
  /// something was.
  static func deliveries(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [Int: [KeptUnits.Batch]] {
    var found: [Int: [KeptUnits.Batch]] = [:]
    for shipment in try ofOrder(order, in: snapshot) {
      guard let day = shipment.deliveredOn else { continue }
      for line in shipment.lines {
        found[line.orderLine, default: []].append(
          KeptUnits.Batch(day: day, address: shipment.addressID, quantity: line.quantity))
      }
    }
    return found
  }

  /// All of an order, the oldest first; an order has few.
  package static func ofOrder(
    _ order: SalesOrder, in snapshot: Snapshot
  ) throws -> [Shipment] {
    try ShipmentTable.list(of: order.id, in: snapshot).map { found in
      var shipment = found
      shipment.lines = try ShipmentLineTable.list(of: found.id, in: snapshot)
      shipment.cashOnDelivery = try CashOnDeliveryTable.find(found.id, in: snapshot)
      shipment.carrierChoice = try CarrierChoiceTable.find(found.id, in: snapshot)
      return shipment
    }
  }
}
