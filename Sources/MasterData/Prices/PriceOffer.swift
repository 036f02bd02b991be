import Values

/// That a price was told in the base currency, and at which rate it counts.
struct Conversion: Hashable, Sendable {
  let price: UnitPrice
  let rate: ExchangeRate

  init(of price: UnitPrice, by rate: ExchangeRate) {
    self.price = price
    self.rate = rate
  }

  static let rule = "EXCHANGE_RATE"

  func step(to price: UnitPrice) -> Explanation.Step {
    .init(
      Self.rule, "That is \(price) at \(rate)",
      [Fact("unit_price", price), Fact("exchange_rate", rate)])
  }
}

/// A price that a customer can have, and how far it goes before others.
struct PriceOffer: Hashable, Sendable {
  /// Whom its list is for; the narrower goes first.
  enum Scope: Int {
    case contract, customer, customerClass, everybody
  }

  /// Of an offer for a model it is nothing.
  private(set) var unitPrice: UnitPrice
  /// As it was said, where `unitPrice` is rounded. Seldom: one reference in every offer.
  var pack: Shared<PackPrice>?
  /// Nil where its list is in the currency that was asked for.
  var conversion: Shared<Conversion>?
  /// What it says about configured pieces. Seldom, too.
  var model: Shared<ModelTerms>?
  let listCode: String
  let scope: Scope
  let priority: Int64
  let minimumQuantity: Quantity
  let validFrom: Day
  let breaks: PriceBreaks
  let countsAcrossLines: Bool
  let isTaxIncluded: Bool

  /// The order that `PriceOffers` documents. No two offers are equal in it: list, minimum quantity
  /// and first day are the key of a product's price.
  func goesBefore(_ other: PriceOffer) -> Bool {
    if (conversion == nil) != (other.conversion == nil) { return conversion == nil }
    if scope != other.scope { return scope.rawValue < other.scope.rawValue }
    if priority != other.priority { return priority > other.priority }
    if minimumQuantity != other.minimumQuantity { return minimumQuantity > other.minimumQuantity }
    if validFrom != other.validFrom { return validFrom > other.validFrom }
    return listCode < other.listCode
  }

  /// Why one `unit` of the product costs what it does.
  func explanation(unit: String, for customer: Customer) -> Explanation {
    let (rule, whose) =
      switch scope {
      case .contract: ("CONTRACT_PRICE_LIST", "by contract with \(customer.code)")
      case .customer: ("OWN_PRICE_LIST", "of \(customer.code)")
      case .customerClass: ("CLASS_PRICE_LIST", "for class \(customer.customerClass)")
      case .everybody: ("GENERAL_PRICE_LIST", "for everybody")
      }
    let since = validFrom.description
    var facts = [Fact("price_list", listCode), Fact("valid_from", since)]
    if minimumQuantity.isPositive {
      facts.append(Fact("minimum_quantity", minimumQuantity))
    }
    guard model == nil else {
      return Explanation([.init(rule, "Price list \(listCode) \(whose) since \(since)", facts)])
    }
    let price = (conversion?.value.price ?? pack?.value.price ?? unitPrice).description
    facts.insert(Fact("unit_price", price), at: 1)
    if let pack { facts.append(Fact("unit", pack.value.unit)) }
    if isTaxIncluded { facts.append(Fact("tax_included", "true")) }
    let tax = isTaxIncluded ? " with tax" : ""
    let text =
      "Price list \(listCode) \(whose): "
      + "\(price)\(tax) per \(pack?.value.unit ?? unit) since \(since)"
    var explanation = Explanation([.init(rule, text, facts)])
    if let conversion = conversion?.value {
      explanation.add(conversion.step(to: pack?.value.price ?? unitPrice))
    }
    return explanation
  }

  /// The same for one piece as it was chosen, with why; nil of an offer for no model.
  func offer(
    for configuration: Configuration, unit: String, _ explanation: Explanation
  ) throws(ArithmeticError) -> (offer: PriceOffer, explanation: Explanation)? {
    guard let terms = model?.value else { return nil }
    let price = try terms.price(of: configuration)
    var offer = self
    offer.model = nil
    offer.unitPrice = price
    var explained = PriceDecision(configuration, unit: unit).explanation
    for step in explanation.steps where step.rule != Conversion.rule { explained.add(step) }
    explained.add(
      "MODEL_TERMS", "\(terms.words): \(price) per \(unit)", [Fact("unit_price", price)])
    if let rate = conversion?.value.rate {
      let conversion = Conversion(of: price, by: rate)
      offer.conversion = Shared(conversion)
      offer.unitPrice = try rate.converted(price)
      explained.add(conversion.step(to: offer.unitPrice))
    }
    return (offer, explained)
  }

  /// What a quantity is made of at this price.
  func parts(of quantity: Quantity) throws(ArithmeticError) -> [PricedQuantity] {
    try pack?.value.parts(of: quantity) ?? [PricedQuantity(quantity, at: unitPrice)]
  }
}
