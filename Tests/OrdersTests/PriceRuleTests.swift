import Orders
import Testing
import Values

@Suite("Rules that suggest prices")
struct PriceRuleTests {
  private static let band = PriceRule.Band(
    mostDown: Rate(micros: 150_000), mostUp: Rate(micros: 50_000),
    farthestDown: Rate(micros: 300_000), farthestUp: Rate(micros: 100_000))

  private func rule(
    _ change: Int64, band: PriceRule.Band = band, floor: Int64? = nil,
    ending: (step: Int64, offset: Int64)? = nil, beyond: Bool = false,
    _ currency: Currency = .cny
  ) -> PriceRule {
    PriceRule(
      code: "R", list: "RETAIL", action: .change(Rate(micros: change)),
      ending: ending.map {
        .init(
          step: Money(minor: $0.step, currency: currency),
          offset: Money(minor: $0.offset, currency: currency))
      },
      band: band, floorMargin: floor.map { Rate(micros: $0) }, minimumDays: 14,
      goesBeyondBand: beyond)
  }

  private func facts(cost: Int64? = nil, tax: Int64 = 0, _ currency: Currency = .cny) -> PriceFacts
  {
    var facts = PriceFacts(today: Day(daysSinceEpoch: 20_000))
    facts.unitCost = cost.map { UnitPrice(micros: $0, currency: currency) }
    facts.taxRate = Rate(micros: tax)
    return facts
  }

  /// "449.1 CNY", "399.2 CNY !" beyond the band, or why not; with the rules that were applied.
  private func told(
    _ rule: PriceRule, _ price: Int64, list: Int64? = nil, _ facts: PriceFacts? = nil,
    _ currency: Currency = .cny
  ) throws -> String {
    let outcome = try rule.propose(
      insteadOf: UnitPrice(micros: price, currency: currency),
      list: UnitPrice(micros: list ?? price, currency: currency), facts ?? self.facts())
    switch outcome {
    case .silent(let silence): return silence.rawValue
    case .suggested(let found):
      let steps = found.explanation.steps.map(\.rule).dropFirst().joined(separator: " ")
      return "\(found.price)\(found.isBeyondBand ? " !" : "") \(steps)"
    }
  }

