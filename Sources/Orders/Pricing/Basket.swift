import MasterData
import Values

/// What is bought together, with all that prices depend on looked up: what it costs is a pure
/// function of it. So however somebody came to these lines, they cost the same.
struct Basket {
  struct Line {
    let sku: String
    let quantity: Quantity
    /// Base unit of the product.
    let unit: String
    /// Given on this line alone.
    let discount: Rate
    /// Counted as the policy says.
    let price: PriceDecision
    let taxRate: Rate
    /// Price × quantity × (1 − discount), rounded once.
    let base: Money
  }

  let currency: Currency
  let policy: TaxPolicy
  let discount: OrderDiscount?
  /// Those that are offered to who buys, on the day and by the channel.
  let promotions: [Promotion]
  /// What all of them may take off together.
  var promotionLimit = PromotionLimit.none
  /// That are offered, in the order in which they are tried.
  let charges: [Charge]
  /// What the goods weigh and how they get to the customer.
  let load: Load
  let lines: [Line]
  /// Where goods go that go to several places, or elsewhere than the order; empty where all of them
  /// go where the order goes.
  var places: [ChargedPlace] = []
}

/// A basket with its prices.
struct PricedBasket {
  let lines: [PricedLine]
  /// In the order in which their rules were tried.
  let charges: [PricedCharge]
  /// The promotions that it got, in their turn, and those that it did not, with the reason.
  let promotions: PromotionChoice?
}

/// What a line of a basket comes to.
struct PricedLine: Hashable {
  fileprivate(set) var adjustments: [Adjustment] = []
  /// The base less the adjustments.
  fileprivate(set) var amount: Money
  fileprivate(set) var taxed: TaxedAmount
  fileprivate(set) var explanation: Explanation

  fileprivate init(_ line: Basket.Line) {
    amount = line.base
    taxed = TaxedAmount(net: line.base, tax: .zero(line.base.currency))
    explanation = line.price.explanation
    explanation.reserveSteps(3)
    if line.discount > .zero {
      explanation.add("DISCOUNT", "Less \(line.discount)", [Fact("discount", line.discount)])
    }
  }

  fileprivate mutating func take(
    _ kind: Adjustment.Kind, code: String = "", _ minor: Int64, _ text: String
  ) {
    guard minor > 0 else { return }
    let less = Money(minor: minor, currency: amount.currency)
    amount.minor -= minor
    adjustments.append(Adjustment(kind: kind, code: code, amount: less))
    var facts = [Fact("amount", less)]
    if !code.isEmpty { facts.append(Fact("code", code)) }
    explanation.add(kind.rawValue, text, facts)
  }
}

extension Basket {
  /// The lines with their amounts and taxes, in their order: adjustments first, each on what those
  /// before have left, then the tax of what is left (DOMAIN 5.8).
  func priced() throws -> PricedBasket {
    // All that is taken off is a part of it: nothing after it can come to more.
    _ = try lines.map(\.base).sum(currency)
    var priced = lines.map { PricedLine($0) }
    let choice = try takePromotions(from: &priced)
    try takeOrderDiscount(from: &priced)
    var charges = try priceCharges(for: priced)
    var taxable: [TaxableAmount] = []
    taxable.reserveCapacity(lines.count + charges.count)
    for (line, priced) in zip(lines, priced) {
      taxable.append(TaxableAmount(priced.amount, at: line.taxRate))
    }
    for charge in charges {
      taxable.append(TaxableAmount(charge.amount, at: charge.charge.taxRate))
    }
    for (index, taxed) in try policy.tax(taxable).enumerated() {
      if index < lines.count {
        priced[index].taxed = taxed
        let line = lines[index]
        priced[index].explanation.add(
          explain(taxed, "\(line.quantity) \(line.unit)", line.taxRate))
      } else {
        let place = index - lines.count
        charges[place].taxed = taxed
        charges[place].explanation.add(
          explain(taxed, charges[place].charge.rule.charge, charges[place].charge.taxRate))
      }
    }
    return PricedBasket(lines: priced, charges: charges, promotions: choice)
  }

  /// Of each charge the first that fits: they follow from what the goods come to in the end.
  private func priceCharges(for priced: [PricedLine]) throws -> [PricedCharge] {
    guard !charges.isEmpty else { return [] }
    let goods = try priced.map(\.amount).sum(currency)
    var taxable: [TaxableAmount] = []
    for (line, priced) in zip(lines, priced) {
      taxable.append(TaxableAmount(priced.amount, at: line.taxRate))
    }
    let nets = try policy.tax(taxable).map(\.net)
    let net = try nets.sum(currency)
    let open = charges.filter { $0.rule.below.map { goods.minor < $0.minor } ?? true }
    var found: [PricedCharge] = []
    for charge in open
    where !found.contains(where: { $0.charge.rule.charge == charge.rule.charge }) {
      let same = open.filter { $0.rule.charge == charge.rule.charge }
      if places.isEmpty || !same.contains(where: \.rule.isOfPlace) {
        let (amount, explanation) = try charge.amount(for: net, load, policy.rounding)
        found.append(try counted(charge, amount, explanation))
      } else if let whole = try atPlaces(same, nets) {
        found.append(whole)
      }
    }
    // What is free leaves no line.
    return found.filter { $0.amount.minor > 0 }
  }

