/// How much of a product, in millionths of the product's base unit (2.5 m² is 2500000).
package struct Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let micros: Int64

  package init(micros: Int64) { self.micros = micros }

  /// Whole units; nil beyond nine million million.
  package init?(units: Int64) {
    let (micros, overflow) = units.multipliedReportingOverflow(by: 1_000_000)
    guard !overflow else { return nil }
    self.micros = micros
  }

  package static let zero = Quantity(micros: 0)
  package static let one = Quantity(micros: 1_000_000)

  package var isPositive: Bool { micros > 0 }

  package static func + (left: Quantity, right: Quantity) throws(ArithmeticError) -> Quantity {
    let (micros, overflow) = left.micros.addingReportingOverflow(right.micros)
    guard !overflow else { throw .overflow }
    return Quantity(micros: micros)
  }

  package static func - (left: Quantity, right: Quantity) throws(ArithmeticError) -> Quantity {
    let (micros, overflow) = left.micros.subtractingReportingOverflow(right.micros)
    guard !overflow else { throw .overflow }
    return Quantity(micros: micros)
  }

  /// This many units of something of which each needs `perUnit` (a bill-of-materials line): rounded
  /// up, so that demand is never short (DOMAIN 5.0). `scrap` is the share of it that is lost as
  /// waste: need = quantity × per unit ÷ (1 − scrap), below 100 %.
  package func demand(
    perUnit: Quantity, scrap: Rate = .zero
  ) throws(ArithmeticError) -> Quantity {
    guard scrap < .one else { throw .noWeight }
    let product = Int128(micros) * Int128(perUnit.micros)
    let (whole, rest) = product.quotientAndRemainder(dividingBy: Int128(scrap.complement.micros))
    guard let micros = Int64(exactly: whole + (rest > 0 ? 1 : 0)) else { throw .overflow }
    return Quantity(micros: micros)
  }

  /// What this many units come to of which each has so much (grams, cartons), rounded up.
  package func times(_ each: Int64) throws(ArithmeticError) -> Int64 {
    let one = Int128(Quantity.one.micros)
    guard let total = Int64(exactly: (Int128(each) * Int128(micros) + one - 1) / one) else {
      throw .overflow
    }
    return total
  }

  package static func < (left: Quantity, right: Quantity) -> Bool { left.micros < right.micros }

  /// "2.5".
  package var description: String { FixedPoint.text(micros, digits: 6) }
}

extension Collection<Quantity> {
  package func sum() throws(ArithmeticError) -> Quantity {
    var total = Quantity.zero
    for quantity in self { total = try total + quantity }
    return total
  }
}
