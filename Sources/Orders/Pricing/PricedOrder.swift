import Finance
import MasterData
package import Storage
package import Values

/// What an order costs, and who must approve it: its lines with their prices and taxes, the reasons
/// of each. The same for a question that writes nothing, for submitting and for placing.
package struct PricedOrder: Sendable {
  let customer: Customer
  /// In the order of the draft.
  let products: [Product]
  package let lines: [SalesOrderLine]
  package let policy: TaxPolicy
  /// Nil where its currency is that of the books.
  package let rate: ExchangeRate?
  package let net: Money
  package let tax: Money
  package let gross: Money
  package let depositRequired: Money
  /// By the newest rules, and as if the customer had placed nothing else.
  package let approval: Approval
  /// What approval rules look at.
  let approvalInput: ApprovalInput
  /// That somebody took off the price of a line, as approval rules judge it.
  let largestDiscount: Rate
  /// By which it got promotions.
  let coupons: [Coupon]
  /// By what else it was priced.
  let basis: PricingBasis
  /// With what follows from the address that the draft names.
  let delivery: Delivery?
  /// Where parts of its lines go that go elsewhere.
  let places: [Delivery]
  /// There are rules that orders are checked by.
  let hasValidation: Bool
  /// Its customer may have been reminded too often of what it owes.
  let hasDunning: Bool
  /// What was decided about the order as a whole.
  package let explanation: Explanation

  /// In the base currency, by which limits and approvals go.
  package var baseGross: Money { approvalInput.gross }

  /// What the adjustments of all lines take away.
  package var reduction: Money {
    Money(minor: lines.reduce(0) { $0 + $1.reduction.minor }, currency: gross.currency)
  }

  /// The price of a draft on the day of a moment, whatever may become of it. Refuses with every
  /// violation at once. A warehouse need not be named. `roles` are those of whoever asks.
  package static func of(
    _ draft: OrderDraft, by roles: Set<String> = [], at moment: Moment, in snapshot: Snapshot
  ) throws -> PricedOrder {
    var check = FieldCheck(FieldPath("order"))
    let customer = try draft.readHead(&check, in: snapshot)
    if !draft.warehouseCode.isEmpty { _ = try draft.readWarehouse(&check, in: snapshot) }
    return try read(
      draft, for: customer, by: roles, at: moment, check, occasion: .question, in: snapshot)
  }

  /// The price for a customer who was found (nil: was not, as `check` says). Refuses with what is
  /// in `check` and whatever else speaks against the order. An order that has a `policy` keeps it,
  /// and what was `agreed`; what one that is changed calls off so far can be called off anew.
  /// Prices are those of the day of `moment`, and a kept choice must not be over by its instant.
  static func read(
    _ draft: OrderDraft, for customer: Customer?, by roles: Set<String>, at moment: Moment,
    _ check: FieldCheck, policy: TaxPolicy? = nil, agreed: AgreedPrices? = nil,
    occasion: Occasion = .sale, in snapshot: Snapshot
  ) throws -> PricedOrder {
    let day = moment.day
    var draft = draft
    var check = check
    var zoning: Explanation.Step?
    try draft.resolveChoices(&check, in: snapshot, at: moment.instant)
    if let customer { draft.currency = try draft.currency(for: customer, in: snapshot) }
    if let customer, draft.delivery?.isOpen == true {
      zoning = try draft.fixDelivery(for: customer, on: day, &check, in: snapshot)
    }
    // Where an order goes already, it may still go.
    if !occasion.hasReached(draft.delivery?.zone) {
      try draft.checkCoverage(on: day, &check, in: snapshot)
    }
    if let customer { try draft.fixPlaces(for: customer, on: day, &check, in: snapshot) }
    let rate = try customer.flatMap {
      try draft.exchangeRate(for: $0, replacing: occasion.replaced, on: day, &check, in: snapshot)
    }
    let buyer = customer.map { $0.asAgreed(in: agreed?.basis) }
    var rules =
      try buyer.map {
        try PricingRules(of: draft, for: $0, rate, on: day, agreed: agreed, &check, in: snapshot)
      } ?? PricingRules()
    if let policy { rules.policy = policy }
    if !occasion.bearsCharges { rules.charges = [] }
    var blanket: Blanket?
    if let customer {
      blanket = try draft.readBlanket(
        for: customer, on: day, replacing: occasion.replaced?.id, &check, in: snapshot)
    }
    var reader = try BasketReader(
      draft, customer: buyer, rate, policy: rules.policy, day: day, blanket: blanket,
      agreed: agreed, occasion: occasion, in: snapshot)
    for index in draft.lines.indices { try reader.add(lineAt: index, to: &check, in: snapshot) }
    if rules.hasPresales {
      try occasion.refusePresales(of: draft, on: day, &check, in: snapshot)
    }
    try check.pass()
    guard let customer, let buyer else {
      preconditionFailure("a missing customer has been refused")
    }
    return try PricedOrder(
      customer: customer, buyer, rate, reader, rules, draft, zoning, roles: roles, in: snapshot)
  }

  /// `buyer` is the customer as far as prices go by it.
  private init(
    customer: Customer, _ buyer: Customer, _ rate: ExchangeRate?, _ reader: BasketReader,
    _ rules: PricingRules, _ draft: OrderDraft, _ zoning: Explanation.Step?, roles: Set<String>,
    in snapshot: Snapshot
  ) throws {
    self.customer = customer
    self.rate = rate
    delivery = draft.delivery
    places = draft.places
    policy = rules.policy
    hasValidation = rules.hasValidation
    hasDunning = rules.hasDunning
    basis = PricingBasis(
      edition: rules.edition, customerClass: buyer.customerClass, deposit: buyer.terms.deposit,
      measures: rules.charges.isEmpty ? [] : reader.measures)
    let currency = rate?.currency ?? customer.baseCurrency
    let basket = Basket(
      currency: currency, policy: policy, discount: draft.discount, promotions: rules.promotions,
      promotionLimit: rules.promotionLimit, charges: rules.charges,
      load: rules.charges.isEmpty ? Load.none : reader.load,
      lines: reader.lines, places: rules.charges.isEmpty ? [] : reader.chargedPlaces)
    let inBase: Money
    do {
      let priced = try basket.priced()
      lines = try reader.salesOrderLines(priced, zoning)
      products = reader.products + priced.charges.map(\.charge.product)
      let given = priced.promotions?.given.map(\.promotion.code) ?? []
      coupons = rules.coupons.filter { given.contains($0.promotionCode) }
      var explanation = priced.promotions?.explanation ?? Explanation()
      if let zoning { explanation.add(zoning) }
      if let rate {
        explanation.add(
          "DOCUMENT_RATE", "In \(currency), at \(rate)", [Fact("exchange_rate", rate)])
      }
      self.explanation = explanation
      net = try lines.map(\.net).sum(currency)
      tax = try lines.map(\.tax).sum(currency)
      gross = try net + tax
      inBase = try rate?.base(of: gross) ?? gross
    } catch is ArithmeticError {
      throw OrdersRejection.tooLarge("order.lines", currency)
    }
    guard max(gross.minor, inBase.minor) <= FieldCheck.highestAmountMinor else {
      throw OrdersRejection.tooLarge("order.lines", currency)
    }
    // The deposit is what lets the workshop begin; nobody pays one for chairs on the shelf.
    depositRequired =
      lines.contains { $0.sourcing == .make }
      ? try gross.share(buyer.terms.deposit) : .zero(currency)
    largestDiscount = try basket.largestDiscount()
    approvalInput = ApprovalInput(
      policy: try ApprovalPolicies.current(in: snapshot), customer: customer, lines: lines,
      products: products, rate: rate, gross: inBase,
      discount: largestDiscount, regions: Delivery.regions(of: delivery, places),
      roles: roles)
    approval = try approvalInput.approval(in: snapshot)
  }
}