  /// With the tax where prices have it in them.
  private func counted(
    _ charge: Charge, _ amount: Money, _ explanation: Explanation
  ) throws -> PricedCharge {
    let tax = policy.isIncluded ? try amount.share(charge.taxRate, policy.rounding) : nil
    let counted = try tax.map { try amount + $0 } ?? amount
    return PricedCharge(
      charge: charge, amount: counted, taxed: TaxedAmount(net: amount, tax: .zero(currency)),
      explanation: explanation)
  }

  /// One charge for several places: what it comes to at each by the first rule that fits there. It
  /// is one line of the order, with the product and the tax of the first of these rules. Nil where
  /// none fits. `nets` is what each line comes to without tax.
  private func atPlaces(_ rules: [Charge], _ nets: [Money]) throws -> PricedCharge? {
    var sum = Money.zero(currency)
    var explanation = Explanation()
    var first: Charge?
    let parts = try nets.enumerated().map { line, net -> [Int64] in
      let weights = places.map { $0.quantities[line].micros }
      // What is no goods and goes with those that there are none of goes with the first.
      guard weights.contains(where: { $0 > 0 }) else {
        return places.indices.map { $0 == 0 ? net.minor : 0 }
      }
      return try Allocation.largestRemainder(net.minor, weights: weights)
    }
    for (index, place) in places.enumerated() {
      guard let charge = rules.first(where: { $0.rule.isFor(place.delivery) }) else { continue }
      let goods = Money(minor: parts.reduce(0) { $0 + $1[index] }, currency: currency)
      let (amount, told) = try charge.amount(for: goods, place.load, policy.rounding)
      sum = try sum + amount
      for step in told.steps { explanation.add(step) }
      if first == nil { first = charge }
    }
    return try first.map { try counted($0, sum, explanation) }
  }

  private func takePromotions(
    from priced: inout [PricedLine]
  ) throws(ArithmeticError) -> PromotionChoice? {
    guard !promotions.isEmpty else { return nil }
    var choice = try PromotionChoice(
      of: promotions, for: self, amounts: priced.map(\.amount.minor))
    if promotionLimit != .none {
      let goods = try priced.map(\.amount).sum(currency)
      try choice.limit(to: promotionLimit.most(of: goods, policy.rounding), self)
    }
    for given in choice.given {
      let (code, name) = (given.promotion.code, given.promotion.name)
      for (index, part) in given.parts.enumerated() where part > 0 {
        let less = Money(minor: part, currency: currency)
        priced[index].take(.promotion, code: code, part, "Less \(less) by \(code), \(name)")
      }
    }
    return choice
  }

  /// The largest share that somebody took off the price of a line, on the line and on the order
  /// together, to the nearest millionth.
  func largestDiscount() throws(ArithmeticError) -> Rate {
    try Self.discount(
      onLines: lines.map(\.discount), onOrder: discount, of: try lines.map(\.base).sum(currency))
  }

  /// `total`: what the lines come to with their own discounts.
  static func discount(
    onLines rates: [Rate], onOrder discount: OrderDiscount?, of total: Money
  ) throws(ArithmeticError) -> Rate {
    let one = Rate.one.micros
    let onLine = rates.max() ?? .zero
    let onOrder: Rate
    switch discount {
    case nil: onOrder = .zero
    case .share(let rate): onOrder = rate
    case .amount(let amount):
      onOrder =
        total.minor > 0
        ? Rate(
          micros: try Rounding.quotient(Int128(amount.minor) * Int128(one), Int128(total.minor)))
        : .zero
    }
    let kept = try Rounding.quotient(
      Int128(onLine.complement.micros) * Int128(onOrder.complement.micros), Int128(one))
    return Rate(micros: kept).complement
  }

  /// Spread by largest remainder, first over the tax rates, then over the lines of each, so that
  /// every rate bears its share before it is taxed.
  private func takeOrderDiscount(from priced: inout [PricedLine]) throws {
    guard let discount else { return }
    let total = try priced.map(\.amount).sum(currency)
    let less: Money
    switch discount {
    case .share(let rate): less = try total.share(rate, policy.rounding)
    case .amount(let amount):
      guard amount.minor <= total.minor else {
        throw OrdersRejection.discountTooLarge(
          field: "order.discount", discount: amount, total: total)
      }
      less = amount
    }
    guard less.minor > 0 else { return }
    let parts = try Allocation.largestRemainder(
      less.minor, weights: priced.map(\.amount.minor), groups: lines.map(\.taxRate))
    let whole =
      switch discount {
      case .share(let rate): "\(rate), \(less)"
      case .amount: less.description
      }
    for (index, part) in parts.enumerated() {
      let share = Money(minor: part, currency: currency)
      priced[index].take(.orderDiscount, part, "Less \(share), its share of \(whole) on the order")
    }
  }

  private func explain(_ taxed: TaxedAmount, _ what: String, _ rate: Rate) -> Explanation.Step {
    let (net, tax) = (taxed.net.description, taxed.tax.description)
    let amount: String
    if policy.isIncluded {
      let gross = Money(minor: taxed.net.minor + taxed.tax.minor, currency: currency)
      amount = "\(gross), of it \(rate) tax \(tax)"
    } else {
      amount = "\(net) and \(rate) tax \(tax)"
    }
    return .init("AMOUNT", "\(what): \(amount)", [Fact("net", net), Fact("tax", tax)])
  }
}
