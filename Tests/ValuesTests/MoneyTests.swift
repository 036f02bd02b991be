import TestRandom
import Testing
import Values

@Suite("Money")
struct MoneyTests {
  @Test("adds and subtracts within a currency")
  func arithmetic() throws {
    #expect(try fen(150) + fen(-50) == fen(100))
    #expect(try fen(150) - fen(200) == fen(-50))
    #expect(try [fen(1), fen(2), fen(3)].sum(.cny) == fen(6))
    #expect(try [Money]().sum(.usd) == .zero(.usd))
  }

  @Test("refuses to mix currencies")
  func currencies() {
    let dollar = Money(minor: 1, currency: .usd)
    #expect(throws: ArithmeticError.currencyMismatch(.cny, .usd)) { try fen(1) + dollar }
    #expect(throws: ArithmeticError.currencyMismatch(.usd, .cny)) { try dollar - fen(1) }
    #expect(throws: ArithmeticError.currencyMismatch(.cny, .usd)) { try [dollar].sum(.cny) }
  }

  @Test("refuses what does not fit")
  func overflow() {
    #expect(throws: ArithmeticError.overflow) { try fen(.max) + fen(1) }
    #expect(throws: ArithmeticError.overflow) { try fen(.min) - fen(1) }
    #expect(throws: ArithmeticError.overflow) { try fen(.max).share(Rate(micros: 2_000_000)) }
    #expect(throws: ArithmeticError.overflow) {
      try fen(.max).allocated(Quantity(micros: 2), of: Quantity(micros: 1))
    }
  }

  @Test(
    "takes a share and rounds it once",
    arguments: [(535_066, 220_000, 117_715), (5_555, 230_000, 1_278), (-5_555, 230_000, -1_278)]
      as [(Int64, Int64, Int64)])
  func share(amount: Int64, rate: Int64, expected: Int64) throws {
    #expect(try fen(amount).share(Rate(micros: rate)) == fen(expected))
  }

  @Test("cumulative parts sum to the whole in any split")
  func allocated() throws {
    var random = Seeded(5)
    for _ in 0..<200 {
      let total = fen(Int64.random(in: -1_000_000...1_000_000, using: &random))
      let whole = Quantity(micros: Int64.random(in: 1...50_000_000, using: &random))
      var given = Quantity.zero
      var sum = fen(0)
      while given < whole {
        let part = Quantity(
          micros: Int64.random(in: 1...(whole.micros - given.micros), using: &random))
        let after = try given + part
        sum = try sum + (total.allocated(after, of: whole) - total.allocated(given, of: whole))
        given = after
      }
      #expect(sum == total)
    }
  }

  @Test("has no share of nothing")
  func nothing() {
    #expect(throws: ArithmeticError.noWeight) { try fen(1).allocated(.one, of: .zero) }
  }

  @Test("reads as a plain decimal with its currency")
  func description() throws {
    let yen = try #require(Currency("JPY"))
    let dinar = try #require(Currency("KWD"))
    #expect(fen(129_900).description == "1299.00 CNY")
    #expect(fen(-5).description == "-0.05 CNY")
    #expect(Money(minor: 202, currency: yen).description == "202 JPY")
    #expect(Money(minor: 1_500, currency: dinar).decimal == "1.500")
  }
}

func fen(_ minor: Int64) -> Money { Money(minor: minor, currency: .cny) }
