internal import Finance
internal import Messages
internal import Orders
internal import Storage
internal import Values

// Returns, their policy and reasons: messages to values and values to messages.

extension Responsible {
  init?(_ message: AftersalesV1.Responsible) {
    switch message {
    case .customer: self = .customer
    case .seller: self = .seller
    case .workshop: self = .workshop
    case .carrier: self = .carrier
    case .supplier: self = .supplier
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.Responsible {
    switch self {
    case .customer: .customer
    case .seller: .seller
    case .workshop: .workshop
    case .carrier: .carrier
    case .supplier: .supplier
    }
  }
}

extension ReturnGrade {
  init?(_ message: AftersalesV1.ReturnGrade) {
    switch message {
    case .a: self = .asNew
    case .b: self = .repair
    case .c: self = .scrap
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension ReturnState {
  init?(_ message: AftersalesV1.ReturnState) {
    switch message {
    case .requested: self = .requested
    case .approved: self = .approved
    case .rejected: self = .rejected
    case .cancelled: self = .cancelled
    case .received: self = .received
    case .inspected: self = .inspected
    case .credited: self = .credited
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.ReturnState {
    switch self {
    case .requested: .requested
    case .approved: .approved
    case .rejected: .rejected
    case .cancelled: .cancelled
    case .received: .received
    case .inspected: .inspected
    case .credited: .credited
    }
  }
}

extension ReturnRule {
  init(_ message: AftersalesV1.ReturnRule, _ reader: inout RequestReader, field: String) {
    let sourcing = reader.choice(
      Sourcing(message.sourcing), message.sourcing.rawValue, field + ".sourcing", required: false)
    self.init(
      reasonCode: reader.optional(message.reasonCode), isDefect: message.isDefect,
      sourcing: sourcing, withinDays: message.withinDays.map { Int($0) },
      allowed: message.allowed, fee: Rate(micros: message.feeMicros),
      writeDown: Rate(micros: message.writeDownMicros),
      approverRole: reader.optional(message.approverRole))
  }
}

extension AftersalesV1.ReturnRule {
  init(_ rule: ReturnRule) {
    self.init(
      reasonCode: rule.reasonCode ?? "", isDefect: rule.isDefect,
      sourcing: rule.sourcing?.message ?? .unspecified,
      withinDays: rule.withinDays.map { Int32($0) }, allowed: rule.allowed,
      feeMicros: rule.fee.micros, approverRole: rule.approverRole ?? "",
      writeDownMicros: rule.writeDown.micros)
  }
}

extension AftersalesV1.ReturnPolicy {
  init(_ policy: ReturnPolicy) {
    self.init(
      version: policy.version, validFrom: GoogleType.Date(policy.validFrom),
      rules: policy.rules.map { .init($0) }, reason: policy.reason, madeBy: policy.madeBy,
      makeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension AftersalesV1.ReturnReasonRow {
  init(_ reason: ReturnReason) {
    self.init(code: reason.code, text: reason.text, responsible: reason.responsible.message)
  }
}

extension AftersalesV1.ReturnableLine {
  init(_ line: ReturnableLine) {
    self.init(
      lineNumber: Int32(line.number), sku: line.sku,
      delivered: TypeV1.Quantity(line.delivered, line.unit),
      returned: TypeV1.Quantity(line.returned, line.unit),
      returnable: TypeV1.Quantity(line.returnable, line.unit),
      deliveredOn: line.deliveredOn.map { GoogleType.Date($0) }, rule: Int32(line.rule),
      feeMicros: line.fee.micros, approverRole: line.approverRole ?? "", explanation: line.words)
  }
}

extension AftersalesV1.ReturnLine {
  init(_ line: ReturnLine) {
    self.init(
      lineNumber: Int32(line.number), sku: line.sku, description: line.description,
      reasonCode: line.reasonCode, responsible: line.responsible.message, rule: Int32(line.rule),
      feeMicros: line.fee.micros, requested: TypeV1.Quantity(line.requested, line.unit),
      received: TypeV1.Quantity(line.received, line.unit),
      gradeA: TypeV1.Quantity(line.gradeA, line.unit),
      gradeB: TypeV1.Quantity(line.gradeB, line.unit),
      gradeC: TypeV1.Quantity(line.gradeC, line.unit), cost: TypeV1.Money(line.cost),
      writtenDown: TypeV1.Money(line.writtenDown))
  }
}

extension AftersalesV1.CustomerReturn {
  init(_ found: CustomerReturn, in snapshot: Snapshot) throws {
    let notes =
      found.state == .credited
      ? try CreditNotes.of(cause: found.reference, in: snapshot).map(\.number) : []
    self.init(found, notes)
  }

  init(_ found: CustomerReturn, _ creditNotes: [String]) {
    self.init(
      number: found.number, version: found.version, state: found.state.message,
      orderNumber: found.orderNumber, customerCode: found.customerCode,
      lines: found.lines.map { .init($0) }, note: found.note, policyVersion: found.policyVersion,
      approverRole: found.approverRole ?? "", requestedBy: found.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(found.requestedAt), decidedBy: found.decidedBy ?? "",
      decision: found.decision, warehouseCode: found.warehouseCode ?? "",
      receivedOn: found.receivedOn.map { GoogleType.Date($0) }, creditNoteNumbers: creditNotes,
      credited: TypeV1.Money(found.credited), fee: TypeV1.Money(found.fee),
      feeInvoice: found.feeInvoice ?? "", explanation: .init(found.explanation))
  }
}