extension Customer {
  /// As far as prices go by it, as it was when they were agreed.
  fileprivate func asAgreed(in basis: PricingBasis?) -> Customer {
    guard let basis else { return self }
    var customer = self
    customer.customerClass = basis.customerClass
    customer.terms.deposit = basis.deposit
    return customer
  }
}

extension OrderDraft {
  /// The customer, and all that can be said before lines are looked up.
  func readHead(_ check: inout FieldCheck, in snapshot: Snapshot) throws -> Customer? {
    checkShape(&check)
    if lines.isEmpty { check.refuse(OrdersRejection.noLines(field: "order.lines")) }
    instructions?.invoice?.checkComplete(&check, "instructions.invoice")
    // Thousands of lines would mean thousands of look-ups.
    if lines.count > Self.lineLimit { try check.pass() }
    let customer = try Customers.seen(code: customerCode, in: snapshot)
    if let customer {
      if customer.isErased {
        check.refuse(
          MasterDataRejection.customerErased(field: "order.customer_code", code: customerCode))
      }
      if case .amount(let amount) = discount {
        check.amount(amount, "discount", base: try currency(for: customer, in: snapshot))
      }
    } else {
      check.refuse(
        MasterDataRejection.unknownCustomer(field: "order.customer_code", code: customerCode)
          .ifNamed(customerCode))
    }
    return customer
  }

  /// What its currency is worth on the day, or was when the order that it changes was submitted: a
  /// document keeps its rate. Nil, and nothing read, in that of the books; what speaks against
  /// another one is added to `check`.
  func exchangeRate(
    for customer: Customer, replacing order: SalesOrder?, on day: Day, _ check: inout FieldCheck,
    in snapshot: Snapshot
  ) throws -> ExchangeRate? {
    let currency = currency(for: customer)
    guard currency != customer.baseCurrency else { return nil }
    if let order { return order.rate }
    let field = "order.currency_code"
    // What was agreed in a currency is called off in it, whatever the customer buys in today.
    if blanketNumber.isEmpty, !customer.trades(in: currency) {
      check.refuse(
        CurrencyRejection.notTraded(
          field: field, given: currency, customer: customer.code, traded: customer.currency))
    }
    do {
      return try ExchangeRates.rate(
        of: currency, base: customer.baseCurrency, on: day, field: field, in: snapshot)
    } catch let missing as CurrencyRejection {
      check.refuse(missing)
      // Nothing is priced by it: what is refused is not.
      return ExchangeRate(currency: currency, base: customer.baseCurrency, micros: 1_000_000)
    }
  }

  func readWarehouse(_ check: inout FieldCheck, in snapshot: Snapshot) throws -> Warehouse? {
    let warehouse = try Warehouses.find(code: warehouseCode, in: snapshot)
    if warehouse == nil {
      check.refuse(
        MasterDataRejection.unknownWarehouse(field: "order.warehouse_code", code: warehouseCode)
          .ifNamed(warehouseCode))
    }
    return warehouse
  }
}

extension OrdersRejection {
  static func tooLarge(_ field: String, _ currency: Currency) -> OrdersRejection {
    .amountTooLarge(
      field: field, limit: Money(minor: FieldCheck.highestAmountMinor, currency: currency))
  }
}
