import TestRandom
import Testing
import Values

@Suite("Rounding")
struct RoundingTests {
  @Test(
    "rounds halves away from zero",
    arguments: [
      (0, 3, 0), (1, 3, 0), (2, 3, 1), (1, 2, 1), (-1, 2, -1), (3, 2, 2), (-3, 2, -2), (5, 2, 3),
      (149, 100, 1), (150, 100, 2), (-149, 100, -1), (-150, 100, -2), (7, 1, 7), (-7, 1, -7),
    ] as [(Int128, Int128, Int64)])
  func halves(numerator: Int128, denominator: Int128, expected: Int64) throws {
    #expect(try Rounding.quotient(numerator, denominator) == expected)
  }

  @Test(
    "rounds halves to the even neighbour where that is agreed",
    arguments: [
      (1, 2, 0), (-1, 2, 0), (3, 2, 2), (-3, 2, -2), (5, 2, 2), (7, 2, 4), (2, 3, 1), (1, 3, 0),
      (151, 100, 2), (250, 100, 2), (350, 100, 4),
    ] as [(Int128, Int128, Int64)])
  func halvesToEven(numerator: Int128, denominator: Int128, expected: Int64) throws {
    #expect(try Rounding.quotient(numerator, denominator, .halfEven) == expected)
  }

  @Test("reaches the ends of 64 bits and not beyond")
  func ends() throws {
    let top = Int128(Int64.max)
    let bottom = Int128(Int64.min)
    #expect(try Rounding.quotient(top * 2, 2) == .max)
    #expect(try Rounding.quotient(bottom * 2, 2) == .min)
    #expect(throws: ArithmeticError.overflow) { try Rounding.quotient(top * 2 + 1, 2) }
    #expect(throws: ArithmeticError.overflow) { try Rounding.quotient(bottom * 2 - 1, 2) }
    #expect(throws: ArithmeticError.overflow) { try Rounding.quotient(.max, 1) }
    #expect(try Rounding.quotient(.max, .max) == 1)
    #expect(try Rounding.quotient(.max / 2, .max) == 0)
    #expect(try Rounding.quotient(.min, .max) == -1)
  }

  @Test("is never further from the exact value than half a unit")
  func nearest() throws {
    var random = Seeded(3)
    for _ in 0..<1_000 {
      let denominator = Int128(Int64.random(in: 1...1_000_000, using: &random))
      let numerator = Int128(Int64.random(in: -1_000_000_000...1_000_000_000, using: &random))
      let error = Int128(try Rounding.quotient(numerator, denominator)) * denominator - numerator
      #expect(error.magnitude * 2 <= denominator.magnitude)
      // An exact half went away from zero: the rounded value is the longer one.
      if error.magnitude * 2 == denominator.magnitude { #expect((error > 0) == (numerator > 0)) }
    }
  }
}
