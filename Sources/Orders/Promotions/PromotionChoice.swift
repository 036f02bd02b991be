import MasterData
import Values

/// Which promotions an order gets, and what each takes off which line. A pure function of the
/// basket and of what its lines come to before.
struct PromotionChoice {
  /// What one promotion takes off.
  struct Given {
    let promotion: Promotion
    /// In minor units, a place for each line.
    var parts: [Int64]

    var total: Int64 { parts.reduce(0, +) }
  }

  /// In the order of their turn.
  private(set) var given: [Given] = []
  /// Those that take off less than they would, because all together would take off too much.
  private(set) var cut: [(promotion: Promotion, from: Money, to: Money)] = []
  /// Those that would have fitted, and why they do not count.
  private(set) var leftOut: [(promotion: Promotion, reason: String)] = []

  /// `amounts` are what the lines come to, in minor units.
  init(of promotions: [Promotion], for basket: Basket, amounts: [Int64]) throws(ArithmeticError) {
    try stack(promotions.filter { !$0.isExclusive }, basket, amounts)
    var best: Given?
    for promotion in promotions where promotion.isExclusive {
      guard let alone = try promotion.given(to: basket, amounts), alone.total > 0 else { continue }
      if let known = best {
        let (winner, loser) = alone.goesBefore(known) ? (alone, known) : (known, alone)
        leave(loser.promotion, "\(winner.promotion.code) goes with no other")
        best = winner
      } else {
        best = alone
      }
    }
    guard let best else { return }
    guard best.total >= given.reduce(0, { $0 + $1.total }) else {
      leave(best.promotion, "it goes with no other, and the others take off more")
      return
    }
    for other in given { leave(other.promotion, "\(best.promotion.code) goes with no other") }
    given = [best]
  }

  private struct Group {
    let name: String
    let priority: Int
    let members: [Promotion]

    func goesBefore(_ other: Group) -> Bool {
      priority == other.priority ? name < other.name : priority > other.priority
    }
  }

  private mutating func stack(
    _ promotions: [Promotion], _ basket: Basket, _ amounts: [Int64]
  ) throws(ArithmeticError) {
    let groups = Dictionary(grouping: promotions, by: \.groupName).map { name, members in
      Group(name: name, priority: members.map(\.priority).max() ?? 0, members: members)
    }.sorted { $0.goesBefore($1) }
    var left = amounts
    for group in groups {
      var best: Given?
      var fitting: [Given] = []
      for promotion in group.members {
        guard let one = try promotion.given(to: basket, left), one.total > 0 else { continue }
        fitting.append(one)
        if let known = best, !one.goesBefore(known) { continue }
        best = one
      }
      guard let best else { continue }
      for other in fitting where other.promotion.code != best.promotion.code {
        leave(other.promotion, "\(best.promotion.code) of group \(group.name) takes off more")
      }
      for (index, part) in best.parts.enumerated() { left[index] -= part }
      given.append(best)
    }
  }

  /// Takes back what all together take off beyond `most` minor units, from those whose turn came
  /// last.
  mutating func limit(to most: Int64, _ basket: Basket) throws(ArithmeticError) {
    var excess = given.reduce(Int64(0)) { $0 + $1.total } - most
    while excess > 0, var last = given.popLast() {
      let total = last.total
      guard total > excess else {
        excess -= total
        leave(
          last.promotion,
          "all promotions take off at most \(Money(minor: most, currency: basket.currency))")
        continue
      }
      last.parts = try Allocation.largestRemainder(
        total - excess, weights: last.parts, groups: basket.lines.map(\.taxRate))
      cut.append(
        (
          last.promotion, Money(minor: total, currency: basket.currency),
          Money(minor: total - excess, currency: basket.currency)
        ))
      given.append(last)
      excess = 0
    }
  }

  private mutating func leave(_ promotion: Promotion, _ reason: String) {
    leftOut.append((promotion, reason))
  }
}

