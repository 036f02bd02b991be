import TestRandom
import Testing
import Values

@Suite("Exchange rates")
struct ExchangeRateTests {
  private static func money(_ minor: Int64, _ currency: Currency) -> Money {
    Money(minor: minor, currency: currency)
  }

  /// Minor units of a currency at a rate, and what they are in fen.
  static let vectors: [(String, micros: Int64, units: Int64, minor: Int64, fen: Int64)] = [
    ("USD", 7_123_456, 1, 100_00, 712_35),
    ("USD", 7_000_000, 1, 1, 7),
    // An exact half goes away from zero.
    ("USD", 500_000, 1, 1, 1),
    ("USD", 500_000, 1, -1, -1),
    // 4.7325 CNY for 100 yen, which have no decimals.
    ("JPY", 4_732_500, 100, 1_000, 47_33),
    ("JPY", 4_732_500, 100, 1, 5),
    // Three decimals.
    ("KWD", 23_150_000, 1, 1_500, 34_73),
    ("VND", 2_760_000, 10_000, 1, 0),
  ]

  @Test("amounts are worth what the quotation says, rounded once", arguments: vectors)
  func base(code: String, micros: Int64, units: Int64, minor: Int64, fen: Int64) throws {
    let currency = try #require(Currency(code))
    let rate = ExchangeRate(currency: currency, base: .cny, micros: micros, units: units)
    #expect(try rate.base(of: Self.money(minor, currency)).minor == fen)
  }

  @Test("prices and amounts in the base currency become others")
  func converted() throws {
    let usd = ExchangeRate(currency: .usd, base: .cny, micros: 7_100_000)
    #expect(try usd.converted(Self.money(499_00, .cny)) == Self.money(70_28, .usd))
    #expect(
      try usd.converted(UnitPrice(micros: 499_000_000, currency: .cny))
        == UnitPrice(micros: 70_281_690, currency: .usd))
    let jpy = try #require(Currency("JPY"))
    let yen = ExchangeRate(currency: jpy, base: .cny, micros: 4_732_500, units: 100)
    #expect(try yen.converted(Self.money(47_33, .cny)) == Self.money(1_000, jpy))
    #expect(throws: ArithmeticError.currencyMismatch(.usd, .cny)) {
      try usd.converted(Self.money(1, .usd))
    }
    #expect(throws: ArithmeticError.currencyMismatch(.cny, .usd)) {
      try usd.base(of: Self.money(1, .cny))
    }
    #expect(throws: ArithmeticError.overflow) { try usd.base(of: Self.money(.max, .usd)) }
  }

  @Test("what the parts of a document are worth sums to what it is worth", arguments: 1...200)
  func parts(seed: UInt64) throws {
    var random = Seeded(seed)
    let code = try #require(["USD", "JPY", "KWD"].randomElement(using: &random))
    let currency = try #require(Currency(code))
    let rate = ExchangeRate(
      currency: currency, base: .cny, micros: .random(in: 1...90_000_000, using: &random),
      units: try #require(ExchangeRate.quotations.randomElement(using: &random)))
    let amounts = (0..<Int.random(in: 0...40, using: &random)).map { _ in
      Self.money(.random(in: 0...9_999_999, using: &random), currency)
    }
    let parts = try rate.base(ofEach: amounts)
    #expect(try parts.sum(.cny) == rate.base(of: amounts.sum(currency)), "seed \(seed)")
    for (part, amount) in zip(parts, amounts) {
      #expect(part.minor >= 0)
      #expect(abs(try part.minor - rate.base(of: amount).minor) <= 1, "seed \(seed)")
    }
  }

  @Test("a worth that is taken in any parts is used up with the last", arguments: 1...200)
  func taken(seed: UInt64) throws {
    var random = Seeded(seed)
    var left = Self.money(.random(in: 1...500_000, using: &random), .usd)
    let whole = Self.money(.random(in: 0...9_000_000, using: &random), .cny)
    var worth = whole
    var taken = Money.zero(.cny)
    while left.minor > 0 {
      let part = Self.money(.random(in: 1...left.minor, using: &random), .usd)
      let share = try worth.share(of: part, in: left)
      #expect((0...worth.minor).contains(share.minor), "seed \(seed)")
      taken = try taken + share
      worth = try worth - share
      left = try left - part
    }
    #expect(taken == whole && worth.minor == 0, "seed \(seed)")
  }
}
