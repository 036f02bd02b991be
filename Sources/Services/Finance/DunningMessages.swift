internal import Finance
internal import Messages
internal import Orders
internal import Values

// Reminding: messages to values and values to messages.

extension DunningLevel.Letter {
  init?(_ message: FinanceV1.DunningLetterKind) {
    switch message {
    case .reminder: self = .reminder
    case .demand: self = .demand
    case .finalDemand: self = .finalDemand
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: FinanceV1.DunningLetterKind {
    switch self {
    case .reminder: .reminder
    case .demand: .demand
    case .finalDemand: .finalDemand
    }
  }
}

extension DunningStop.Reason {
  init?(_ message: FinanceV1.DunningStopReason) {
    switch message {
    case .dispute: self = .dispute
    case .complaint: self = .complaint
    case .instalments: self = .instalments
    case .insolvency: self = .insolvency
    case .other: self = .other
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: FinanceV1.DunningStopReason {
    switch self {
    case .dispute: .dispute
    case .complaint: .complaint
    case .instalments: .instalments
    case .insolvency: .insolvency
    case .other: .other
    }
  }
}

extension FinanceV1.DunningPolicy {
  init(_ policy: DunningPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      levels: policy.levels.map { level in
        .init(
          afterDays: Int32(level.afterDays), letter: level.letter.message,
          fee: level.fee.minor > 0 ? TypeV1.Money(level.fee) : nil,
          interestMicros: level.interest.micros, blocksOrders: level.blocksOrders)
      },
      minimum: TypeV1.Money(policy.minimum), sparesComplaints: policy.sparesComplaints,
      reason: policy.reason, madeBy: policy.madeBy,
      madeAt: GoogleProtobuf.Timestamp(policy.madeAt),
      claims: policy.claims.isNothing ? nil : .init(policy.claims))
  }
}

extension DunningClaimRule {
  init(_ message: FinanceV1.DunningClaimRule) {
    self.init(
      fee: message.fee, feeTax: Rate(micros: message.feeTaxRateMicros), interest: message.interest,
      interestTax: Rate(micros: message.interestTaxRateMicros), netDays: Int(message.netDays))
  }

  fileprivate var isNothing: Bool { !fee && !interest }
}

extension FinanceV1.DunningClaimRule {
  fileprivate init(_ rule: DunningClaimRule) {
    self.init(
      fee: rule.fee, feeTaxRateMicros: rule.feeTax.micros, interest: rule.interest,
      interestTaxRateMicros: rule.interestTax.micros, netDays: Int32(rule.netDays))
  }
}

extension ClaimKind {
  init?(_ message: FinanceV1.DunningClaimKind) {
    switch message {
    case .fee: self = .reminderFee
    case .interest: self = .defaultInterest
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension FinanceV1.DunningClaim {
  init(_ claim: Invoice) throws {
    func net(_ kind: ClaimKind) throws -> TypeV1.Money? {
      let amount = try claim.lines.filter { $0.claim == kind }.map(\.net).sum(claim.gross.currency)
      return amount.minor > 0 ? TypeV1.Money(amount) : nil
    }
    self.init(
      number: claim.number, fee: try net(.reminderFee), interest: try net(.defaultInterest),
      tax: TypeV1.Money(claim.tax), gross: TypeV1.Money(claim.gross),
      waived: TypeV1.Money(claim.credited), open: TypeV1.Money(claim.open),
      dueOn: GoogleType.Date(claim.dueOn))
  }
}

extension FinanceV1.DunningLetter {
  init(_ letter: DunningLetter) throws {
    self.init(
      number: letter.number, customerCode: letter.customerCode, level: Int32(letter.level),
      kind: letter.kind.message, writtenOn: GoogleType.Date(letter.writtenOn),
      writtenBy: letter.writtenBy, policyVersion: letter.policyVersion,
      fee: letter.fee.minor > 0 ? TypeV1.Money(letter.fee) : nil,
      lines: letter.lines.map { line in
        .init(
          invoiceNumber: line.invoiceNumber, orderNumber: line.orderNumber,
          level: Int32(line.level), dueOn: GoogleType.Date(line.dueOn),
          daysOverdue: Int32(line.daysOverdue), open: TypeV1.Money(line.open),
          interest: line.interest.minor > 0 ? TypeV1.Money(line.interest) : nil)
      },
      totals: try letter.totals().map { TypeV1.Money($0) },
      claims: try letter.claims.map { try .init($0) })
  }
}

extension FinanceV1.DunningStop {
  init(_ stop: DunningStop) {
    self.init(
      id: stop.id.value, customerCode: stop.customerCode, invoiceNumber: stop.invoiceNumber,
      reason: stop.reason.message, note: stop.note, until: GoogleType.Date(stop.until),
      stoppedBy: stop.stoppedBy, stopTime: GoogleProtobuf.Timestamp(stop.stoppedAt),
      liftedBy: stop.liftedBy ?? "",
      liftTime: stop.liftedAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension FinanceV1.PaymentPromise {
  init(_ promise: PaymentPromise) {
    let state: FinanceV1.PaymentPromiseState =
      switch promise.state {
      case .open: .open
      case .kept: .kept
      case .broken: .broken
      }
    self.init(
      customerCode: promise.customerCode, invoiceNumber: promise.invoiceNumber,
      amount: TypeV1.Money(promise.amount), promisedOn: GoogleType.Date(promise.promisedOn),
      state: state, note: promise.note, notedBy: promise.notedBy,
      noteTime: GoogleProtobuf.Timestamp(promise.notedAt))
  }
}

extension FinanceV1.DunningSummary {
  init(_ summary: DunningSummary) {
    self.init(
      customerCode: summary.customerCode, invoices: summary.invoices,
      overdue: TypeV1.Money(summary.overdue),
      oldestDueOn: GoogleType.Date(summary.oldestDueOn), level: Int32(summary.level),
      blocksOrders: summary.blocksOrders, heldBack: summary.heldBack)
  }
}

extension FinanceV1.DunnedInvoice {
  init(_ invoice: DunnedInvoice) {
    let pause: FinanceV1.DunningPause =
      switch invoice.pause {
      case nil: .unspecified
      case .stopped: .stopped
      case .promised: .promised
      case .complaint: .complaint
      case .small: .small
      }
    self.init(
      number: invoice.number, orderNumber: invoice.orderNumber,
      dueOn: GoogleType.Date(invoice.dueOn), daysOverdue: Int32(invoice.daysOverdue),
      open: TypeV1.Money(invoice.open), level: Int32(invoice.level),
      letterNumber: invoice.letterNumber, nextLevel: Int32(invoice.nextLevel ?? 0),
      nextOn: invoice.nextOn.map { GoogleType.Date($0) }, pause: pause)
  }
}
