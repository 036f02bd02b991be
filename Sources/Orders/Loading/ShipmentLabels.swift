package import MasterData
package import Storage

/// What the labels of a shipment print.
package struct ShipmentLabels: Sendable {
  package struct Label: Sendable {
    /// Nil where it was not numbered.
    package let sscc: SSCC?
    /// Carton k of the shipment, from 1.
    package let position: Int
    /// Which of its goods; nil where nobody has said in what cartons they come.
    package let goods: ShipmentCartons.Label?
  }

  package let shipment: Shipment
  package let order: SalesOrder
  /// Where it goes; nil where it is fetched.
  package let delivery: Delivery?
  /// With whom it left, or to whom it was given; empty where nobody has said.
  package let carrier: String
  /// In their order; the first ones.
  package let labels: [Label]
  /// Of how many: n.
  package let count: Int64
  /// Lines of which nobody has said the cartons.
  package let unlisted: [Int]

  package init(of shipment: Shipment, in snapshot: Snapshot) throws {
    let cartons = try ShipmentCartons(of: shipment, in: snapshot)
    let numbered = try NumberedCartons.of(shipment, in: snapshot)
    self.shipment = shipment
    order = try SalesOrders.require(number: shipment.orderNumber, in: snapshot)
    delivery = try shipment.delivery(of: order, in: snapshot)
    carrier = shipment.carrierByNow
    unlisted = cartons.unlisted
    guard numbered.isEmpty else {
      // What a product comes in may be said otherwise since: the number stays where it was stuck.
      let goods = Dictionary(
        cartons.labels.map { ($0.label(of: shipment), $0) }, uniquingKeysWith: { $1 })
      labels = numbered.map { carton in
        Label(
          sscc: carton.sscc, position: carton.position,
          goods: carton.carton.flatMap { goods[$0] })
      }
      count = Int64(numbered.count)
      return
    }
    let packed = max(cartons.labels.count, shipment.cartons)
    labels = (0..<packed).map { index in
      Label(
        sscc: nil, position: index + 1,
        goods: index < cartons.labels.count ? cartons.labels[index] : nil)
    }
    count = max(cartons.count, Int64(shipment.cartons))
  }
}
