import MasterData
package import Values

/// Which prices, when, and what instead.
package struct PriceRule: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    /// By this share of the price.
    case change(Rate)
    /// To the price that earns this share of itself, without tax, over cost.
    case targetMargin(Rate)
  }

  /// How far a price may go.
  package struct Band: Hashable, Sendable {
    /// From the price in force, in one change.
    package let mostDown: Rate
    package let mostUp: Rate
    /// From the last price that no suggestion made.
    package let farthestDown: Rate
    package let farthestUp: Rate

    package init(mostDown: Rate, mostUp: Rate, farthestDown: Rate, farthestUp: Rate) {
      self.mostDown = mostDown
      self.mostUp = mostUp
      self.farthestDown = farthestDown
      self.farthestUp = farthestUp
    }
  }

  /// Where prices lie: on multiples of `step` from `offset` on.
  package struct Ending: Hashable, Sendable {
    package let step: Money
    package let offset: Money

    package init(step: Money, offset: Money) {
      self.step = step
      self.offset = offset
    }
  }

  package let code: String
  package let list: String
  /// Empty for any, as the next two.
  package let productClass: String
  package let sku: String
  package let supplier: String
  package let windowDays: Int
  package let conditions: [PriceCondition]
  package let action: Action
  /// Nil for the minor unit of the currency.
  package let ending: Ending?
  package let band: Band
  /// The margin that is never undercut; nil for none.
  package let floorMargin: Rate?
  package let minimumDays: Int
  package let expiresAfterDays: Int
  /// A suggestion may go beyond the band, and then takes two people.
  package let goesBeyondBand: Bool
  /// What lies within the band becomes a price at once.
  package let appliesWithinBand: Bool

  package init(
    code: String, list: String, productClass: String = "", sku: String = "",
    supplier: String = "", windowDays: Int = 28, conditions: [PriceCondition] = [],
    action: Action, ending: Ending? = nil, band: Band, floorMargin: Rate? = nil,
    minimumDays: Int, expiresAfterDays: Int = 14, goesBeyondBand: Bool = false,
    appliesWithinBand: Bool = false
  ) {
    self.code = code
    self.list = list
    self.productClass = productClass
    self.sku = sku
    self.supplier = supplier
    self.windowDays = windowDays
    self.conditions = conditions
    self.action = action
    self.ending = ending
    self.band = band
    self.floorMargin = floorMargin
    self.minimumDays = minimumDays
    self.expiresAfterDays = expiresAfterDays
    self.goesBeyondBand = goesBeyondBand
    self.appliesWithinBand = appliesWithinBand
  }

  /// Whether it is about a product, whatever its facts are.
  func isAbout(_ product: Product, supplier known: String) -> Bool {
    (sku.isEmpty || sku == product.sku)
      && (productClass.isEmpty || productClass == product.productClass)
      && (supplier.isEmpty || supplier == known)
  }

  func holds(at price: UnitPrice, _ facts: PriceFacts) -> Bool {
    conditions.allSatisfy { $0.holds(facts.value($0.fact, at: price)) }
  }

  var needsCost: Bool {
    if case .targetMargin = action { return true }
    return floorMargin != nil
  }

  /// The least that it may suggest where a piece costs so much, to the minor unit; nil where it has
  /// no floor, or nobody knows the cost.
  func floor(_ facts: PriceFacts) throws(ArithmeticError) -> Int64? {
    guard let floorMargin, let cost = facts.unitCost else { return nil }
    let least = Self.up(
      Int128(cost.micros) * (1_000_000 + Int128(facts.taxRate.micros)),
      Int128(floorMargin.complement.micros))
    return try Self.micros(Self.up(least, Self.minor(cost.currency)) * Self.minor(cost.currency))
  }

  /// The lowest and the highest price of the band, to the minor unit.
  func limits(
    of price: UnitPrice, list: UnitPrice
  ) throws(ArithmeticError) -> (low: Int64, high: Int64) {
    let minor = Self.minor(price.currency)
    let lows = [(price, band.mostDown), (list, band.farthestDown)].map { price, rate in
      Self.up(Int128(price.micros) * Int128(rate.complement.micros), 1_000_000)
    }
    let highs = [(price, band.mostUp), (list, band.farthestUp)].map { price, rate in
      Int128(price.micros) * (1_000_000 + Int128(rate.micros)) / 1_000_000
    }
    return (
      try Self.micros(Self.up(max(lows[0], lows[1]), minor) * minor),
      try Self.micros(min(highs[0], highs[1]) / minor * minor)
    )
  }

  /// Millionths that a minor unit has.
  static func minor(_ currency: Currency) -> Int128 {
    Int128(FixedPoint.powerOfTen(6 - currency.exponent))
  }

  /// Rounded up; neither is below zero.
  static func up(_ amount: Int128, _ part: Int128) -> Int128 { (amount + part - 1) / part }

  static func micros(_ value: Int128) throws(ArithmeticError) -> Int64 {
    guard let micros = Int64(exactly: value) else { throw .overflow }
    return micros
  }
}
