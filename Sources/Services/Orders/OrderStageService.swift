internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about how long orders stay in a stage.
struct OrderStageService: OrdersV1.OrderStageService {
  let commands: CommandLog
  let questions: Questions

  func setStagePolicy(
    _ request: OrdersV1.SetStagePolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetStagePolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let terms = request.terms.enumerated().compactMap { row, term in
      StageTerm(term, &reader, field: "terms[\(row)]")
    }
    let kinds = request.stillOnHold.enumerated().compactMap { index, kind in
      let kind = reader.choice(
        OrderHoldKind(kind), kind.rawValue, "still_on_hold[\(index)]")
      return kind
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetStagePolicy(
        validFrom: from, terms: terms, stillOnHold: kinds, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getStagePolicy(
    _ request: OrdersV1.GetStagePolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetStagePolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        policy: .init(
          try StagePolicies.require(version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func getOrderStages(
    _ request: OrdersV1.GetOrderStagesRequest, context: CallContext
  ) async throws -> OrdersV1.GetOrderStagesResponse {
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      return .init(
        standing: .init(try OrderStages.standing(of: order, in: snapshot), at: now),
        visits: try OrderStages.visits(of: order, in: snapshot).map {
          try .init($0, in: snapshot, at: now)
        })
    }
  }

  func listStageClocks(
    _ request: OrdersV1.ListStageClocksRequest, context: CallContext
  ) async throws -> OrdersV1.ListStageClocksResponse {
    var reader = RequestReader()
    let stage = reader.choice(
      OrderStage(request.stage), request.stage.rawValue, "stage", required: false)
    let clocks: OrderStages.Clocks =
      switch request.filter {
      case .unspecified: .running
      case .overdue: .overdue
      case .still: .still
      case .unrecognized:
        reader.choice(nil as OrderStages.Clocks?, request.filter.rawValue, "filter") ?? .running
      }
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 2,
      question: ["stage clocks", stage?.rawValue ?? "", clocks.rawValue])
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let found = try OrderStages.list(
        clocks, in: stage, after: page.clockKey, limit: page.limit, at: now.instant,
        in: snapshot)
      let (rows, next) = page.cut(found) { visit in
        let at = clocks == .still ? visit.stillAt : visit.dueAt
        return ["\(at?.microseconds ?? 0)", "\(visit.id.value)"]
      }
      return .init(
        clocks: try rows.map { try .init($0, in: snapshot, at: now) }, nextPageToken: next)
    }
  }

  func getStageReport(
    _ request: OrdersV1.GetStageReportRequest, context: CallContext
  ) async throws -> OrdersV1.GetStageReportResponse {
    var reader = RequestReader()
    let from = reader.day(request.from, "from")
    let until = reader.day(request.until, "until")
    try FailureStatus.refusing { try reader.check() }
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      .init(
        rows: try OrderStages.report(from: from, until: until, at: now, in: snapshot).map {
          .init($0)
        })
    }
  }

  func sweepStages(
    _ request: OrdersV1.SweepStagesRequest, context: CallContext
  ) async throws -> OrdersV1.SweepStagesResponse {
    try await commands.run(request, context) { tx, command in
      let done = try SweepStages().run(in: tx, at: command.moment)
      return .init(
        reminded: Int32(done.reminded), escalated: Int32(done.escalated),
        begun: Int32(done.begun), more: done.hasMore)
    }
  }
}

extension PageRequest {
  fileprivate var clockKey: OrderStages.Key? {
    guard let at = row(0), let id = row(1) else { return nil }
    return OrderStages.Key(at: Instant(microseconds: at), id: id)
  }
}
