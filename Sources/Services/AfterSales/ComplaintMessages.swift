internal import Messages
internal import Orders
internal import Values

// Complaints and opinions: messages to values and values to messages.

extension ComplaintSeverity {
  init?(_ message: AftersalesV1.ComplaintSeverity) {
    switch message {
    case .low: self = .low
    case .normal: self = .normal
    case .high: self = .high
    case .critical: self = .critical
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.ComplaintSeverity {
    switch self {
    case .low: .low
    case .normal: .normal
    case .high: .high
    case .critical: .critical
    }
  }
}

extension ComplaintCategory {
  init?(_ message: AftersalesV1.ComplaintCategory) {
    switch message {
    case .quality: self = .quality
    case .damage: self = .damage
    case .missingParts: self = .missingParts
    case .delay: self = .delay
    case .service: self = .service
    case .billing: self = .billing
    case .other: self = .other
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.ComplaintCategory {
    switch self {
    case .quality: .quality
    case .damage: .damage
    case .missingParts: .missingParts
    case .delay: .delay
    case .service: .service
    case .billing: .billing
    case .other: .other
    }
  }
}

extension ComplaintState {
  init?(_ message: AftersalesV1.ComplaintState) {
    switch message {
    case .open: self = .open
    case .inProgress: self = .inProgress
    case .resolved: self = .resolved
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.ComplaintState {
    switch self {
    case .open: .open
    case .inProgress: .inProgress
    case .resolved: .resolved
    }
  }
}

extension AftersalesV1.ComplaintTerm {
  init(_ term: ComplaintTerm) {
    self.init(
      severity: term.severity.message, hours: Int32(term.hours),
      escalationRole: term.escalationRole)
  }
}

extension AftersalesV1.Complaint {
  init(_ found: Complaint) {
    self.init(
      number: found.number, version: found.version, state: found.state.message,
      orderNumber: found.orderNumber, lineNumber: Int32(found.line), sku: found.sku,
      customerCode: found.customerCode, category: found.category.message,
      severity: found.severity.message, text: found.text, assignee: found.assignee,
      openedBy: found.openedBy, openTime: GoogleProtobuf.Timestamp(found.openedAt),
      dueTime: GoogleProtobuf.Timestamp(found.dueAt), escalationLevel: Int32(found.level),
      escalationRole: found.escalationRole, resolution: found.resolution,
      resolvedByDocument: found.document.map { TypeV1.DocumentReference($0) },
      resolveTime: found.resolvedAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension AftersalesV1.Satisfaction {
  init(_ found: Satisfaction) throws {
    self.init(
      count: found.count, averageHundredths: Int32(try found.averageHundredths()),
      promoters: found.promoters, detractors: found.detractors,
      netPromoterScore: Int32(try found.netPromoterScore()))
  }
}

extension AftersalesV1.SatisfactionAnswer {
  init(_ answer: SatisfactionAnswer) {
    self.init(
      shipmentNumber: answer.shipmentNumber, score: Int32(answer.score), text: answer.text,
      answeredOn: GoogleType.Date(answer.answeredOn))
  }
}
