internal import MasterData
internal import Messages
internal import Orders
internal import Storage
internal import Values

// Stages: messages to values and values to messages.

extension OrderStage {
  /// Nil for a stage that is not given or not known.
  init?(_ message: OrdersV1.OrderStage) {
    guard let stage = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = stage
  }

  var message: OrdersV1.OrderStage {
    switch self {
    case .created: .created
    case .inReview: .inReview
    case .confirmed: .confirmed
    case .inProduction: .inProduction
    case .qualityCheck: .qualityCheck
    case .picking: .picking
    case .shipped: .shipped
    case .inDelivery: .inDelivery
    case .delivered: .delivered
    case .completed: .completed
    case .cancelled: .cancelled
    }
  }
}

extension StageTerm {
  /// Nil without a stage, which is then refused.
  init?(_ message: OrdersV1.StageTerm, _ reader: inout RequestReader, field: String) {
    let stage = reader.choice(
      OrderStage(message.stage), message.stage.rawValue, field + ".stage")
    let channel = reader.choice(
      Channel(message.channel), message.channel.rawValue, field + ".channel", required: false)
    guard let stage else { return nil }
    self.init(
      stage: stage, channel: channel, customerClass: reader.optional(message.customerClass),
      hours: Int(message.hours), inBusinessHours: message.businessHours,
      remindBeforeHours: Int(message.remindBeforeHours),
      escalationRole: message.escalationRole)
  }
}

extension OrdersV1.StagePolicy {
  init(_ policy: StagePolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      terms: policy.terms.map { term in
        .init(
          stage: term.stage.message, channel: term.channel?.message ?? .unspecified,
          customerClass: term.customerClass ?? "", hours: Int32(term.hours),
          businessHours: term.inBusinessHours, remindBeforeHours: Int32(term.remindBeforeHours),
          escalationRole: term.escalationRole)
      }, stillOnHold: policy.stillOnHold.map(\.message), reason: policy.reason,
      madeBy: policy.madeBy, makeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension OrdersV1.OrderStanding {
  init(_ standing: OrderStanding, at now: Moment) {
    let visit = standing.visit
    self.init(
      stage: standing.stage.message,
      enterTime: visit.map { GoogleProtobuf.Timestamp($0.enteredAt) },
      enteredBefore: visit?.enteredBefore ?? false,
      dueTime: visit?.dueAt.map { GoogleProtobuf.Timestamp($0) },
      overdue: visit?.isOverdue(at: now.instant) ?? false,
      stillTime: visit?.stillAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension OrdersV1.StageVisit {
  init(_ visit: StageVisit, in snapshot: Snapshot, at now: Moment) throws {
    self.init(
      orderNumber: visit.orderNumber, stage: visit.stage.message,
      enterTime: GoogleProtobuf.Timestamp(visit.enteredAt), enteredBefore: visit.enteredBefore,
      leaveTime: visit.leftAt.map { GoogleProtobuf.Timestamp($0) },
      dueTime: visit.dueAt.map { GoogleProtobuf.Timestamp($0) },
      overdue: visit.isOverdue(at: now.instant),
      stillTime: visit.stillAt.map { GoogleProtobuf.Timestamp($0) },
      spentSeconds: try visit.spentSeconds(in: snapshot, at: now),
      remindTime: visit.remindedAt.map { GoogleProtobuf.Timestamp($0) },
      escalateTime: visit.escalatedAt.map { GoogleProtobuf.Timestamp($0) },
      policyVersion: visit.policyVersion,
      escalationRole: try visit.rule(in: snapshot)?.escalationRole ?? "")
  }
}

extension OrdersV1.StageReportRow {
  init(_ row: StageReportRow) {
    self.init(
      stage: row.stage.message, left: row.left, averageSeconds: row.averageSeconds,
      p90Seconds: row.p90Seconds, longestSeconds: row.longestSeconds, late: row.late,
      present: row.present, overdue: row.overdue)
  }
}
