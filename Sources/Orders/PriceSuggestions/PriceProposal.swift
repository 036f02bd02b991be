package import Values

/// Why nothing is suggested instead of a price.
package enum PriceSilence: String, Hashable, Sendable, CaseIterable {
  case noRule = "NO_RULE"
  case open = "OPEN"
  case tooSoon = "TOO_SOON"
  case costUnknown = "COST_UNKNOWN"
  case noChange = "NO_CHANGE"
  case notSold = "NOT_SOLD"
}

/// What a rule comes to for one price: pure arithmetic, exact but for one rounding of what the
/// action comes to. Bounds are rounded inwards, to the minor unit.
package struct PriceProposal: Hashable, Sendable {
  package let price: UnitPrice
  package let isBeyondBand: Bool
  package let explanation: Explanation
  /// The steps that tell of cost.
  package let costExplanation: Explanation

  package enum Outcome: Hashable, Sendable {
    case suggested(PriceProposal)
    case silent(PriceSilence)
  }
}

extension PriceRule {
  /// What is suggested instead of a price whose facts the rule fits. The floor holds whatever the
  /// band says; a price that is to go down never goes up, nor the other way round.
  package func propose(
    insteadOf price: UnitPrice, list: UnitPrice, _ facts: PriceFacts
  ) throws(ArithmeticError) -> PriceProposal.Outcome {
    if needsCost, facts.unitCost == nil { return .silent(.costUnknown) }
    var arithmetic = PriceArithmetic(rule: self, price: price, list: list, facts: facts)
    guard let found = try arithmetic.run() else { return .silent(.noChange) }
    return .suggested(found)
  }
}

/// The steps from a price to another, with their explanation.
private struct PriceArithmetic {
  let rule: PriceRule
  let price: UnitPrice
  let list: UnitPrice
  let facts: PriceFacts
  private var told = Explanation()
  private var toldOfCost = Explanation()

  init(rule: PriceRule, price: UnitPrice, list: UnitPrice, facts: PriceFacts) {
    self.rule = rule
    self.price = price
    self.list = list
    self.facts = facts
  }

  mutating func run() throws(ArithmeticError) -> PriceProposal? {
    tellConditions()
    let wanted = try wantedPrice()
    guard wanted != price.micros else { return nil }
    let isDown = wanted < price.micros
    let band = try rule.limits(of: price, list: list)
    let floor = try rule.floor(facts)
    // Nothing is given away.
    let least = try PriceRule.micros(PriceRule.minor(price.currency))
    var (low, high) = isDown ? (least, price.micros - 1) : (price.micros + 1, Self.highest)
    if !rule.goesBeyondBand { (low, high) = (max(low, band.low), min(high, band.high)) }
    low = max(low, floor ?? 0)
    guard low <= high else { return nil }
    let held = min(max(wanted, low), high)
    if held != wanted { tellBounds(held, band, floor) }
    guard let ended = end(held, low...high, isDown) else { return nil }
    let isBeyond = ended < band.low || ended > band.high
    if isBeyond {
      told.add(
        "BEYOND_BAND",
        "It lies beyond the band from \(text(band.low)) to \(text(band.high)): it takes two people",
        [Fact("low", text(band.low)), Fact("high", text(band.high))])
    }
    let suggested = UnitPrice(micros: ended, currency: price.currency)
    if let margin = facts.margin(at: suggested) {
      toldOfCost.add("MARGIN_AFTER", "It earns \(margin)", [Fact("margin", margin)])
    }
    return PriceProposal(
      price: suggested, isBeyondBand: isBeyond, explanation: told, costExplanation: toldOfCost)
  }

  private static let highest: Int64 = 1_000_000_000_000_000

  private func text(_ micros: Int64) -> String {
    UnitPrice(micros: micros, currency: price.currency).description
  }

