internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about changes that others must agree to.
struct ChangeService: OrdersV1.ChangeService {
  let commands: CommandLog
  let questions: Questions

  func requestOrderChange(
    _ request: OrdersV1.RequestOrderChangeRequest, context: CallContext
  ) async throws -> OrdersV1.RequestOrderChangeResponse {
    let change = try OrderChange(request.change)
    return try await commands.run(request, context) { tx, command in
      let asked = try RequestOrderChange(
        number: request.orderNumber, expectedVersion: request.expectedVersion, change,
        reason: request.reason, by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      guard request.preview.isEmpty || request.preview == asked.impact.token else {
        throw ChangeRejection.previewOutdated(order: asked.orderNumber)
      }
      return .init(request: .init(asked))
    }
  }

  func resubmitChangeRequest(
    _ request: OrdersV1.ResubmitChangeRequestRequest, context: CallContext
  ) async throws -> OrdersV1.ResubmitChangeRequestResponse {
    let change = try request.change.map { try OrderChange($0) }
    return try await commands.run(request, context) { tx, command in
      let asked = try ResubmitChangeRequest(
        order: request.orderNumber, number: Int(request.number),
        expectedVersion: request.expectedVersion, change, reason: request.reason,
        by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(request: .init(asked))
    }
  }

  func approveChangeRequest(
    _ request: OrdersV1.ApproveChangeRequestRequest, context: CallContext
  ) async throws -> OrdersV1.ApproveChangeRequestResponse {
    try await commands.run(request, context) { tx, command in
      let done = try ApproveChangeRequest(
        order: request.orderNumber, number: Int(request.number),
        expectedVersion: request.expectedVersion, comment: request.comment,
        kind: request.kind.isEmpty ? nil : request.kind, by: command.caller.decider
      ).run(in: tx, at: command.moment)
      return .init(
        request: .init(done.request), order: done.changed.map { OrdersV1.Order($0) })
    }
  }

  func rejectChangeRequest(
    _ request: OrdersV1.RejectChangeRequestRequest, context: CallContext
  ) async throws -> OrdersV1.RejectChangeRequestResponse {
    try await commands.run(request, context) { tx, command in
      let ended = try RefuseChangeRequest(
        order: request.orderNumber, number: Int(request.number),
        expectedVersion: request.expectedVersion, reason: request.reason,
        by: command.caller.decider
      ).run(in: tx, at: command.moment)
      return .init(request: .init(ended))
    }
  }

  func returnChangeRequest(
    _ request: OrdersV1.ReturnChangeRequestRequest, context: CallContext
  ) async throws -> OrdersV1.ReturnChangeRequestResponse {
    try await commands.run(request, context) { tx, command in
      let returned = try RefuseChangeRequest(
        order: request.orderNumber, number: Int(request.number),
        expectedVersion: request.expectedVersion, isReturn: true, reason: request.reason,
        by: command.caller.decider
      ).run(in: tx, at: command.moment)
      return .init(request: .init(returned))
    }
  }

  func withdrawChangeRequest(
    _ request: OrdersV1.WithdrawChangeRequestRequest, context: CallContext
  ) async throws -> OrdersV1.WithdrawChangeRequestResponse {
    try await commands.run(request, context) { tx, command in
      let ended = try WithdrawChangeRequest(
        order: request.orderNumber, number: Int(request.number),
        expectedVersion: request.expectedVersion, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(request: .init(ended))
    }
  }

  func getChangeRequest(
    _ request: OrdersV1.GetChangeRequestRequest, context: CallContext
  ) async throws -> OrdersV1.GetChangeRequestResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      return .init(
        request: .init(
          try ChangeRequests.require(Int(request.number), of: order, in: snapshot)))
    }
  }

  func listChangeRequests(
    _ request: OrdersV1.ListChangeRequestsRequest, context: CallContext
  ) async throws -> OrdersV1.ListChangeRequestsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      ChangeRequest.State(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "change requests", request.orderNumber, state?.rawValue ?? "", "\(request.mine)",
      ])
    let actor = try CallerMetadata.caller(context).name
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let filter = ChangeRequests.Filter(
        order: order?.id, state: state, requestedBy: request.mine ? actor : nil)
      let found = try ChangeRequests.list(
        filter, after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(requests: rows.map { .init(head: $0) }, nextPageToken: next)
    }
  }

  func setChangePolicy(
    _ request: OrdersV1.SetChangePolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetChangePolicyResponse {
    var reader = RequestReader()
    let rules = request.rules.enumerated().map { index, rule in
      ChangeRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetChangePolicy(
        rules: rules, expireHours: request.expireHours == 0 ? nil : Int(request.expireHours),
        slackDays: Int(request.slackDays), reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getChangePolicy(
    _ request: OrdersV1.GetChangePolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetChangePolicyResponse {
    try await questions.ask(context) { snapshot in
      .init(policy: .init(try ChangePolicies.current(in: snapshot)))
    }
  }
}

extension Caller {
  var decider: Decider { Decider(name, roles: roles, standingInFor: standsInFor) }
}