  @Test("a share is taken off, and the band is its end")
  func band() throws {
    #expect(try told(rule(-100_000), 499_000_000) == "449.1 CNY CHANGE")
    // 15 % of 499 is 74.85.
    #expect(try told(rule(-200_000), 499_000_000) == "424.15 CNY CHANGE BAND")
    #expect(
      try told(rule(-200_000, beyond: true), 499_000_000) == "399.2 CNY ! CHANGE BEYOND_BAND")
    #expect(try told(rule(-100_000, beyond: true), 499_000_000) == "449.1 CNY CHANGE")
    // A third off 10.01 is 6.673…, and 8.5085 is the least of the band: up to the minor unit.
    #expect(try told(rule(-333_333), 10_010_000) == "8.51 CNY CHANGE BAND")
    #expect(try told(rule(200_000), 10_010_000) == "10.51 CNY CHANGE BAND")
  }

  @Test("the list price holds the band, too: small steps do not add up to a large one")
  func listPrice() throws {
    #expect(
      try told(rule(-100_000), 400_000_000, list: 500_000_000) == "360 CNY CHANGE")
    #expect(
      try told(rule(-100_000), 360_000_000, list: 500_000_000) == "350 CNY CHANGE BAND")
    #expect(try told(rule(-100_000), 350_000_000, list: 500_000_000) == "NO_CHANGE")
    #expect(
      try told(rule(50_000), 540_000_000, list: 500_000_000) == "550 CNY CHANGE BAND")
  }

  @Test("the floor margin is never undercut, whatever the band says, and tax does not earn")
  func floor() throws {
    // 380 ÷ 0.8.
    #expect(
      try told(rule(-100_000, floor: 200_000), 499_000_000, facts(cost: 380_000_000))
        == "475 CNY CHANGE FLOOR_MARGIN")
    #expect(
      try told(rule(-100_000, floor: 200_000, beyond: true), 499_000_000, facts(cost: 380_000_000))
        == "475 CNY CHANGE FLOOR_MARGIN")
    // With the tax in it: 380 × 1.13 ÷ 0.8 = 536.75.
    #expect(
      try told(
        rule(-100_000, floor: 200_000), 599_000_000, facts(cost: 380_000_000, tax: 130_000))
        == "539.1 CNY CHANGE")
    #expect(
      try told(
        rule(-100_000, floor: 200_000), 499_000_000, facts(cost: 380_000_000, tax: 130_000))
        == "NO_CHANGE")
    // A third of a cent is not undercut either: 100 ÷ 0.7 = 142.857…
    #expect(
      try told(rule(-150_000, floor: 300_000), 150_000_000, facts(cost: 100_000_000))
        == "142.86 CNY CHANGE FLOOR_MARGIN")
    #expect(try told(rule(-100_000, floor: 200_000), 499_000_000) == "COST_UNKNOWN")
    #expect(try told(rule(-100_000), 499_000_000) == "449.1 CNY CHANGE")
  }

  @Test("prices end as the rule says: the nearest, and of two the smaller change")
  func endings() throws {
    #expect(
      try told(rule(-100_000, ending: (1_000, 990)), 499_000_000) == "449.9 CNY CHANGE ENDING")
    #expect(
      try told(rule(-75_000, ending: (1_000, 0)), 200_000_000) == "190 CNY CHANGE ENDING")
    let up = PriceRule.Band(
      mostDown: .zero, mostUp: Rate(micros: 100_000), farthestDown: .zero,
      farthestUp: Rate(micros: 100_000))
    #expect(
      try told(rule(75_000, band: up, ending: (1_000, 0)), 200_000_000)
        == "210 CNY CHANGE ENDING")
    // 100 would be no change.
    #expect(
      try told(rule(-50_000, ending: (1_000, 0)), 100_000_000) == "90 CNY CHANGE ENDING")
    // Between 96 and 100 nothing ends so.
    let narrow = PriceRule.Band(
      mostDown: Rate(micros: 40_000), mostUp: .zero, farthestDown: Rate(micros: 40_000),
      farthestUp: .zero)
    #expect(
      try told(rule(-30_000, band: narrow, ending: (1_000, 0)), 100_000_000)
        == "97 CNY CHANGE ENDING")
    // What ends so already is not told.
    #expect(try told(rule(-100_000, ending: (1_000, 0)), 100_000_000) == "90 CNY CHANGE")
  }

  @Test("currencies have minor units of their own, and nothing is given away")
  func currencies() throws {
    let yen = try #require(Currency("JPY"))
    #expect(
      try told(rule(-33_300, yen), 1_000_000_000, facts(yen), yen) == "967 JPY CHANGE ROUNDING")
    #expect(try told(rule(-150_000, yen), 1_000_000, facts(yen), yen) == "NO_CHANGE")
    #expect(try told(rule(-150_000), 10_000) == "NO_CHANGE")
    #expect(try told(rule(-150_000), 0) == "NO_CHANGE")
    // A hundredth of a cent of a screw: 0.0187 less a tenth is 0.01683, and 0.02 is dearer.
    #expect(
      try told(rule(-100_000, beyond: true), 18_700) == "0.01 CNY ! CHANGE ROUNDING BEYOND_BAND")
  }

  @Test("a margin is aimed at from both sides")
  func targets() throws {
    let rule = PriceRule(
      code: "R", list: "RETAIL", action: .targetMargin(Rate(micros: 300_000)), band: Self.band,
      minimumDays: 14)
    #expect(
      try told(rule, 499_000_000, facts(cost: 350_000_000)) == "500 CNY TARGET_MARGIN")
    #expect(
      try told(rule, 520_000_000, facts(cost: 350_000_000)) == "500 CNY TARGET_MARGIN")
    #expect(try told(rule, 500_000_000, facts(cost: 350_000_000)) == "NO_CHANGE")
    #expect(
      try told(rule, 400_000_000, facts(cost: 350_000_000)) == "420 CNY TARGET_MARGIN BAND")
    #expect(try told(rule, 499_000_000) == "COST_UNKNOWN")
  }

  @Test("facts are exact, and what is not known is not made up")
  func knowing() {
    var facts = facts(cost: 80_000_000, tax: 130_000)
    #expect(
      facts.margin(at: UnitPrice(micros: 113_000_000, currency: .cny)) == Rate(micros: 200_000))
    #expect(facts.margin(at: UnitPrice(micros: 90_000_000, currency: .cny)) == Rate(micros: -4_445))
    #expect(facts.margin(at: UnitPrice(micros: 0, currency: .cny)) == nil)
    #expect(facts.coverMicros == 0)
    #expect(facts.sellThrough == nil)
    facts.onHand = Quantity(micros: 100_000_000)
    facts.reserved = Quantity(micros: 10_000_000)
    // Nothing is sold: it lasts for ever.
    #expect(facts.coverMicros == nil)
    facts.unitsSold = Quantity(micros: 30_000_000)
    #expect(facts.coverMicros == 84_000_000)
    #expect(facts.sellThrough == Rate(micros: 230_769))
  }
}
