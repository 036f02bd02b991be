internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions of Orders. Its shipments, billing and
/// approval rules are in the files beside.
struct OrderService: OrdersV1.OrderService {
  let commands: CommandLog
  let questions: Questions

  func createOrder(
    _ request: OrdersV1.CreateOrderRequest, context: CallContext
  ) async throws -> OrdersV1.CreateOrderResponse {
    let draft = try OrderDraft(request.order)
    return try await commands.run(request, context) { tx, command in
      let verb = CreateOrder(draft, by: command.caller.name)
      return .init(order: OrdersV1.Order(try verb.run(in: tx, at: command.moment)))
    }
  }

  func submitOrder(
    _ request: OrdersV1.SubmitOrderRequest, context: CallContext
  ) async throws -> OrdersV1.SubmitOrderResponse {
    try await commands.run(request, context) { tx, command in
      let verb = SubmitOrder(
        number: request.number, expectedVersion: request.expectedVersion,
        by: command.caller.name, roles: command.caller.roles)
      let order = try verb.run(in: tx, at: command.moment)
      return .init(order: OrdersV1.Order(order), holds: try Self.holds(of: order, in: tx))
    }
  }

  func approveOrder(
    _ request: OrdersV1.ApproveOrderRequest, context: CallContext
  ) async throws -> OrdersV1.ApproveOrderResponse {
    try await commands.run(request, context) { tx, command in
      let verb = ApproveOrder(
        number: request.number, expectedVersion: request.expectedVersion,
        comment: request.comment, kind: request.kind.isEmpty ? nil : request.kind,
        by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor)
      return .init(order: OrdersV1.Order(try verb.run(in: tx, at: command.moment)))
    }
  }

  func rejectOrder(
    _ request: OrdersV1.RejectOrderRequest, context: CallContext
  ) async throws -> OrdersV1.RejectOrderResponse {
    try await commands.run(request, context) { tx, command in
      let verb = RejectOrder(
        number: request.number, expectedVersion: request.expectedVersion,
        reason: request.reason, by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor)
      return .init(order: OrdersV1.Order(try verb.run(in: tx, at: command.moment)))
    }
  }

  func confirmOrder(
    _ request: OrdersV1.ConfirmOrderRequest, context: CallContext
  ) async throws -> OrdersV1.ConfirmOrderResponse {
    let verb = ConfirmOrder(
      number: request.number, expectedVersion: request.expectedVersion)
    return try await commands.run(request, context) { tx, command in
      .init(order: OrdersV1.Order(try verb.run(in: tx, at: command.moment)))
    }
  }

  func placeOrder(
    _ request: OrdersV1.PlaceOrderRequest, context: CallContext
  ) async throws -> OrdersV1.PlaceOrderResponse {
    let caller = try CallerMetadata.caller(context)
    let verb = PlaceOrder(
      try OrderDraft(request.order), by: caller.name, roles: caller.roles)
    return try await commands.run(
      request, context, preparing: { try verb.submission(at: $1, in: $0) }
    ) {
      tx, command, submission in
      let order = try verb.run(submission, in: tx, at: command.moment)
      return .init(
        order: OrdersV1.Order(order),
        holds: submission.mayHold ? try Self.holds(of: order, in: tx) : [])
    }
  }

  func cancelOrder(
    _ request: OrdersV1.CancelOrderRequest, context: CallContext
  ) async throws -> OrdersV1.CancelOrderResponse {
    var reader = RequestReader()
    let isGiven = request.reasonCode.isEmpty || request.reason != .unspecified
    let kind = reader.choice(
      request.reason.code, request.reason.rawValue, "reason", required: isGiven)
    if kind != nil, !request.reasonCode.isEmpty {
      reader.refuse(.notBoth("reason", and: "reason_code"))
    }
    for (name, isGiven) in [
      ("quantities", !request.quantities.isEmpty), ("schedules", !request.schedules.isEmpty),
    ] where isGiven && !request.lineNumbers.isEmpty {
      reader.refuse(.notBoth(name, and: "line_numbers"))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try CancelOrder(
        number: request.number, expectedVersion: request.expectedVersion,
        reason: kind ?? request.reasonCode, comment: request.comment,
        lines: request.lineNumbers.map(Int.init),
        quantities: request.quantities.map { LineQuantity($0) },
        schedules: request.schedules.map { ScheduleQuantity($0) }, by: command.caller.name,
        roles: command.caller.roles, standingInFor: command.caller.standsInFor,
        isPreview: command.isRehearsal
      ).run(in: tx, at: command.moment)
      let reply = OrdersV1.CancelOrderResponse(
        done, pending: done.missingApproval != nil && !command.isRehearsal)
      guard request.preview.isEmpty || request.preview == reply.preview else {
        throw CancellationRejection.previewOutdated(order: done.order.number)
      }
      return reply
    }
  }

