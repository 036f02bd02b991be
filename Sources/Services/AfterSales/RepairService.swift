internal import Identity
internal import Inventory
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verb and question about repairs.
struct RepairService: AftersalesV1.RepairService {
  let commands: CommandLog
  let questions: Questions

  func createRepair(
    _ request: AftersalesV1.CreateRepairRequest, context: CallContext
  ) async throws -> AftersalesV1.CreateRepairResponse {
    try await commands.run(request, context) { tx, command in
      let done = try CreateRepair(
        orderNumber: request.orderNumber, line: Int(request.lineNumber),
        parts: request.lines.map {
          OrderDraft.Line(sku: $0.sku, quantity: GivenQuantity($0.quantity))
        }, reasonCode: request.reasonCode, component: request.component, note: request.note,
        by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(
        repair: .init(done.repair), warranty: .init(done.warranty),
        order: OrdersV1.Order(done.order))
    }
  }

  func listRepairs(
    _ request: AftersalesV1.ListRepairsRequest, context: CallContext
  ) async throws -> AftersalesV1.ListRepairsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["repairs", request.orderNumber])
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let found = try Repairs.list(
        of: order, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(repairs: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension AftersalesV1.Repair {
  fileprivate init(_ repair: Repair) {
    self.init(
      orderNumber: repair.orderNumber, state: repair.state.message,
      originOrderNumber: repair.originNumber, originLineNumber: Int32(repair.originLine),
      component: repair.component, reasonCode: repair.reasonCode,
      responsible: repair.responsible.message, free: repair.isFree,
      gross: TypeV1.Money(repair.gross), waived: TypeV1.Money(repair.waived),
      cost: TypeV1.Money(repair.cost), requestedBy: repair.requestedBy,
      requestTime: GoogleProtobuf.Timestamp(repair.requestedAt), explanation: repair.words)
  }
}
