import TestRandom
import Testing
import Values

@Suite("Quantity")
struct QuantityTests {
  @Test("counts whole units up to what fits")
  func units() throws {
    #expect(Quantity(units: 3) == Quantity(micros: 3_000_000))
    #expect(Quantity(units: -3) == Quantity(micros: -3_000_000))
    #expect(Quantity(units: 9_223_372_036_854) != nil)
    #expect(Quantity(units: 9_223_372_036_855) == nil)
  }

  @Test("adds, subtracts and compares")
  func arithmetic() throws {
    #expect(try Quantity.one + .one == Quantity(units: 2))
    #expect(try Quantity.zero - .one == Quantity(units: -1))
    #expect(Quantity.zero < .one && Quantity.one.isPositive && !Quantity.zero.isPositive)
    #expect(try [Quantity.one, .one].sum() == Quantity(units: 2))
    #expect(try [Quantity]().sum() == .zero)
    #expect(throws: ArithmeticError.overflow) { try Quantity(micros: .max) + Quantity(micros: 1) }
    #expect(throws: ArithmeticError.overflow) { try Quantity(micros: .min) - Quantity(micros: 1) }
  }

  @Test(
    "demand is rounded up and covers the waste",
    arguments: [
      // ordered, per unit, scrap, needed; all in millionths.
      (4_000_000, 2_500_000, 0, 10_000_000), (1, 1, 0, 1), (3, 333_333, 0, 1),
      (1_000_000, 1, 0, 1), (0, 5_000_000, 0, 0), (10_000_000, 1_000_000, 100_000, 11_111_112),
      (10_000_000, 1_000_000, 200_000, 12_500_000),
      (1_000_000, 2_000_000, 999_999, 2_000_000_000_000),
    ] as [(Int64, Int64, Int64, Int64)])
  func demand(ordered: Int64, perUnit: Int64, scrap: Int64, expected: Int64) throws {
    let needed = try Quantity(micros: ordered)
      .demand(perUnit: Quantity(micros: perUnit), scrap: Rate(micros: scrap))
    #expect(needed == Quantity(micros: expected))
  }

  @Test(
    "what is left after the waste is never short, and less than a millionth too much"
  )
  func demandIsTight() throws {
    var random = Seeded(7)
    for _ in 0..<1_000 {
      let ordered = Int64.random(in: 1...1_000_000_000, using: &random)
      let perUnit = Int64.random(in: 1...100_000_000, using: &random)
      let scrap = Rate(micros: Int64.random(in: 0...999_999, using: &random))
      let need = try Quantity(micros: ordered)
        .demand(perUnit: Quantity(micros: perUnit), scrap: scrap)
      let wanted = Int128(ordered) * Int128(perUnit)
      #expect(Int128(need.micros) * Int128(scrap.complement.micros) >= wanted)
      #expect(Int128(need.micros - 1) * Int128(scrap.complement.micros) < wanted)
    }
  }

  @Test("no demand covers a waste of everything, or fits beyond 64 bits")
  func demandRefused() {
    #expect(throws: ArithmeticError.noWeight) {
      try Quantity.one.demand(perUnit: .one, scrap: .one)
    }
    #expect(throws: ArithmeticError.overflow) {
      try Quantity(micros: .max).demand(perUnit: Quantity(micros: 1_000_001))
    }
  }

  @Test("reads as a plain decimal")
  func description() {
    #expect(Quantity(micros: 2_500_000).description == "2.5")
    #expect(Quantity(micros: -1).description == "-0.000001")
    #expect(Quantity.one.description == "1")
  }
}

@Suite("Rate")
struct RateTests {
  @Test("reads as per cent")
  func description() {
    #expect(Rate(micros: 130_000).description == "13%")
    #expect(Rate(micros: 5_500).description == "0.55%")
    #expect(Rate.one.description == "100%")
  }

  @Test("has a rest, whatever it is")
  func complement() {
    #expect(Rate(micros: 50_000).complement == Rate(micros: 950_000))
    #expect(Rate.one.complement == .zero)
    #expect(Rate(micros: .min).complement == Rate(micros: .max))
    #expect(Rate(micros: .max).complement < .zero)
  }
}
