import Finance
import Inventory
import MasterData
package import Storage
package import Values

/// Takes back that a shipment is lost, now that it has turned up: what was written off is on the
/// books again. Its goods go on to the customer, and what was promised in their place is given up;
/// or they come back to our shelves, when the customer has got others or wants none any more.
package struct ReportFound: Sendable {
  package enum Resolution: Hashable, Sendable {
    /// To the customer, who may have them already.
    case goOn
    case comeBack
  }

  package let shipmentNumber: String
  package let resolution: Resolution
  /// A remark for the record.
  package let comment: String
  /// Who asks.
  package let actor: String
  /// On which something happened, at the company's site.
  private let day: @Sendable (Instant) -> Day

  package init(
    shipmentNumber: String, _ resolution: Resolution, comment: String = "", by actor: String,
    day: @escaping @Sendable (Instant) -> Day
  ) {
    self.shipmentNumber = shipmentNumber
    self.resolution = resolution
    self.comment = comment
    self.actor = actor
    self.day = day
  }

  package func run(
    in tx: Transaction, at now: Moment
  ) throws -> (shipment: Shipment, order: SalesOrder) {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    let shipment = try Shipments.require(
      number: shipmentNumber, field: "shipment_number", in: tx)
    guard shipment.state == .lost, shipment.recoveredAt == nil else {
      throw CarrierClaimRejection.notLost(
        field: "shipment_number", shipment: shipment.number, state: shipment.state)
    }
    let order = try SalesOrders.require(number: shipment.orderNumber, in: tx)
    try shipment.withdrawLoss(because: "\(shipment.number) has turned up", in: tx, at: now)
    switch resolution {
    case .goOn: try goOn(shipment, of: order, in: tx, at: now)
    case .comeBack: try comeBack(shipment, of: order, in: tx, at: now)
    }
    return (
      try Shipments.require(number: shipment.number, in: tx),
      try SalesOrders.require(number: order.number, in: tx)
    )
  }

  private func goOn(
    _ lost: Shipment, of before: SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    try checkOpen(lost, of: before, in: tx)
    var (shipment, order) = (lost, before)
    let places = try before.supplyPlaces(in: tx)
    for line in shipment.lines {
      let index = line.orderLine - 1
      order.lines[index].shipped = try order.lines[index].shipped + line.quantity
      if let schedule = line.schedule {
        order.lines[index].ship(line.quantity, ofSchedule: schedule)
      }
      order.lines[index].followSchedules()
    }
    let promise = Promise(
      customer: try order.customer(in: tx), warehouse: try order.warehouse(in: tx), products: [],
      received: try Payments.received(for: order.reference, order.currency, in: tx), waits: true)
    _ = try ChangePromise(before: before, promise: promise, fields: [:])
      .run(&order, in: tx, at: now)
    try shipment.move(
      of: order, from: Locations.scrap, to: Locations.transit, .transitFound, in: tx, at: now)
    shipment.turnUp()
    try ShipmentTable.update(shipment, in: tx)
    record(shipment, in: tx)
    try order.save(lines: shipment.lines.map(\.orderLine), in: tx)
    try order.updateExposureOfShipped(in: tx, at: now)
    try shipment.fixCashOnDelivery(of: order, in: tx)
    try RefreshPromises(at: places).run(in: tx, at: now)
    _ = try order.fitAppointments(in: tx, at: now)
    guard shipment.carrierStatus == .delivered else { return }
    let arrived = try CarrierEvents.of(shipment, in: tx).last { $0.event.status == .delivered }
    _ = try DeliverShipment(
      number: shipment.number, acceptedOn: arrived.map { day($0.event.occurredAt) }
    ).run(in: tx, at: now)
  }

  /// Nobody gets goods twice: what they were for must be open, and not leave with another shipment
  /// already.
  private func checkOpen(
    _ shipment: Shipment, of order: SalesOrder, in snapshot: Snapshot
  ) throws {
    for line in shipment.lines {
      let sold = order.lines[line.orderLine - 1]
      let isPiece = try order.isOfPiece(sold, in: snapshot)
      guard order.state.isPromised, sold.open >= line.quantity, !isPiece else {
        throw CarrierClaimRejection.notOpen(
          field: "resolution", shipment: shipment.number, line: line.orderLine, open: sold.open,
          quantity: line.quantity)
      }
    }
  }

  /// Where they are whoever waits is served by them.
  private func comeBack(
    _ lost: Shipment, of order: SalesOrder, in tx: Transaction, at now: Moment
  ) throws {
    var shipment = lost
    let shelves = try Locations.stock(of: order.warehouse(in: tx), in: tx)
    try shipment.move(
      of: order, from: Locations.scrap, to: shelves, .transitFound, in: tx, at: now)
    shipment.recoveredAt = now.instant
    try ShipmentTable.update(shipment, in: tx)
    record(shipment, in: tx)
    try RefreshPromises(
      at: Set(shipment.lines.map { SupplyPlace($0.product, order.warehouseCode) })
    ).run(in: tx, at: now)
  }

  private func record(_ shipment: Shipment, in tx: Transaction) {
    shipment.tell(
      "shipment.found",
      [
        shipment.contents, Fact("resolution", resolution == .goOn ? "go on" : "come back"),
        Fact("comment", comment), Fact("actor", actor),
      ], in: tx)
  }
}
