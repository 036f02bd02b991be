package import MasterData
package import Storage
import Values

/// The cartons of a shipment: what a packer labels and a driver counts. A unit is there when all of
/// its cartons are (DOMAIN 5.6).
package struct ShipmentCartons: Sendable {
  /// Carton k of n of a unit of a line.
  package struct Label: Hashable, Sendable {
    package let orderLine: Int
    package let sku: String
    /// Of the line, from 1.
    package let unit: Int64
    package let carton: Carton
    /// How many cartons the unit has.
    package let of: Int
    /// As its line asks for, or else the order; nil for as always.
    package let packing: Packing.Method?
  }

  /// The first ones, in the order of the lines.
  package private(set) var labels: [Label] = []
  /// All there are, and what they weigh.
  package private(set) var count: Int64 = 0
  package private(set) var weightGrams: Int64 = 0
  /// Lines of which nobody has said the cartons.
  package private(set) var unlisted: [Int] = []

  /// Labels that one answer shows.
  package static let limit = 10_000

  package init(of shipment: Shipment, in snapshot: Snapshot) throws {
    for line in shipment.lines {
      let cartons = try Cartons.of(Products.fetch(line.product, in: snapshot), in: snapshot)
      guard !cartons.isEmpty else {
        unlisted.append(line.orderLine)
        continue
      }
      let packing = line.instructions?.packing ?? shipment.instructions?.packing
      try add(line, cartons, packing?.method)
    }
  }

  private mutating func add(
    _ line: ShipmentLine, _ cartons: [Carton], _ packing: Packing.Method?
  ) throws {
    // Products with cartons are counted in whole units.
    let units = line.quantity.micros / Quantity.one.micros
    let (more, isTooMany) = units.multipliedReportingOverflow(by: Int64(cartons.count))
    let (weight, isTooHeavy) = units.multipliedReportingOverflow(by: cartons.weightGrams)
    let (sum, overflow) = weightGrams.addingReportingOverflow(weight)
    if isTooMany || isTooHeavy || overflow { throw ArithmeticError.overflow }
    count += more
    weightGrams = sum
    var unit: Int64 = 1
    while unit <= units, labels.count < Self.limit {
      for carton in cartons.prefix(Self.limit - labels.count) {
        labels.append(
          Label(
            orderLine: line.orderLine, sku: line.sku, unit: unit, carton: carton,
            of: cartons.count, packing: packing))
      }
      unit += 1
    }
  }
}
