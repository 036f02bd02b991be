internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.finance.v1: messages to the verbs and questions of reminding.
struct DunningService: FinanceV1.DunningService {
  let commands: CommandLog
  let questions: Questions

  func setDunningPolicy(
    _ request: FinanceV1.SetDunningPolicyRequest, context: CallContext
  ) async throws -> FinanceV1.SetDunningPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let minimum = reader.money(request.minimum, "minimum")
    let base = try await questions.ask(context) { try Companies.current(in: $0).baseCurrency }
    let levels = request.levels.enumerated().map { row, level in
      let field = "levels[\(row)]"
      let letter = reader.choice(
        DunningLevel.Letter(level.letter), level.letter.rawValue, field + ".letter")
      return DunningLevel(
        afterDays: Int(level.afterDays), letter: letter ?? .reminder,
        fee: reader.money(level.fee, field + ".fee") ?? .zero(base),
        interest: Rate(micros: level.interestMicros), blocksOrders: level.blocksOrders)
    }
    try FailureStatus.refusing { try reader.check() }
    let claims = request.claims.map { DunningClaimRule($0) }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetDunningPolicy(
        validFrom: from, levels: levels, minimum: minimum,
        sparesComplaints: request.sparesComplaints, reason: request.reason, claims: claims,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getDunningPolicy(
    _ request: FinanceV1.GetDunningPolicyRequest, context: CallContext
  ) async throws -> FinanceV1.GetDunningPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      .init(
        policy: .init(
          try DunningPolicies.require(
            version: request.version, on: day ?? today, in: snapshot)))
    }
  }

  func runDunning(
    _ request: FinanceV1.RunDunningRequest, context: CallContext
  ) async throws -> FinanceV1.RunDunningResponse {
    try await commands.run(request, context) { tx, command in
      let outcome = try RunDunning(by: command.caller.name).run(in: tx, at: command.moment)
      return .init(letters: try outcome.letters.map { try .init($0) }, more: outcome.hasMore)
    }
  }

  func stopDunning(
    _ request: FinanceV1.StopDunningRequest, context: CallContext
  ) async throws -> FinanceV1.StopDunningResponse {
    var reader = RequestReader()
    let reason = reader.choice(
      DunningStop.Reason(request.reason), request.reason.rawValue, "reason")
    let until = reader.requiredDay(request.until, "until")
    if request.customerCode.isEmpty, request.invoiceNumber.isEmpty {
      reader.refuse(.oneRequired("customer_code", or: "invoice_number"))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stop = try StopDunning(
        customerCode: request.customerCode, invoiceNumber: request.invoiceNumber,
        reason: reason ?? .other, note: request.note, until: until, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(stop: .init(stop))
    }
  }

  func liftDunningStop(
    _ request: FinanceV1.LiftDunningStopRequest, context: CallContext
  ) async throws -> FinanceV1.LiftDunningStopResponse {
    try await commands.run(request, context) { tx, command in
      .init(
        stop: .init(
          try LiftDunningStop(ID(request.id), by: command.caller.name)
            .run(in: tx, at: command.moment)))
    }
  }

  func notePaymentPromise(
    _ request: FinanceV1.NotePaymentPromiseRequest, context: CallContext
  ) async throws -> FinanceV1.NotePaymentPromiseResponse {
    var reader = RequestReader()
    let amount = reader.money(request.amount, "amount")
    let day = reader.requiredDay(request.promisedOn, "promised_on")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let promise = try NotePaymentPromise(
        invoiceNumber: request.invoiceNumber, amount: amount, promisedOn: day,
        note: request.note, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(promise: .init(promise))
    }
  }

  func waiveDunningClaim(
    _ request: FinanceV1.WaiveDunningClaimRequest, context: CallContext
  ) async throws -> FinanceV1.WaiveDunningClaimResponse {
    var reader = RequestReader()
    let kind = reader.choice(
      ClaimKind(request.kind), request.kind.rawValue, "kind", required: false)
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let done = try WaiveDunningClaim(
        letterNumber: request.letterNumber, kind: kind, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        claims: try done.letter.claims.map { try .init($0) },
        creditNoteNumbers: done.notes.map(\.number))
    }
  }

  // MARK: Questions

  func getCustomerDunning(
    _ request: FinanceV1.GetCustomerDunningRequest, context: CallContext
  ) async throws -> FinanceV1.GetCustomerDunningResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let customer = try Customers.require(
        code: request.customerCode, field: "customer_code", in: snapshot)
      let found = try Dunning.overview(of: customer, on: today, in: snapshot)
      return .init(
        summary: found.summary.map { .init($0) }, invoices: found.invoices.map { .init($0) },
        stops: found.stops.map { .init($0) }, promises: found.promises.map { .init($0) },
        openClaims: found.openClaims.minor > 0 ? TypeV1.Money(found.openClaims) : nil)
    }
  }

  func listDunning(
    _ request: FinanceV1.ListDunningRequest, context: CallContext
  ) async throws -> FinanceV1.ListDunningResponse {
    var reader = RequestReader()
    let level = reader.count(Int(request.level), "level", 0...9)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["dunning", "\(level)"])
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let found = try Dunning.list(
        level: level, on: today, after: page.after?[0], limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.customerCode] }
      return .init(customers: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func getDunningLetter(
    _ request: FinanceV1.GetDunningLetterRequest, context: CallContext
  ) async throws -> FinanceV1.GetDunningLetterResponse {
    try await questions.ask(context) { snapshot in
      .init(
        letter: try .init(try DunningLetters.require(number: request.number, in: snapshot)))
    }
  }

  func listDunningLetters(
    _ request: FinanceV1.ListDunningLettersRequest, context: CallContext
  ) async throws -> FinanceV1.ListDunningLettersResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["dunning letters", request.customerCode])
    return try await questions.ask(context) { snapshot in
      let customer =
        request.customerCode.isEmpty
        ? nil
        : try Customers.require(
          code: request.customerCode, field: "customer_code", in: snapshot)
      let found = try DunningLetters.list(
        to: customer, before: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(letters: try rows.map { try .init($0) }, nextPageToken: next)
    }
  }
}
