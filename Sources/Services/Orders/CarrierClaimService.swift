internal import Identity
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about claims on carriers.
struct CarrierClaimService: OrdersV1.CarrierClaimService {
  let commands: CommandLog
  let questions: Questions

  func reportLoss(
    _ request: OrdersV1.ReportLossRequest, context: CallContext
  ) async throws -> OrdersV1.ReportLossResponse {
    let resolution = try ReportLoss.Resolution.read(request)
    return try await commands.run(request, context) { tx, command in
      let done = try ReportLoss(
        shipmentNumber: request.shipmentNumber, resolution, comment: request.comment,
        by: command.caller.name, roles: command.caller.roles,
        standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(
        shipment: OrdersV1.Shipment(done.shipment), claim: .init(done.claim),
        order: OrdersV1.Order(done.order), missingRoles: done.cancellation?.missingRoles ?? [],
        refund: done.cancellation.map { TypeV1.Money($0.money.refund) })
    }
  }

  func reportFound(
    _ request: OrdersV1.ReportFoundRequest, context: CallContext
  ) async throws -> OrdersV1.ReportFoundResponse {
    var reader = RequestReader()
    let resolution: ReportFound.Resolution? =
      switch request.resolution {
      case .goOn: .goOn
      case .comeBack: .comeBack
      default: nil
      }
    let choice = reader.choice(resolution, request.resolution.rawValue, "resolution")
    try FailureStatus.refusing { try reader.check() }
    let clock = commands.clock
    return try await commands.run(request, context) { tx, command in
      let done = try ReportFound(
        shipmentNumber: request.shipmentNumber, choice ?? .comeBack, comment: request.comment,
        by: command.caller.name, day: { clock.day(of: $0) }
      ).run(in: tx, at: command.moment)
      return .init(
        shipment: OrdersV1.Shipment(done.shipment), order: OrdersV1.Order(done.order))
    }
  }

  func advanceClaim(
    _ request: OrdersV1.AdvanceClaimRequest, context: CallContext
  ) async throws -> OrdersV1.AdvanceClaimResponse {
    var reader = RequestReader()
    let state = reader.choice(CarrierClaim.State(request.to), request.to.rawValue, "to")
    let accepted = reader.money(request.accepted, "accepted")
    if accepted != nil, state != .accepted {
      reader.refuse(.outOfRange("accepted", allowed: "absent, but with ACCEPTED"))
    }
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let claim = try AdvanceClaim(
        number: request.number, to: state ?? .open, accepted: accepted,
        reference: request.reference, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(claim: .init(claim))
    }
  }

  func listClaims(
    _ request: OrdersV1.ListClaimsRequest, context: CallContext
  ) async throws -> OrdersV1.ListClaimsResponse {
    var reader = RequestReader()
    let state = reader.choice(
      CarrierClaim.State(request.state), request.state.rawValue, "state", required: false)
    try FailureStatus.refusing { try reader.check() }
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: ["claims", request.carrier, state?.rawValue ?? ""])
    return try await questions.ask(context) { snapshot in
      let found = try CarrierClaims.list(
        CarrierClaims.Filter(carrier: request.carrier, state: state),
        after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(claims: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func setClaimTerms(
    _ request: OrdersV1.SetClaimTermsRequest, context: CallContext
  ) async throws -> OrdersV1.SetClaimTermsResponse {
    var reader = RequestReader()
    let basis = reader.choice(CarrierClaim.Basis(request.basis), request.basis.rawValue, "basis")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      try SetClaimTerms(
        carrier: request.carrier, basis: basis ?? .cost, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init()
    }
  }
}

extension CarrierClaimService {
  func listClaimTerms(
    _ request: OrdersV1.ListClaimTermsRequest, context: CallContext
  ) async throws -> OrdersV1.ListClaimTermsResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["claim terms"])
    return try await questions.ask(context) { snapshot in
      let found = try CarrierClaims.terms(
        after: page.after?.first, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { [$0.carrier] }
      return .init(
        terms: rows.map { .init(carrier: $0.carrier, basis: $0.basis.message) },
        nextPageToken: next)
    }
  }
}

extension ReportLoss.Resolution {
  fileprivate static func read(_ request: OrdersV1.ReportLossRequest) throws -> Self {
    var reader = RequestReader()
    let resolution: Self? =
      switch request.resolution {
      case .redeliver: .redeliver
      case .cancel: .cancel(reason: request.reason)
      default: nil
      }
    let choice = reader.choice(resolution, request.resolution.rawValue, "resolution")
    if choice == .redeliver, !request.reason.isEmpty {
      reader.refuse(.outOfRange("reason", allowed: "nothing, but with CANCEL"))
    }
    try FailureStatus.refusing { try reader.check() }
    return choice ?? .redeliver
  }
}

extension OrdersV1.CarrierClaim {
  fileprivate init(_ claim: CarrierClaim) {
    self.init(
      number: claim.number, shipmentNumber: claim.shipmentNumber, orderNumber: claim.orderNumber,
      carrier: claim.carrier, cause: claim.cause == .lost ? .lost : .damaged,
      state: claim.state.message, basis: claim.basis.message,
      claimed: TypeV1.Money(claim.claimed), accepted: claim.accepted.map { TypeV1.Money($0) },
      reference: claim.reference, reason: claim.reason, openedOn: GoogleType.Date(claim.openedOn),
      lines: claim.lines.map { line in
        .init(
          orderLineNumber: Int32(line.orderLine), sku: line.sku,
          quantity: TypeV1.Quantity(line.quantity, line.unit), cost: TypeV1.Money(line.cost),
          salesValue: TypeV1.Money(line.salesValue))
      }, turnedUpOn: claim.turnedUpOn.map { GoogleType.Date($0) })
  }
}

extension CarrierClaim.State {
  fileprivate init?(_ message: OrdersV1.ClaimState) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  fileprivate var message: OrdersV1.ClaimState {
    switch self {
    case .open: .open
    case .filed: .filed
    case .accepted: .accepted
    case .rejected: .rejected
    case .paid: .paid
    case .withdrawn: .withdrawn
    case .owedBack: .owedBack
    case .paidBack: .paidBack
    case .waived: .waived
    }
  }
}

extension CarrierClaim.Basis {
  fileprivate init?(_ message: OrdersV1.ClaimBasis) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  fileprivate var message: OrdersV1.ClaimBasis {
    switch self {
    case .cost: .cost
    case .salesValue: .salesValue
    }
  }
}