extension PromotionChoice {
  /// Which it is, and which it is not.
  var explanation: Explanation {
    var explanation = Explanation()
    for given in given {
      let promotion = given.promotion
      explanation.add(
        "PROMOTION", "\(promotion.code), \(promotion.name)", [Fact("code", promotion.code)])
    }
    for (promotion, from, to) in cut {
      explanation.add(
        "PROMOTION_CUT",
        "\(promotion.code) takes off \(to) and not \(from): all promotions together are limited",
        [Fact("code", promotion.code), Fact("from", from), Fact("to", to)])
    }
    for (promotion, reason) in leftOut {
      explanation.add(
        "PROMOTION_LEFT_OUT", "Not \(promotion.code), \(promotion.name): \(reason)",
        [Fact("code", promotion.code)])
    }
    return explanation
  }
}

extension PromotionChoice.Given {
  fileprivate func goesBefore(_ other: PromotionChoice.Given) -> Bool {
    if total != other.total { return total > other.total }
    if promotion.priority != other.promotion.priority {
      return promotion.priority > other.promotion.priority
    }
    return promotion.code < other.promotion.code
  }
}

extension Promotion {
  /// What it takes off the lines when `amounts` are left of them; nil when it does not fit.
  fileprivate func given(
    to basket: Basket, _ amounts: [Int64]
  ) throws(ArithmeticError) -> PromotionChoice.Given? {
    let lines = basket.lines.indices.filter { index in
      let line = basket.lines[index]
      return (items.isEmpty || items.contains { $0.sku == line.sku })
        && !(isForFullPriceOnly && (line.discount > .zero || line.price.isNegotiated))
    }
    let taken = isSet ? sets(in: basket, lines) : Sets(count: 1, quantities: [:])
    guard taken.count > 0, !lines.isEmpty else { return nil }
    var values = [Int64](repeating: 0, count: amounts.count)
    var quantity: Int64 = 0
    for index in lines {
      let whole = basket.lines[index].quantity
      let part = isSet ? taken.quantities[index] ?? .zero : whole
      quantity += part.micros
      values[index] = try Money(minor: amounts[index], currency: basket.currency)
        .allocated(part, of: whole).minor
    }
    var value: Int64 = 0
    for part in values { value = try value.adding(part) }
    guard value > 0, quantity >= minimumQuantity.micros, value >= minimumAmount?.minor ?? 0 else {
      return nil
    }
    let off = min(value, try reduction(of: value, sets: taken.count, basket), cap?.minor ?? .max)
    guard off > 0 else { return nil }
    return PromotionChoice.Given(
      promotion: self,
      parts: try Allocation.largestRemainder(
        off, weights: values, groups: basket.lines.map(\.taxRate)))
  }

  /// Minor units off goods that come to `value`, never negative.
  private func reduction(
    of value: Int64, sets: Int64, _ basket: Basket
  ) throws(ArithmeticError) -> Int64 {
    switch effect {
    case .share(let rate):
      return try Money(minor: value, currency: basket.currency)
        .share(rate, basket.policy.rounding).minor
    case .amount(let amount): return try amount.minor.multiplied(by: isSet ? sets : 1)
    case .setPrice(let price): return max(0, value - (try price.minor.multiplied(by: sets)))
    }
  }

  private struct Sets {
    let count: Int64
    /// What of each line is in a set, by its index; earlier lines first.
    let quantities: [Int: Quantity]
  }

  /// How many complete sets there are: the least of what there is of each item (DOMAIN 5.2).
  private func sets(in basket: Basket, _ lines: [Int]) -> Sets {
    var count = Int64.max
    for item in items {
      let there = lines.reduce(Int64(0)) {
        $0 + (basket.lines[$1].sku == item.sku ? basket.lines[$1].quantity.micros : 0)
      }
      count = min(count, item.quantity.isPositive ? there / item.quantity.micros : 0)
    }
    guard !items.isEmpty, count > 0 else { return Sets(count: 0, quantities: [:]) }
    var quantities: [Int: Quantity] = [:]
    for item in items {
      // At most what there is, so it fits.
      var left = item.quantity.micros * count
      for index in lines where basket.lines[index].sku == item.sku && left > 0 {
        let part = min(left, basket.lines[index].quantity.micros)
        quantities[index] = Quantity(micros: part)
        left -= part
      }
    }
    return Sets(count: count, quantities: quantities)
  }
}

extension Int64 {
  fileprivate func adding(_ other: Int64) throws(ArithmeticError) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    guard !overflow else { throw .overflow }
    return sum
  }

  fileprivate func multiplied(by other: Int64) throws(ArithmeticError) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    guard !overflow else { throw .overflow }
    return product
  }
}
