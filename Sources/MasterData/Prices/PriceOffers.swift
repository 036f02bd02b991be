package import Values

/// All prices of one product that a customer can have on a day, of which a quantity chooses one.
///
/// A pure choice among the prices whose minimum quantity is reached, by these rules in turn: one in
/// the currency that was asked for before one that is converted; a contract with the customer
/// before the customer's own list, that before lists of the customer's class, those before lists
/// for everybody; the larger priority; the larger minimum quantity; the later first day; the list's
/// code.
package struct PriceOffers: Hashable, Sendable {
  private let offers: [PriceOffer]
  /// Why each of them has its price.
  private let explanations: [Explanation]
  private let unit: String

  init(_ offers: [PriceOffer], unit: String, for customer: Customer) {
    self.offers = offers
    self.unit = unit
    explanations = offers.map { $0.explanation(unit: unit, for: customer) }
  }

  private init(_ offers: [(offer: PriceOffer, explanation: Explanation)], unit: String) {
    self.offers = offers.map(\.offer)
    explanations = offers.map(\.explanation)
    self.unit = unit
  }

  /// What pieces cost that are as they were chosen, by the lists that say something about their
  /// model: chosen among as others are. Nil when none does, and the model's own price counts.
  package func price(
    of configuration: Configuration, _ quantity: Quantity, after earlier: Quantity, total: Quantity
  ) throws(ArithmeticError) -> PriceDecision? {
    guard offers.contains(where: { $0.model != nil }) else { return nil }
    var priced: [(offer: PriceOffer, explanation: Explanation)] = []
    for (offer, explanation) in zip(offers, explanations) {
      if let one = try offer.offer(for: configuration, unit: unit, explanation) {
        priced.append(one)
      }
    }
    return try PriceOffers(priced, unit: unit).price(of: quantity, after: earlier, total: total)
  }

  /// The price of `quantity`, which comes after `earlier` of the same product on earlier lines, of
  /// `total` on all lines together. Nil when no list has one.
  package func price(
    of quantity: Quantity, after earlier: Quantity, total: Quantity
  ) throws(ArithmeticError) -> PriceDecision? {
    var chosen: Int?
    for (index, offer) in offers.enumerated()
    where offer.model == nil
      && offer.minimumQuantity <= (offer.countsAcrossLines ? total : quantity)
    {
      if let chosen, !offer.goesBefore(offers[chosen]) { continue }
      chosen = index
    }
    guard let chosen else { return nil }
    let best = offers[chosen]
    guard best.breaks == .graduated else {
      guard let pack = best.pack?.value else {
        return PriceDecision(best, parts: [], explanation: explanations[chosen])
      }
      return try decision(best, pack, for: quantity, explanations[chosen])
    }
    let start = best.countsAcrossLines ? earlier : .zero
    let parts = try tiers(of: best, from: start, upTo: try start + quantity)
    var explanation = explanations[chosen]
    for part in parts {
      explanation.add(
        "PRICE_TIER", "\(part.quantity) \(unit) at \(part.unitPrice)",
        [Fact("quantity", part.quantity), Fact("unit_price", part.unitPrice)])
    }
    let average = try UnitPrice.average(of: parts, best.unitPrice.currency)
    return PriceDecision(best, unitPrice: average, parts: parts, explanation: explanation)
  }

  /// The price of a quantity that stands alone.
  package func price(of quantity: Quantity) throws(ArithmeticError) -> PriceDecision? {
    try price(of: quantity, after: .zero, total: quantity)
  }

  /// What lies between the two amounts, tier by tier of the offer's list. What lies below its
  /// lowest minimum has the price of that.
  private func tiers(
    of offer: PriceOffer, from start: Quantity, upTo end: Quantity
  ) throws(ArithmeticError) -> [PricedQuantity] {
    let steps = offers.filter { $0.listCode == offer.listCode && $0.model == nil }.sorted {
      $0.minimumQuantity < $1.minimumQuantity
    }
    var parts: [PricedQuantity] = []
    for (index, step) in steps.enumerated() {
      let from = index == 0 ? start : max(start, step.minimumQuantity)
      let next = index + 1 < steps.count ? steps[index + 1].minimumQuantity : end
      let until = min(end, next)
      guard from < until else { continue }
      parts += try step.parts(of: until - from)
    }
    return parts
  }

  /// So many packs cost what packs cost; what is rounded is rounded once, to the currency.
  private func decision(
    _ offer: PriceOffer, _ pack: PackPrice, for quantity: Quantity, _ explanation: Explanation
  ) throws(ArithmeticError) -> PriceDecision {
    let parts = try pack.parts(of: quantity)
    let average = try UnitPrice.average(of: parts, offer.unitPrice.currency)
    var explanation = explanation
    explanation.add(
      "PACK_PRICE",
      "\(pack.base) \(unit) are \(pack.quantity) \(pack.unit): \(quantity) \(unit) cost about "
        + "\(average) each, and together what so many \(pack.unit) cost, rounded once",
      [Fact("pack_price", pack.price), Fact("unit_price", average)])
    return PriceDecision(offer, unitPrice: average, parts: parts, explanation: explanation)
  }
}

