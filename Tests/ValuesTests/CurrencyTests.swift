import Testing
import Values

@Suite("Currency")
struct CurrencyTests {
  @Test("is one of ISO 4217, in capitals")
  func codes() {
    #expect(Currency("CNY") == .cny)
    #expect(Currency("USD") == .usd)
    for wrong in ["", "cny", "CN", "CNYY", "RMB", "¥", "CNY ", "XXX", "DEM"] {
      #expect(Currency(wrong) == nil, "\(wrong)")
    }
  }

  @Test(
    "knows its minor unit",
    arguments: [("CNY", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("VND", 0), ("KWD", 3), ("TND", 3)])
  func exponent(code: String, digits: Int) throws {
    let currency = try #require(Currency(code))
    #expect(currency.exponent == digits)
    #expect(currency.description == code)
  }
}
