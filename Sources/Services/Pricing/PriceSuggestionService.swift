internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.pricing.v1: messages to the verbs and questions of suggested prices.
struct PriceSuggestionService: PricingV1.PriceSuggestionService {
  let commands: CommandLog
  let questions: Questions

  func setPriceSuggestionPolicy(
    _ request: PricingV1.SetPriceSuggestionPolicyRequest, context: CallContext
  ) async throws -> PricingV1.SetPriceSuggestionPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let rules = request.rules.enumerated().map { index, rule in
      PriceRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetPriceSuggestionPolicy(
        validFrom: from, rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getPriceSuggestionPolicy(
    _ request: PricingV1.GetPriceSuggestionPolicyRequest, context: CallContext
  ) async throws -> PricingV1.GetPriceSuggestionPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        policy: .init(
          try PriceSuggestionPolicies.require(
            version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func listPriceSuggestionPolicies(
    _ request: PricingV1.ListPriceSuggestionPoliciesRequest, context: CallContext
  ) async throws -> PricingV1.ListPriceSuggestionPoliciesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["price suggestion policies"])
    return try await questions.ask(context) { snapshot in
      let found = try PriceSuggestionPolicies.list(
        before: page.row(0), limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.version)"] }
      return .init(policies: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  /// There is much to look up and little to write: prices are looked at on a snapshot, and the
  /// command keeps what still holds (law 9).
  func suggestPrices(
    _ request: PricingV1.SuggestPricesRequest, context: CallContext
  ) async throws -> PricingV1.SuggestPricesResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    let today = commands.clock.moment().day
    if let day, day < today || day > today.adding(days: 366) {
      reader.refuse(.outOfRange("day", allowed: "\(today) to \(today.adding(days: 366))"))
    }
    try FailureStatus.refusing { try reader.check() }
    let scope = PriceScope(
      list: request.priceListCode, productClass: request.productClass, sku: request.sku,
      supplier: request.supplierCode, rule: request.ruleCode)
    let found = try await questions.ask(context) { snapshot in
      try FoundPrices.find(scope, from: day ?? today, on: today, in: snapshot)
    }
    return try await commands.run(request, context) { tx, command in
      let kept = try SuggestPrices(found, by: command.caller.name)
        .run(in: tx, at: command.moment)
      let silences = found.silences.sorted { $0.key.message.rawValue < $1.key.message.rawValue }
      return .init(
        suggestions: kept.suggestions.map { .init($0, on: command.moment.day) },
        more: kept.hasMore, prices: found.prices,
        silences: silences.map { .init(silence: $0.key.message, prices: $0.value) })
    }
  }

  func acceptPriceSuggestions(
    _ request: PricingV1.AcceptPriceSuggestionsRequest, context: CallContext
  ) async throws -> PricingV1.AcceptPriceSuggestionsResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try decide(request.ids, .accept(from: from), command, in: tx)
      return .init(verdicts: done.verdicts, suggestions: done.suggestions)
    }
  }

  func approvePriceSuggestions(
    _ request: PricingV1.ApprovePriceSuggestionsRequest, context: CallContext
  ) async throws -> PricingV1.ApprovePriceSuggestionsResponse {
    try await commands.run(request, context) { tx, command in
      let done = try decide(request.ids, .approve, command, in: tx)
      return .init(verdicts: done.verdicts, suggestions: done.suggestions)
    }
  }

  func rejectPriceSuggestions(
    _ request: PricingV1.RejectPriceSuggestionsRequest, context: CallContext
  ) async throws -> PricingV1.RejectPriceSuggestionsResponse {
    try await commands.run(request, context) { tx, command in
      let done = try decide(request.ids, .reject(reason: request.reason), command, in: tx)
      return .init(verdicts: done.verdicts, suggestions: done.suggestions)
    }
  }

  private func decide(
    _ ids: [Int64], _ decision: DecidePriceSuggestions.Decision, _ command: Command,
    in tx: Transaction
  ) throws -> (verdicts: [TypeV1.RowVerdict], suggestions: [PricingV1.PriceSuggestion]) {
    let done = try DecidePriceSuggestions(
      ids.map { ID($0) }, decision, by: command.caller.name,
      standingInFor: command.caller.standsInFor
    ).run(in: tx, at: command.moment)
    return (
      done.verdicts.map { TypeV1.RowVerdict($0) },
      done.suggestions.map { .init($0, on: command.moment.day) }
    )
  }

  // MARK: Questions

  func listPriceSuggestions(
    _ request: PricingV1.ListPriceSuggestionsRequest, context: CallContext
  ) async throws -> PricingV1.ListPriceSuggestionsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      PriceSuggestion.State(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let filter = PriceSuggestions.Filter(
      state: state, list: reader.optional(request.priceListCode),
      sku: reader.optional(request.sku), rule: reader.optional(request.ruleCode))
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "price suggestions", state?.rawValue ?? "", request.priceListCode, request.sku,
        request.ruleCode,
      ])
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try PriceSuggestions.list(
        filter, on: today, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(suggestions: rows.map { .init($0, on: today) }, nextPageToken: next)
    }
  }

  func getPriceSuggestion(
    _ request: PricingV1.GetPriceSuggestionRequest, context: CallContext
  ) async throws -> PricingV1.GetPriceSuggestionResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let one = try PriceSuggestions.require(ID(request.id), field: "id", in: snapshot)
      return .init(suggestion: .init(one, on: today, isWhole: true))
    }
  }

  func listPriceEffects(
    _ request: PricingV1.ListPriceEffectsRequest, context: CallContext
  ) async throws -> PricingV1.ListPriceEffectsResponse {
    var reader = RequestReader()
    let days =
      request.days == 0
      ? 28 : reader.count(Int(request.days), "days", 1...PriceEffects.longest)
    try FailureStatus.refusing { try reader.check() }
    let list = reader.optional(request.priceListCode)
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["price effects", request.priceListCode, "\(days)"])
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try PriceEffects.list(
        of: list, days: days, on: today, before: page.row(0).map { ID($0) }, limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.suggestion.id.value)"] }
      return .init(effects: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}
