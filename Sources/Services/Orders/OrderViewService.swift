internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about saved searches.
struct OrderViewService: OrdersV1.OrderViewService {
  let commands: CommandLog
  let questions: Questions

  func saveOrderView(
    _ request: OrdersV1.SaveOrderViewRequest, context: CallContext
  ) async throws -> OrdersV1.SaveOrderViewResponse {
    let filters = request.filters ?? .init()
    var reader = RequestReader()
    if filters.pageSize != 0 { reader.refuse(.notBoth("filters.page_size", and: "name")) }
    if !filters.pageToken.isEmpty {
      reader.refuse(.notBoth("filters.page_token", and: "name"))
    }
    if !filters.view.isEmpty { reader.refuse(.notBoth("filters.view", and: "name")) }
    try FailureStatus.refusing { try reader.check() }
    let filter = try SalesOrders.Filter(filters, path: "filters.")
    return try await commands.run(request, context) { tx, command in
      let view = try SaveOrderView(
        name: request.name, filter: filter, sharedRole: request.shareWithRole,
        by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(view: .init(view))
    }
  }

  func deleteOrderView(
    _ request: OrdersV1.DeleteOrderViewRequest, context: CallContext
  ) async throws -> OrdersV1.DeleteOrderViewResponse {
    try await commands.run(request, context) { tx, command in
      try DeleteOrderView(name: request.name, by: command.caller.name)
        .run(in: tx, at: command.moment)
      return .init()
    }
  }

  func listOrderViews(
    _ request: OrdersV1.ListOrderViewsRequest, context: CallContext
  ) async throws -> OrdersV1.ListOrderViewsResponse {
    let caller = try CallerMetadata.caller(context)
    return try await questions.ask(context) { snapshot in
      let views = try OrderViews.list(for: caller.name, roles: caller.roles, in: snapshot)
      return .init(views: views.map { .init($0) })
    }
  }
}

extension OrdersV1.OrderView {
  fileprivate init(_ view: OrderView) {
    self.init(
      name: view.name, owner: view.owner, sharedWithRole: view.sharedRole ?? "",
      filters: view.filter.message, savedAt: GoogleProtobuf.Timestamp(view.savedAt))
  }
}
