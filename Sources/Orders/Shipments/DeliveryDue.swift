import Storage
import Values

// By when what has left is to arrive.
extension SalesOrder {
  /// Of goods that leave our shelves: the day that was agreed for bringing them there, or else the
  /// day on which they are wanted.
  func due(_ shipment: Shipment, in snapshot: Snapshot) throws -> Day? {
    try AppointmentTable.booked(
      .delivery, of: id, at: shipment.addressID, in: snapshot)?.slot.terms.day
      ?? wantedOn(shipment, in: snapshot)
  }

  /// The latest day on which something of it is wanted, or was promised, where that is later; nil
  /// where nobody has said a day.
  func wantedOn(_ shipment: Shipment, in snapshot: Snapshot) throws -> Day? {
    var order = self
    try order.loadPromises(in: snapshot)
    return shipment.lines.compactMap { sent in
      let line = order.lines[sent.orderLine - 1]
      let part = line.schedules.first { $0.number == sent.schedule }
      let wanted = part ?? line.schedules.last { $0.shipped.isPositive }
      return [wanted?.requestedOn ?? requestedOn, line.promisedOn].compactMap(\.self).max()
    }.max()
  }
}

extension Appointment {
  /// What has left and was to arrive on another day arrives on that of its appointment now.
  func moveDue(in tx: Transaction) throws {
    guard slot.terms.kind == .delivery else { return }
    try ShipmentTable.setDue(slot.terms.day, ofOrder: order, at: addressID, in: tx)
  }
}
