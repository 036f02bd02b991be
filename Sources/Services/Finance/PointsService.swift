internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.finance.v1: messages to the verbs and questions of loyalty points.
struct PointsService: FinanceV1.PointsService {
  let commands: CommandLog
  let questions: Questions

  func setPointsProgramme(
    _ request: FinanceV1.SetPointsProgrammeRequest, context: CallContext
  ) async throws -> FinanceV1.SetPointsProgrammeResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let moment = reader.choice(
      PointsMoment(request.moment), request.moment.rawValue, "moment")
    let value = reader.unitPrice(request.redemptionValue, "redemption_value")
    let fairValue = reader.unitPrice(request.fairValue, "fair_value")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let programme = try SetPointsProgramme(
        validFrom: from, moment: moment,
        rates: request.rates.map {
          PointsRate(customerClass: $0.customerClass, micros: $0.pointsMicros)
        }, value: value, fairValue: fairValue, minimum: request.minimumPoints,
        validMonths: Int(request.validMonths), reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(programme: .init(programme))
    }
  }

  func getPointsProgramme(
    _ request: FinanceV1.GetPointsProgrammeRequest, context: CallContext
  ) async throws -> FinanceV1.GetPointsProgrammeResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        programme: .init(
          try PointsProgrammes.require(
            version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func redeemPoints(
    _ request: FinanceV1.RedeemPointsRequest, context: CallContext
  ) async throws -> FinanceV1.RedeemPointsResponse {
    let verb = PayWithPoints(orderNumber: request.orderNumber, points: request.points)
    return try await commands.run(request, context) { tx, command in
      let payment = try verb.run(in: tx, at: command.moment)
      let customer = try Customers.fetch(payment.customer, in: tx)
      return .init(
        payment: .init(payment), balance: try Points.account(of: customer, in: tx).balance)
    }
  }

  func getPoints(
    _ request: FinanceV1.GetPointsRequest, context: CallContext
  ) async throws -> FinanceV1.GetPointsResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      let available = try Points.available(of: customer, on: today, in: snapshot)
      return .init(
        balance: try Points.account(of: customer, in: snapshot).balance, available: available,
        value: try Points.value(of: available, on: today, in: snapshot).map { .init($0) },
        grants: try Points.grants(of: customer, in: snapshot).map { .init($0) })
    }
  }

  func listPointsEntries(
    _ request: FinanceV1.ListPointsEntriesRequest, context: CallContext
  ) async throws -> FinanceV1.ListPointsEntriesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["points entries", request.customerCode])
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      let found = try Points.entries(
        of: customer, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [String($0.id.value)] }
      return .init(entries: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func expirePoints(
    _ request: FinanceV1.ExpirePointsRequest, context: CallContext
  ) async throws -> FinanceV1.ExpirePointsResponse {
    try await commands.run(request, context) { tx, command in
      let (grants, points, more) = try ExpirePoints().run(in: tx, at: command.moment)
      return .init(grants: Int32(grants), points: points, more: more)
    }
  }
}
