import TestRandom
import Testing
import Values

@Suite("Fixed point")
struct FixedPointTests {
  @Test(
    "writes the shortest plain decimal",
    arguments: [
      (0, 6, 0, "0"), (12_500_000, 6, 0, "12.5"), (12_500_000, 6, 2, "12.50"),
      (-1, 6, 0, "-0.000001"), (-50, 2, 2, "-0.50"), (1_000_000, 6, 0, "1"), (7, 0, 0, "7"),
      (-7, 0, 0, "-7"), (100, 2, 2, "1.00"), (5, 3, 3, "0.005"), (1_230_000, 6, 6, "1.230000"),
      (.max, 6, 0, "9223372036854.775807"), (.min, 6, 0, "-9223372036854.775808"),
      (.min, 0, 0, "-9223372036854775808"),
    ] as [(Int64, Int, Int, String)])
  func text(value: Int64, digits: Int, minimum: Int, expected: String) {
    #expect(FixedPoint.text(value, digits: digits, minimumDigits: minimum) == expected)
  }

  @Test(
    "reads plain decimals exactly",
    arguments: [
      ("0", 0), ("-0", 0), ("12.5", 12_500_000), ("-12.50", -12_500_000), ("0.000001", 1),
      ("007", 7_000_000), ("9223372036854.775807", .max), ("-9223372036854.775808", .min),
    ] as [(String, Int64)])
  func parse(text: String, expected: Int64) {
    #expect(FixedPoint.parse(text, digits: 6) == expected)
  }

  @Test(
    "refuses everything else",
    arguments: [
      "", "-", "+1", ".5", "1.", "-.5", "1..2", "1.2.3", "1e3", "1,000", " 1", "1 ", "1_0", "0x1",
      "--1", "1-", "١", "１", "½", "1\u{0}", "1\u{301}", "0.0000001", "1.0000000", "NaN", "∞",
      "9223372036854.775808", "-9223372036854.775809", "99999999999999999999999999999999",
    ])
  func refuse(text: String) {
    #expect(FixedPoint.parse(text, digits: 6) == nil)
  }

  @Test("reads no fraction where there are no fraction digits")
  func wholeNumbers() {
    #expect(FixedPoint.parse("12", digits: 0) == 12)
    #expect(FixedPoint.parse("12.0", digits: 0) == nil)
  }

  @Test("reads back what it wrote", arguments: [0, 2, 3, 4, 6])
  func roundTrip(digits: Int) {
    var random = Seeded(11)
    for _ in 0..<500 {
      let value =
        Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...62, using: &random)
      let text = FixedPoint.text(value, digits: digits, minimumDigits: min(digits, 2))
      #expect(FixedPoint.parse(text, digits: digits) == value, "\(text)")
    }
  }
}
