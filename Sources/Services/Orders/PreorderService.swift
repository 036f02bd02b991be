internal import Finance
internal import Identity
internal import Inventory
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about what is sold before it is there.
struct PreorderService: OrdersV1.PreorderService {
  let commands: CommandLog
  let questions: Questions

  func setPresale(
    _ request: OrdersV1.SetPresaleRequest, context: CallContext
  ) async throws -> OrdersV1.SetPresaleResponse {
    var reader = RequestReader()
    let given = request.presale ?? OrdersV1.Presale()
    let days = ["opens_on", "closes_on", "releases_on"].map { "presale." + $0 }
    let opensOn = reader.requiredDay(given.opensOn, days[0])
    let closesOn = reader.requiredDay(given.closesOn, days[1])
    let releasesOn = reader.requiredDay(given.releasesOn, days[2])
    let kind = reader.choice(
      DepositKind(given.depositKind), given.depositKind.rawValue, "presale.deposit_kind")
    try FailureStatus.refusing { try reader.check() }
    let limit = GivenQuantity(given.limit)
    let customerLimit = given.customerLimit.map { GivenQuantity($0) }
    let terms = PresaleTerms(
      opensOn: opensOn, closesOn: closesOn, releasesOn: releasesOn, limit: limit.quantity,
      customerLimit: customerLimit?.quantity, deposit: Rate(micros: given.depositMicros),
      depositKind: kind ?? .prepayment, depositDays: Int(given.depositDays))
    return try await commands.run(request, context) { tx, command in
      let presale = try SetPresale(
        sku: given.sku, limit: limit, customerLimit: customerLimit, terms: terms,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(presale: .init(presale))
    }
  }

  func listPresales(
    _ request: OrdersV1.ListPresalesRequest, context: CallContext
  ) async throws -> OrdersV1.ListPresalesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["presales", request.sku])
    return try await questions.ask(context) { snapshot in
      let found = try Presales.list(
        sku: request.sku.isEmpty ? nil : request.sku, after: page.row(0).map { ID($0) },
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(presales: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func placePreorder(
    _ request: OrdersV1.PlacePreorderRequest, context: CallContext
  ) async throws -> OrdersV1.PlacePreorderResponse {
    let draft = try OrderDraft(request.order)
    return try await commands.run(request, context) { tx, command in
      let order = try PlacePreorder(draft, by: command.caller.name, roles: command.caller.roles)
        .run(in: tx, at: command.moment)
      let preorder = try Preorders.require(order: order.number, in: tx)
      return .init(preorder: .init(preorder), order: OrdersV1.Order(order))
    }
  }

  func getPreorder(
    _ request: OrdersV1.GetPreorderRequest, context: CallContext
  ) async throws -> OrdersV1.GetPreorderResponse {
    try await questions.ask(context) { snapshot in
      .init(preorder: .init(try Preorders.require(order: request.orderNumber, in: snapshot)))
    }
  }

  func listPreorders(
    _ request: OrdersV1.ListPreordersRequest, context: CallContext
  ) async throws -> OrdersV1.ListPreordersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["preorders", request.sku])
    return try await questions.ask(context) { snapshot in
      let found = try Preorders.list(
        sku: request.sku.isEmpty ? nil : request.sku, after: page.row(0).map { ID($0) },
        limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      let preorders = rows.map { row in
        var preorder = OrdersV1.Preorder(row.preorder)
        preorder.lines = []
        return preorder
      }
      return .init(preorders: preorders, nextPageToken: next)
    }
  }

  func lapsePreorders(
    _ request: OrdersV1.LapsePreordersRequest, context: CallContext
  ) async throws -> OrdersV1.LapsePreordersResponse {
    try await commands.run(request, context) { tx, command in
      let numbers = try LapsePreorders(
        reason: request.reasonCode, by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(orderNumbers: numbers)
    }
  }
}

extension OrdersV1.Presale {
  fileprivate init(_ presale: Presale) {
    let terms = presale.terms
    self.init(
      sku: presale.sku, opensOn: GoogleType.Date(terms.opensOn),
      closesOn: GoogleType.Date(terms.closesOn), releasesOn: GoogleType.Date(terms.releasesOn),
      limit: TypeV1.Quantity(terms.limit, presale.unit),
      customerLimit: terms.customerLimit.map { TypeV1.Quantity($0, presale.unit) },
      depositMicros: terms.deposit.micros, depositKind: terms.depositKind.message,
      depositDays: Int32(terms.depositDays),
      taken: TypeV1.Quantity(presale.taken, presale.unit),
      secured: TypeV1.Quantity(presale.secured, presale.unit))
  }
}

extension OrdersV1.Preorder {
  fileprivate init(_ preorder: Preorder) {
    self.init(
      orderNumber: preorder.orderNumber, customerCode: preorder.customerCode,
      state: preorder.state.message, deposit: TypeV1.Money(preorder.deposit),
      depositKind: preorder.depositKind.message, received: TypeV1.Money(preorder.received),
      depositDueOn: GoogleType.Date(preorder.dueOn),
      lines: preorder.lines.map { line in
        .init(
          lineNumber: Int32(line.number), sku: line.sku,
          quantity: TypeV1.Quantity(line.quantity, line.unit),
          held: TypeV1.Quantity(line.held, line.unit),
          ahead: line.ahead.map { TypeV1.Quantity($0, line.unit) },
          releasesOn: line.releasesOn.map { GoogleType.Date($0) })
      })
  }
}

extension PreorderState {
  fileprivate var message: OrdersV1.PreorderState {
    switch self {
    case .awaitingDeposit: .awaitingDeposit
    case .queued: .queued
    case .ready: .ready
    case .done: .done
    case .cancelled: .cancelled
    }
  }
}
