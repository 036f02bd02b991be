internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import Production
internal import RPC
internal import Storage
internal import Values

/// joinery.inventory.v1: messages to the verbs and questions of Inventory.
struct InventoryService: InventoryV1.InventoryService {
  let commands: CommandLog
  let questions: Questions

  func receiveStock(
    _ request: InventoryV1.ReceiveStockRequest, context: CallContext
  ) async throws -> InventoryV1.ReceiveStockResponse {
    var reader = RequestReader()
    let verb = ReceiveStock(
      sku: request.sku, warehouseCode: request.warehouseCode,
      quantity: GivenQuantity(request.quantity),
      unitCost: reader.unitPrice(request.unitCost, "unit_cost"), reason: request.reason)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      try RefreshPromises(at: done.levels.map(\.place)).run(in: tx, at: command.moment)
      return .init(level: done.levels.first.map { InventoryV1.StockLevel($0) })
    }
  }

  func adjustStock(
    _ request: InventoryV1.AdjustStockRequest, context: CallContext
  ) async throws -> InventoryV1.AdjustStockResponse {
    var reader = RequestReader()
    let correction: AdjustStock.Correction? =
      switch request.correction {
      case .counted(let quantity): .counted(GivenQuantity(quantity))
      case .difference(let quantity): .difference(GivenQuantity(quantity))
      case nil: nil
      }
    let verb = CorrectStock(
      AdjustStock(
        sku: request.sku, warehouseCode: request.warehouseCode, correction: correction,
        reason: request.reason, unitCost: reader.unitPrice(request.unitCost, "unit_cost")))
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      let places = done.levels.map(\.place)
      try RefreshPromises(at: places).run(in: tx, at: command.moment)
      try CloseShortPicks(at: places, by: command.caller.name).run(in: tx, at: command.moment)
      return .init(
        level: done.levels.first.map { InventoryV1.StockLevel($0) }, number: done.number)
    }
  }

  func transferStock(
    _ request: InventoryV1.TransferStockRequest, context: CallContext
  ) async throws -> InventoryV1.TransferStockResponse {
    let verb = TransferStock(
      sku: request.sku, fromWarehouseCode: request.fromWarehouseCode,
      toWarehouseCode: request.toWarehouseCode, quantity: GivenQuantity(request.quantity))
    return try await commands.run(request, context) { tx, command in
      let levels = try verb.run(in: tx, at: command.moment).levels
      try RefreshPromises(at: levels.map(\.place)).run(in: tx, at: command.moment)
      return .init(
        from: levels.first.map { InventoryV1.StockLevel($0) },
        to: levels.last.map { InventoryV1.StockLevel($0) })
    }
  }

  func getAvailability(
    _ request: InventoryV1.GetAvailabilityRequest, context: CallContext
  ) async throws -> InventoryV1.GetAvailabilityResponse {
    try await questions.ask(context) { snapshot in
      let product = try Products.require(sku: request.sku, field: "sku", in: snapshot)
      let levels = try Availability.levels(
        of: product, warehouse: try warehouse(request.warehouseCode, in: snapshot), in: snapshot)
      return .init(levels: levels.map { InventoryV1.StockLevel($0) })
    }
  }

  func listStock(
    _ request: InventoryV1.ListStockRequest, context: CallContext
  ) async throws -> InventoryV1.ListStockResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2, question: ["stock", request.warehouseCode])
    return try await questions.ask(context) { snapshot in
      let found = try Availability.list(
        after: page.after.map { Availability.Key(sku: $0[0], warehouseCode: $0[1]) },
        warehouse: try request.warehouseCode.isEmpty
          ? nil
          : Warehouses.requireSeen(
            code: request.warehouseCode, field: "warehouse_code", in: snapshot),
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.sku, $0.warehouseCode] }
      return .init(levels: rows.map { InventoryV1.StockLevel($0) }, nextPageToken: next)
    }
  }

  func listMoves(
    _ request: InventoryV1.ListMovesRequest, context: CallContext
  ) async throws -> InventoryV1.ListMovesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["moves", request.sku])
    return try await questions.ask(context) { snapshot in
      let product = try Products.require(sku: request.sku, field: "sku", in: snapshot)
      let found = try StockMoves.list(
        of: product, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(
        moves: rows.map { InventoryV1.StockMove($0, of: product) }, nextPageToken: next)
    }
  }

  /// Nil for the empty code, which stands for all.
  private func warehouse(_ code: String, in snapshot: Snapshot) throws -> Warehouse? {
    code.isEmpty ? nil : try Warehouses.require(code: code, field: "warehouse_code", in: snapshot)
  }
}

extension GivenQuantity {
  init(_ message: TypeV1.Quantity?) {
    self.init(Quantity(micros: message?.micros ?? 0), unit: message?.unitCode ?? "")
  }
}

extension StockLevel {
  /// Whoever waits there may be promised another day.
  fileprivate var place: SupplyPlace { SupplyPlace(product, warehouseCode) }
}

extension InventoryV1.StockLevel {
  init(_ level: StockLevel) {
    self.init(
      sku: level.sku, warehouseCode: level.warehouseCode,
      onHand: TypeV1.Quantity(level.onHand, level.unit),
      reserved: TypeV1.Quantity(level.reserved, level.unit),
      available: TypeV1.Quantity(level.available, level.unit),
      waiting: TypeV1.Quantity(level.waiting, level.unit), value: TypeV1.Money(level.value),
      underWay: TypeV1.Quantity(level.underWay, level.unit))
  }
}

extension InventoryV1.StockMove {
  init(_ move: StockMove, of product: Product) {
    self.init(
      time: GoogleProtobuf.Timestamp(move.movedAt), sku: product.sku, fromLocation: move.from,
      toLocation: move.to, quantity: TypeV1.Quantity(move.quantity, product.unit),
      value: TypeV1.Money(move.value), cause: move.cause.rawValue,
      origin: TypeV1.DocumentReference(move.origin.document))
  }
}
