internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

// What becomes of an order that was placed: changes and their versions, holds, and what can be
// done with it.
extension OrderService {
  func changeOrder(
    _ request: OrdersV1.ChangeOrderRequest, context: CallContext
  ) async throws -> OrdersV1.ChangeOrderResponse {
    let change = try OrderChange(request.change)
    return try await commands.run(request, context) { tx, command in
      let done = try ChangeOrder(
        number: request.number, expectedVersion: request.expectedVersion, change,
        reason: request.reason, by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor, isPreview: command.isRehearsal
      ).run(in: tx, at: command.moment)
      let preview = done.impact.token
      guard request.preview.isEmpty || request.preview == preview else {
        throw ChangeRejection.previewOutdated(order: done.order.number)
      }
      return .init(
        order: OrdersV1.Order(done.order), impact: OrdersV1.ChangeImpact(done.impact),
        preview: preview, holds: try Self.holds(of: done.order, in: tx))
    }
  }

  func listOrderVersions(
    _ request: OrdersV1.ListOrderVersionsRequest, context: CallContext
  ) async throws -> OrdersV1.ListOrderVersionsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["versions", request.number])
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: request.number, in: snapshot)
      let found = try OrderVersions.list(
        of: order, after: page.row(0), limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.version)"] }
      return .init(versions: rows.map { OrdersV1.OrderVersion($0) }, nextPageToken: next)
    }
  }

  func getOrderVersion(
    _ request: OrdersV1.GetOrderVersionRequest, context: CallContext
  ) async throws -> OrdersV1.GetOrderVersionResponse {
    var reader = RequestReader()
    let time = reader.instant(request.asOf, "as_of")
    if time != nil, request.version != 0 { reader.refuse(.notBoth("as_of", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: request.number, in: snapshot)
      let number = try time.map {
        try OrderVersions.version(at: $0, of: order, field: "as_of", in: snapshot)
      }
      let version = try OrderVersions.require(
        number ?? request.version, of: order, field: "version", in: snapshot)
      return .init(version: OrdersV1.OrderVersion(version))
    }
  }

  func diffOrderVersions(
    _ request: OrdersV1.DiffOrderVersionsRequest, context: CallContext
  ) async throws -> OrdersV1.DiffOrderVersionsResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: request.number, in: snapshot)
      let earlier = try OrderVersions.require(
        request.fromVersion, of: order, field: "from_version", in: snapshot)
      let later = try OrderVersions.require(
        request.toVersion, of: order, field: "to_version", in: snapshot)
      return .init(
        differences: earlier.differences(to: later).map { OrdersV1.OrderDifference($0) })
    }
  }

  func holdOrder(
    _ request: OrdersV1.HoldOrderRequest, context: CallContext
  ) async throws -> OrdersV1.HoldOrderResponse {
    let kind = try Self.kind(of: request.kind)
    return try await commands.run(request, context) { tx, command in
      let order = try HoldOrder(
        number: request.number, expectedVersion: request.expectedVersion, kind: kind,
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(holds: try Self.holds(of: order, in: tx), version: order.version)
    }
  }

  func releaseOrderHold(
    _ request: OrdersV1.ReleaseOrderHoldRequest, context: CallContext
  ) async throws -> OrdersV1.ReleaseOrderHoldResponse {
    let kind = try Self.kind(of: request.kind)
    return try await commands.run(request, context) { tx, command in
      let order = try ReleaseOrderHold(
        number: request.number, expectedVersion: request.expectedVersion, kind: kind,
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(holds: try Self.holds(of: order, in: tx), version: order.version)
    }
  }

  private static func kind(of message: OrdersV1.OrderHoldKind) throws -> OrderHoldKind {
    var reader = RequestReader()
    let kind = reader.choice(OrderHoldKind(message), message.rawValue, "kind")
    try FailureStatus.refusing { try reader.check() }
    guard let kind else { preconditionFailure("a kind that passed its check is there") }
    return kind
  }

  static func holds(
    of order: SalesOrder, in snapshot: Snapshot
  ) throws -> [OrdersV1.OrderHold] {
    try OrderHolds.list(of: order, in: snapshot).map { OrdersV1.OrderHold($0) }
  }

  func getAllowedActions(
    _ request: OrdersV1.GetAllowedActionsRequest, context: CallContext
  ) async throws -> OrdersV1.GetAllowedActionsResponse {
    let caller = try CallerMetadata.caller(context)
    let mayChange = context.holds(OrdersV1.OrderServiceMethods.changeOrder.permission)
    let mayAsk = context.holds(OrdersV1.ChangeServiceMethods.requestOrderChange.permission)
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: request.number, in: snapshot)
      let standing = try OrderStages.standing(of: order, in: snapshot)
      let stage = try ChangeStage(of: order, in: snapshot)
      let actions = try OrderAction.allCases.map { action in
        let found = try obstacles(to: action, order, caller, context, in: snapshot)
        return OrdersV1.AllowedAction(
          action: action.message, allowed: found.isEmpty,
          obstacles: found.map { .init(reason: $0.reason, text: $0.message) })
      }
      return .init(
        actions: actions,
        changes: ChangeKind.allCases.map { kind in
          OrdersV1.ChangeRight(
            kind, ChangeMatrix.right(kind, at: stage), roles: caller.roles, mayChange: mayChange,
            mayRequest: mayAsk && (order.state == .confirmed || order.state == .partlyShipped))
        }, holds: try Self.holds(of: order, in: snapshot), version: order.version,
        standing: .init(standing, at: now), nextStages: standing.stage.nextInOrder.map(\.message))
    }
  }

  /// What the command would answer the caller with: that it may not call it, that the order is not
  /// there for it, or what the verb refuses.
  private func obstacles(
    to action: OrderAction, _ order: SalesOrder, _ caller: Caller, _ context: CallContext,
    in snapshot: Snapshot
  ) throws -> [any Rejection] {
    let permission = action.method.permission
    guard context.holds(permission) else {
      return [
        IdentityRejection.permissionMissing(
          method: action.method.fullName, permission: permission)
      ]
    }
    let scope = snapshot.scope
    defer { snapshot.scope = scope }
    snapshot.scope = context.scope(for: permission)
    do { _ = try SalesOrders.require(number: order.number, in: snapshot) } catch let hidden
      as any Rejection
    { return [hidden] }
    return try order.obstacles(
      toAllOf: action, by: caller.name, roles: caller.roles, standingInFor: caller.standsInFor,
      on: commands.clock.moment().day, in: snapshot)
  }
}

extension CallContext {
  /// Whether the caller has a permission; who is believed has all.
  fileprivate func holds(_ permission: String) -> Bool {
    self[Authentication.Key.self]?.permissions.contains(permission) ?? true
  }
}
