internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about pieces in showrooms.
struct ShowroomService: OrdersV1.ShowroomService {
  let commands: CommandLog
  let questions: Questions

  func showPiece(
    _ request: OrdersV1.ShowPieceRequest, context: CallContext
  ) async throws -> OrdersV1.ShowPieceResponse {
    try await commands.run(request, context) { tx, command in
      let verb = ShowPiece(
        sku: request.sku, warehouseCode: request.warehouseCode, condition: request.condition,
        discount: Rate(micros: request.discountMicros), by: command.caller.name)
      return .init(piece: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func describePiece(
    _ request: OrdersV1.DescribePieceRequest, context: CallContext
  ) async throws -> OrdersV1.DescribePieceResponse {
    try await commands.run(request, context) { tx, command in
      let verb = DescribePiece(
        number: request.number, condition: request.condition,
        discount: Rate(micros: request.discountMicros), by: command.caller.name)
      return .init(piece: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func lendPiece(
    _ request: OrdersV1.LendPieceRequest, context: CallContext
  ) async throws -> OrdersV1.LendPieceResponse {
    var reader = RequestReader()
    let dueBackOn = reader.requiredDay(request.dueBackOn, "due_back_on")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let verb = LendPiece(
        number: request.number, customerCode: request.customerCode, dueBackOn: dueBackOn,
        by: command.caller.name)
      return .init(piece: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func takePieceBack(
    _ request: OrdersV1.TakePieceBackRequest, context: CallContext
  ) async throws -> OrdersV1.TakePieceBackResponse {
    try await commands.run(request, context) { tx, command in
      let verb = TakePieceBack(
        number: request.number, condition: request.condition, by: command.caller.name)
      return .init(piece: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func sellPiece(
    _ request: OrdersV1.SellPieceRequest, context: CallContext
  ) async throws -> OrdersV1.SellPieceResponse {
    let draft = try OrderDraft(request.order)
    return try await commands.run(request, context) { tx, command in
      let done = try SellPiece(
        number: request.number, draft, by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(piece: .init(done.piece), order: OrdersV1.Order(done.order))
    }
  }

  func reshelvePiece(
    _ request: OrdersV1.ReshelvePieceRequest, context: CallContext
  ) async throws -> OrdersV1.ReshelvePieceResponse {
    try await commands.run(request, context) { tx, command in
      let verb = ReshelvePiece(number: request.number, by: command.caller.name)
      return .init(piece: .init(try verb.run(in: tx, at: command.moment)))
    }
  }

  func getPiece(
    _ request: OrdersV1.GetPieceRequest, context: CallContext
  ) async throws -> OrdersV1.GetPieceResponse {
    try await questions.ask(context) { snapshot in
      let piece = try ShowroomPieces.require(number: request.number, in: snapshot)
      var message = OrdersV1.ShowroomPiece(piece)
      message.earlierLoans = try ShowroomPieces.earlierLoans(of: piece, in: snapshot)
        .map { .init($0) }
      return .init(piece: message)
    }
  }

  func listPieces(
    _ request: OrdersV1.ListPiecesRequest, context: CallContext
  ) async throws -> OrdersV1.ListPiecesResponse {
    var reader = RequestReader()
    let state = reader.choice(
      PieceState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["pieces", state?.rawValue ?? "", "\(request.overdue)"])
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try ShowroomPieces.list(
        state, overdueOn: request.overdue ? today : nil, before: page.row(0).map { ID($0) },
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(pieces: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension OrdersV1.ShowroomPiece {
  init(_ piece: ShowroomPiece) {
    self.init(
      number: piece.number, sku: piece.sku, warehouseCode: piece.warehouseCode,
      state: piece.state.message, condition: piece.condition,
      discountMicros: piece.discount.micros, shownOn: GoogleType.Date(piece.shownOn),
      orderNumber: piece.orderNumber ?? "", loan: piece.loan.map { .init($0) },
      version: piece.version)
  }
}

extension OrdersV1.PieceLoan {
  init(_ loan: PieceLoan) {
    self.init(
      customerCode: loan.customerCode, lentOn: GoogleType.Date(loan.lentOn),
      dueBackOn: GoogleType.Date(loan.dueBackOn),
      returnedOn: loan.returnedOn.map { GoogleType.Date($0) })
  }
}

extension PieceState {
  fileprivate init?(_ message: OrdersV1.PieceState) {
    switch message {
    case .shown: self = .shown
    case .lent: self = .lent
    case .sold: self = .sold
    case .reshelved: self = .reshelved
    case .unspecified, .unrecognized: return nil
    }
  }

  fileprivate var message: OrdersV1.PieceState {
    switch self {
    case .shown: .shown
    case .lent: .lent
    case .sold: .sold
    case .reshelved: .reshelved
    }
  }
}
