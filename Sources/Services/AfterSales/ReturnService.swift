internal import Finance
internal import Identity
internal import Inventory
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.aftersales.v1: messages to the verbs and questions about goods that come back. Paying a
/// refund is in CancellationService.
struct ReturnService: AftersalesV1.ReturnService {
  let commands: CommandLog
  let questions: Questions

  func setReturnPolicy(
    _ request: AftersalesV1.SetReturnPolicyRequest, context: CallContext
  ) async throws -> AftersalesV1.SetReturnPolicyResponse {
    var reader = RequestReader()
    let from = reader.day(request.validFrom, "valid_from")
    let rules = request.rules.enumerated().map { index, rule in
      ReturnRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetReturnPolicy(
        validFrom: from, rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getReturnPolicy(
    _ request: AftersalesV1.GetReturnPolicyRequest, context: CallContext
  ) async throws -> AftersalesV1.GetReturnPolicyResponse {
    var reader = RequestReader()
    let day = reader.day(request.day, "day")
    if day != nil, request.version != 0 { reader.refuse(.notBoth("day", and: "version")) }
    try FailureStatus.refusing { try reader.check() }
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let policy =
        request.version == 0
        ? try ReturnPolicies.inForce(on: day ?? today, in: snapshot)
        : try ReturnPolicies.require(version: request.version, field: "version", in: snapshot)
      return .init(policy: .init(policy))
    }
  }

  func replaceReturnReasons(
    _ request: AftersalesV1.ReplaceReturnReasonsRequest, context: CallContext
  ) async throws -> AftersalesV1.ReplaceReturnReasonsResponse {
    var reader = RequestReader()
    let reasons = request.reasons.enumerated().map { index, row in
      let responsible = reader.choice(
        Responsible(row.responsible), row.responsible.rawValue, "reasons[\(index)].responsible")
      return ReturnReason(code: row.code, text: row.text, responsible: responsible ?? .customer)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceReturnReasons(reasons: reasons).run(in: tx, at: command.moment)
      return .init(reasons: stored.map { .init($0) })
    }
  }

  func listReturnReasons(
    _ request: AftersalesV1.ListReturnReasonsRequest, context: CallContext
  ) async throws -> AftersalesV1.ListReturnReasonsResponse {
    try await questions.ask(context) { snapshot in
      .init(reasons: try ReturnReasons.list(in: snapshot).map { .init($0) })
    }
  }

  func getReturnable(
    _ request: AftersalesV1.GetReturnableRequest, context: CallContext
  ) async throws -> AftersalesV1.GetReturnableResponse {
    let today = commands.clock.moment().day
    return try await questions.ask(context) { snapshot in
      let order = try SalesOrders.require(
        number: request.orderNumber, field: "order_number", in: snapshot)
      let lines = try Returns.returnable(
        of: order, for: request.reasonCode, on: today, in: snapshot)
      return .init(lines: lines.map { .init($0) })
    }
  }

  func requestReturn(
    _ request: AftersalesV1.RequestReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.RequestReturnResponse {
    try await commands.run(request, context) { tx, command in
      let found = try RequestReturn(
        orderNumber: request.orderNumber,
        lines: request.lines.map { .init($0) }, note: request.note, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(customerReturn: try .init(found, in: tx))
    }
  }

  func approveReturn(
    _ request: AftersalesV1.ApproveReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.ApproveReturnResponse {
    try await commands.run(request, context) { tx, command in
      let found = try ApproveReturn(
        number: request.number, by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(customerReturn: try .init(found, in: tx))
    }
  }

  func rejectReturn(
    _ request: AftersalesV1.RejectReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.RejectReturnResponse {
    try await commands.run(request, context) { tx, command in
      let found = try RejectReturn(
        number: request.number, reason: request.reason, by: command.caller.name,
        roles: command.caller.roles
      ).run(in: tx, at: command.moment)
      return .init(customerReturn: try .init(found, in: tx))
    }
  }

  func cancelReturn(
    _ request: AftersalesV1.CancelReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.CancelReturnResponse {
    try await commands.run(request, context) { tx, command in
      let found = try CancelReturn(
        number: request.number, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(customerReturn: try .init(found, in: tx))
    }
  }

  func receiveReturn(
    _ request: AftersalesV1.ReceiveReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.ReceiveReturnResponse {
    try await commands.run(request, context) { tx, command in
      let found = try ReceiveReturn(
        number: request.number,
        lines: request.lines.map {
          LineQuantity(line: Int($0.lineNumber), quantity: GivenQuantity($0.quantity))
        }, warehouseCode: request.warehouseCode
      ).run(in: tx, at: command.moment)
      return .init(customerReturn: try .init(found, in: tx))
    }
  }

  func gradeReturn(
    _ request: AftersalesV1.GradeReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.GradeReturnResponse {
    var reader = RequestReader()
    let lines = request.lines.enumerated().map { index, line in
      let grade = reader.choice(
        ReturnGrade(line.grade), line.grade.rawValue, "lines[\(index)].grade")
      return GradedQuantity(
        line: Int(line.lineNumber), quantity: GivenQuantity(line.quantity), grade: grade ?? .repair)
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let found = try GradeReturn(number: request.number, lines: lines)
        .run(in: tx, at: command.moment)
      return .init(customerReturn: try .init(found, in: tx))
    }
  }

  func creditReturn(
    _ request: AftersalesV1.CreditReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.CreditReturnResponse {
    try await commands.run(request, context) { tx, command in
      let done = try CreditReturn(number: request.number, by: command.caller.name)
        .run(in: tx, at: command.moment)
      return .init(
        customerReturn: .init(done.customerReturn, done.notes.map(\.number)),
        creditNotes: done.notes.map { .init($0) }, refund: TypeV1.Money(done.refund))
    }
  }

  func getReturn(
    _ request: AftersalesV1.GetReturnRequest, context: CallContext
  ) async throws -> AftersalesV1.GetReturnResponse {
    try await questions.ask(context) { snapshot in
      let found = try Returns.require(number: request.number, in: snapshot)
      return .init(customerReturn: try .init(found, in: snapshot))
    }
  }

  func listReturns(
    _ request: AftersalesV1.ListReturnsRequest, context: CallContext
  ) async throws -> AftersalesV1.ListReturnsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      ReturnState(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["returns", request.orderNumber, state?.rawValue ?? ""])
    return try await questions.ask(context) { snapshot in
      let order =
        request.orderNumber.isEmpty
        ? nil
        : try SalesOrders.require(
          number: request.orderNumber, field: "order_number", in: snapshot)
      let found = try Returns.list(
        order: order, state: state, before: page.row(0).map { ID($0) }, limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(returns: try rows.map { try .init($0, in: snapshot) }, nextPageToken: next)
    }
  }
}
