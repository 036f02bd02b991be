internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import Production
internal import Values

// Requests to change orders, and their policy: messages to values and values to messages.

extension OrdersV1.OpenChangeRequest {
  init(_ request: ChangeRequest) {
    self.init(
      number: Int32(request.number), state: request.state.message,
      requestedBy: request.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(request.requestedAt),
      pendingRole: request.pendingRole ?? "")
  }
}

extension OrdersV1.ChangeRequest {
  /// As in lists.
  init(head request: ChangeRequest) {
    self.init(
      orderNumber: request.orderNumber, number: Int32(request.number), version: request.version,
      state: request.state.message, requestedBy: request.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(request.requestedAt), reason: request.reason,
      expireTime: request.expiresAt.map { .init($0) },
      impact: OrdersV1.ChangeImpact(request.impact), pendingRole: request.pendingRole ?? "",
      decidedBy: request.decidedBy ?? "", decideTime: request.decidedAt.map { .init($0) },
      comment: request.comment, appliedVersion: request.appliedVersion ?? 0)
  }

  /// With all that it asks for.
  init(_ request: ChangeRequest) {
    self.init(head: request)
    change = OrdersV1.OrderChange(request.change)
    preview = request.impact.token
    steps = request.steps.map { .init($0) }
  }
}

extension OrdersV1.OrderChange {
  init(_ change: OrderChange) {
    self.init(
      lines: change.lines.map { line in
        .init(
          lineNumber: Int32(line.number),
          quantity: line.quantity.map { TypeV1.Quantity($0.quantity, $0.unit) },
          discountMicros: line.discount?.micros, remove: line.isRemoved,
          instructions: .init(line.instructions), schedules: line.schedules.map { .init($0) },
          configuration: line.choice.map { OrdersV1.ConfigurationInput($0) },
          begunWork: line.begunWork.message,
          rework: line.rework == .least
            ? nil
            : .init(repeatSteps: line.rework.repeatsSteps, spoiledSkus: line.rework.spoiled))
      },
      addedLines: change.added.map { line in
        .init(
          sku: line.sku, quantity: TypeV1.Quantity(line.quantity.quantity, line.quantity.unit),
          discountMicros: line.discount.micros, note: line.note,
          configuration: line.choice.map { OrdersV1.ConfigurationInput($0) },
          instructions: .init(line.instructions),
          schedules: line.schedules.map { .init($0) })
      }, reprice: change.isRepriced, instructions: .init(change.instructions),
      reductionReasonCode: change.reductionReason)
    switch change.requestedOn {
    case .set(let day): requestedOn = GoogleType.Date(day)
    case .cleared: asSoonAsPossible = true
    case nil: break
    }
    switch change.delivery {
    case .set(let way): delivery = OrdersV1.Delivery(way)
    case .cleared: fetched = true
    case nil: break
    }
    switch change.discount {
    case .set(.share(let rate)): discountMicros = rate.micros
    case .set(.amount(let amount)): discount = TypeV1.Money(amount)
    case .cleared: discountMicros = 0
    case nil: break
    }
  }
}

extension OrdersV1.ConfigurationInput {
  init(_ choice: ChosenConfiguration) {
    self.init(
      modelVersion: choice.modelVersion,
      settings: choice.settings.map { .init(name: $0.name, value: $0.value) })
  }
}

extension ChangeRequest.State {
  init?(_ message: OrdersV1.ChangeRequestState) {
    guard let state = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = state
  }

  var message: OrdersV1.ChangeRequestState {
    switch self {
    case .pending: .pending
    case .returned: .returned
    case .stale: .stale
    case .applied: .applied
    case .rejected: .rejected
    case .withdrawn: .withdrawn
    case .expired: .expired
    }
  }
}

extension ChangeKind {
  fileprivate init?(_ message: OrdersV1.ChangeKind) {
    guard let kind = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = kind
  }
}

extension ChangeStage {
  /// Of what is promised.
  private static let asked: [(ChangeStage, OrdersV1.ChangeStage)] = [
    (.confirmed, .confirmed), (.begun, .begun), (.partlyShipped, .partlyShipped),
    (.invoiced, .invoiced), (.shipped, .shipped),
  ]

  fileprivate init?(_ message: OrdersV1.ChangeStage) {
    guard let found = Self.asked.first(where: { $0.1 == message }) else { return nil }
    self = found.0
  }

  fileprivate var message: OrdersV1.ChangeStage {
    Self.asked.first { $0.0 == self }?.1 ?? .unspecified
  }
}

extension ChangeRule {
  init(_ message: OrdersV1.ChangeRule, _ reader: inout RequestReader, field: String) {
    let kinds = message.kinds.enumerated().compactMap { index, kind in
      reader.choice(ChangeKind(kind), kind.rawValue, field + ".kinds[\(index)]")
    }
    let stages = message.stages.enumerated().compactMap { index, stage in
      reader.choice(ChangeStage(stage), stage.rawValue, field + ".stages[\(index)]")
    }
    self.init(
      kinds: Set(kinds), stages: Set(stages),
      minimumChange: reader.money(message.minimumChange, field + ".minimum_change"),
      step: ApprovalStepRule(message.step ?? .init()))
  }
}

extension OrdersV1.ChangePolicy {
  init(_ policy: ChangePolicy) {
    self.init(
      version: policy.version,
      rules: policy.rules.map { rule in
        .init(
          kinds: ChangeKind.allCases.filter(rule.kinds.contains).map(\.message),
          stages: ChangeStage.allCases.filter(rule.stages.contains).map(\.message),
          minimumChange: rule.minimumChange.map { TypeV1.Money($0) },
          step: OrdersV1.ApprovalStepRule(rule.step))
      }, expireHours: Int32(policy.expireHours ?? 0), slackDays: Int32(policy.slackDays),
      reason: policy.reason, madeBy: policy.madeBy,
      makeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension BegunWork {
  fileprivate var message: OrdersV1.BegunWork {
    switch self {
    case .keptAsStock: .unspecified
    case .scrapped: .scrap
    case .reworked: .rework
    }
  }
}
