internal import Finance
internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

// What follows from delivery, and who must approve before it.
extension OrderService {
  func invoiceOrder(
    _ request: OrdersV1.InvoiceOrderRequest, context: CallContext
  ) async throws -> OrdersV1.InvoiceOrderResponse {
    let verb = InvoiceOrder(number: request.number)
    return try await commands.run(request, context) { tx, command in
      let invoice = try verb.run(in: tx, at: command.moment)
      return .init(
        invoiceNumber: invoice.number, gross: TypeV1.Money(invoice.gross),
        open: TypeV1.Money(invoice.open), dueOn: GoogleType.Date(invoice.dueOn))
    }
  }

  func replaceApprovalRules(
    _ request: OrdersV1.ReplaceApprovalRulesRequest, context: CallContext
  ) async throws -> OrdersV1.ReplaceApprovalRulesResponse {
    var reader = RequestReader()
    let rules = request.rules.enumerated().map { index, rule in
      ApprovalRule(rule, &reader, field: "rules[\(index)]")
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let stored = try ReplaceApprovalRules(
        rules: rules, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(
        rules: stored.rules.map { OrdersV1.ApprovalRule($0) }, version: stored.version)
    }
  }

  func listApprovalRules(
    _ request: OrdersV1.ListApprovalRulesRequest, context: CallContext
  ) async throws -> OrdersV1.ListApprovalRulesResponse {
    try await questions.ask(context) { snapshot in
      let found =
        request.version == 0
        ? try ApprovalPolicies.current(in: snapshot)
        : try ApprovalPolicies.require(
          version: request.version, field: "version", in: snapshot)
      return .init(
        rules: found.rules.map { OrdersV1.ApprovalRule($0) }, version: found.version,
        reason: found.reason, madeBy: found.madeBy,
        makeTime: GoogleProtobuf.Timestamp(found.madeAt))
    }
  }
}
