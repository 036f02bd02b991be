internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verbs and questions about complaints and opinions.
struct ComplaintService: AftersalesV1.ComplaintService {
  let commands: CommandLog
  let questions: Questions

  func replaceComplaintTerms(
    _ request: AftersalesV1.ReplaceComplaintTermsRequest, context: CallContext
  ) async throws -> AftersalesV1.ReplaceComplaintTermsResponse {
    var reader = RequestReader()
    let terms = request.terms.enumerated().map { index, term in
      let severity = reader.choice(
        ComplaintSeverity(term.severity), term.severity.rawValue, "terms[\(index)].severity")
      return ComplaintTerm(
        severity: severity ?? .low, hours: Int(term.hours), escalationRole: term.escalationRole,
        inBusinessHours: term.businessHours)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceComplaintTerms(terms: terms).run(in: tx, at: command.moment)
      return .init(terms: stored.map { .init($0) })
    }
  }

  func listComplaintTerms(
    _ request: AftersalesV1.ListComplaintTermsRequest, context: CallContext
  ) async throws -> AftersalesV1.ListComplaintTermsResponse {
    try await questions.ask(context) { snapshot in
      .init(terms: try Complaints.terms(in: snapshot).map { .init($0) })
    }
  }

  func openComplaint(
    _ request: AftersalesV1.OpenComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.OpenComplaintResponse {
    var reader = RequestReader()
    let category = reader.choice(
      ComplaintCategory(request.category), request.category.rawValue, "category")
    let severity = reader.choice(
      ComplaintSeverity(request.severity), request.severity.rawValue, "severity")
    let channel = reader.choice(
      ComplaintChannel(request.channel), request.channel.rawValue, "channel", required: false)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let found = try OpenComplaint(
        orderNumber: request.orderNumber, line: Int(request.lineNumber),
        category: category ?? .other, severity: severity ?? .normal, channel: channel,
        text: request.text, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(complaint: .init(found))
    }
  }

  func assignComplaint(
    _ request: AftersalesV1.AssignComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.AssignComplaintResponse {
    try await commands.run(request, context) { tx, command in
      let found = try AssignComplaint(
        number: request.number, assignee: request.assignee, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(complaint: .init(found))
    }
  }

  func resolveComplaint(
    _ request: AftersalesV1.ResolveComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.ResolveComplaintResponse {
    try await commands.run(request, context) { tx, command in
      let found = try ResolveComplaint(
        number: request.number, resolution: request.resolution,
        documentNumber: request.documentNumber, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(complaint: .init(found))
    }
  }

  func reopenComplaint(
    _ request: AftersalesV1.ReopenComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.ReopenComplaintResponse {
    try await commands.run(request, context) { tx, command in
      let found = try ReopenComplaint(
        number: request.number, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(complaint: .init(found))
    }
  }

  func escalateComplaints(
    _ request: AftersalesV1.EscalateComplaintsRequest, context: CallContext
  ) async throws -> AftersalesV1.EscalateComplaintsResponse {
    try await commands.run(request, context) { tx, command in
      let found = try EscalateComplaints().run(in: tx, at: command.moment)
      return .init(complaints: found.map { .init($0) })
    }
  }

  func pauseComplaint(
    _ request: AftersalesV1.PauseComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.PauseComplaintResponse {
    var reader = RequestReader()
    let reason = reader.choice(
      ComplaintPause.Reason(request.reason), request.reason.rawValue, "reason")
    let until = reader.day(request.until, "until")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let found = try PauseComplaint(
        number: request.number, reason: reason ?? .customer, note: request.note, until: until,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(complaint: try .init(found, at: command.moment, in: tx))
    }
  }

  func resumeComplaint(
    _ request: AftersalesV1.ResumeComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.ResumeComplaintResponse {
    try await commands.run(request, context) { tx, command in
      let found = try ResumeComplaint(number: request.number, by: command.caller.name)
        .run(in: tx, at: command.moment)
      return .init(complaint: try .init(found, at: command.moment, in: tx))
    }
  }

  func getComplaintPauseReport(
    _ request: AftersalesV1.GetComplaintPauseReportRequest, context: CallContext
  ) async throws -> AftersalesV1.GetComplaintPauseReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.from, "from")
    let until = reader.day(request.until, "until")
    try FailureStatus.refusing { try reader.check() }
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let rows = try ComplaintPauses.report(from: from, until: until, at: now, in: snapshot)
      return .init(
        rows: rows.map { row in
          .init(
            reason: row.reason.message, pauses: row.pauses, complaints: row.complaints,
            heldSeconds: row.heldSeconds, longestSeconds: row.longestSeconds)
        })
    }
  }

  func getComplaintReport(
    _ request: AftersalesV1.GetComplaintReportRequest, context: CallContext
  ) async throws -> AftersalesV1.GetComplaintReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.from, "from")
    let until = reader.day(request.until, "until")
    let dimensions = request.dimensions.enumerated().compactMap { index, dimension in
      reader.choice(
        ComplaintReport.Dimension(dimension), dimension.rawValue, "dimensions[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let rows = try ComplaintReport.rows(
        from: from, until: until, by: Set(dimensions), at: now, in: snapshot)
      return .init(
        rows: rows.map { row in
          .init(
            channel: row.channel?.message ?? .unspecified,
            category: row.category?.message ?? .unspecified,
            severity: row.severity?.message ?? .unspecified, complaints: row.complaints,
            unresolved: row.unresolved, escalated: row.escalated,
            meanResolveSeconds: row.meanResolveSeconds)
        })
    }
  }

  func getComplaint(
    _ request: AftersalesV1.GetComplaintRequest, context: CallContext
  ) async throws -> AftersalesV1.GetComplaintResponse {
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let found = try Complaints.require(number: request.number, in: snapshot)
      return .init(
        complaint: try .init(found, at: now, in: snapshot),
        findings: try DefectFindings.of(found, in: snapshot).map { .init($0) })
    }
  }

  func listComplaints(
    _ request: AftersalesV1.ListComplaintsRequest, context: CallContext
  ) async throws -> AftersalesV1.ListComplaintsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      ComplaintState(request.state), request.state.rawValue, "state", required: false)
    let category = reader.choice(
      ComplaintCategory(request.category), request.category.rawValue, "category",
      required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "complaints", request.orderNumber, state?.rawValue ?? "", category?.rawValue ?? "",
      ])
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let found = try Complaints.list(
        order: order, state: state, category: category, before: page.row(0).map { ID($0) },
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(complaints: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func recordSatisfaction(
    _ request: AftersalesV1.RecordSatisfactionRequest, context: CallContext
  ) async throws -> AftersalesV1.RecordSatisfactionResponse {
    try await commands.run(request, context) { tx, command in
      let order = try RecordSatisfaction(
        shipmentNumber: request.shipmentNumber, score: Int(request.score), text: request.text,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(orderNumber: order)
    }
  }

  func getSatisfactionReport(
    _ request: AftersalesV1.GetSatisfactionReportRequest, context: CallContext
  ) async throws -> AftersalesV1.GetSatisfactionReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.from, "from")
    let until = reader.day(request.until, "until")
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let rows = try Satisfactions.report(from: from, until: until, on: today, in: snapshot)
      return .init(
        rows: try rows.map { row in
          .init(
            month: GoogleType.Date(row.month), storeCode: row.storeCode,
            satisfaction: try .init(row.satisfaction))
        }, total: rows.isEmpty ? nil : try .init(Satisfaction(sumOf: rows.map(\.satisfaction))))
    }
  }
}
