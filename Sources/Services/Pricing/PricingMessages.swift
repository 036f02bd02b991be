internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Prices of orders and their rules: messages to values and values to messages.

extension PricingV1.PriceOrderResponse {
  init(_ order: PricedOrder) {
    self.init(
      lines: order.lines.map { line in
        .init(
          lineNumber: Int32(line.number), sku: line.sku, description: line.description,
          quantity: TypeV1.Quantity(line.ordered, line.unit),
          unitPrice: TypeV1.UnitPrice(line.unitPrice), discountMicros: line.discount.micros,
          adjustments: line.adjustments.map { OrdersV1.Adjustment($0) },
          net: TypeV1.Money(line.net), taxRateMicros: line.taxRate.micros,
          tax: TypeV1.Money(line.tax), explanation: .init(line.priceExplanation),
          charge: line.charge)
      },
      reduction: TypeV1.Money(reduction: order.reduction), net: TypeV1.Money(order.net),
      tax: TypeV1.Money(order.tax), gross: TypeV1.Money(order.gross),
      depositRequired: TypeV1.Money(order.depositRequired),
      taxPolicy: OrdersV1.TaxPolicy(order.policy), approval: OrdersV1.Approval(order.approval),
      explanation: .init(order.explanation),
      exchangeRate: order.rate.map { TypeV1.ExchangeRate($0) },
      baseGross: TypeV1.Money(base: order.baseGross, by: order.rate))
  }
}

extension TypeV1.Money {
  /// Nil where nothing is taken away.
  init?(reduction: Money) {
    guard reduction.minor > 0 else { return nil }
    self.init(reduction)
  }
}

extension OrdersV1.Adjustment {
  init(_ adjustment: Adjustment) {
    self.init(
      kind: adjustment.kind.message, code: adjustment.code,
      amount: TypeV1.Money(adjustment.amount))
  }
}

extension Adjustment.Kind {
  var message: OrdersV1.AdjustmentKind {
    switch self {
    case .orderDiscount: .orderDiscount
    case .promotion: .promotion
    }
  }
}

extension TaxPolicyRule {
  init(_ message: PricingV1.TaxPolicyRule, _ reader: inout RequestReader, field: String) {
    let policy = message.policy ?? .init()
    self.init(
      channel: reader.choice(
        Channel(message.channel), message.channel.rawValue, field + ".channel", required: false),
      customerClass: reader.optional(message.customerClass),
      policy: TaxPolicy(
        isIncluded: policy.taxIncluded,
        scope: reader.choice(
          TaxPolicy.Scope(policy.taxScope), policy.taxScope.rawValue,
          field + ".policy.tax_scope") ?? .line,
        rounding: reader.choice(
          Rounding.Mode(policy.roundingMode), policy.roundingMode.rawValue,
          field + ".policy.rounding_mode") ?? .halfAway))
  }
}

extension PricingV1.TaxPolicyRule {
  init(_ rule: TaxPolicyRule) {
    self.init(
      channel: rule.channel?.message ?? .unspecified, customerClass: rule.customerClass ?? "",
      policy: OrdersV1.TaxPolicy(rule.policy))
  }
}

extension OrdersV1.TaxPolicy {
  init(_ policy: TaxPolicy) {
    self.init(
      taxIncluded: policy.isIncluded, taxScope: policy.scope.message,
      roundingMode: policy.rounding.message)
  }
}

extension TaxPolicy.Scope {
  /// Nil for a scope that is not known.
  init?(_ message: OrdersV1.TaxScope) {
    switch message {
    case .line, .unspecified: self = .line
    case .document: self = .document
    case .unrecognized: return nil
    }
  }

  var message: OrdersV1.TaxScope {
    switch self {
    case .line: .line
    case .document: .document
    }
  }
}

extension Rounding.Mode {
  /// Nil for a mode that is not known.
  init?(_ message: OrdersV1.RoundingMode) {
    switch message {
    case .halfAway, .unspecified: self = .halfAway
    case .halfEven: self = .halfEven
    case .unrecognized: return nil
    }
  }

  var message: OrdersV1.RoundingMode {
    switch self {
    case .halfAway: .halfAway
    case .halfEven: .halfEven
    }
  }
}

extension PromotionDraft {
  init(_ message: PricingV1.Promotion, row: Int) {
    var reader = RequestReader(row: "promotions[\(row)]")
    self.init(
      code: message.code, name: message.name,
      validFrom: reader.day(message.validFrom, "valid_from"),
      validUntil: reader.day(message.validUntil, "valid_until"),
      channel: reader.choice(
        Channel(message.channel), message.channel.rawValue, "channel", required: false),
      customerClass: message.customerClass, group: message.stackingGroup,
      isExclusive: message.exclusive, priority: Int(message.priority),
      isForFullPriceOnly: message.fullPriceOnly, needsCoupon: message.needsCoupon,
      items: message.items.map {
        Promotion.Item(sku: $0.sku, quantity: reader.quantity($0.quantity) ?? .zero)
      },
      isSet: message.set, minimumQuantity: reader.quantity(message.minimumQuantity) ?? .zero,
      minimumAmount: reader.money(message.minimumAmount, "minimum_amount"),
      effect: Promotion.Effect(message.effect, &reader), cap: reader.money(message.cap, "cap"))
    malformed = reader.found
  }
}

