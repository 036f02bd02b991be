package import Storage
package import Values

/// What whoever has a link to an order is told of it: where it stands, and nothing about people or
/// money.
package struct TrackedOrder: Sendable {
  package struct Parcel: Sendable {
    package let shipment: Shipment
    /// In the order in which it happened.
    package let events: [CarrierEvent]

    /// By when it is to arrive; nil unless it is on its way, and where nobody has said.
    package var expectedOn: Day? { shipment.state == .dispatched ? shipment.dueOn : nil }
  }

  package let link: PortalLink
  package let today: Day
  package let order: SalesOrder
  /// What the customer asked for and has not cancelled.
  package let lines: [SalesOrderLine]
  /// But for what was called off, the oldest first.
  package let parcels: [Parcel]
  /// That are to come.
  package let appointments: [Appointment]

  package init(by link: PortalLink, on today: Day, in snapshot: Snapshot) throws {
    var order = try SalesOrders.require(number: link.orderNumber, in: snapshot)
    try order.loadPromises(in: snapshot)
    self.link = link
    self.today = today
    self.order = order
    lines = order.lines.filter { $0.charge.isEmpty && $0.isAlive }
    parcels = try Shipments.ofOrder(order, in: snapshot)
      .filter { $0.state != .cancelled }
      .map { shipment in
        Parcel(
          shipment: shipment,
          events: try CarrierEvents.of(shipment, in: snapshot).map(\.event))
      }
    appointments = try SlotKind.allCases.flatMap {
      try AppointmentTable.booked($0, of: order.id, in: snapshot)
    }
  }

  /// By when what has not left of a line is to be there; nil where nothing is open, and where
  /// nobody can say: a day that has passed says nothing.
  package func arrival(of line: SalesOrderLine) -> Day? {
    guard line.open.isPositive else { return nil }
    let wanted = line.schedules.last { $0.open.isPositive }?.requestedOn ?? order.requestedOn
    let day = [line.expectedOn ?? line.promisedOn, wanted].compactMap(\.self).max()
    return day.flatMap { $0 >= today ? $0 : nil }
  }

  /// By when all of it is to be there; nil once it has arrived, and where nobody can say it of
  /// something.
  package var expectedOn: Day? {
    guard order.state.isPromised, order.state != .delivered else { return nil }
    let moving = parcels.filter { $0.shipment.state == .dispatched }.map(\.expectedOn)
    let vans = appointments.filter { $0.slot.terms.kind == .delivery && !$0.isOvertaken }
    let open = lines.filter { $0.sourcing != .service && $0.open.isPositive }
      .map { arrival(of: $0, by: vans) }
    let days = moving + open
    return days.contains(nil) ? nil : days.compactMap(\.self).max()
  }

  /// A van brings all of a line, but for parts that have days of their own, and what comes after.
  private func arrival(of line: SalesOrderLine, by vans: [Appointment]) -> Day? {
    guard line.schedules.isEmpty else {
      let last = vans.map(\.slot.terms.day).max()
      return arrival(of: line).map { day in last.map { max(day, $0) } ?? day }
    }
    guard let van = vans.first(where: { $0.addressID == nil })?.slot.terms.day,
      line.expectedOn.map({ $0 <= van }) ?? true
    else { return arrival(of: line) }
    return van
  }
}

extension CarrierEvent {
  /// Where it happened, while that is a place of the carrier's: at the door it is where somebody
  /// lives.
  package var publicPlace: String {
    switch status {
    case .accepted, .inTransit: place
    case .outForDelivery, .exception, .refused, .delivered: ""
    }
  }
}
