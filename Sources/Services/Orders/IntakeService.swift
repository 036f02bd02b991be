internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: what orders are checked for, and how many come in at once.
struct IntakeService: OrdersV1.IntakeService {
  let commands: CommandLog
  let questions: Questions
  let authentication: Authentication

  func setValidationPolicy(
    _ request: OrdersV1.SetValidationPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetValidationPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let rules = request.rules.enumerated().compactMap { index, rule in
      ValidationRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetValidationPolicy(
        validFrom: from, rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getValidationPolicy(
    _ request: OrdersV1.GetValidationPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetValidationPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let policy =
        request.version == 0
        ? try ValidationPolicies.inForce(on: day ?? today, in: snapshot)
        : try ValidationPolicies.require(
          version: request.version, field: "version", in: snapshot)
      return .init(policy: .init(policy))
    }
  }

  func importOrders(
    _ requests: RequestStream<OrdersV1.ImportOrdersRequest>,
    writer: ResponseWriter<OrdersV1.ImportOrdersResponse>, context: CallContext
  ) async throws {
    let commands = commands
    try await authentication.whileAdmitted(context) {
      try await OrderImport(commands: commands, context: context, writer: writer).run(requests)
    }
  }

  func editOrders(
    _ request: OrdersV1.EditOrdersRequest, context: CallContext
  ) async throws -> OrdersV1.EditOrdersResponse {
    let isAllOrNothing = try check(request)
    let edits = request.edits.map { OrderEdit($0) }
    return try await commands.run(request, context) { tx, command in
      let outcomes = try EditOrders(
        edits, isAllOrNothing: isAllOrNothing, source: request.source, by: command.caller.name,
        roles: command.caller.roles, standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment, refusals: RejectionStatus.refusals)
      var reply = OrdersV1.EditOrdersResponse()
      for (edit, outcome) in zip(request.edits, outcomes) {
        reply.add(OrdersV1.OrderEditVerdict(outcome, of: edit))
      }
      return reply
    }
  }

  /// Whether it is all or nothing.
  private func check(_ request: OrdersV1.EditOrdersRequest) throws -> Bool {
    var reader = RequestReader()
    let isAllOrNothing: Bool? =
      switch request.mode {
      case .atomic: true
      case .bestEffort: false
      case .unspecified, .unrecognized: nil
      }
    let mode = reader.choice(isAllOrNothing, request.mode.rawValue, "mode")
    _ = reader.text(request.source, "source", 1...100)
    _ = reader.count(request.edits.count, "edits", 1...EditOrders.limit)
    for (index, edit) in request.edits.prefix(EditOrders.limit).enumerated()
    where edit.expectedVersion < 1 {
      reader.refuse(.outOfRange("edits[\(index)].expected_version", allowed: "1 or more"))
    }
    try FailureStatus.refusing { try reader.check() }
    return mode == true
  }

  func getFindingReport(
    _ request: OrdersV1.GetFindingReportRequest, context: CallContext
  ) async throws -> OrdersV1.GetFindingReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.foundFrom, "found_from")
    let until = reader.day(request.foundUntil, "found_until")
    let dimensions = request.dimensions.enumerated().compactMap { index, dimension in
      reader.choice(
        FindingReport.Dimension(dimension), dimension.rawValue, "dimensions[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let report = try FindingReport.of(
        from: from, until: until, by: Set(dimensions), on: today, in: snapshot)
      return .init(rows: report.rows.map { .init($0) })
    }
  }

  func listFindings(
    _ request: OrdersV1.ListFindingsRequest, context: CallContext
  ) async throws -> OrdersV1.ListFindingsResponse {
    var reader = RequestReader()
    let channel = reader.choice(
      Channel(request.channel), request.channel.rawValue, "channel", required: false)
    try FailureStatus.refusing { try reader.check() }
    let filter = OrderFindings.Filter(
      cause: reader.optional(request.cause), channel: channel,
      source: reader.optional(request.source))
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["findings", "\(filter)"])
    return try await questions.ask(context) { snapshot in
      let found = try OrderFindings.list(
        filter, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(findings: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}
