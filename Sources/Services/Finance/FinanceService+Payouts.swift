internal import Finance
internal import Identity
internal import Messages
internal import RPC
internal import Storage
internal import Values

/// Money on account that goes back to customers.
extension FinanceService {
  func proposePayout(
    _ request: FinanceV1.ProposePayoutRequest, context: CallContext
  ) async throws -> FinanceV1.ProposePayoutResponse {
    var reader = RequestReader()
    let amount = reader.requiredMoney(request.amount, "amount")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let found = try ProposePayout(
        customerCode: request.customerCode, amount: amount, reason: request.reason,
        by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(payout: .init(found))
    }
  }

  func payPayout(
    _ request: FinanceV1.PayPayoutRequest, context: CallContext
  ) async throws -> FinanceV1.PayPayoutResponse {
    var reader = RequestReader()
    let choice = reader.choice(PaymentMethod(request.method), request.method.rawValue, "method")
    try FailureStatus.refusing { try reader.check() }
    guard let method = choice else {
      preconditionFailure("a method that passed its check is there")
    }
    return try await commands.run(request, context) { tx, command in
      let found = try PayPayout(
        number: request.number, method: method, externalReference: request.externalReference,
        by: command.caller.name, standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(payout: .init(found))
    }
  }

  func declinePayout(
    _ request: FinanceV1.DeclinePayoutRequest, context: CallContext
  ) async throws -> FinanceV1.DeclinePayoutResponse {
    try await commands.run(request, context) { tx, command in
      let found = try DeclinePayout(
        number: request.number, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(payout: .init(found))
    }
  }

  func listPayouts(
    _ request: FinanceV1.ListPayoutsRequest, context: CallContext
  ) async throws -> FinanceV1.ListPayoutsResponse {
    var reader = RequestReader()
    let state =
      reader.choice(
        Payout.State(request.state), request.state.rawValue, "state", required: false)
      ?? .proposed
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["payouts", state.rawValue])
    return try await questions.ask(context) { snapshot in
      let found = try Payouts.list(
        state, after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(payouts: rows.map { .init($0) }, nextPageToken: next)
    }
  }
}

extension Payout.State {
  fileprivate init?(_ message: FinanceV1.PayoutState) {
    switch message {
    case .proposed: self = .proposed
    case .paid: self = .paid
    case .declined: self = .declined
    case .unspecified, .unrecognized: return nil
    }
  }

  fileprivate var message: FinanceV1.PayoutState {
    switch self {
    case .proposed: .proposed
    case .paid: .paid
    case .declined: .declined
    }
  }
}

extension FinanceV1.Payout {
  init(_ payout: Payout) {
    self.init(
      number: payout.number, customerCode: payout.customerCode, state: payout.state.message,
      amount: TypeV1.Money(payout.amount), reason: payout.reason, proposedBy: payout.proposedBy,
      proposeTime: GoogleProtobuf.Timestamp(payout.proposedAt),
      decidedBy: payout.decidedBy ?? "", method: payout.method?.message ?? .unspecified,
      externalReference: payout.externalReference, comment: payout.comment)
  }
}
