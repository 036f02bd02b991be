import MasterData
package import Storage
package import Values

/// Records that the goods of a shipment are in cartons.
package struct PackShipment: Sendable {
  package let number: String
  /// 1–10,000.
  package let cartons: Int
  /// Who packs it; empty where nobody says.
  package let actor: String

  package init(number: String, cartons: Int, by actor: String = "") {
    self.number = number
    self.cartons = cartons
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    var check = FieldCheck(.request)
    check.range(cartons, "cartons", 1...10_000)
    try check.pass()
    var shipment = try Shipments.require(number: number, in: tx)
    try shipment.advance(to: .packed)
    shipment.cartons = cartons
    try ShipmentTable.update(shipment, in: tx)
    shipment.record([Fact("cartons", cartons)] + Fact.worker(actor), in: tx)
    try shipment.numberCartons(in: tx)
    return shipment
  }
}

/// Calls a shipment off before it left; its goods stay reserved for the order.
package struct CancelShipment: Sendable {
  package let number: String

  package init(number: String) { self.number = number }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    var shipment = try Shipments.require(number: number, in: tx)
    try shipment.cancel(in: tx)
    return shipment
  }
}

extension Shipment {
  mutating func cancel(in tx: Transaction) throws {
    try advance(to: .cancelled)
    try ShipmentTable.update(self, in: tx)
    record([contents], in: tx)
  }
}

extension Fact {
  /// Who did a step; nothing where nobody says.
  static func worker(_ name: String) -> [Fact] { name.isEmpty ? [] : [Fact("actor", name)] }
}
