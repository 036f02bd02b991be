private import Crypto
internal import Finance
internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Cancellations, their policy and refunds: messages to values and values to messages.

extension Cancellation {
  /// Names it: another one has another.
  var token: String {
    let digest = SHA256.hash(data: Array(essence.utf8))
    return "v\(baseVersion)-\(Hex.text(Array(digest.prefix(12))))"
  }
}

extension OrdersV1.CancelOrderResponse {
  init(_ done: Cancellation, pending: Bool) {
    self.init(
      order: OrdersV1.Order(done.order),
      verdicts: done.verdicts.map { TypeV1.SupplyVerdict($0) },
      unapplied: TypeV1.Money(done.unapplied), impact: .init(done, pending: pending),
      preview: done.token, pending: pending)
  }
}

extension OrdersV1.CancellationImpact {
  /// What only would be done has no invoice yet.
  init(_ done: Cancellation, pending: Bool) {
    let (terms, money) = (done.terms, done.money)
    self.init(
      baseVersion: done.baseVersion, policyVersion: terms.policyVersion,
      reasonCode: terms.reason.code, fault: terms.reason.fault.message,
      lines: terms.lines.map { line in
        .init(
          lineNumber: Int32(line.number), quantity: TypeV1.Quantity(line.quantity, line.unit),
          stage: line.stage.message, amount: TypeV1.Money(line.amount), rule: Int32(line.rule))
      }, amount: TypeV1.Money(terms.amount), fee: TypeV1.Money(money.fee),
      feeInvoice: pending ? "" : money.feeInvoice ?? "", held: TypeV1.Money(money.held),
      forfeited: TypeV1.Money(terms.forfeited), feePaid: TypeV1.Money(money.feePaid),
      refund: TypeV1.Money(money.refund), kept: TypeV1.Money(money.kept),
      compensation: TypeV1.Money(terms.compensation), sunkCost: TypeV1.Money(done.sunkCost),
      approverRole: done.missingApproval ?? "",
      explanation: .init(terms.explanation), approverRoles: done.missingRoles)
  }
}

