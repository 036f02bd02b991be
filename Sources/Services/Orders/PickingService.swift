internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about goods on their way from the shelves
/// to the dock.
struct PickingService: OrdersV1.PickingService {
  let commands: CommandLog
  let questions: Questions

  func prepareWave(
    _ request: OrdersV1.PrepareWaveRequest, context: CallContext
  ) async throws -> OrdersV1.PrepareWaveResponse {
    var reader = RequestReader()
    let dueBy = reader.day(request.dueBy, "due_by")
    let question = [
      "wave", request.warehouseCode, dueBy?.description ?? "", request.zoneCode, request.carrier,
    ]
    let after = try FailureStatus.refusing {
      try reader.check()
      return try PageToken.read(request.token, keys: 3, question: question)
        .map { try PrepareWave.Key($0) }
    }
    return try await commands.run(request, context) { tx, command in
      let done = try PrepareWave(
        warehouseCode: request.warehouseCode, dueBy: dueBy, zone: request.zoneCode,
        carrier: request.carrier, limit: request.limit == 0 ? 50 : Int(request.limit),
        after: after, by: command.caller.name
      ).run(in: tx, at: command.moment, refusals: RejectionStatus.refusals)
      return .init(
        wave: done.wave?.id.value ?? 0, verdicts: done.verdicts.map { .init($0) },
        nextToken: done.next.map { PageToken.make($0.texts, question: question) } ?? "")
    }
  }

  func getPickList(
    _ request: OrdersV1.GetPickListRequest, context: CallContext
  ) async throws -> OrdersV1.GetPickListResponse {
    try await questions.ask(context) { snapshot in
      let list = try PickList(
        in: request.warehouseCode, wave: request.wave, snapshot: snapshot)
      return .init(rows: list.rows.map { .init($0) }, more: list.hasMore)
    }
  }

  func setPickPlaces(
    _ request: OrdersV1.SetPickPlacesRequest, context: CallContext
  ) async throws -> OrdersV1.SetPickPlacesResponse {
    let verb = SetPickPlaces(
      warehouseCode: request.warehouseCode,
      places: request.places.map { PickPlaceDraft(sku: $0.sku, place: $0.place) })
    return try await commands.run(request, context) { tx, command in
      .init(verdicts: try verb.run(in: tx, at: command.moment).map { TypeV1.RowVerdict($0) })
    }
  }

  func listShortPicks(
    _ request: OrdersV1.ListShortPicksRequest, context: CallContext
  ) async throws -> OrdersV1.ListShortPicksResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["short picks", request.orderNumber, request.open ? "open" : ""])
    return try await questions.ask(context) { snapshot in
      let found = try ShortPicks.list(
        ShortPicks.Filter(orderNumber: request.orderNumber, isOpen: request.open),
        after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(shortPicks: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func releaseShortPick(
    _ request: OrdersV1.ReleaseShortPickRequest, context: CallContext
  ) async throws -> OrdersV1.ReleaseShortPickResponse {
    try await commands.run(request, context) { tx, command in
      let verb = ReleaseShortPick(
        shipmentNumber: request.shipmentNumber, line: Int(request.lineNumber),
        by: command.caller.name)
      return .init(shortPick: .init(try verb.run(in: tx, at: command.moment)))
    }
  }
}

extension PrepareWave.Key {
  /// For a token.
  fileprivate var texts: [String] {
    [state.rawValue, "\(createdOn.daysSinceEpoch)", "\(id.value)"]
  }

  fileprivate init(_ texts: [String]) throws {
    guard texts.count == 3, let state = OrderState(rawValue: texts[0]),
      let day = Int32(texts[1]), let id = Int64(texts[2])
    else { throw RequestRejection.pageTokenForeign }
    self.init(state: state, createdOn: Day(daysSinceEpoch: day), id: ID(id))
  }
}

extension OrdersV1.WaveVerdict {
  fileprivate init(_ verdict: PrepareWave.Verdict) {
    self.init(orderNumber: verdict.order)
    switch verdict.outcome {
    case .prepared(let shipment): shipmentNumber = shipment.number
    case .refused(let all): violations = all.map { TypeV1.Violation($0) }
    }
  }
}

extension OrdersV1.PickRow {
  fileprivate init(_ row: PickList.Row) {
    self.init(
      place: row.place, sku: row.sku, description: row.description,
      quantity: TypeV1.Quantity(row.quantity, row.unit),
      shares: row.shares.map { share in
        .init(
          shipmentNumber: share.shipment, orderNumber: share.order,
          lineNumber: Int32(share.line), quantity: TypeV1.Quantity(share.quantity, row.unit))
      })
  }
}

extension OrdersV1.ShortPick {
  init(_ pick: ShortPick) {
    self.init(
      shipmentNumber: pick.shipmentNumber, orderNumber: pick.orderNumber,
      lineNumber: Int32(pick.line), sku: pick.sku, warehouseCode: pick.warehouseCode,
      asked: TypeV1.Quantity(pick.asked, pick.unit), found: TypeV1.Quantity(pick.found, pick.unit),
      held: TypeV1.Quantity(pick.held, pick.unit), cause: pick.cause.message,
      pickedBy: pick.pickedBy, pickTime: GoogleProtobuf.Timestamp(pick.pickedAt),
      closedBy: pick.closedBy ?? "",
      closeTime: pick.closedAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension ShortPick.Cause {
  init?(_ message: OrdersV1.ShortPickCause) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  fileprivate var message: OrdersV1.ShortPickCause {
    switch self {
    case .notFound: .notFound
    case .damaged: .damaged
    case .wrongGoods: .wrongGoods
    }
  }
}
