import MasterData
import Storage
import Values

/// What prices follow from besides price lists. Nearly every order meets no rule of prices, and
/// learns so by one statement.
struct PricingRules {
  /// How the order is taxed and rounded.
  var policy = TaxPolicy.standard
  /// That the order may have.
  var promotions: [Promotion] = []
  /// What all of them may take off together.
  var promotionLimit = PromotionLimit.none
  /// That the order may have to bear.
  var charges: [Charge] = []
  /// That the order brings and its customer may use.
  var coupons: [Coupon] = []

  /// Which of all their editions it is.
  var edition: Int64 = 0

  /// The order is to be checked by the rules of the day.
  var hasValidation = false

  /// The customer may have been reminded too often to get more on terms.
  var hasDunning = false

  /// Something is or was sold before it is there.
  var hasPresales = false

  /// None.
  init() {}

  /// Those for a draft, their amounts in its currency, at its rate; what speaks against its coupons
  /// is added to `check`. For an order whose prices were agreed those by which they were.
  init(
    of draft: OrderDraft, for customer: Customer, _ rate: ExchangeRate?, on day: Day,
    agreed: AgreedPrices?, _ check: inout FieldCheck, in snapshot: Snapshot
  ) throws {
    let there = try PricingRulesTable.kinds(in: snapshot)
    hasValidation = there.hasValidation
    hasDunning = there.hasDunning
    hasPresales = there.hasPresales
    let past = agreed.map { $0.basis?.edition ?? 0 }.flatMap {
      $0 < there.edition ? $0 : nil
    }
    edition = past ?? there.edition
    promotionLimit =
      try past.map { try PricingRulesTable.promotionLimit(ofEdition: $0, in: snapshot) }
      ?? there.promotionLimit
    if there.hasTaxPolicies {
      policy = try TaxPolicyRules.policy(
        for: customer.customerClass, by: draft.channel,
        among: TaxPolicyRuleTable.list(in: snapshot))
    }
    coupons = try Coupons.read(
      draft.couponCodes, for: customer, on: day, agreed: agreed, &check, in: snapshot)
    if there.hasPromotions || past != nil {
      let brought = Set(coupons.map(\.promotionCode))
      let running =
        try past.map { try PromotionTable.running(on: day, ofEdition: $0, in: snapshot) }
        ?? PromotionTable.running(on: day, in: snapshot)
      promotions = running.filter {
        $0.isOffered(to: customer.customerClass, by: draft.channel, coupons: brought)
      }
    }
    if there.hasCharges || past != nil {
      let rules =
        try past.map { try ChargeRuleTable.list(ofEdition: $0, in: snapshot) }
        ?? ChargeRuleTable.list(in: snapshot)
      charges = try ChargeRules.charges(
        by: rules, of: draft, for: customer, on: day, agreed: agreed, &check, in: snapshot)
    }
    if let rate { try convert(by: rate) }
  }

  /// Rules are written in the base currency. Each amount is rounded once to that of the document.
  private mutating func convert(by rate: ExchangeRate) throws(ArithmeticError) {
    promotionLimit = PromotionLimit(
      share: promotionLimit.share, amount: try promotionLimit.amount.converted(by: rate))
    for index in promotions.indices { try promotions[index].convert(by: rate) }
    for (index, charge) in charges.enumerated() {
      charges[index] = Charge(
        rule: try charge.rule.converted(by: rate), product: charge.product,
        taxRate: charge.taxRate)
    }
  }
}

extension Money? {
  /// Nil stays nil.
  func converted(by rate: ExchangeRate) throws(ArithmeticError) -> Money? {
    guard let self else { return nil }
    return try rate.converted(self)
  }
}
