internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about blanket orders.
struct BlanketService: OrdersV1.BlanketService {
  let commands: CommandLog
  let questions: Questions

  /// Call-offs that one answer names.
  private static let orderLimit = 500

  func createBlanket(
    _ request: OrdersV1.CreateBlanketRequest, context: CallContext
  ) async throws -> OrdersV1.CreateBlanketResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let until = reader.requiredDay(request.validUntil, "valid_until")
    let channel = reader.choice(
      Channel(request.channel), request.channel.rawValue, "channel", required: false)
    try FailureStatus.refusing { try reader.check() }
    let lines = request.lines.map {
      CreateBlanket.Line(sku: $0.sku, quantity: GivenQuantity($0.quantity))
    }
    return try await commands.run(request, context) { tx, command in
      let blanket = try CreateBlanket(
        customerCode: request.customerCode, lines: lines, validFrom: from, validUntil: until,
        channel: channel, note: request.note, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(blanket: .init(blanket, command.moment.day))
    }
  }

  func closeBlanket(
    _ request: OrdersV1.CloseBlanketRequest, context: CallContext
  ) async throws -> OrdersV1.CloseBlanketResponse {
    try await commands.run(request, context) { tx, command in
      let verb = CloseBlanket(
        number: request.number, expectedVersion: request.expectedVersion, reason: request.reason,
        by: command.caller.name)
      let blanket = try verb.run(in: tx, at: command.moment)
      let orders = try Blankets.orders(of: blanket, limit: Self.orderLimit, in: tx)
      let deliveries = try Blankets.deliveries(of: blanket, in: tx)
      return .init(blanket: .init(blanket, command.moment.day, orders: orders, deliveries))
    }
  }

  func scheduleDeliveries(
    _ request: OrdersV1.ScheduleDeliveriesRequest, context: CallContext
  ) async throws -> OrdersV1.ScheduleDeliveriesResponse {
    var reader = RequestReader()
    let channel = reader.choice(Channel(request.channel), request.channel.rawValue, "channel")
    let deliveries = request.deliveries.enumerated().map { index, delivery in
      ScheduleDeliveries.Delivery(
        dueOn: reader.requiredDay(delivery.dueOn, "deliveries[\(index)].due_on"),
        parts: delivery.quantities.map {
          CreateBlanket.Line(sku: $0.sku, quantity: GivenQuantity($0.quantity))
        })
    }
    try FailureStatus.refusing { try reader.check() }
    let terms = ScheduleTerms(
      channel: channel ?? .store, warehouseCode: request.warehouseCode,
      addressID: request.addressId == 0 ? nil : ID(request.addressId))
    return try await commands.run(request, context) { tx, command in
      let verb = ScheduleDeliveries(
        number: request.number, expectedVersion: request.expectedVersion, deliveries: deliveries,
        terms: terms, reason: request.reason, by: command.caller.name)
      let done = try verb.run(in: tx, at: command.moment)
      let orders = try Blankets.orders(of: done.blanket, limit: Self.orderLimit, in: tx)
      let scheduled = try Blankets.deliveries(of: done.blanket, in: tx)
      return .init(
        blanket: .init(done.blanket, command.moment.day, orders: orders, scheduled),
        changes: done.changes.map { change in
          .init(
            dueOn: GoogleType.Date(change.dueOn), sku: change.sku,
            before: TypeV1.Quantity(change.before, change.unit),
            after: TypeV1.Quantity(change.after, change.unit))
        })
    }
  }

  func callOffDeliveries(
    _ request: OrdersV1.CallOffDeliveriesRequest, context: CallContext
  ) async throws -> OrdersV1.CallOffDeliveriesResponse {
    try await commands.run(request, context) { tx, command in
      let done = try CallOffDeliveries(
        number: request.number.isEmpty ? nil : request.number, daysAhead: Int(request.daysAhead),
        by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(
        callOffs: done.map { one in
          .init(
            blanketNumber: one.blanketNumber, dueOn: GoogleType.Date(one.dueOn),
            orderNumber: one.orderNumber ?? "", refusal: one.refusal ?? "", message: one.message)
        })
    }
  }

  func getBlanket(
    _ request: OrdersV1.GetBlanketRequest, context: CallContext
  ) async throws -> OrdersV1.GetBlanketResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let blanket = try Blankets.require(number: request.number, in: snapshot)
      let orders = try Blankets.orders(of: blanket, limit: Self.orderLimit, in: snapshot)
      let deliveries = try Blankets.deliveries(of: blanket, in: snapshot)
      return .init(blanket: .init(blanket, today, orders: orders, deliveries))
    }
  }

  func listBlankets(
    _ request: OrdersV1.ListBlanketsRequest, context: CallContext
  ) async throws -> OrdersV1.ListBlanketsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["blankets", request.customerCode])
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try Blankets.list(
        customerCode: request.customerCode.isEmpty ? nil : request.customerCode,
        before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(blankets: rows.map { .init($0, today) }, nextPageToken: next)
    }
  }
}

extension OrdersV1.Blanket {
  /// As it stands on a day.
  init(
    _ blanket: Blanket, _ day: Day, orders: [String] = [], _ deliveries: [ScheduledDelivery] = []
  ) {
    let state: OrdersV1.BlanketState =
      switch blanket.state(on: day) {
      case .upcoming: .upcoming
      case .active: .active
      case .expired: .expired
      case .closed: .closed
      }
    self.init(
      number: blanket.number, state: state, version: blanket.version,
      customerCode: blanket.customerCode, customerName: blanket.customerName,
      validFrom: GoogleType.Date(blanket.validFrom),
      validUntil: GoogleType.Date(blanket.validUntil), note: blanket.note,
      closeReason: blanket.closeReason ?? "", createdBy: blanket.createdBy,
      createTime: GoogleProtobuf.Timestamp(blanket.createdAt),
      lines: blanket.lines.map { line in
        .init(
          lineNumber: Int32(line.number), sku: line.sku, description: line.description,
          agreed: TypeV1.Quantity(line.agreed, line.unit),
          called: TypeV1.Quantity(line.called, line.unit),
          unitPrice: TypeV1.UnitPrice(line.unitPrice), taxIncluded: line.isTaxIncluded,
          priceExplanation: .init(line.priceExplanation))
      }, orderNumbers: orders, deliveries: deliveries.map { .init($0) })
  }
}

extension OrdersV1.ScheduledDelivery {
  fileprivate init(_ delivery: ScheduledDelivery) {
    self.init(
      dueOn: GoogleType.Date(delivery.dueOn),
      quantities: delivery.parts.map {
        .init(sku: $0.sku, quantity: TypeV1.Quantity($0.quantity, $0.unit))
      }, orderNumber: delivery.orderNumber ?? "",
      orderState: delivery.orderState?.message ?? .unspecified)
  }
}
