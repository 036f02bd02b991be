package import Values

/// What a rule may look at. Values are millionths: of a day, of a base unit, or of the whole.
package enum PriceFact: String, Hashable, Sendable, CaseIterable {
  case coverDays = "COVER_DAYS"
  case stockAgeDays = "STOCK_AGE_DAYS"
  case unitsSold = "UNITS_SOLD"
  case sellThrough = "SELL_THROUGH"
  case margin = "MARGIN"
  case daysToEnd = "DAYS_TO_END"
  case incomingUnits = "INCOMING_UNITS"
  case availableUnits = "AVAILABLE_UNITS"

  /// Shares are told as such, days and units as numbers.
  private var isShare: Bool { self == .sellThrough || self == .margin }

  func text(_ micros: Int64) -> String {
    if micros == .max { return "for ever" }
    return isShare ? Rate(micros: micros).description : Quantity(micros: micros).description
  }
}

/// What a fact must be for a rule to fit.
package struct PriceCondition: Hashable, Sendable {
  package enum Bound: String, Hashable, Sendable, CaseIterable {
    case atLeast = "AT_LEAST"
    case atMost = "AT_MOST"
  }

  package let fact: PriceFact
  package let bound: Bound
  /// Millionths.
  package let value: Int64

  package init(_ fact: PriceFact, _ bound: Bound, _ value: Int64) {
    self.fact = fact
    self.bound = bound
    self.value = value
  }

  /// What is not known fits no bound.
  func holds(_ known: Int64?) -> Bool {
    guard let known else { return false }
    return bound == .atLeast ? known >= value : known <= value
  }

  var text: String { "\(bound == .atLeast ? "at least" : "at most") \(fact.text(value))" }
}

/// What was known of a price when it was looked at. Kept with the suggestion that came of it.
package struct PriceFacts: Hashable, Sendable {
  package var onHand = Quantity.zero
  package var reserved = Quantity.zero
  package var incoming = Quantity.zero
  package var unitsSold = Quantity.zero
  /// Days in which that was sold: those before `today`.
  package var windowDays = 28
  package var today: Day
  /// Nil where nobody knows, or no condition asks.
  package var stockAgeDays: Int64?
  package var daysToEnd: Int64?
  /// Of one of the unit that is priced, in the currency of the list; nil where nobody knows.
  package var unitCost: UnitPrice?
  /// The same of a base unit, in the currency of the books.
  package var baseCost: UnitPrice?
  /// What the prices of the list hold; 0 where they hold none.
  package var taxRate = Rate.zero

  package init(today: Day) { self.today = today }

  package var windowFrom: Day { today.adding(days: -windowDays) }

  /// May be below zero nowhere: what is reserved is on hand.
  package var available: Quantity { Quantity(micros: onHand.micros - reserved.micros) }

  /// Days that what is free lasts, in millionths, rounded down; nil for ever.
  package var coverMicros: Int64? {
    let free = Int128(max(0, available.micros))
    guard unitsSold.isPositive else { return free > 0 ? nil : 0 }
    let cover = free * Int128(windowDays) * 1_000_000 / Int128(unitsSold.micros)
    return Int64(clamping: min(cover, Int128(Int64.max - 1)))
  }

  /// Rounded down; nil where nothing was sold and nothing is there.
  package var sellThrough: Rate? {
    let all = Int128(unitsSold.micros) + Int128(onHand.micros)
    guard all > 0 else { return nil }
    return Rate(micros: Int64(Int128(unitsSold.micros) * 1_000_000 / all))
  }

  /// What a price earns over cost, as a share of it without tax, rounded down; nil where the cost
  /// is not known, or nothing is paid.
  package func margin(at price: UnitPrice) -> Rate? {
    guard let unitCost, price.micros > 0 else { return nil }
    let million: Int128 = 1_000_000
    let cost = Int128(unitCost.micros) * (million + Int128(taxRate.micros))
    let (share, rest) = (Int128(price.micros) * million - cost)
      .quotientAndRemainder(dividingBy: Int128(price.micros))
    return Rate(micros: Int64(clamping: rest < 0 ? share - 1 : share))
  }

  /// In millionths; nil where it is not known.
  func value(_ fact: PriceFact, at price: UnitPrice) -> Int64? {
    switch fact {
    case .coverDays: coverMicros ?? .max
    case .stockAgeDays: stockAgeDays.map { $0 * 1_000_000 }
    case .unitsSold: unitsSold.micros
    case .sellThrough: sellThrough?.micros
    case .margin: margin(at: price)?.micros
    case .daysToEnd: daysToEnd.map { $0 * 1_000_000 }
    case .incomingUnits: incoming.micros
    case .availableUnits: available.micros
    }
  }
}
