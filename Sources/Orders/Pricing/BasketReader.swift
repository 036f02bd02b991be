import Inventory
import MasterData
import Storage
import Values

/// Reads the lines of one order one after another; what they need was looked up for all of them
/// together.
struct BasketReader {
  private let draft: OrderDraft
  private let customer: Customer?
  /// Nil where its currency is that of the books.
  private let rate: ExchangeRate?
  private let convertsPrices: Bool
  private let policy: TaxPolicy
  private let day: Day
  /// That the order calls off from, if it does.
  private let blanket: Blanket?
  /// What was agreed before; nil for an order that is new, or priced anew.
  private let agreed: AgreedPrices?
  private let occasion: Occasion
  private(set) var products: [Product] = []
  private(set) var lines: [Basket.Line] = []
  private var sourcings: [Sourcing] = []
  /// What was chosen of a configurable product; nil of any other.
  private var configurations: [Configuration?] = []
  private var configurator = LineConfigurator()
  /// What the lines name, each once.
  private var goods: [Good] = []
  /// For each line, which of `goods` it names.
  private var places: [Int] = []
  /// How much each line is in the base unit of its product; nil of what cannot be sold.
  private var quantities: [Quantity?] = []
  private var rates: [String: Rate] = [:]

  private struct Good {
    /// Nil if there is none of that sku.
    let product: Product?
    var offers: PriceOffers?
    /// What all lines have of it, and those before the one that is being read.
    var total = Quantity.zero
    var earlier = Quantity.zero
  }

  init(
    _ draft: OrderDraft, customer: Customer?, _ rate: ExchangeRate?, policy: TaxPolicy, day: Day,
    blanket: Blanket? = nil, agreed: AgreedPrices? = nil, occasion: Occasion, in snapshot: Snapshot
  ) throws {
    self.draft = draft
    self.customer = customer
    self.rate = rate
    convertsPrices = try rate != nil && Prices.areConverted(in: snapshot)
    self.policy = policy
    self.day = day
    self.blanket = blanket
    self.agreed = agreed
    self.occasion = occasion
    var skus: [String] = []
    var known: [String: Int] = [:]
    known.reserveCapacity(draft.lines.count)
    for line in draft.lines {
      let place = known[line.sku] ?? skus.count
      if place == skus.count {
        known[line.sku] = place
        skus.append(line.sku)
      }
      places.append(place)
    }
    goods = try Products.find(skus: skus, in: snapshot).map { Good(product: $0) }
    // What is called off has its price.
    if let customer, blanket == nil {
      let there = goods.indices.filter { goods[$0].product != nil }
      let offers = try Prices.offers(
        of: there.compactMap { goods[$0].product }, for: customer, by: draft.channel, on: day,
        as: rate?.currency ?? customer.baseCurrency, rate, in: snapshot)
      for (place, offers) in zip(there, offers) { goods[place].offers = offers }
    }
    products.reserveCapacity(places.count)
    lines.reserveCapacity(places.count)
    sourcings.reserveCapacity(places.count)
    configurations.reserveCapacity(places.count)
    quantities.reserveCapacity(places.count)
    // Each at most a thousand million units, of at most 500 lines: no overflow.
    for (line, place) in zip(draft.lines, places) {
      let quantity = goods[place].product.flatMap { line.quantity(of: $0) }
      quantities.append(quantity)
      guard let quantity else { continue }
      goods[place].total = Quantity(micros: goods[place].total.micros + quantity.micros)
    }
  }

