import Testing
import Values

@Suite("Unit price")
struct UnitPriceTests {
  /// The vectors of DOMAIN 5.8: each line is rounded to the currency first, then taxed.
  @Test("348.35 × 16 less 4 % at 22 % is 6527.81 a line")
  func discountedLine() throws {
    let net = try cny(348_350_000).amount(for: pieces(16), discount: Rate(micros: 40_000))
    #expect(net == fen(535_066))
    #expect(try net + net.share(Rate(micros: 220_000)) == fen(652_781))
  }

  @Test("55.55 and 11.11 at 23 % carry 15.34 by line and 15.33 by document")
  func taxByLineAndByDocument() throws {
    let rate = Rate(micros: 230_000)
    let lines = try [cny(55_550_000), cny(11_110_000)].map { try $0.amount(for: .one) }
    #expect(try lines.map { try $0.share(rate) }.sum(.cny) == fen(1_534))
    let ofDocument = try lines.sum(.cny).share(rate)
    #expect(ofDocument == fen(1_533))
    let spread = try Allocation.largestRemainder(ofDocument.minor, weights: lines.map(\.minor))
    #expect(spread == [1_278, 255])
  }

  @Test("two lines of 100.5 yen are 202 yen")
  func currencyWithoutDecimals() throws {
    let yen = try #require(Currency("JPY"))
    let line = try UnitPrice(micros: 100_500_000, currency: yen).amount(for: .one)
    #expect(line == Money(minor: 101, currency: yen))
    #expect(try [line, line].sum(yen).minor == 202)
  }

  @Test("quantities with prices of their own are rounded once for all of them")
  func tiers() throws {
    let parts = [
      PricedQuantity(pieces(10), at: cny(9_999)), PricedQuantity(pieces(5), at: cny(8_888)),
    ]
    // 0.09999 + 0.04444 = 0.14443.
    #expect(try UnitPrice.amount(of: parts, .cny) == fen(14))
    #expect(try UnitPrice.amount(of: parts, .cny, discount: Rate(micros: 500_000)) == fen(7))
    #expect(try UnitPrice.average(of: parts, .cny) == cny(9_629))
    #expect(throws: ArithmeticError.noWeight) { try UnitPrice.average(of: [], .cny) }
  }

  @Test("counts with tax and without it to a millionth")
  func taxBasis() throws {
    let rate = Rate(micros: 130_000)
    #expect(try cny(100_000_000).with(rate) == cny(113_000_000))
    #expect(try cny(99_000_000).without(rate) == cny(87_610_619))
    #expect(throws: ArithmeticError.overflow) { try cny(.max).with(rate) }
  }

  @Test("currencies with three decimals keep them")
  func currencyWithThreeDecimals() throws {
    let dinar = try #require(Currency("KWD"))
    let amount = try UnitPrice(micros: 1_234_500, currency: dinar).amount(for: .one)
    #expect(amount == Money(minor: 1_235, currency: dinar))
  }

  @Test("screws cost less than a cent")
  func fineness() throws {
    #expect(try cny(4_999).amount(for: .one) == fen(0))
    #expect(try cny(5_000).amount(for: .one) == fen(1))
    #expect(try cny(4_999).amount(for: pieces(1_000)) == fen(500))
    #expect(try cny(12_500_000).amount(for: Quantity(micros: 2_500_000)) == fen(3_125))
  }

  @Test("a discount of everything costs nothing, and of nothing nothing off")
  func discounts() throws {
    #expect(try cny(99_990_000).amount(for: pieces(3), discount: .one) == fen(0))
    #expect(try cny(99_990_000).amount(for: pieces(3), discount: .zero) == fen(29_997))
  }

  @Test("refuses what does not fit, and nothing that does")
  func ends() throws {
    #expect(throws: ArithmeticError.overflow) {
      try cny(.max).amount(for: Quantity(micros: .max))
    }
    #expect(throws: ArithmeticError.overflow) {
      try cny(.max).amount(for: Quantity(micros: .max), discount: Rate(micros: .min))
    }
    // 92,233,720,368,547,758.07 is the largest amount.
    #expect(try cny(.max).amount(for: pieces(10_000)).minor == 9_223_372_036_854_775_807)
  }

  @Test("reads as a plain decimal with its currency")
  func description() {
    #expect(cny(12_500_000).description == "12.5 CNY")
    #expect(cny(1).description == "0.000001 CNY")
  }

  private func cny(_ micros: Int64) -> UnitPrice { UnitPrice(micros: micros, currency: .cny) }
  private func pieces(_ units: Int64) -> Quantity { Quantity(micros: units * 1_000_000) }
}