extension CancelFault {
  init?(_ message: OrdersV1.CancelFault) {
    switch message {
    case .customer: self = .customer
    case .seller: self = .seller
    case .nobody: self = .nobody
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.CancelFault {
    switch self {
    case .customer: .customer
    case .seller: .seller
    case .nobody: .nobody
    }
  }
}

extension CancelStage {
  init?(_ message: OrdersV1.CancelStage) {
    switch message {
    case .notConfirmed: self = .notConfirmed
    case .confirmed: self = .confirmed
    case .inWork: self = .inWork
    case .made: self = .made
    case .setApart: self = .setApart
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.CancelStage {
    switch self {
    case .notConfirmed: .notConfirmed
    case .confirmed: .confirmed
    case .inWork: .inWork
    case .made: .made
    case .setApart: .setApart
    }
  }
}

extension CancelReason {
  init(_ message: OrdersV1.CancelReasonRow, _ reader: inout RequestReader, field: String) {
    let fault = reader.choice(
      CancelFault(message.fault), message.fault.rawValue, field + ".fault")
    self.init(code: message.code, text: message.text, fault: fault ?? .nobody)
  }
}

extension OrdersV1.CancelReasonRow {
  init(_ reason: CancelReason) {
    self.init(code: reason.code, text: reason.text, fault: reason.fault.message)
  }
}

extension CancellationRule {
  init(_ message: OrdersV1.CancellationRule, _ reader: inout RequestReader, field: String) {
    if !message.approverRole.isEmpty, !message.steps.isEmpty {
      reader.refuse(.notBoth(field + ".approver_role", and: field + ".steps"))
    }
    let stage = reader.choice(
      CancelStage(message.stage).flatMap { CancelStage.ruled.contains($0) ? $0 : nil },
      message.stage.rawValue, field + ".stage", required: false)
    let sourcing = reader.choice(
      Sourcing(message.sourcing), message.sourcing.rawValue, field + ".sourcing", required: false)
    self.init(
      stage: stage, sourcing: sourcing, customerClass: reader.optional(message.customerClass),
      productClass: reader.optional(message.productClass),
      share: Rate(micros: message.shareMicros),
      fixed: reader.money(message.fixed, field + ".fixed"),
      minimum: reader.money(message.minimum, field + ".minimum"),
      maximum: reader.money(message.maximum, field + ".maximum"),
      waivesEarnest: message.waivesEarnest,
      steps: .init(message.steps, orOnly: message.approverRole), isParallel: message.parallel,
      approvalFrom: reader.money(message.approvalFrom, field + ".approval_from"),
      windowHours: message.windowHours == 0 ? nil : Int(message.windowHours),
      isForbidden: message.forbidden)
  }
}

extension Sourcing {
  init?(_ message: OrdersV1.Sourcing) {
    switch message {
    case .stock: self = .stock
    case .make: self = .make
    case .service: self = .service
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension OrdersV1.CancellationRule {
  init(_ rule: CancellationRule) {
    self.init(
      stage: rule.stage?.message ?? .unspecified,
      sourcing: rule.sourcing?.message ?? .unspecified, customerClass: rule.customerClass ?? "",
      shareMicros: rule.share.micros, fixed: rule.fixed.map { TypeV1.Money($0) },
      minimum: rule.minimum.map { TypeV1.Money($0) },
      maximum: rule.maximum.map { TypeV1.Money($0) }, waivesEarnest: rule.waivesEarnest,
      approverRole: rule.steps.onlyRole ?? "",
      approvalFrom: rule.approvalFrom.map { TypeV1.Money($0) },
      productClass: rule.productClass ?? "", forbidden: rule.isForbidden,
      steps: rule.steps.onlyRole == nil ? rule.steps.map { .init($0) } : [],
      parallel: rule.isParallel, windowHours: Int32(rule.windowHours ?? 0))
  }
}

extension OrdersV1.CancellationPolicy {
  init(_ policy: CancellationPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      earnestCapMicros: policy.earnestCap.micros, rules: policy.rules.map { .init($0) },
      reason: policy.reason, madeBy: policy.madeBy,
      makeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension OrdersV1.CancelRequest {
  init(_ request: CancelRequest) {
    self.init(
      orderNumber: request.orderNumber, reasonCode: request.reasonCode, comment: request.comment,
      approverRole: request.role, amount: TypeV1.Money(request.amount),
      fee: TypeV1.Money(request.fee), forfeited: TypeV1.Money(request.forfeited),
      requestedBy: request.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(request.requestedAt),
      approverRoles: request.missingRoles, agreedBy: request.agreedBy,
      baseVersion: request.baseVersion, steps: request.steps.map { .init($0) })
  }
}

extension OrderRefund.State {
  init?(_ message: OrdersV1.RefundState) {
    switch message {
    case .proposed: self = .proposed
    case .paid: self = .paid
    case .declined: self = .declined
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.RefundState {
    switch self {
    case .proposed: .proposed
    case .paid: .paid
    case .declined: .declined
    }
  }
}

extension OrdersV1.Refund {
  init(_ refund: OrderRefund) throws {
    self.init(
      orderNumber: refund.orderNumber, customerCode: refund.customerCode,
      state: refund.state.message, amount: TypeV1.Money(refund.amount),
      compensation: TypeV1.Money(refund.compensation), total: TypeV1.Money(try refund.total()),
      proposedBy: refund.proposedBy, decidedBy: refund.decidedBy ?? "")
  }
}

extension CancellationReport.Dimension {
  init?(_ message: OrdersV1.CancellationDimension) {
    switch message {
    case .reason: self = .reason
    case .stage: self = .stage
    case .store: self = .store
    case .month: self = .month
    case .product: self = .product
    case .channel: self = .channel
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension OrdersV1.CancellationCount {
  init(_ row: CancellationCount) {
    self.init(
      month: row.month.map { GoogleType.Date($0) }, reasonCode: row.reasonCode,
      stage: row.stage?.message ?? .unspecified, storeCode: row.storeCode, count: row.count,
      amount: TypeV1.Money(row.amount), fees: TypeV1.Money(row.fees),
      forfeited: TypeV1.Money(row.forfeited), compensation: TypeV1.Money(row.compensation),
      sunkCost: TypeV1.Money(row.sunkCost), sku: row.sku,
      channel: row.channel?.message ?? .unspecified)
  }
}