  func getOrder(
    _ request: OrdersV1.GetOrderRequest, context: CallContext
  ) async throws -> OrdersV1.GetOrderResponse {
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      var order = try SalesOrders.require(number: request.number, in: snapshot)
      if order.state != .draft, order.state != .submitted {
        try order.loadPromises(in: snapshot)
      }
      let asked = try order.state.isPromised ? ChangeRequests.open(of: order, in: snapshot) : nil
      return .init(
        order: OrdersV1.Order(order),
        changeRequest: asked.map { OrdersV1.OpenChangeRequest($0) },
        standing: .init(try OrderStages.standing(of: order, in: snapshot), at: now))
    }
  }

  func listOrders(
    _ request: OrdersV1.ListOrdersRequest, context: CallContext
  ) async throws -> OrdersV1.ListOrdersResponse {
    let asked = try SalesOrders.Filter(request)
    let caller = request.view.isEmpty ? nil : try CallerMetadata.caller(context)
    let today = commands.clock.moment().day
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2, question: ["orders", "\(asked)", request.view])
    return try await questions.ask(context) { snapshot in
      var filter = asked
      if let caller {
        let view = try OrderViews.require(
          name: request.view, for: caller.name, roles: caller.roles, in: snapshot)
        filter = asked.completed(by: view.filter)
      }
      var after: SalesOrders.Key?
      if let day = page.row(0), let id = page.row(1) {
        after = SalesOrders.Key(
          createdOn: Day(daysSinceEpoch: Int32(truncatingIfNeeded: day)), id: ID(id))
      }
      let found = try SalesOrders.list(
        filter.dated(on: today), after: after, limit: page.size, in: snapshot)
      return .init(
        orders: found.orders.map { OrdersV1.OrderSummary($0) },
        nextPageToken: page.token(
          after: found.next.map { [String($0.createdOn.daysSinceEpoch), String($0.id.value)] }))
    }
  }

  func getDeliveryAddress(
    _ request: OrdersV1.GetDeliveryAddressRequest, context: CallContext
  ) async throws -> OrdersV1.GetDeliveryAddressResponse {
    try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: request.number, in: snapshot)
      return .init(
        delivery: order.delivery.map { OrdersV1.Delivery($0) },
        address: order.delivery?.address.map { OrdersV1.DeliveryAddress($0) },
        invoiceSendTo: order.instructions?.invoice?.sendTo ?? "",
        places: order.places.map { place in
          .init(
            delivery: OrdersV1.Delivery(place),
            address: place.address.map { OrdersV1.DeliveryAddress($0) })
        })
    }
  }

  func getOrderTimeline(
    _ request: OrdersV1.GetOrderTimelineRequest, context: CallContext
  ) async throws -> OrdersV1.GetOrderTimelineResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2, question: ["timeline", request.number],
      ifAbsent: 500)
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(number: request.number, in: snapshot)
      let found = try EventTable.timeline(
        of: order.number,
        after: EventPosition(sequence: page.row(0) ?? 0, ordinal: page.row(1) ?? 0),
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.sequence)", "\($0.ordinal)"] }
      return .init(
        events: rows.map { EventsV1.Event($0) }, nextPageToken: next,
        standing: .init(try OrderStages.standing(of: order, in: snapshot), at: now))
    }
  }
}
