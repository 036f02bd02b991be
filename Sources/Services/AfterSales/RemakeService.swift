internal import Identity
internal import Inventory
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verb and questions about what is made again.
struct RemakeService: AftersalesV1.RemakeService {
  let commands: CommandLog
  let questions: Questions

  func createRemake(
    _ request: AftersalesV1.CreateRemakeRequest, context: CallContext
  ) async throws -> AftersalesV1.CreateRemakeResponse {
    try await commands.run(request, context) { tx, command in
      let done = try CreateRemake(
        orderNumber: request.orderNumber, line: Int(request.lineNumber),
        quantity: GivenQuantity(request.quantity), reasonCode: request.reasonCode,
        sku: request.sku, component: request.component, by: command.caller.name,
        roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(remake: .init(done.remake), warranty: .init(done.warranty))
    }
  }

  func listRemakes(
    _ request: AftersalesV1.ListRemakesRequest, context: CallContext
  ) async throws -> AftersalesV1.ListRemakesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["remakes", request.orderNumber])
    return try await questions.ask(context) { snapshot in
      let before = page.row(0).map { ID<Remake>($0) }
      let found: [Remake]
      if request.orderNumber.isEmpty {
        found = try Remakes.list(before: before, limit: page.limit, in: snapshot)
      } else {
        let order = try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
        found = try Remakes.of(order, before: before, limit: page.limit, in: snapshot)
      }
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(remakes: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension AftersalesV1.Remake {
  fileprivate init(_ remake: Remake) {
    self.init(
      orderNumber: remake.orderNumber, state: remake.state.message,
      originOrderNumber: remake.originNumber, originLineNumber: Int32(remake.originLine),
      sku: remake.sku, quantity: TypeV1.Quantity(remake.quantity, remake.unit),
      component: remake.component, reasonCode: remake.reasonCode,
      responsible: remake.responsible.message, free: remake.isFree,
      gross: TypeV1.Money(remake.gross), cost: TypeV1.Money(remake.cost),
      requestedBy: remake.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(remake.requestedAt), explanation: remake.words)
  }
}
