internal import MasterData
internal import Messages
internal import Orders
internal import Storage
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

extension ComplaintChannel {
  init?(_ message: AftersalesV1.ComplaintChannel) {
    switch message {
    case .phone: self = .phone
    case .store: self = .store
    case .wechat: self = .wechat
    case .email: self = .email
    case .web: self = .web
    case .marketplace: self = .marketplace
    case .crew: self = .crew
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.ComplaintChannel {
    switch self {
    case .phone: .phone
    case .store: .store
    case .wechat: .wechat
    case .email: .email
    case .web: .web
    case .marketplace: .marketplace
    case .crew: .crew
    }
  }
}

extension ComplaintReport.Dimension {
  init?(_ message: AftersalesV1.ComplaintDimension) {
    switch message {
    case .channel: self = .channel
    case .category: self = .category
    case .severity: self = .severity
    case .unspecified, .unrecognized: return nil
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

extension ComplaintPause.Reason {
  init?(_ message: AftersalesV1.ComplaintPauseReason) {
    switch message {
    case .customer: self = .customer
    case .supplier: self = .supplier
    case .parts: self = .parts
    case .appointment: self = .appointment
    case .carrier: self = .carrier
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: AftersalesV1.ComplaintPauseReason {
    switch self {
    case .customer: .customer
    case .supplier: .supplier
    case .parts: .parts
    case .appointment: .appointment
    case .carrier: .carrier
    }
  }
}

extension AftersalesV1.ComplaintTerm {
  init(_ term: ComplaintTerm) {
    self.init(
      severity: term.severity.message, hours: Int32(term.hours),
      escalationRole: term.escalationRole, businessHours: term.inBusinessHours)
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
      resolveTime: found.resolvedAt.map { GoogleProtobuf.Timestamp($0) },
      businessHours: found.inBusinessHours, channel: found.channel?.message ?? .unspecified)
  }

  /// As it is now, with its pauses.
  init(_ found: Complaint, at now: Moment, in snapshot: Snapshot) throws {
    self.init(found)
    if let until = found.pausedUntil, until > now.instant {
      pausedUntilTime = GoogleProtobuf.Timestamp(until)
    }
    let clock = try TermClock(found, in: snapshot)
    pauses = try ComplaintPauses.of(found, in: snapshot).map { pause in
      .init(
        reason: pause.reason.message, note: pause.note, pausedBy: pause.pausedBy,
        pauseTime: GoogleProtobuf.Timestamp(pause.pausedAt),
        untilTime: GoogleProtobuf.Timestamp(pause.until), resumedBy: pause.resumedBy ?? "",
        resumeTime: pause.resumedAt.map { GoogleProtobuf.Timestamp($0) },
        heldSeconds: pause.held(by: clock, at: now))
    }
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
