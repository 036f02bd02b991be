import TestRandom
import Testing
import Values

@Suite("Tax policy")
struct TaxPolicyTests {
  private static func rate(_ percent: Int64) -> Rate { Rate(micros: percent * 10_000) }

  private static func fens(_ amounts: [(Int64, Int64)]) -> [TaxableAmount] {
    amounts.map {
      TaxableAmount(Money(minor: $0.0, currency: .cny), at: rate($0.1))
    }
  }

  private static func taxes(_ policy: TaxPolicy, _ amounts: [(Int64, Int64)]) throws -> [Int64] {
    try policy.tax(fens(amounts)).map(\.tax.minor)
  }

  /// DOMAIN 5.8, from the threads: lines are rounded to the currency first, whatever the policy.
  @Test(
    "348.35 × 16 less 4 % at 22 % is 6527.81 by line and by document",
    arguments: TaxPolicy.Scope.allCases)
  func discountedLine(scope: TaxPolicy.Scope) throws {
    let net = try UnitPrice(micros: 348_350_000, currency: .cny).amount(
      for: Quantity(micros: 16_000_000), discount: Self.rate(4))
    let taxed = try TaxPolicy(scope: scope).tax([TaxableAmount(net, at: Self.rate(22))])
    #expect(try taxed.map { try $0.gross() } == [Money(minor: 652_781, currency: .cny)])
  }

  @Test("55.55 and 11.11 at 23 % carry 15.34 by line and 15.33 by document")
  func byLineAndByDocument() throws {
    let amounts: [(Int64, Int64)] = [(5_555, 23), (1_111, 23)]
    #expect(try Self.taxes(TaxPolicy(scope: .line), amounts) == [1_278, 256])
    #expect(try Self.taxes(TaxPolicy(scope: .document), amounts) == [1_278, 255])
  }

  @Test("two lines of 100.5 yen are 202 yen, and taxed from that")
  func yen() throws {
    let yen = try #require(Currency("JPY"))
    let line = try UnitPrice(micros: 100_500_000, currency: yen).amount(for: .one)
    let taxable = [line, line].map { TaxableAmount($0, at: Self.rate(10)) }
    for scope in TaxPolicy.Scope.allCases {
      let taxed = try TaxPolicy(scope: scope).tax(taxable)
      #expect(try taxed.map(\.net).sum(yen).minor == 202)
      #expect(try taxed.map(\.tax).sum(yen).minor == 20)
    }
  }

  @Test("with tax included what is paid stays, and net is what is left without the tax")
  func included() throws {
    let taxed = try TaxPolicy(isIncluded: true).tax(Self.fens([(11_300, 13), (9_999, 13), (5, 0)]))
    #expect(taxed.map(\.net.minor) == [10_000, 8_849, 5])
    #expect(taxed.map(\.tax.minor) == [1_300, 1_150, 0])
  }

  @Test("mixed rates are summed and spread each by itself")
  func mixed() throws {
    let amounts: [(Int64, Int64)] = [(333, 13), (333, 9), (333, 13), (333, 9), (0, 6)]
    // 666 at 13 % is 86.58, at 9 % 59.94: rounded 87 and 60.
    #expect(try Self.taxes(TaxPolicy(scope: .document), amounts) == [44, 30, 43, 30, 0])
  }

  @Test("halves go away from zero, or to the even neighbour where that is agreed")
  func halves() throws {
    let amounts: [(Int64, Int64)] = [(50, 13), (150, 13), (50, 1)]
    #expect(try Self.taxes(TaxPolicy(rounding: .halfAway), amounts) == [7, 20, 1])
    #expect(try Self.taxes(TaxPolicy(rounding: .halfEven), amounts) == [6, 20, 0])
  }

  @Test("nothing is lost: net and tax are what is paid, and the document's tax is that of its sums")
  func sums() throws {
    var random = Seeded(5)
    for _ in 0..<500 {
      let rates: [Int64] = [0, 6, 9, 13]
      let amounts = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        (
          Int64.random(in: 0...100_000, using: &random),
          rates.randomElement(using: &random) ?? 0
        )
      }
      for isIncluded in [false, true] {
        let policy = TaxPolicy(isIncluded: isIncluded, scope: .document)
        let taxed = try policy.tax(Self.fens(amounts))
        for (taxed, amount) in zip(taxed, amounts) {
          #expect(taxed.net.minor >= 0 && taxed.tax.minor >= 0)
          #expect((isIncluded ? try taxed.gross() : taxed.net).minor == amount.0)
        }
        for rate in rates {
          let sum = amounts.filter { $0.1 == rate }.reduce(0) { $0 + $1.0 }
          let alone = try TaxPolicy(isIncluded: isIncluded).tax(Self.fens([(sum, rate)]))
          let parts = zip(taxed, amounts).filter { $1.1 == rate }.reduce(0) { $0 + $1.0.tax.minor }
          #expect(parts == alone[0].tax.minor)
        }
      }
    }
  }
}
