internal import Identity
internal import Inventory
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about shortages, and the board of all
/// that somebody must look at.
struct ShortageService: OrdersV1.ShortageService {
  let commands: CommandLog
  let questions: Questions

  func getShortage(
    _ request: OrdersV1.GetShortageRequest, context: CallContext
  ) async throws -> OrdersV1.GetShortageResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      let promises = try OrderPromises.of(order, on: today, in: snapshot)
      return .init(
        lines: promises.filter { $0.held < $0.open }.map { .init($0) },
        substitutes: try Shortages.offers(for: order, on: today, in: snapshot).map { .init($0) })
    }
  }

  func agreeToWait(
    _ request: OrdersV1.AgreeToWaitRequest, context: CallContext
  ) async throws -> OrdersV1.AgreeToWaitResponse {
    try await commands.run(request, context) { tx, command in
      let promise = try AgreeToWait(
        ShortageCase(
          request.orderNumber, request.lineNumber, request.expectedVersion, request.comment,
          for: command)
      ).run(in: tx, at: command.moment)
      return .init(line: .init(promise))
    }
  }

  func substituteLine(
    _ request: OrdersV1.SubstituteLineRequest, context: CallContext
  ) async throws -> OrdersV1.SubstituteLineResponse {
    try await commands.run(request, context) { tx, command in
      let done = try SubstituteLine(
        ShortageCase(
          request.orderNumber, request.lineNumber, request.expectedVersion, request.comment,
          for: command),
        by: request.sku, quantity: request.quantity.map { GivenQuantity($0) }
      ).run(in: tx, at: command.moment)
      let preview = done.impact.token
      guard request.preview.isEmpty || request.preview == preview else {
        throw ChangeRejection.previewOutdated(order: done.order.number)
      }
      return .init(
        change: .init(
          order: OrdersV1.Order(done.order), impact: OrdersV1.ChangeImpact(done.impact),
          preview: preview))
    }
  }

  func partShipLine(
    _ request: OrdersV1.PartShipLineRequest, context: CallContext
  ) async throws -> OrdersV1.PartShipLineResponse {
    try await commands.run(request, context) { tx, command in
      let (shipment, promise) = try PartShipLine(
        ShortageCase(
          request.orderNumber, request.lineNumber, request.expectedVersion, request.comment,
          for: command)
      ).run(in: tx, at: command.moment)
      return .init(shipment: OrdersV1.Shipment(shipment), line: .init(promise))
    }
  }

  func cancelShortLine(
    _ request: OrdersV1.CancelShortLineRequest, context: CallContext
  ) async throws -> OrdersV1.CancelShortLineResponse {
    try await commands.run(request, context) { tx, command in
      let done = try CancelShortLine(
        ShortageCase(
          request.orderNumber, request.lineNumber, request.expectedVersion, request.comment,
          for: command),
        reason: request.reasonCode.isEmpty ? "NOT_AVAILABLE" : request.reasonCode
      ).run(in: tx, at: command.moment)
      let reply = OrdersV1.CancelOrderResponse(
        done, pending: done.missingApproval != nil && !command.isRehearsal)
      guard request.preview.isEmpty || request.preview == reply.preview else {
        throw CancellationRejection.previewOutdated(order: done.order.number)
      }
      return .init(cancellation: reply)
    }
  }

  func listExceptions(
    _ request: OrdersV1.ListExceptionsRequest, context: CallContext
  ) async throws -> OrdersV1.ListExceptionsResponse {
    var reader = RequestReader()
    let named = request.kinds.enumerated().compactMap { index, kind in
      reader.choice(OrderExceptionKind(kind), kind.rawValue, "kinds[\(index)]")
    }
    let days =
      request.approvalDays == 0
      ? 1 : reader.count(Int(request.approvalDays), "approval_days", 1...365)
    try FailureStatus.refusing { try reader.check() }
    let kinds = named.isEmpty ? Set(OrderExceptionKind.allCases) : Set(named)
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 3,
      question: ["exceptions", "\(days)"] + kinds.map(\.rawValue).sorted())
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let found = try OrderExceptions.list(
        kinds, approvalDays: days, after: page.exceptionKey, limit: page.limit, at: now,
        in: snapshot)
      let (rows, next) = page.cut(found) { row in
        [row.key.kind.rawValue, "\(row.key.day)", "\(row.key.id)"]
      }
      return .init(rows: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension PageRequest {
  fileprivate var exceptionKey: OrderExceptions.Key? {
    guard let after, let kind = OrderExceptionKind(rawValue: after[0]), let day = row(1),
      let id = row(2)
    else { return nil }
    return OrderExceptions.Key(kind: kind, day: day, id: id)
  }
}

extension ShortageCase {
  fileprivate init(
    _ number: String, _ line: Int32, _ version: Int64?, _ comment: String, for command: Command
  ) {
    self.init(
      number: number, line: Int(line), expectedVersion: version, comment: comment,
      by: command.caller.name, roles: command.caller.roles,
      standingInFor: command.caller.standsInFor, isPreview: command.isRehearsal)
  }
}

extension OrdersV1.SubstituteOffer {
  init(_ offer: SubstituteOffer) {
    self.init(
      lineNumber: Int32(offer.line), sku: offer.sku,
      quantity: TypeV1.Quantity(offer.quantity, offer.unit),
      available: TypeV1.Quantity(offer.free, offer.unit), note: offer.note)
  }
}

extension OrdersV1.ExceptionRow {
  init(_ row: OrderException) {
    self.init(
      kind: row.kind.message, orderNumber: row.order ?? "", lineNumber: Int32(row.line ?? 0),
      document: row.document.map { TypeV1.DocumentReference($0) },
      day: row.day.map { GoogleType.Date($0) }, text: row.text,
      sinceTime: row.since.map { GoogleProtobuf.Timestamp($0) },
      dueTime: row.dueAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension OrderExceptionKind {
  init?(_ message: OrdersV1.ExceptionKind) {
    guard let kind = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = kind
  }

  var message: OrdersV1.ExceptionKind {
    switch self {
    case .latePromise: .latePromise
    case .noSupply: .noSupply
    case .shortLine: .shortLine
    case .onHold: .onHold
    case .approvalOverdue: .approvalOverdue
    case .cancellationPending: .cancellationPending
    case .refundPending: .refundPending
    case .notDispatched: .notDispatched
    case .supplyOverdue: .supplyOverdue
    case .supplyNotOrdered: .supplyNotOrdered
    case .changePending: .changePending
    case .carrierTrouble: .carrierTrouble
    case .appointmentOvertaken: .appointmentOvertaken
    case .stageOverdue: .stageOverdue
    case .codUncollected: .codUncollected
    case .remittanceDiffers: .remittanceDiffers
    case .claimOpen: .claimOpen
    case .lostSeen: .lostSeen
    case .deliveryOverdue: .deliveryOverdue
    case .shortPick: .shortPick
    }
  }
}
