internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about approvals and their due times.
struct ApprovalService: OrdersV1.ApprovalService {
  let commands: CommandLog
  let questions: Questions

  func listApprovals(
    _ request: OrdersV1.ListApprovalsRequest, context: CallContext
  ) async throws -> OrdersV1.ListApprovalsResponse {
    var roles: Set<String>?
    if request.mine { roles = try CallerMetadata.caller(context).roles }
    if !request.role.isEmpty { roles = (roles ?? [request.role]).intersection([request.role]) }
    let filter = PendingApprovals.Filter(roles: roles, isOverdue: request.overdue)
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["approvals", request.role, "\(request.mine) \(request.overdue)"])
    let now = commands.clock.moment().instant
    return try await questions.ask(context) { snapshot in
      let found = try PendingApprovals.list(
        filter, after: page.row(0).map { ID($0) }, at: now, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.step.id.value)"] }
      return .init(approvals: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func getApprovals(
    _ request: OrdersV1.GetApprovalsRequest, context: CallContext
  ) async throws -> OrdersV1.GetApprovalsResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      return .init(
        approval: .init(order.approval),
        steps: try PendingApprovals.history(of: order, in: snapshot).map { .init($0) })
    }
  }

  func returnOrder(
    _ request: OrdersV1.ReturnOrderRequest, context: CallContext
  ) async throws -> OrdersV1.ReturnOrderResponse {
    try await commands.run(request, context) { tx, command in
      let verb = ReturnOrder(
        number: request.number, expectedVersion: request.expectedVersion, reason: request.reason,
        by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor)
      return .init(order: OrdersV1.Order(try verb.run(in: tx, at: command.moment)))
    }
  }

  func sweepApprovals(
    _ request: OrdersV1.SweepApprovalsRequest, context: CallContext
  ) async throws -> OrdersV1.SweepApprovalsResponse {
    try await commands.run(request, context) { tx, command in
      let done = try SweepApprovals().run(in: tx, at: command.moment)
      return .init(
        reminded: Int32(done.reminded), escalated: Int32(done.escalated), more: done.hasMore,
        expired: Int32(done.expired), stale: Int32(done.stale))
    }
  }

  func setBusinessHours(
    _ request: OrdersV1.SetBusinessHoursRequest, context: CallContext
  ) async throws -> OrdersV1.SetBusinessHoursResponse {
    var reader = RequestReader()
    let week = request.week.map { day in
      (weekday: Int(day.weekday), opening: BusinessHours.Opening(day.hours ?? .init()))
    }
    let special = request.specialDays.enumerated().map { index, day in
      BusinessHours.Special(
        day: reader.requiredDay(day.day, "special_days[\(index)].day"),
        opening: day.hours.map { .init($0) }, name: day.name)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let hours = try SetBusinessHours(week: week, special: special)
        .run(in: tx, at: command.moment)
      return .init(week: hours.weekMessages, specialDays: hours.specialMessages)
    }
  }

  func getBusinessHours(
    _ request: OrdersV1.GetBusinessHoursRequest, context: CallContext
  ) async throws -> OrdersV1.GetBusinessHoursResponse {
    try await questions.ask(context) { snapshot in
      let hours = try BusinessHours.current(in: snapshot)
      return .init(week: hours.weekMessages, specialDays: hours.specialMessages)
    }
  }
}