extension Promotion.Effect {
  fileprivate init?(_ message: PricingV1.Promotion.Effect?, _ reader: inout RequestReader) {
    switch message {
    case .shareMicros(let micros): self = .share(Rate(micros: micros))
    case .amount(let amount): self = .amount(reader.requiredMoney(amount, "amount"))
    case .setPrice(let price): self = .setPrice(reader.requiredMoney(price, "set_price"))
    case nil: return nil
    }
  }

  fileprivate var message: PricingV1.Promotion.Effect {
    switch self {
    case .share(let rate): .shareMicros(rate.micros)
    case .amount(let amount): .amount(TypeV1.Money(amount))
    case .setPrice(let price): .setPrice(TypeV1.Money(price))
    }
  }
}

extension PricingV1.Promotion {
  init(_ promotion: Promotion) {
    self.init(
      code: promotion.code, name: promotion.name,
      validFrom: GoogleType.Date(promotion.validFrom),
      validUntil: promotion.validUntil.map { GoogleType.Date($0) },
      channel: promotion.channel?.message ?? .unspecified,
      customerClass: promotion.customerClass ?? "", stackingGroup: promotion.group,
      exclusive: promotion.isExclusive, priority: Int32(promotion.priority),
      fullPriceOnly: promotion.isForFullPriceOnly, needsCoupon: promotion.needsCoupon,
      items: promotion.items.map {
        .init(
          sku: $0.sku, quantity: $0.quantity.isPositive ? TypeV1.Quantity($0.quantity, "") : nil)
      },
      set: promotion.isSet,
      minimumQuantity: promotion.minimumQuantity.isPositive
        ? TypeV1.Quantity(promotion.minimumQuantity, "") : nil,
      minimumAmount: promotion.minimumAmount.map { TypeV1.Money($0) },
      effect: promotion.effect.message, cap: promotion.cap.map { TypeV1.Money($0) })
  }
}

extension CouponDraft {
  init(_ message: PricingV1.Coupon, row: Int) {
    var reader = RequestReader(row: "coupons[\(row)]")
    self.init(
      code: message.code, promotionCode: message.promotionCode,
      customerCode: message.customerCode,
      validUntil: reader.day(message.validUntil, "valid_until"),
      limit: message.limit == 0 ? 1 : Int(message.limit),
      customerLimit: message.customerLimit == 0 ? nil : Int(message.customerLimit))
    malformed = reader.found
  }
}

extension PricingV1.Coupon {
  init(_ coupon: Coupon) {
    self.init(
      code: coupon.code, promotionCode: coupon.promotionCode,
      customerCode: coupon.customerCode ?? "",
      validUntil: coupon.validUntil.map { GoogleType.Date($0) }, limit: Int32(coupon.limit),
      customerLimit: Int32(coupon.customerLimit ?? 0), redeemed: Int32(coupon.redeemed))
  }
}

extension ChargeRule {
  init(_ message: PricingV1.ChargeRule, _ reader: inout RequestReader, field: String) {
    self.init(
      charge: message.charge, sku: message.sku,
      occasion: reader.choice(
        Occasion(message.occasion), message.occasion.rawValue, field + ".occasion") ?? .always,
      zone: reader.optional(message.zoneCode),
      channel: reader.choice(
        Channel(message.channel), message.channel.rawValue, field + ".channel", required: false),
      customerClass: reader.optional(message.customerClass),
      below: reader.money(message.below, field + ".below"),
      base: reader.money(message.base, field + ".base"),
      perKilogram: reader.unitPrice(message.perKilogram, field + ".per_kilogram"),
      perCubicMetre: reader.unitPrice(message.perCubicMetre, field + ".per_cubic_metre"),
      perPiece: reader.unitPrice(message.perPiece, field + ".per_piece"),
      perFloor: reader.unitPrice(message.perFloor, field + ".per_floor"),
      share: Rate(micros: message.shareMicros), cap: reader.money(message.cap, field + ".cap"))
  }
}

extension ChargeRule.Occasion {
  /// Nil for an occasion that is not given or not known.
  init?(_ message: PricingV1.ChargeOccasion) {
    switch message {
    case .always: self = .always
    case .delivery: self = .delivery
    case .stairs: self = .stairs
    case .assembly: self = .assembly
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: PricingV1.ChargeOccasion {
    switch self {
    case .always: .always
    case .delivery: .delivery
    case .stairs: .stairs
    case .assembly: .assembly
    }
  }
}

extension PricingV1.ChargeRule {
  init(_ rule: ChargeRule) {
    self.init(
      charge: rule.charge, sku: rule.sku, occasion: rule.occasion.message,
      zoneCode: rule.zone ?? "", channel: rule.channel?.message ?? .unspecified,
      customerClass: rule.customerClass ?? "", below: rule.below.map { TypeV1.Money($0) },
      base: rule.base.map { TypeV1.Money($0) },
      perKilogram: rule.perKilogram.map { TypeV1.UnitPrice($0) },
      perCubicMetre: rule.perCubicMetre.map { TypeV1.UnitPrice($0) },
      perPiece: rule.perPiece.map { TypeV1.UnitPrice($0) },
      perFloor: rule.perFloor.map { TypeV1.UnitPrice($0) }, shareMicros: rule.share.micros,
      cap: rule.cap.map { TypeV1.Money($0) })
  }
}
