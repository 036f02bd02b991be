internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Suggested prices: messages to values and values to messages.

extension PriceFact {
  init?(_ message: PricingV1.PriceFact) {
    switch message {
    case .coverDays: self = .coverDays
    case .stockAgeDays: self = .stockAgeDays
    case .unitsSold: self = .unitsSold
    case .sellThrough: self = .sellThrough
    case .margin: self = .margin
    case .daysToEnd: self = .daysToEnd
    case .incomingUnits: self = .incomingUnits
    case .availableUnits: self = .availableUnits
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: PricingV1.PriceFact {
    switch self {
    case .coverDays: .coverDays
    case .stockAgeDays: .stockAgeDays
    case .unitsSold: .unitsSold
    case .sellThrough: .sellThrough
    case .margin: .margin
    case .daysToEnd: .daysToEnd
    case .incomingUnits: .incomingUnits
    case .availableUnits: .availableUnits
    }
  }
}

extension PriceCondition.Bound {
  init?(_ message: PricingV1.PriceBound) {
    switch message {
    case .atLeast: self = .atLeast
    case .atMost: self = .atMost
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: PricingV1.PriceBound {
    switch self {
    case .atLeast: .atLeast
    case .atMost: .atMost
    }
  }
}

extension PriceSuggestion.State {
  init?(_ message: PricingV1.PriceSuggestionState) {
    switch message {
    case .open: self = .open
    case .pending: self = .pending
    case .accepted: self = .accepted
    case .rejected: self = .rejected
    case .expired: self = .expired
    case .stale: self = .stale
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: PricingV1.PriceSuggestionState {
    switch self {
    case .open: .open
    case .pending: .pending
    case .accepted: .accepted
    case .rejected: .rejected
    case .expired: .expired
    case .stale: .stale
    }
  }
}

extension PriceSilence {
  var message: PricingV1.PriceSilence {
    switch self {
    case .noRule: .noRule
    case .open: .open
    case .tooSoon: .tooSoon
    case .costUnknown: .costUnknown
    case .noChange: .noChange
    case .notSold: .notSold
    }
  }
}

extension PriceRule {
  init(_ message: PricingV1.PriceRule, _ reader: inout RequestReader, field: String) {
    let conditions = message.conditions.enumerated().map { row, condition in
      let fact = reader.choice(
        PriceFact(condition.fact), condition.fact.rawValue, "\(field).conditions[\(row)].fact")
      let bound = reader.choice(
        PriceCondition.Bound(condition.bound), condition.bound.rawValue,
        "\(field).conditions[\(row)].bound")
      return PriceCondition(fact ?? .coverDays, bound ?? .atLeast, condition.valueMicros)
    }
    let action: PriceRule.Action =
      switch message.action {
      case .changeMicros(let micros): .change(Rate(micros: micros))
      case .targetMarginMicros(let micros): .targetMargin(Rate(micros: micros))
      case nil: .change(.zero)
      }
    let step = reader.money(message.endingStep, field + ".ending_step")
    let offset = reader.money(message.ending, field + ".ending")
    if step == nil, offset != nil {
      reader.refuse(.oneRequired(field + ".ending_step", or: field + ".ending"))
    }
    self.init(
      code: message.code, list: message.priceListCode, productClass: message.productClass,
      sku: message.sku, supplier: message.supplierCode,
      windowDays: message.windowDays == 0 ? 28 : Int(message.windowDays), conditions: conditions,
      action: action,
      ending: step.map { .init(step: $0, offset: offset ?? .zero($0.currency)) },
      band: .init(
        mostDown: Rate(micros: message.mostDownMicros),
        mostUp: Rate(micros: message.mostUpMicros),
        farthestDown: Rate(micros: message.farthestDownMicros),
        farthestUp: Rate(micros: message.farthestUpMicros)),
      floorMargin: message.floorMarginMicros.map { Rate(micros: $0) },
      minimumDays: Int(message.minimumDays),
      expiresAfterDays: message.expiresAfterDays == 0 ? 14 : Int(message.expiresAfterDays),
      goesBeyondBand: message.beyondBand, appliesWithinBand: message.appliesWithinBand)
  }
}

extension PricingV1.PriceRule {
  init(_ rule: PriceRule) {
    let action: Action =
      switch rule.action {
      case .change(let share): .changeMicros(share.micros)
      case .targetMargin(let margin): .targetMarginMicros(margin.micros)
      }
    self.init(
      code: rule.code, priceListCode: rule.list, productClass: rule.productClass, sku: rule.sku,
      supplierCode: rule.supplier, windowDays: Int32(rule.windowDays),
      conditions: rule.conditions.map {
        .init(fact: $0.fact.message, bound: $0.bound.message, valueMicros: $0.value)
      },
      action: action, endingStep: rule.ending.map { TypeV1.Money($0.step) },
      ending: rule.ending.map { TypeV1.Money($0.offset) },
      mostDownMicros: rule.band.mostDown.micros, mostUpMicros: rule.band.mostUp.micros,
      farthestDownMicros: rule.band.farthestDown.micros,
      farthestUpMicros: rule.band.farthestUp.micros, floorMarginMicros: rule.floorMargin?.micros,
      minimumDays: Int32(rule.minimumDays), expiresAfterDays: Int32(rule.expiresAfterDays),
      beyondBand: rule.goesBeyondBand, appliesWithinBand: rule.appliesWithinBand)
  }
}

extension PricingV1.PriceSuggestionPolicy {
  init(_ policy: PriceSuggestionPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      rules: policy.rules.map { .init($0) }, reason: policy.reason, madeBy: policy.madeBy,
      madeAt: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension PricingV1.PriceFacts {
  init(_ facts: PriceFacts, at price: UnitPrice, unit: String) {
    let quantity = { (quantity: Quantity) in TypeV1.Quantity(quantity, unit) }
    self.init(
      onHand: quantity(facts.onHand), reserved: quantity(facts.reserved),
      incoming: quantity(facts.incoming), unitsSold: quantity(facts.unitsSold),
      windowFrom: GoogleType.Date(facts.windowFrom), coverDaysMicros: facts.coverMicros,
      stockAgeDays: facts.stockAgeDays, sellThroughMicros: facts.sellThrough?.micros,
      daysToEnd: facts.daysToEnd, unitCost: facts.unitCost.map { TypeV1.UnitPrice($0) },
      marginMicros: facts.margin(at: price)?.micros, taxRateMicros: facts.taxRate.micros)
  }
}

extension PricingV1.PriceSuggestion {
  /// `isWhole` with its explanations.
  init(_ one: PriceSuggestion, on day: Day, isWhole: Bool = false) {
    let subject = one.subject
    self.init(
      id: one.id.value, state: one.state(on: day).message, priceListCode: subject.listCode,
      sku: subject.sku,
      minimumQuantity: TypeV1.Quantity(subject.minimumQuantity, subject.baseUnit),
      unitCode: subject.unit, price: TypeV1.UnitPrice(one.price),
      priceFrom: GoogleType.Date(one.priceFrom), listPrice: TypeV1.UnitPrice(one.listPrice),
      suggestedPrice: TypeV1.UnitPrice(one.suggested), beyondBand: one.isBeyondBand,
      suggestedMarginMicros: one.suggestedMargin?.micros, policyVersion: one.policyVersion,
      ruleCode: one.ruleCode, suggestedOn: GoogleType.Date(one.suggestedOn),
      validFrom: GoogleType.Date(one.validFrom), expiresOn: GoogleType.Date(one.expiresOn),
      facts: .init(one.facts, at: one.price, unit: subject.baseUnit),
      explanation: isWhole ? .init(one.explanation) : nil,
      costExplanation: isWhole ? .init(one.costExplanation) : nil,
      acceptedBy: one.acceptedBy ?? "", decidedBy: one.decidedBy ?? "",
      decideTime: one.decidedAt.map { GoogleProtobuf.Timestamp($0) }, reason: one.reason,
      appliedFrom: one.appliedFrom.map { GoogleType.Date($0) })
  }
}

extension PricingV1.PriceSales {
  init(_ sales: PriceSales, unit: String) {
    self.init(
      units: TypeV1.Quantity(sales.units, unit), revenue: TypeV1.Money(sales.revenue),
      unitsPerDay: TypeV1.Quantity(sales.unitsPerDay, unit),
      revenuePerDay: TypeV1.Money(sales.revenuePerDay), marginMicros: sales.margin?.micros)
  }
}

extension PricingV1.PriceEffect {
  init(_ effect: PriceEffect) {
    let one = effect.suggestion
    self.init(
      suggestionId: one.id.value, priceListCode: one.subject.listCode, sku: one.subject.sku,
      priceBefore: TypeV1.UnitPrice(one.price), priceAfter: TypeV1.UnitPrice(one.suggested),
      appliedFrom: GoogleType.Date(effect.appliedFrom), days: Int32(effect.days),
      before: .init(effect.before, unit: one.subject.baseUnit),
      after: .init(effect.after, unit: one.subject.baseUnit))
  }
}
