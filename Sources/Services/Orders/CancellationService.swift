internal import Finance
internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about what cancelling costs and gives
/// back. Cancelling itself is in OrderService.
struct CancellationService: OrdersV1.CancellationService {
  let commands: CommandLog
  let questions: Questions

  func setCancellationPolicy(
    _ request: OrdersV1.SetCancellationPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetCancellationPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let rules = request.rules.enumerated().map { index, rule in
      CancellationRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetCancellationPolicy(
        validFrom: from, earnestCap: request.earnestCapMicros.map { Rate(micros: $0) },
        rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getCancellationPolicy(
    _ request: OrdersV1.GetCancellationPolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetCancellationPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let policy =
        request.version == 0
        ? try CancellationPolicies.inForce(on: day ?? today, in: snapshot)
        : try CancellationPolicies.require(
          version: request.version, field: "version", in: snapshot)
      return .init(policy: .init(policy))
    }
  }

  func replaceCancelReasons(
    _ request: OrdersV1.ReplaceCancelReasonsRequest, context: CallContext
  ) async throws -> OrdersV1.ReplaceCancelReasonsResponse {
    var reader = RequestReader()
    let reasons = request.reasons.enumerated().map { index, reason in
      CancelReason(reason, &reader, field: "reasons[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceCancelReasons(reasons: reasons).run(in: tx, at: command.moment)
      return .init(reasons: stored.map { .init($0) })
    }
  }

  func listCancelReasons(
    _ request: OrdersV1.ListCancelReasonsRequest, context: CallContext
  ) async throws -> OrdersV1.ListCancelReasonsResponse {
    try await questions.ask(context) { snapshot in
      .init(reasons: try CancelReasons.list(in: snapshot).map { .init($0) })
    }
  }

  func listCancelRequests(
    _ request: OrdersV1.ListCancelRequestsRequest, context: CallContext
  ) async throws -> OrdersV1.ListCancelRequestsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["cancel requests"])
    return try await questions.ask(context) { snapshot in
      let found = try CancelRequests.list(
        after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(requests: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func approveCancellation(
    _ request: OrdersV1.ApproveCancellationRequest, context: CallContext
  ) async throws -> OrdersV1.ApproveCancellationResponse {
    try await commands.run(request, context) { tx, command in
      let done = try ApproveCancellation(
        number: request.orderNumber, expectedVersion: request.expectedVersion,
        comment: request.comment, by: command.caller.decider
      ).run(in: tx, at: command.moment)
      return .init(cancellation: .init(done, pending: done.missingApproval != nil))
    }
  }

  func rejectCancellation(
    _ request: OrdersV1.RejectCancellationRequest, context: CallContext
  ) async throws -> OrdersV1.RejectCancellationResponse {
    try await commands.run(request, context) { tx, command in
      let order = try RejectCancellation(
        number: request.orderNumber, reason: request.reason, by: command.caller.decider
      ).run(in: tx, at: command.moment)
      return .init(version: order.version)
    }
  }

  func listRefunds(
    _ request: OrdersV1.ListRefundsRequest, context: CallContext
  ) async throws -> OrdersV1.ListRefundsResponse {
    var reader = RequestReader()
    let state =
      reader.choice(
        OrderRefund.State(request.state), request.state.rawValue, "state", required: false)
      ?? .proposed
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["refunds", state.rawValue])
    return try await questions.ask(context) { snapshot in
      let found = try OrderRefunds.list(
        state, after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(refunds: try rows.map { try .init($0) }, nextPageToken: next)
    }
  }

  func proposeRefund(
    _ request: OrdersV1.ProposeRefundRequest, context: CallContext
  ) async throws -> OrdersV1.ProposeRefundResponse {
    try await commands.run(request, context) { tx, command in
      let refund = try ProposeRefund(
        number: request.orderNumber, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(refund: try .init(refund))
    }
  }

  func payRefund(
    _ request: OrdersV1.PayRefundRequest, context: CallContext
  ) async throws -> OrdersV1.PayRefundResponse {
    var reader = RequestReader()
    let choice = reader.choice(PaymentMethod(request.method), request.method.rawValue, "method")
    try FailureStatus.refusing { try reader.check() }
    guard let method = choice else {
      preconditionFailure("a method that passed its check is there")
    }
    return try await commands.run(request, context) { tx, command in
      let refund = try PayRefund(
        number: request.orderNumber, method: method, externalReference: request.externalReference,
        by: command.caller.name, standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(refund: try .init(refund))
    }
  }

  func declineRefund(
    _ request: OrdersV1.DeclineRefundRequest, context: CallContext
  ) async throws -> OrdersV1.DeclineRefundResponse {
    try await commands.run(request, context) { tx, command in
      let refund = try DeclineRefund(
        number: request.orderNumber, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(refund: try .init(refund))
    }
  }

  func getCancellationReport(
    _ request: OrdersV1.GetCancellationReportRequest, context: CallContext
  ) async throws -> OrdersV1.GetCancellationReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.cancelledFrom, "cancelled_from")
    let until = reader.day(request.cancelledUntil, "cancelled_until")
    let dimensions = request.dimensions.enumerated().compactMap { index, dimension in
      reader.choice(
        CancellationReport.Dimension(dimension), dimension.rawValue, "dimensions[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let report = try CancellationReport.of(
        from: from, until: until, by: Set(dimensions), on: today, in: snapshot)
      return .init(rows: report.rows.map { .init($0) })
    }
  }
}
