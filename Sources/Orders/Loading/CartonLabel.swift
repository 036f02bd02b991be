/// What stands on a carton: carton k of a unit of a line of a shipment.
package struct CartonLabel: Hashable, Sendable, CustomStringConvertible {
  package let shipment: String
  package let line: Int
  /// Of the line, from 1.
  package let unit: Int64
  /// Of the unit, from 1.
  package let carton: Int

  package init(shipment: String, line: Int, unit: Int64, carton: Int) {
    self.shipment = shipment
    self.line = line
    self.unit = unit
    self.carton = carton
  }

  /// Nil for what is no label.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 4, !parts[0].isEmpty, let line = Int(parts[1]), line > 0,
      let unit = Int64(parts[2]), unit > 0, let carton = Int(parts[3]), carton > 0
    else { return nil }
    self.init(shipment: parts[0], line: line, unit: unit, carton: carton)
    // "+1" and "01" are no numbers that we print.
    guard description == text else { return nil }
  }

  package var description: String { "\(shipment)/\(line)/\(unit)/\(carton)" }
}
