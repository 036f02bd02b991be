import MasterData
package import Storage
package import Values

/// What was ordered of a product on some days, and not cancelled.
package struct PriceSales: Hashable, Sendable {
  package let units: Quantity
  /// Without tax, in the currency of the books.
  package let revenue: Money
  package let unitsPerDay: Quantity
  package let revenuePerDay: Money
  /// Over the cost that the suggestion was made with, in millionths of `revenue`, rounded down; nil
  /// where that is not known, or nothing came in.
  package let margin: Rate?

  /// `cost` is of a base unit.
  init(
    units: Quantity, revenue: Money, days: Int, cost: UnitPrice?
  ) throws(ArithmeticError) {
    self.units = units
    self.revenue = revenue
    unitsPerDay = Quantity(micros: days > 0 ? units.micros / Int64(days) : 0)
    revenuePerDay = Money(
      minor: days > 0 ? try Rounding.quotient(Int128(revenue.minor), Int128(days)) : 0,
      currency: revenue.currency)
    guard let cost, revenue.minor > 0 else {
      margin = nil
      return
    }
    let earned = try revenue - cost.amount(for: units)
    let (share, rest) = (Int128(earned.minor) * 1_000_000)
      .quotientAndRemainder(dividingBy: Int128(revenue.minor))
    margin = Rate(micros: Int64(clamping: rest < 0 ? share - 1 : share))
  }
}

/// What a suggestion that has become a price did to sales: as many whole days before as since.
package struct PriceEffect: Hashable, Sendable {
  package let suggestion: PriceSuggestion
  package let appliedFrom: Day
  package let days: Int
  package let before: PriceSales
  package let after: PriceSales
}

/// Questions about what prices did.
package enum PriceEffects {
  package static let longest = 90

  /// The newest first, from the one before `id` on (nil: from the newest), each over so many days
  /// at most.
  package static func list(
    of list: String?, days most: Int, on today: Day, before id: ID<PriceSuggestion>? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [PriceEffect] {
    let accepted = try PriceSuggestionTable.accepted(
      of: list, before: id ?? ID(.max), limit: limit, in: snapshot)
    let base = try Companies.current(in: snapshot).baseCurrency
    let spans = accepted.map { Span($0, most: most, today: today) }
    guard let first = spans.map(\.first).min(), let last = spans.map(\.last).max() else {
      return []
    }
    let sales = Dictionary(
      grouping: try ProductSales.sales(
        of: Array(Set(accepted.map(\.subject.product))), from: first, until: last, in: snapshot),
      by: \.product)
    return try zip(accepted, spans).map { one, span in
      let own = sales[one.subject.product] ?? []
      let total = { (range: Range<Day>) in
        let sold = own.filter { range.contains($0.day) }
        return try PriceSales(
          units: sold.map(\.units).sum(), revenue: sold.map { try $0.revenue() }.sum(base),
          days: span.days, cost: one.facts.baseCost)
      }
      return PriceEffect(
        suggestion: one, appliedFrom: span.from, days: span.days,
        before: try total(span.first..<span.from),
        after: try total(span.from..<span.from.adding(days: span.days)))
    }
  }

  private struct Span {
    let from: Day
    let days: Int
    var first: Day { from.adding(days: -days) }
    var last: Day { from.adding(days: days - 1) }

    init(_ one: PriceSuggestion, most: Int, today: Day) {
      from = one.appliedFrom ?? one.validFrom
      let passed = Int(today.daysSinceEpoch) - Int(from.daysSinceEpoch)
      days = min(max(0, passed), most)
    }
  }
}
