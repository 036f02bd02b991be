internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about quotes.
struct QuoteService: OrdersV1.QuoteService {
  let commands: CommandLog
  let questions: Questions

  func createQuote(
    _ request: OrdersV1.CreateQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.CreateQuoteResponse {
    let draft = try QuoteDraft(request.variants, request.validUntil, note: request.note)
    return try await commands.run(request, context) { tx, command in
      let verb = CreateQuote(
        customerCode: request.customerCode, draft, for: request.opportunityNumber,
        by: command.caller.name, roles: command.caller.roles)
      return .init(quote: .init(try verb.run(in: tx, at: command.moment), command.moment.day))
    }
  }

  func reviseQuote(
    _ request: OrdersV1.ReviseQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.ReviseQuoteResponse {
    let draft = try QuoteDraft(request.variants, request.validUntil, note: request.note)
    return try await commands.run(request, context) { tx, command in
      let verb = ReviseQuote(
        number: request.number, expectedVersion: request.expectedVersion, draft,
        by: command.caller.name, roles: command.caller.roles)
      return .init(quote: .init(try verb.run(in: tx, at: command.moment), command.moment.day))
    }
  }

  func approveQuote(
    _ request: OrdersV1.ApproveQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.ApproveQuoteResponse {
    try await commands.run(request, context) { tx, command in
      let verb = ApproveQuote(
        number: request.number, expectedVersion: request.expectedVersion,
        comment: request.comment, by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor)
      return .init(quote: .init(try verb.run(in: tx, at: command.moment), command.moment.day))
    }
  }

  func convertQuote(
    _ request: OrdersV1.ConvertQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.ConvertQuoteResponse {
    try await commands.run(request, context) { tx, command in
      let done = try ConvertQuote(
        number: request.number, expectedVersion: request.expectedVersion,
        variant: Int(request.variantNumber), reasonCode: request.reasonCode,
        by: command.caller.name, roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(
        quote: .init(done.offered, command.moment.day), order: OrdersV1.Order(done.order),
        holds: try OrderService.holds(of: done.order, in: tx))
    }
  }

  func loseQuote(
    _ request: OrdersV1.LoseQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.LoseQuoteResponse {
    try await commands.run(request, context) { tx, command in
      let verb = LoseQuote(
        number: request.number, expectedVersion: request.expectedVersion,
        reasonCode: request.reasonCode, comment: request.comment, by: command.caller.name)
      return .init(quote: .init(try verb.run(in: tx, at: command.moment), command.moment.day))
    }
  }

  func lapseQuotes(
    _ request: OrdersV1.LapseQuotesRequest, context: CallContext
  ) async throws -> OrdersV1.LapseQuotesResponse {
    var reader = RequestReader()
    let day = reader.day(request.expiredBefore, "expired_before")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      .init(numbers: try LapseQuotes(expiredBefore: day).run(in: tx, at: command.moment))
    }
  }

  func getQuote(
    _ request: OrdersV1.GetQuoteRequest, context: CallContext
  ) async throws -> OrdersV1.GetQuoteResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try Quotes.require(
        number: request.number, revision: Int(request.revision), in: snapshot)
      let skus = found.revision.variants.flatMap(\.order.lines).map(\.sku)
      let products = try Products.find(skus: skus, in: snapshot).compactMap(\.self)
      return .init(
        quote: .init(found, today),
        accessories: try Accessories.suggested(for: products, on: today, in: snapshot).map {
          accessory in
          let product = try Products.fetch(accessory.accessory, in: snapshot)
          return .init(
            sku: product.sku, name: product.name, nameEnglish: product.nameEnglish,
            forSku: accessory.sku, note: accessory.note)
        })
    }
  }

  func listQuoteRevisions(
    _ request: OrdersV1.ListQuoteRevisionsRequest, context: CallContext
  ) async throws -> OrdersV1.ListQuoteRevisionsResponse {
    try await questions.ask(context) { snapshot in
      let found = try Quotes.revisions(ofNumber: request.number, in: snapshot)
      return .init(revisions: found.map { OrdersV1.QuoteRevision($0, orders: false) })
    }
  }

  func diffQuoteRevisions(
    _ request: OrdersV1.DiffQuoteRevisionsRequest, context: CallContext
  ) async throws -> OrdersV1.DiffQuoteRevisionsResponse {
    try await questions.ask(context) { snapshot in
      let earlier = try Quotes.require(
        number: request.number, revision: Int(request.fromRevision), field: "from_revision",
        in: snapshot
      ).revision
      let later = try Quotes.require(
        number: request.number, revision: Int(request.toRevision), field: "to_revision",
        in: snapshot
      ).revision
      return .init(
        validUntilBefore: GoogleType.Date(earlier.validUntil),
        validUntil: GoogleType.Date(later.validUntil),
        variants: earlier.differences(to: later).map { found in
          .init(
            variantNumber: Int32(found.number), titleBefore: found.titleBefore ?? "",
            title: found.titleAfter ?? "", added: found.titleBefore == nil,
            removed: found.titleAfter == nil,
            differences: found.differences.map { OrdersV1.OrderDifference($0) })
        })
    }
  }

  func listQuotes(
    _ request: OrdersV1.ListQuotesRequest, context: CallContext
  ) async throws -> OrdersV1.ListQuotesResponse {
    var reader = RequestReader()
    let state = reader.choice(
      QuoteState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let filter = Quotes.Filter(
      customerCode: reader.optional(request.customerCode), state: state)
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["quotes", "\(filter)"])
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try Quotes.list(
        filter, before: page.row(0).map { ID($0) }, limit: page.limit, on: today, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(quotes: rows.map { OrdersV1.QuoteSummary($0, today) }, nextPageToken: next)
    }
  }

  func getQuoteOutcomes(
    _ request: OrdersV1.GetQuoteOutcomesRequest, context: CallContext
  ) async throws -> OrdersV1.GetQuoteOutcomesResponse {
    var reader = RequestReader()
    let from = reader.day(request.createdFrom, "created_from")
    let until = reader.day(request.createdUntil, "created_until")
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try QuoteOutcomes.of(from: from, until: until, on: today, in: snapshot)
      return .init(
        rows: try found.rows.map { row in
          .init(
            state: row.state.message, reasonCode: row.reasonCode, reasonText: row.reasonText,
            quotes: row.quotes, gross: TypeV1.Money(row.gross),
            shareMicros: try found.share(of: row).micros)
        }, winRateMicros: try found.winRate()?.micros)
    }
  }

  func replaceQuoteReasons(
    _ request: OrdersV1.ReplaceQuoteReasonsRequest, context: CallContext
  ) async throws -> OrdersV1.ReplaceQuoteReasonsResponse {
    var reader = RequestReader()
    let reasons = request.reasons.enumerated().map { index, reason in
      QuoteReason(reason, &reader, field: "reasons[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceQuoteReasons(reasons: reasons).run(in: tx, at: command.moment)
      return .init(reasons: stored.map { OrdersV1.QuoteReason($0) })
    }
  }

  func listQuoteReasons(
    _ request: OrdersV1.ListQuoteReasonsRequest, context: CallContext
  ) async throws -> OrdersV1.ListQuoteReasonsResponse {
    try await questions.ask(context) { snapshot in
      .init(reasons: try QuoteReasons.list(in: snapshot).map { OrdersV1.QuoteReason($0) })
    }
  }
}
