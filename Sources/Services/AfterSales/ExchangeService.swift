internal import Identity
internal import Inventory
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verb and questions about goods that are exchanged.
struct ExchangeService: AftersalesV1.ExchangeService {
  let commands: CommandLog
  let questions: Questions

  func createExchange(
    _ request: AftersalesV1.CreateExchangeRequest, context: CallContext
  ) async throws -> AftersalesV1.CreateExchangeResponse {
    var reader = RequestReader()
    let wanted = request.order ?? AftersalesV1.ExchangeOrderInput()
    let requestedOn = reader.day(wanted.requestedOn, "order.requested_on")
    let shortage = reader.choice(
      ShortageRule(wanted.shortageRule), wanted.shortageRule.rawValue, "order.shortage_rule")
    let lines = wanted.lines.enumerated().map { index, line in
      OrderDraft.Line(line, &reader, "order.lines[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try CreateExchange(
        orderNumber: request.orderNumber, returned: request.lines.map { .init($0) },
        note: request.note, wanted: lines, requestedOn: requestedOn,
        shortage: shortage ?? .wait, isCollected: wanted.collected, by: command.caller.name,
        roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(
        exchange: try .init(done.exchange, in: tx),
        customerReturn: try .init(done.customerReturn, in: tx),
        order: OrdersV1.Order(done.order))
    }
  }

  func getExchange(
    _ request: AftersalesV1.GetExchangeRequest, context: CallContext
  ) async throws -> AftersalesV1.GetExchangeResponse {
    try await questions.ask(context) { snapshot in
      let found = try Exchanges.require(number: request.number, in: snapshot)
      return .init(exchange: try .init(found, in: snapshot))
    }
  }

  func listExchanges(
    _ request: AftersalesV1.ListExchangesRequest, context: CallContext
  ) async throws -> AftersalesV1.ListExchangesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["exchanges", request.orderNumber])
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let found = try Exchanges.list(
        order: order, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(
        exchanges: try rows.map { try .init($0, in: snapshot) }, nextPageToken: next)
    }
  }
}

extension ReturnRequestLine {
  init(_ line: AftersalesV1.ReturnLineInput) {
    self.init(
      line: Int(line.lineNumber), quantity: GivenQuantity(line.quantity),
      reasonCode: line.reasonCode)
  }
}

extension AftersalesV1.Exchange {
  fileprivate init(_ exchange: Exchange, in snapshot: Snapshot) throws {
    let balance = try Exchanges.balance(of: exchange, in: snapshot)
    self.init(
      number: exchange.number, state: exchange.state.message,
      originOrderNumber: exchange.originNumber, returnNumber: exchange.returnNumber,
      returnState: exchange.returnState.message, orderNumber: exchange.orderNumber,
      orderState: exchange.orderState.message, credited: TypeV1.Money(balance.credited),
      fee: TypeV1.Money(balance.fee), ordered: TypeV1.Money(balance.ordered),
      difference: TypeV1.Money(try balance.difference()), carried: TypeV1.Money(exchange.carried),
      toPay: TypeV1.Money(balance.toPay), toRefund: TypeV1.Money(balance.toRefund),
      requestedBy: exchange.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(exchange.requestedAt))
  }
}

extension ExchangeState {
  fileprivate var message: AftersalesV1.ExchangeState {
    switch self {
    case .open: .open
    case .settled: .settled
    case .ended: .ended
    }
  }
}
