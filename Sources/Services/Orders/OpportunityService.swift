internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about opportunities.
struct OpportunityService: OrdersV1.OpportunityService {
  let commands: CommandLog
  let questions: Questions

  func createOpportunity(
    _ request: OrdersV1.CreateOpportunityRequest, context: CallContext
  ) async throws -> OrdersV1.CreateOpportunityResponse {
    let draft = try OpportunityDraft(request.opportunity)
    return try await commands.run(request, context) { tx, command in
      let made = try CreateOpportunity(
        customerCode: request.customerCode, draft, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(opportunity: try .init(made, on: command.moment.day, in: tx))
    }
  }

  func changeOpportunity(
    _ request: OrdersV1.ChangeOpportunityRequest, context: CallContext
  ) async throws -> OrdersV1.ChangeOpportunityResponse {
    let draft = try OpportunityDraft(request.opportunity)
    return try await commands.run(request, context) { tx, command in
      let changed = try ChangeOpportunity(
        number: request.number, expectedVersion: request.expectedVersion, draft,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(opportunity: try .init(changed, on: command.moment.day, in: tx))
    }
  }

  func moveOpportunity(
    _ request: OrdersV1.MoveOpportunityRequest, context: CallContext
  ) async throws -> OrdersV1.MoveOpportunityResponse {
    try await commands.run(request, context) { tx, command in
      let moved = try MoveOpportunity(
        number: request.number, expectedVersion: request.expectedVersion,
        stageCode: request.stageCode, comment: request.comment, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(opportunity: try .init(moved, on: command.moment.day, in: tx))
    }
  }

  func loseOpportunity(
    _ request: OrdersV1.LoseOpportunityRequest, context: CallContext
  ) async throws -> OrdersV1.LoseOpportunityResponse {
    try await commands.run(request, context) { tx, command in
      let lost = try LoseOpportunity(
        number: request.number, expectedVersion: request.expectedVersion,
        reasonCode: request.reasonCode, comment: request.comment, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(opportunity: try .init(lost, on: command.moment.day, in: tx))
    }
  }

  func linkQuote(
    _ request: OrdersV1.LinkQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.LinkQuoteResponse {
    try await commands.run(request, context) { tx, command in
      let found = try LinkQuote(
        quoteNumber: request.quoteNumber, opportunityNumber: request.opportunityNumber,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        opportunity: try found.map { try .init($0, on: command.moment.day, in: tx) })
    }
  }

  func getOpportunity(
    _ request: OrdersV1.GetOpportunityRequest, context: CallContext
  ) async throws -> OrdersV1.GetOpportunityResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try Opportunities.require(number: request.number, in: snapshot)
      return .init(opportunity: try .init(found, on: today, in: snapshot))
    }
  }

  func listOpportunities(
    _ request: OrdersV1.ListOpportunitiesRequest, context: CallContext
  ) async throws -> OrdersV1.ListOpportunitiesResponse {
    var reader = RequestReader()
    let state = reader.choice(
      OpportunityState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let filter = Opportunities.Filter(
      customerCode: request.customerCode, state: state, stageCode: request.stageCode,
      owner: request.owner, storeCode: request.storeCode)
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["opportunities", "\(filter)"])
    return try await questions.ask(context) { snapshot in
      let found = try Opportunities.list(
        filter, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(opportunities: try rows.map { try .init($0) }, nextPageToken: next)
    }
  }

  func getConversion(
    _ request: OrdersV1.GetConversionRequest, context: CallContext
  ) async throws -> OrdersV1.GetConversionResponse {
    var reader = RequestReader()
    let filter = Conversion.Filter(
      from: reader.day(request.createdFrom, "created_from"),
      until: reader.day(request.createdUntil, "created_until"), owner: request.owner,
      storeCode: request.storeCode, sourceCode: request.sourceCode,
      channel: reader.choice(
        Channel(request.channel), request.channel.rawValue, "channel", required: false))
    let group = reader.choice(
      Conversion.Group(request.groupBy), request.groupBy.rawValue, "group_by", required: false)
    try FailureStatus.refusing { try reader.check() }
    let now = commands.clock.moment()
    return try await questions.ask(context) { snapshot in
      let found = try Conversion.of(filter, by: group, at: now, in: snapshot)
      return .init(
        groups: try found.groups.map { try .init($0) },
        stages: try found.stages.map { try .init($0) })
    }
  }

  func setOpportunityStages(
    _ request: OrdersV1.SetOpportunityStagesRequest, context: CallContext
  ) async throws -> OrdersV1.SetOpportunityStagesResponse {
    var reader = RequestReader()
    let stages = request.stages.enumerated().map { index, stage in
      OpportunityStage(stage, &reader, field: "stages[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let made = try SetOpportunityStages(
        stages: stages, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(stages: .init(made))
    }
  }

  func getOpportunityStages(
    _ request: OrdersV1.GetOpportunityStagesRequest, context: CallContext
  ) async throws -> OrdersV1.GetOpportunityStagesResponse {
    try await questions.ask(context) { snapshot in
      .init(
        stages: .init(try OpportunityStages.require(version: request.version, in: snapshot)))
    }
  }
}
