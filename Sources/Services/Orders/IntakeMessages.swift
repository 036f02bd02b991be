internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Validation and imports: messages to values and values to messages.

extension OrderElement {
  init?(_ message: OrdersV1.OrderElement) {
    switch message {
    case .externalId: self = .externalID
    case .requestedOn: self = .requestedOn
    case .note: self = .note
    case .delivery: self = .delivery
    case .address: self = .address
    case .postcode: self = .postcode
    case .contact: self = .contact
    case .phone: self = .phone
    case .instructions: self = .instructions
    case .invoice: self = .invoice
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.OrderElement {
    switch self {
    case .externalID: .externalId
    case .requestedOn: .requestedOn
    case .note: .note
    case .delivery: .delivery
    case .address: .address
    case .postcode: .postcode
    case .contact: .contact
    case .phone: .phone
    case .instructions: .instructions
    case .invoice: .invoice
    }
  }
}

extension Outlier {
  init(_ message: OrdersV1.Outlier) {
    self.init(
      factor: Rate(micros: message.factorMicros),
      minimumHistory: message.minimumHistory == 0 ? 5 : Int(message.minimumHistory),
      leastSpread: Rate(micros: message.leastSpreadMicros ?? 500_000))
  }

  var message: OrdersV1.Outlier {
    .init(
      factorMicros: factor.micros, minimumHistory: Int32(minimumHistory),
      leastSpreadMicros: leastSpread.micros)
  }
}

extension ValidationRule {
  /// Nil where the reader has found something wrong with its condition.
  init?(_ message: OrdersV1.ValidationRule, _ reader: inout RequestReader, field: String) {
    let channel = reader.choice(
      Channel(message.channel), message.channel.rawValue, field + ".channel", required: false)
    let sourcing = reader.choice(
      Sourcing(message.sourcing), message.sourcing.rawValue, field + ".sourcing", required: false)
    let hold = reader.choice(
      OrderHoldKind(message.hold), message.hold.rawValue, field + ".hold", required: false)
    guard let condition = Condition(message.condition, &reader, field: field) else { return nil }
    self.init(
      code: message.code, channel: channel, customerClass: reader.optional(message.customerClass),
      sourcing: sourcing, condition, hold: hold, isForDispatch: message.atDispatch)
  }
}

extension ValidationRule.Condition {
  fileprivate init?(
    _ message: OrdersV1.ValidationRule.Condition?, _ reader: inout RequestReader, field: String
  ) {
    func element(_ message: OrdersV1.OrderElement, _ name: String) -> OrderElement? {
      reader.choice(OrderElement(message), message.rawValue, "\(field).\(name)")
    }
    switch message {
    case .required(let given):
      guard let element = element(given, "required") else { return nil }
      self = .required(element)
    case .format(let format):
      guard let element = element(format.element, "format.element") else { return nil }
      self = .format(
        element, patterns: format.patterns, country: reader.optional(format.countryCode))
    case .region(let region):
      self = .region(
        country: region.countryCode, postcodePrefix: region.postcodePrefix,
        regionPrefix: region.regionPrefix)
    case .quantityOutlier(let outlier): self = .quantity(Outlier(outlier))
    case .amountOutlier(let outlier): self = .amount(Outlier(outlier))
    case .duplicateHours(let hours): self = .duplicate(hours: Int(hours))
    case .overdueDays(let days): self = .overdue(days: Int(days))
    case .terms(let limit):
      self = .terms(
        TermsLimit(
          mostNetDays: limit.mostNetDays.map(Int.init),
          leastDeposit: limit.leastDepositMicros.map(Rate.init(micros:)),
          fewerClosedOrders: limit.fewerClosedOrders == 0 ? nil : Int(limit.fewerClosedOrders)))
    case .newcomer(let limit):
      self = .newcomer(
        NewcomerLimit(
          fewerOrders: limit.fewerOrders == 0 ? 3 : Int(limit.fewerOrders),
          mostQuantity: limit.mostQuantityMicros.map(Quantity.init(micros:)),
          mostAmount: reader.money(limit.mostAmount, field + ".newcomer.most_amount")))
    case .requestedDay(let range):
      self = .requestedDay(
        DayRange(earliest: Int(range.earliestDays), latest: range.latestDays.map(Int.init)))
    case .credit(let level):
      self = .credit(level.shareMicros == 0 ? .one : Rate(micros: level.shareMicros))
    case nil:
      _ = reader.text("", field + ".condition", 1...1)
      return nil
    }
  }

  fileprivate var message: OrdersV1.ValidationRule.Condition {
    switch self {
    case .required(let element): .required(element.message)
    case .format(let element, let patterns, let country):
      .format(.init(element: element.message, patterns: patterns, countryCode: country ?? ""))
    case .region(let country, let postcode, let region):
      .region(.init(countryCode: country, postcodePrefix: postcode, regionPrefix: region))
    case .quantity(let outlier): .quantityOutlier(outlier.message)
    case .amount(let outlier): .amountOutlier(outlier.message)
    case .duplicate(let hours): .duplicateHours(Int32(hours))
    case .overdue(let days): .overdueDays(Int32(days))
    case .terms(let limit):
      .terms(
        .init(
          mostNetDays: limit.mostNetDays.map(Int32.init(_:)),
          leastDepositMicros: limit.leastDeposit?.micros,
          fewerClosedOrders: Int32(limit.fewerClosedOrders ?? 0)))
    case .newcomer(let limit):
      .newcomer(
        .init(
          fewerOrders: Int32(limit.fewerOrders), mostQuantityMicros: limit.mostQuantity?.micros,
          mostAmount: limit.mostAmount.map { TypeV1.Money($0) }))
    case .requestedDay(let range):
      .requestedDay(
        .init(
          earliestDays: Int32(range.earliest), latestDays: range.latest.map(Int32.init(_:))))
    case .credit(let share): .credit(.init(shareMicros: share.micros))
    }
  }
}

extension OrdersV1.ValidationPolicy {
  init(_ policy: ValidationPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      rules: policy.rules.map { rule in
        .init(
          code: rule.code, channel: rule.channel?.message ?? .unspecified,
          customerClass: rule.customerClass ?? "",
          sourcing: rule.sourcing?.message ?? .unspecified, condition: rule.condition.message,
          hold: rule.hold?.message ?? .unspecified, atDispatch: rule.isForDispatch)
      }, reason: policy.reason, madeBy: policy.madeBy,
      madeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension OrderFinding.Outcome {
  var message: OrdersV1.FindingOutcome {
    switch self {
    case .held: .held
    case .refused: .refused
    }
  }
}

extension OrdersV1.OrderFinding {
  init(_ finding: OrderFinding) {
    self.init(
      foundOn: GoogleType.Date(finding.foundOn), cause: finding.cause,
      outcome: finding.outcome.message, channel: finding.channel?.message ?? .unspecified,
      source: finding.source,
      orderNumber: finding.order ?? "", externalId: finding.externalID,
      policyVersion: finding.policy ?? 0)
  }
}

extension FindingReport.Dimension {
  init?(_ message: OrdersV1.FindingDimension) {
    switch message {
    case .cause: self = .cause
    case .channel: self = .channel
    case .source: self = .source
    case .outcome: self = .outcome
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension OrdersV1.FindingCount {
  init(_ row: FindingCount) {
    self.init(
      cause: row.cause ?? "", channel: row.channel?.message ?? .unspecified,
      source: row.source ?? "", outcome: row.outcome?.message ?? .unspecified, count: row.count)
  }
}
