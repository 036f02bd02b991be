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

  /// The order is to be checked by the rules of the day.
  var hasValidation = false

  /// The customer may have been reminded too often to get more on terms.
  var hasDunning = false

  /// Something is or was sold before it is there.
  var hasPresales = false

  /// None.
  init() {}

  /// Those for a draft, their amounts in its currency, at its rate; what speaks against its coupons
  /// is added to `check`.
  init(
    of draft: OrderDraft, for customer: Customer, _ rate: ExchangeRate?, on day: Day,
    _ check: inout FieldCheck,
    in snapshot: Snapshot
  ) throws {
    let there = try PricingRulesTable.kinds(in: snapshot)
    hasValidation = there.hasValidation
    hasDunning = there.hasDunning
    hasPresales = there.hasPresales
    promotionLimit = there.promotionLimit
    if there.hasTaxPolicies {
      policy = try TaxPolicyRules.policy(
        for: customer.customerClass, by: draft.channel,
        among: TaxPolicyRuleTable.list(in: snapshot))
    }
    coupons = try Coupons.read(
      draft.couponCodes, for: customer, on: day, &check, in: snapshot)
    if there.hasPromotions {
      let brought = Set(coupons.map(\.promotionCode))
      promotions = try PromotionTable.running(on: day, in: snapshot).filter {
        $0.isOffered(to: customer.customerClass, by: draft.channel, coupons: brought)
      }
    }
    if there.hasCharges {
      charges = try ChargeRules.charges(of: draft, for: customer, on: day, &check, in: snapshot)
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