  private mutating func tellConditions() {
    told.add(
      "RULE", "Rule \(rule.code) is the first that fits",
      [Fact("rule", rule.code), Fact("price", price), Fact("list_price", list)])
    for condition in rule.conditions {
      let value = facts.value(condition.fact, at: price).map { condition.fact.text($0) } ?? ""
      let step = Explanation.Step(
        condition.fact.rawValue, "\(value) is \(condition.text)",
        [Fact("value", value), Fact("window_days", facts.windowDays)])
      if condition.fact == .margin { toldOfCost.add(step) } else { told.add(step) }
    }
  }

  /// What the action comes to, rounded to a millionth.
  private mutating func wantedPrice() throws(ArithmeticError) -> Int64 {
    switch rule.action {
    case .change(let share):
      let wanted = try Rounding.quotient(
        Int128(price.micros) * Int128(1_000_000 + share.micros), 1_000_000)
      told.add(
        "CHANGE", "\(price) changed by \(share) is \(text(wanted))",
        [Fact("share", share), Fact("wanted", text(wanted))])
      return wanted
    case .targetMargin(let margin):
      let cost = facts.unitCost ?? UnitPrice(micros: 0, currency: price.currency)
      let wanted = try Rounding.quotient(
        Int128(cost.micros) * (1_000_000 + Int128(facts.taxRate.micros)),
        Int128(margin.complement.micros))
      told.add("TARGET_MARGIN", "The price that earns \(margin)", [Fact("margin", margin)])
      toldOfCost.add(
        "TARGET_MARGIN", "At a cost of \(cost) a margin of \(margin) is \(text(wanted))",
        [Fact("cost", cost), Fact("tax", facts.taxRate), Fact("wanted", text(wanted))])
      return wanted
    }
  }

  /// What keeps it from what the action came to.
  private mutating func tellBounds(
    _ held: Int64, _ band: (low: Int64, high: Int64), _ floor: Int64?
  ) {
    if held == floor {
      told.add("FLOOR_MARGIN", "The margin that is never undercut keeps it at \(text(held))")
      toldOfCost.add(
        "FLOOR_MARGIN", "Below \(text(held)) it would earn less than \(rule.floorMargin ?? .zero)",
        [
          Fact("cost", facts.unitCost?.description ?? ""),
          Fact("floor_margin", rule.floorMargin ?? .zero),
        ])
    } else {
      told.add(
        "BAND", "The band from \(text(band.low)) to \(text(band.high)) keeps it at \(text(held))",
        [Fact("low", text(band.low)), Fact("high", text(band.high))])
    }
  }

  /// The nearest price with the ending; between two the smaller change. Where there is none, to the
  /// minor unit.
  private mutating func end(
    _ held: Int64, _ range: ClosedRange<Int64>, _ isDown: Bool
  ) -> Int64? {
    let minor = PriceRule.minor(price.currency)
    if let ending = rule.ending {
      let (step, offset) = (Int128(ending.step.minor) * minor, Int128(ending.offset.minor) * minor)
      if let ended = Self.nearest(held, step, offset, range, isDown) {
        if ended != held {
          told.add(
            "ENDING", "The nearest price that ends so is \(text(ended))",
            [Fact("step", ending.step), Fact("ending", ending.offset)])
        }
        return ended
      }
      told.add("ENDING", "No price that ends so lies where it may be")
    }
    let rounded = Self.nearest(held, minor, 0, range, isDown)
    if let rounded, rounded != held {
      told.add("ROUNDING", "To the minor unit it is \(text(rounded))")
    }
    return rounded
  }

  private static func nearest(
    _ held: Int64, _ step: Int128, _ offset: Int128, _ range: ClosedRange<Int64>, _ isDown: Bool
  ) -> Int64? {
    let behind = Int128(held) - offset
    let floor = behind >= 0 ? behind / step : -((-behind + step - 1) / step)
    let below = offset + floor * step
    let candidates = [below, below == Int128(held) ? below : below + step].compactMap {
      Int64(exactly: $0)
    }.filter(range.contains)
    guard let first = candidates.first, let last = candidates.last else { return nil }
    let (down, up) = (held - first, last - held)
    if candidates.count == 1 || down == up { return isDown ? last : first }
    return down < up ? first : last
  }
}