/// What one unit costs, and why.
package struct PriceDecision: Hashable, Sendable {
  /// Of one base unit; of a graduated list the average, rounded to a millionth.
  package let unitPrice: UnitPrice
  /// What the quantity is made of when its units have different prices; empty otherwise.
  package let parts: [PricedQuantity]
  /// The price list it comes from.
  package let listCode: String
  /// The price holds the tax.
  package let isTaxIncluded: Bool
  /// Agreed with the customer: a contract, or the customer's own list.
  package let isNegotiated: Bool
  package let explanation: Explanation

  fileprivate init(
    _ offer: PriceOffer, unitPrice: UnitPrice? = nil, parts: [PricedQuantity],
    explanation: Explanation
  ) {
    self.unitPrice = unitPrice ?? offer.unitPrice
    self.parts = parts
    listCode = offer.listCode
    isTaxIncluded = offer.isTaxIncluded
    isNegotiated = offer.scope == .contract || offer.scope == .customer
    self.explanation = explanation
  }

  /// A price that was agreed before, for whatever quantity.
  package init(
    agreed unitPrice: UnitPrice, isTaxIncluded: Bool, isNegotiated: Bool = true,
    explanation: Explanation
  ) {
    self.unitPrice = unitPrice
    parts = []
    listCode = ""
    self.isTaxIncluded = isTaxIncluded
    self.isNegotiated = isNegotiated
    self.explanation = explanation
  }

  /// The same price in another currency, rounded to a millionth; its quantity has one price.
  package func converted(by rate: ExchangeRate) throws(ArithmeticError) -> PriceDecision {
    let price = try rate.converted(unitPrice)
    var explanation = explanation
    explanation.add(Conversion(of: unitPrice, by: rate).step(to: price))
    return PriceDecision(
      self, unitPrice: price, parts: [], isTaxIncluded: isTaxIncluded, explanation: explanation)
  }

  private init(
    _ stated: PriceDecision, unitPrice: UnitPrice, parts: [PricedQuantity], isTaxIncluded: Bool,
    explanation: Explanation
  ) {
    self.unitPrice = unitPrice
    self.parts = parts
    listCode = stated.listCode
    self.isTaxIncluded = isTaxIncluded
    isNegotiated = stated.isNegotiated
    self.explanation = explanation
  }

  /// The same price for a document that counts with tax, or without it. Prices are converted, and
  /// rounded to a millionth, before anything else is done with them.
  package func counted(
    withTax isIncluded: Bool, at rate: Rate
  ) throws(ArithmeticError) -> PriceDecision {
    guard isIncluded != isTaxIncluded else { return self }
    var converted: [PricedQuantity] = []
    for part in parts {
      converted.append(PricedQuantity(part.quantity, at: try convert(part.unitPrice, rate)))
    }
    let price =
      parts.isEmpty
      ? try convert(unitPrice, rate)
      : try UnitPrice.average(of: converted, unitPrice.currency)
    var explanation = explanation
    explanation.add(
      "TAX_BASIS", "That is \(price) \(isIncluded ? "with" : "without") \(rate) tax",
      [Fact("unit_price", price), Fact("tax_rate", rate)])
    return PriceDecision(
      self, unitPrice: price, parts: converted, isTaxIncluded: isIncluded,
      explanation: explanation)
  }

  private func convert(_ price: UnitPrice, _ rate: Rate) throws(ArithmeticError) -> UnitPrice {
    isTaxIncluded ? try price.without(rate) : try price.with(rate)
  }

  /// What `quantity`, for which the decision was made, costs after `discount`: rounded once.
  package func amount(
    for quantity: Quantity, discount: Rate, _ mode: Rounding.Mode
  ) throws(ArithmeticError) -> Money {
    parts.isEmpty
      ? try unitPrice.amount(for: quantity, discount: discount, mode)
      : try UnitPrice.amount(of: parts, unitPrice.currency, discount: discount, mode)
  }
}
