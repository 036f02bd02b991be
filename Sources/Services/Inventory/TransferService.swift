internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.inventory.v1.TransferService: messages to the verbs and questions of Inventory.
struct TransferService: InventoryV1.TransferService {
  let commands: CommandLog
  let questions: Questions

  func createTransferOrder(
    _ request: InventoryV1.CreateTransferOrderRequest, context: CallContext
  ) async throws -> InventoryV1.CreateTransferOrderResponse {
    var reader = RequestReader()
    let verb = CreateTransferOrder(
      from: request.fromWarehouseCode, to: request.toWarehouseCode,
      lines: request.lines.map {
        TransferLineDraft(sku: $0.sku, quantity: GivenQuantity($0.quantity))
      }, expectedOn: reader.day(request.expectedOn, "expected_on"), note: request.note)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.placesLeft).run(in: tx, at: command.moment)
      return .init(transferOrder: InventoryV1.TransferOrder(order))
    }
  }

  func dispatchTransferOrder(
    _ request: InventoryV1.DispatchTransferOrderRequest, context: CallContext
  ) async throws -> InventoryV1.DispatchTransferOrderResponse {
    var reader = RequestReader()
    let verb = DispatchTransferOrder(
      number: request.number, lines: request.lines.map { TransferLineQuantity($0) },
      expectedOn: reader.day(request.expectedOn, "expected_on"))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.placesReached).run(in: tx, at: command.moment)
      return .init(transferOrder: InventoryV1.TransferOrder(order))
    }
  }

  func receiveTransferOrder(
    _ request: InventoryV1.ReceiveTransferOrderRequest, context: CallContext
  ) async throws -> InventoryV1.ReceiveTransferOrderResponse {
    let verb = ReceiveTransferOrder(
      number: request.number, lines: request.lines.map { TransferLineQuantity($0) },
      reason: request.reason)
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.placesReached).run(in: tx, at: command.moment)
      return .init(transferOrder: InventoryV1.TransferOrder(order))
    }
  }

  func cancelTransferOrder(
    _ request: InventoryV1.CancelTransferOrderRequest, context: CallContext
  ) async throws -> InventoryV1.CancelTransferOrderResponse {
    let verb = CancelTransferOrder(number: request.number, reason: request.reason)
    return try await commands.run(request, context) { tx, command in
      let order = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: order.placesLeft).run(in: tx, at: command.moment)
      return .init(transferOrder: InventoryV1.TransferOrder(order))
    }
  }

  func getTransferOrder(
    _ request: InventoryV1.GetTransferOrderRequest, context: CallContext
  ) async throws -> InventoryV1.GetTransferOrderResponse {
    try await questions.ask(context) { snapshot in
      let order = try TransferOrders.require(number: request.number, field: "number", in: snapshot)
      return .init(transferOrder: InventoryV1.TransferOrder(order))
    }
  }

  func listTransferOrders(
    _ request: InventoryV1.ListTransferOrdersRequest, context: CallContext
  ) async throws -> InventoryV1.ListTransferOrdersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["transfers", request.warehouseCode, request.open ? "open" : ""])
    return try await questions.ask(context) { snapshot in
      let found = try TransferOrders.list(
        warehouse: try request.warehouseCode.isEmpty
          ? nil
          : Warehouses.requireSeen(
            code: request.warehouseCode, field: "warehouse_code", in: snapshot),
        onlyOpen: request.open, before: page.row(0).map { ID($0) }, limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(
        transferOrders: rows.map { InventoryV1.TransferOrder($0) }, nextPageToken: next)
    }
  }
}

extension TransferOrder {
  /// Whoever waits there may be promised another day.
  fileprivate var placesLeft: [SupplyPlace] { lines.map { SupplyPlace($0.product, fromCode) } }
  fileprivate var placesReached: [SupplyPlace] { lines.map { SupplyPlace($0.product, toCode) } }
}

extension TransferLineQuantity {
  fileprivate init(_ message: InventoryV1.TransferLineQuantity) {
    self.init(
      lineNumber: Int(message.lineNumber), quantity: message.quantity.map { GivenQuantity($0) },
      lost: message.lost.map { GivenQuantity($0) })
  }
}

extension InventoryV1.TransferOrder {
  fileprivate init(_ order: TransferOrder) {
    self.init(
      number: order.number, state: InventoryV1.TransferState(order.state),
      fromWarehouseCode: order.fromCode, toWarehouseCode: order.toCode,
      createdOn: GoogleType.Date(order.createdOn),
      expectedOn: order.expectedOn.map { GoogleType.Date($0) },
      lines: order.lines.map { InventoryV1.TransferLine($0) }, note: order.note,
      version: order.version)
  }
}

extension InventoryV1.TransferLine {
  fileprivate init(_ line: TransferOrder.Line) {
    self.init(
      lineNumber: Int32(line.number), sku: line.sku,
      ordered: TypeV1.Quantity(line.ordered, line.unit),
      held: TypeV1.Quantity(line.held, line.unit),
      underWay: TypeV1.Quantity(line.underWay, line.unit),
      received: TypeV1.Quantity(line.received, line.unit),
      lost: TypeV1.Quantity(line.lost, line.unit),
      cancelled: TypeV1.Quantity(line.cancelled, line.unit))
  }
}

extension InventoryV1.TransferState {
  fileprivate init(_ state: TransferState) {
    self =
      switch state {
      case .requested: .requested
      case .partlyDispatched: .partlyDispatched
      case .inTransit: .inTransit
      case .received: .received
      case .cancelled: .cancelled
      }
  }
}