  /// Adds the line, or to `check` all that speaks against it.
  mutating func add(
    lineAt index: Int, to check: inout FieldCheck, in snapshot: Snapshot
  ) throws {
    let line = draft.lines[index]
    let field = { (name: String) in OrderDraft.path(line: index).field(name) }
    let place = places[index]
    guard let product = goods[place].product else {
      check.refuse(
        MasterDataRejection.unknownProduct(field: field("sku"), sku: line.sku).ifNamed(line.sku))
      return
    }
    guard let sourcing = Sourcing(product.kind) else {
      check.refuse(OrdersRejection.notForSale(field: field("sku"), sku: line.sku))
      return
    }
    guard let quantity = quantities[index] else {
      var found = FieldCheck(OrderDraft.path(line: index))
      line.quantity.read(&found, "quantity", of: product)
      for violation in found.violations { check.refuse(violation) }
      return
    }
    line.checkSchedules(&check, at: index, sum: quantity, of: product)
    if product.lifecycle != nil,
      let refusal = try occasion.refusal(
        of: product, goods[place].total, from: draft.warehouseCode, on: day, field: field("sku"),
        in: snapshot)
    {
      return check.refuse(refusal)
    }
    let configuration: Configuration?
    switch try configurator.answer(
      to: line, product, at: OrderDraft.path(line: index), &check, in: snapshot)
    {
    case .plain: configuration = nil
    case .configured(let configured): configuration = configured
    case .refused: return
    }
    guard let customer else { return }
    let price: PriceDecision?
    let kept: (decision: PriceDecision, base: Money)?
    do {
      kept = try agreedPrice(ofLineAt: index, quantity)
      price = try self.price(
        ofLineAt: index, product, quantity, configuration, kept?.decision, &check)
    } catch {
      check.refuse(OrdersRejection.tooLarge(field("quantity"), draft.currency(for: customer)))
      return
    }
    guard let price else {
      if blanket != nil { return }
      check.refuse(
        OrdersRejection.noPrice(
          field: field("sku"), sku: line.sku, customer: customer.code,
          currency: draft.currency(for: customer), day: day))
      return
    }
    // Everything refused so far makes the amounts pointless, and a bad discount has none.
    guard check.violations.isEmpty else { return }
    let rate =
      try agreed?.line(at: index)?.taxRate ?? rate(of: product.taxClass, in: snapshot)
    do {
      try append(line, quantity, product, sourcing, price, rate, kept: kept)
      configurations.append(configuration)
    } catch {
      check.refuse(OrdersRejection.tooLarge(field("quantity"), draft.currency(for: customer)))
    }
  }

  /// What a line of an order that is promised cost before; nil where nothing was agreed, and where
  /// a blanket order says it.
  private func agreedPrice(
    ofLineAt index: Int, _ quantity: Quantity
  ) throws -> (decision: PriceDecision, base: Money)? {
    guard blanket == nil else { return nil }
    let goods = goods[places[index]]
    return try agreed?.price(
      at: index, quantity, after: goods.earlier, total: goods.total, draft.lines[index].discount)
  }

  /// What was agreed, called off or chosen, or what a list says; nil where none does.
  private mutating func price(
    ofLineAt index: Int, _ product: Product, _ quantity: Quantity,
    _ configuration: Configuration?, _ kept: PriceDecision?, _ check: inout FieldCheck
  ) throws -> PriceDecision? {
    let place = places[index]
    if let kept { return keepPrice(of: quantity, goods: place, kept) }
    if let blanket {
      return blanket.price(of: product, lineAt: index, total: goods[place].total, &check)
    }
    guard let configuration else { return try listPrice(of: quantity, goods: place) }
    return try listPrice(of: quantity, goods: place, configuration)
      ?? modelPrice(of: configuration, product.unit)
  }

  /// Models are priced in the base currency; nil where that does not count in another one.
  private func modelPrice(
    of configuration: Configuration, _ unit: String
  ) throws(ArithmeticError) -> PriceDecision? {
    let price = PriceDecision(configuration, unit: unit)
    guard let rate else { return price }
    return convertsPrices ? try price.converted(by: rate) : nil
  }

  /// With a configuration only what lists say about its model.
  private mutating func listPrice(
    of quantity: Quantity, goods place: Int, _ configuration: Configuration? = nil
  ) throws(ArithmeticError) -> PriceDecision? {
    let before = goods[place].earlier
    goods[place].earlier = Quantity(micros: before.micros + quantity.micros)
    let (offers, total) = (goods[place].offers, goods[place].total)
    guard let configuration else {
      return try offers?.price(of: quantity, after: before, total: total)
    }
    return try offers?.price(of: configuration, quantity, after: before, total: total)
  }

  /// What is not looked up still comes before what follows.
  private mutating func keepPrice(
    of quantity: Quantity, goods place: Int, _ decision: PriceDecision
  ) -> PriceDecision {
    let before = goods[place].earlier
    goods[place].earlier = Quantity(micros: before.micros + quantity.micros)
    return decision
  }

  private mutating func append(
    _ line: OrderDraft.Line, _ quantity: Quantity, _ product: Product, _ sourcing: Sourcing,
    _ price: PriceDecision, _ rate: Rate, kept: (decision: PriceDecision, base: Money)?
  ) throws(ArithmeticError) {
    let price = try price.counted(withTax: policy.isIncluded, at: rate)
    let base =
      if let kept {
        kept.base
      } else {
        try price.amount(for: quantity, discount: line.discount, policy.rounding)
      }
    lines.append(
      Basket.Line(
        sku: product.sku, quantity: quantity, unit: product.unit, discount: line.discount,
        price: price,
        taxRate: rate,
        base: base))
    products.append(product)
    sourcings.append(sourcing)
  }

