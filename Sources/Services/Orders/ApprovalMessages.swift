internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Approvals and their rules: messages to values and nouns to messages.

extension ApprovalRule {
  init(_ message: OrdersV1.ApprovalRule, _ reader: inout RequestReader, field: String) {
    if !message.approverRole.isEmpty, !message.steps.isEmpty {
      reader.refuse(.notBoth(field + ".approver_role", and: field + ".steps"))
    }
    self.init(
      kind: message.kind.isEmpty ? Self.usualKind : message.kind,
      customerClass: reader.optional(message.customerClass),
      minimumGross: reader.money(message.minimumGross, field + ".minimum_gross"),
      minimumDiscount: message.minimumDiscountMicros.map { Rate(micros: $0) },
      marginBelow: message.marginBelowMicros.map { Rate(micros: $0) },
      exemptRole: reader.optional(message.exemptRole),
      steps: .init(message.steps, orOnly: message.approverRole), isParallel: message.parallel)
    grossBelow = reader.money(message.grossBelow, field + ".gross_below")
    windowHours = message.windowHours == 0 ? nil : Int(message.windowHours)
    if !message.countryCode.isEmpty || !message.regionPrefix.isEmpty {
      region = Region(country: message.countryCode, code: message.regionPrefix)
    }
    productClass = reader.optional(message.productClass)
  }
}

extension ApprovalStepRule {
  init(_ message: OrdersV1.ApprovalStepRule) {
    self.init(
      role: message.role, dueHours: message.dueHours == 0 ? nil : Int(message.dueHours),
      remindHours: message.remindHours == 0 ? nil : Int(message.remindHours),
      escalationRole: message.escalationRole.isEmpty ? nil : message.escalationRole)
  }
}

extension [ApprovalStepRule] {
  /// `role`: of the only step, which has no due time; empty where there are steps.
  init(_ steps: [OrdersV1.ApprovalStepRule], orOnly role: String) {
    self = role.isEmpty ? steps.map { ApprovalStepRule($0) } : [ApprovalStepRule(role: role)]
  }
}

extension OrdersV1.ApprovalRule {
  init(_ rule: ApprovalRule) {
    self.init(
      customerClass: rule.customerClass ?? "",
      minimumGross: rule.minimumGross.map { TypeV1.Money($0) },
      approverRole: rule.steps.onlyRole ?? "",
      minimumDiscountMicros: rule.minimumDiscount?.micros,
      marginBelowMicros: rule.marginBelow?.micros, exemptRole: rule.exemptRole ?? "",
      kind: rule.kind == ApprovalRule.usualKind ? "" : rule.kind,
      grossBelow: rule.grossBelow.map { TypeV1.Money($0) },
      windowHours: Int32(rule.windowHours ?? 0), countryCode: rule.region?.country ?? "",
      regionPrefix: rule.region?.code ?? "", productClass: rule.productClass ?? "",
      steps: rule.steps.onlyRole == nil ? rule.steps.map { .init($0) } : [],
      parallel: rule.isParallel)
  }
}

extension OrdersV1.ApprovalStepRule {
  init(_ step: ApprovalStepRule) {
    self.init(
      role: step.role, dueHours: Int32(step.dueHours ?? 0),
      remindHours: Int32(step.remindHours ?? 0), escalationRole: step.escalationRole ?? "")
  }
}

extension OrdersV1.Approval {
  init(_ approval: Approval) {
    self.init(
      pending: approval.isPending, requiredRole: approval.requiredRole ?? "",
      decidedBy: approval.decidedBy ?? "", explanation: .init(approval.explanation),
      steps: approval.steps.map { .init($0) })
  }
}

extension OrdersV1.ApprovalStep {
  init(_ step: ApprovalStep) {
    self.init(
      round: Int32(step.round), number: Int32(step.number), kind: step.kind, role: step.role,
      state: step.state.message,
      rulesVersion: step.matter == .cancellation ? 0 : step.policyVersion, rule: Int32(step.rule),
      openTime: step.openedAt.map { .init($0) }, dueTime: step.dueAt.map { .init($0) },
      remindTime: step.remindedAt.map { .init($0) },
      escalateTime: step.escalatedAt.map { .init($0) },
      escalationRole: step.asked.escalationRole ?? "", decidedBy: step.decidedBy ?? "",
      decideTime: step.decidedAt.map { .init($0) }, comment: step.comment,
      carried: step.isCarried, changeRequest: Int32(step.changeRequest ?? 0),
      cancellation: step.matter == .cancellation)
  }
}

extension ApprovalStep.State {
  fileprivate var message: OrdersV1.ApprovalStepState {
    switch self {
    case .waiting: .waiting
    case .open: .open
    case .approved: .approved
    case .rejected: .rejected
    case .returned: .returned
    case .dropped: .dropped
    }
  }
}

extension OrdersV1.PendingApproval {
  init(_ pending: PendingApproval) {
    self.init(
      orderNumber: pending.order, orderVersion: pending.version,
      customerCode: pending.customerCode, gross: TypeV1.Money(pending.gross),
      step: .init(pending.step), requestVersion: pending.requestVersion ?? 0)
  }
}

extension BusinessHours.Opening {
  init(_ message: OrdersV1.OpeningHours) {
    self.init(opens: Int(message.opensMinute), closes: Int(message.closesMinute))
  }

  fileprivate var message: OrdersV1.OpeningHours {
    .init(opensMinute: Int32(opens), closesMinute: Int32(closes))
  }
}

extension BusinessHours {
  var weekMessages: [OrdersV1.WeekdayHours] {
    week.sorted { $0.key < $1.key }.map { .init(weekday: Int32($0), hours: $1.message) }
  }

  var specialMessages: [OrdersV1.SpecialDay] {
    special.map { day in
      .init(day: GoogleType.Date(day.day), hours: day.opening?.message, name: day.name)
    }
  }
}