  private mutating func rate(of taxClass: String, in snapshot: Snapshot) throws -> Rate {
    if let rate = rates[taxClass] { return rate }
    let rate = try TaxRates.rate(of: taxClass, on: day, in: snapshot)
    rates[taxClass] = rate
    return rate
  }

  /// What the goods weigh and how they get to the customer.
  var load: Load {
    Load(
      lines: products.indices.compactMap { index in
        let product = products[index]
        guard product.isStocked else { return nil }
        let measure = measure(of: product)
        return Load.Line(
          index: index, sku: product.sku, quantity: lines[index].quantity,
          weightGrams: configurations[index]?.weightGrams ?? measure.weightGrams,
          volumeCubicCentimetres: configurations[index]?.volumeCubicCentimetres
            ?? measure.volumeCubicCentimetres)
      }, stairs: draft.delivery?.stairs ?? 0)
  }

  /// Where goods go and what of them, where parts of lines go elsewhere than the order: its own
  /// place first, with all that is not goods. Empty where none does.
  var chargedPlaces: [ChargedPlace] {
    guard let home = draft.delivery, !draft.places.isEmpty else { return [] }
    let whole = load
    return ([home] + draft.places).enumerated().map { place, delivery -> ChargedPlace in
      let id = place == 0 ? nil : delivery.addressID
      let quantities = products.indices.map { index -> Quantity in
        let parts = draft.lines[index].schedules.counted(in: products[index])
        guard parts.hasPlaces else { return place == 0 ? lines[index].quantity : .zero }
        return Quantity(
          micros: parts.reduce(0) { $1.addressID == id ? $0 + $1.ordered.micros : $0 })
      }
      let there = whole.lines.compactMap { line in
        quantities[line.index].isPositive
          ? Load.Line(
            index: line.index, sku: line.sku, quantity: quantities[line.index],
            weightGrams: line.weightGrams, volumeCubicCentimetres: line.volumeCubicCentimetres)
          : nil
      }
      return ChargedPlace(
        delivery: delivery, load: Load(lines: there, stairs: delivery.stairs),
        quantities: quantities)
    }.filter { !$0.load.lines.isEmpty }
  }

  /// Of each product once; charges may have gone by them.
  var measures: [PricingBasis.Measure] {
    var seen: Set<ID<Product>> = []
    return products.compactMap { product in
      guard product.isStocked, seen.insert(product.id).inserted else { return nil }
      let measure = measure(of: product)
      return measure.weightGrams == nil && measure.volumeCubicCentimetres == nil ? nil : measure
    }
  }

  private func measure(of product: Product) -> PricingBasis.Measure {
    let known = agreed?.measure(of: product.id)
    return PricingBasis.Measure(
      product: product.id, weightGrams: known?.weightGrams ?? product.weightGrams,
      volumeCubicCentimetres: known?.volumeCubicCentimetres ?? product.volumeCubicCentimetres)
  }

  /// The lines of the order, when what each comes to is known; charges come after the goods.
  /// `zoning` says why goods go to the zone that a charge is for.
  func salesOrderLines(
    _ basket: PricedBasket, _ zoning: Explanation.Step?
  ) throws(ArithmeticError) -> [SalesOrderLine] {
    let goods = basket.lines.indices.map { index in
      let (line, product, priced) = (draft.lines[index], products[index], basket.lines[index])
      return SalesOrderLine(
        number: index + 1, product: product.id, sku: product.sku, description: product.name,
        unit: product.unit, sourcing: sourcings[index], ordered: lines[index].quantity,
        asked: line.asked(of: product), schedules: line.schedules.counted(in: product),
        unitPrice: lines[index].price.unitPrice, discount: line.discount,
        adjustments: priced.adjustments, net: priced.taxed.net, taxRate: lines[index].taxRate,
        tax: priced.taxed.tax, note: line.note, instructions: line.instructions,
        priceExplanation: priced.explanation, choice: line.choice,
        configuration: configurations[index])
    }
    var charges: [SalesOrderLine] = []
    for priced in basket.charges {
      let product = priced.charge.product
      var explanation = priced.explanation
      if let zoning, priced.charge.rule.zone != nil { explanation.add(zoning) }
      charges.append(
        SalesOrderLine(
          number: goods.count + charges.count + 1, product: product.id, sku: product.sku,
          description: product.name, unit: product.unit, sourcing: .service, ordered: .one,
          unitPrice: try UnitPrice(of: priced.amount), discount: .zero, net: priced.taxed.net,
          taxRate: priced.charge.taxRate, tax: priced.taxed.tax, note: "",
          charge: priced.charge.rule.charge, priceExplanation: explanation))
    }
    return goods + charges
  }
}
