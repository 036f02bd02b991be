internal import Finance
internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// joinery.orders.v1: messages to the verbs and questions about money that is paid at the door.
struct CashOnDeliveryService: OrdersV1.CashOnDeliveryService {
  let commands: CommandLog
  let questions: Questions

  func arrangeCashOnDelivery(
    _ request: OrdersV1.ArrangeCashOnDeliveryRequest, context: CallContext
  ) async throws -> OrdersV1.ArrangeCashOnDeliveryResponse {
    var reader = RequestReader()
    let collector = reader.choice(
      CashOnDelivery.Collector(request.collector), request.collector.rawValue, "collector")
    if !request.orderNumber.isEmpty, !request.shipmentNumber.isEmpty {
      reader.refuse(.notBoth("order_number", and: "shipment_number"))
    }
    try FailureStatus.refusing { try reader.check() }
    let isOrder = !request.orderNumber.isEmpty
    let verb = ArrangeCashOnDelivery(
      isOrder ? .order(request.orderNumber) : .shipment(request.shipmentNumber),
      collector: collector ?? .ownCrew)
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      let shipments = done.shipments.map { OrdersV1.Shipment($0) }
      return isOrder
        ? .init(order: OrdersV1.Order(done.order), shipments: shipments)
        : .init(shipment: shipments.first)
    }
  }

  func recordCollection(
    _ request: OrdersV1.RecordCollectionRequest, context: CallContext
  ) async throws -> OrdersV1.RecordCollectionResponse {
    let verb = RecordCollection(
      shipmentNumber: request.shipmentNumber, collected: try CollectedCash.read(request.collected))
    return try await commands.run(request, context) { tx, command in
      let done = try verb.run(in: tx, at: command.moment)
      return .init(
        shipment: OrdersV1.Shipment(done.shipment), paymentNumbers: done.payments.map(\.number))
    }
  }

  func listCashOnDelivery(
    _ request: OrdersV1.ListCashOnDeliveryRequest, context: CallContext
  ) async throws -> OrdersV1.ListCashOnDeliveryResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1, question: ["cash-on-delivery", request.carrier])
    return try await questions.ask(context) { snapshot in
      let found = try CashOnDeliveries.open(
        carrier: request.carrier, after: page.row(0).map { ID($0) }, limit: page.limit,
        in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(
        cashOnDelivery: rows.map {
          .init($0.cash, of: $0.shipmentNumber, carrier: $0.carrier, in: $0.shipmentState)
        }, nextPageToken: next)
    }
  }

  func importRemittances(
    _ request: OrdersV1.ImportRemittancesRequest, context: CallContext
  ) async throws -> OrdersV1.ImportRemittancesResponse {
    let rows = request.rows.enumerated().map { index, row in
      RemittanceRow.read(row, row: "rows[\(index)]")
    }
    let (carrier, statement) = (request.carrier, request.statement)
    return try await commands.run(request, context) { tx, command in
      let verb = ImportRemittances(carrier: carrier, statement: statement, rows: rows)
      return .init(results: try verb.run(in: tx, at: command.moment).map { .init($0) })
    }
  }

  func listRemittances(
    _ request: OrdersV1.ListRemittancesRequest, context: CallContext
  ) async throws -> OrdersV1.ListRemittancesResponse {
    let page = try PageRequest(
      request.pageSize, request.pageToken, keys: 1,
      question: [
        "remittances", request.carrier, request.statement, "\(request.open)",
        "\(request.proposed)",
      ])
    return try await questions.ask(context) { snapshot in
      let found = try Remittances.list(
        Remittances.Filter(
          carrier: request.carrier, statement: request.statement, isOpen: request.open,
          isProposed: request.proposed),
        after: page.row(0).map { ID($0) }, limit: page.limit, in: snapshot)
      let (rows, next) = page.cut(found) { ["\($0.id.value)"] }
      return .init(remittances: rows.map { .init($0) }, nextPageToken: next)
    }
  }

  func settleRemittance(
    _ request: OrdersV1.SettleRemittanceRequest, context: CallContext
  ) async throws -> OrdersV1.SettleRemittanceResponse {
    let decision = try SettleRemittance.Decision.read(request)
    return try await commands.run(request, context) { tx, command in
      let settled = try SettleRemittance(
        carrier: request.carrier, statement: request.statement, rowID: request.rowId, decision,
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(remittance: .init(settled))
    }
  }

  func approveRemittance(
    _ request: OrdersV1.ApproveRemittanceRequest, context: CallContext
  ) async throws -> OrdersV1.ApproveRemittanceResponse {
    try await commands.run(request, context) { tx, command in
      let settled = try ApproveRemittance(
        carrier: request.carrier, statement: request.statement, rowID: request.rowId,
        by: command.caller.name, standingInFor: command.caller.standsInFor
      ).run(in: tx, at: command.moment)
      return .init(remittance: .init(settled))
    }
  }

  func declineRemittance(
    _ request: OrdersV1.DeclineRemittanceRequest, context: CallContext
  ) async throws -> OrdersV1.DeclineRemittanceResponse {
    try await commands.run(request, context) { tx, command in
      let kept = try DeclineRemittance(
        carrier: request.carrier, statement: request.statement, rowID: request.rowId,
        reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(remittance: .init(kept))
    }
  }

  func setRemittancePolicy(
    _ request: OrdersV1.SetRemittancePolicyRequest, context: CallContext
  ) async throws -> OrdersV1.SetRemittancePolicyResponse {
    var reader = RequestReader()
    let alone = reader.money(request.aloneUpTo, "alone_up_to")
    try FailureStatus.refusing { try reader.check() }
    return try await commands.run(request, context) { tx, command in
      let policy = try SetRemittancePolicy(
        aloneUpTo: alone, reason: request.reason, by: command.caller.name
      ).run(in: tx, at: command.moment)
      return .init(policy: .init(policy))
    }
  }

  func getRemittancePolicy(
    _ request: OrdersV1.GetRemittancePolicyRequest, context: CallContext
  ) async throws -> OrdersV1.GetRemittancePolicyResponse {
    try await questions.ask(context) { snapshot in
      .init(policy: .init(try RemittancePolicies.current(in: snapshot)))
    }
  }
}

extension SettleRemittance.Decision {
  fileprivate static func read(_ request: OrdersV1.SettleRemittanceRequest) throws -> Self {
    var reader = RequestReader()
    let decision: Self? =
      switch request.decision {
      case .match: .match(shipmentNumber: request.shipmentNumber)
      case .writeOff: .writeOff
      case .payBack: .payBack
      default: nil
      }
    let choice = reader.choice(decision, request.decision.rawValue, "decision")
    if choice != nil, request.decision != .match, !request.shipmentNumber.isEmpty {
      reader.refuse(.outOfRange("shipment_number", allowed: "nothing, but with MATCH"))
    }
    try FailureStatus.refusing { try reader.check() }
    return choice ?? .payBack
  }
}

extension CollectedCash {
  /// As `collected` of a request has it.
  static func read(_ collected: [OrdersV1.CollectedCash]) throws -> [CollectedCash] {
    var reader = RequestReader()
    _ = reader.count(collected.count, "collected", 0...20)
    let read = collected.enumerated().map { row, part in
      CollectedCash(
        amount: reader.requiredMoney(part.amount, "collected[\(row)].amount"),
        method: reader.choice(
          PaymentMethod(part.method), part.method.rawValue, "collected[\(row)].method"),
        reference: part.externalReference)
    }
    try FailureStatus.refusing { try reader.check() }
    return read
  }
}

extension RemittanceRow {
  fileprivate static func read(
    _ message: OrdersV1.RemittanceRow, row: String
  ) -> (row: RemittanceRow, malformed: [any Rejection]) {
    var reader = RequestReader(row: row)
    let amount = reader.requiredMoney(message.amount, "amount")
    let fee = reader.money(message.fee, "fee") ?? Money.zero(amount.currency)
    let read = RemittanceRow(
      rowID: message.rowId, shipmentNumber: message.shipmentNumber,
      trackingNumber: message.trackingNumber, amount: amount, fee: fee)
    return (read, reader.found)
  }
}

extension OrdersV1.CashOnDelivery {
  init(
    _ cash: CashOnDelivery, of shipment: String, carrier: String, in state: ShipmentState
  ) {
    self.init(
      collector: cash.collector.message, state: cash.state(of: state).message,
      due: cash.due.map { TypeV1.Money($0) }, owed: TypeV1.Money(cash.owed),
      collected: TypeV1.Money(cash.collected), remitted: TypeV1.Money(cash.remitted),
      writtenOff: TypeV1.Money(cash.writtenOff), shipmentNumber: shipment, carrier: carrier)
  }
}

extension OrdersV1.Remittance {
  fileprivate init(_ remittance: Remittance) {
    let told = remittance.told
    self.init(
      carrier: remittance.carrier, statement: remittance.statement,
      row: .init(
        rowId: told.rowID, shipmentNumber: told.shipmentNumber,
        trackingNumber: told.trackingNumber, amount: TypeV1.Money(told.amount),
        fee: TypeV1.Money(told.fee)),
      shipmentNumber: remittance.shipment?.number ?? "", state: remittance.state.message,
      credited: TypeV1.Money(remittance.credited),
      importedTime: GoogleProtobuf.Timestamp(remittance.importedAt),
      settledBy: remittance.settledBy ?? "", reason: remittance.reason,
      proposal: remittance.proposal.map { .init($0) })
  }
}

extension OrdersV1.RemittanceProposal {
  fileprivate init(_ asked: Remittance.Proposal) {
    self.init(
      decision: asked.settlement == .writeOff ? .writeOff : .payBack,
      amount: TypeV1.Money(asked.amount), proposedBy: asked.actor,
      proposeTime: GoogleProtobuf.Timestamp(asked.at))
  }
}

extension OrdersV1.RemittancePolicy {
  fileprivate init(_ policy: RemittancePolicy) {
    self.init(
      version: policy.version, aloneUpTo: policy.aloneUpTo.map { TypeV1.Money($0) },
      reason: policy.reason, madeBy: policy.madeBy,
      madeAt: policy.madeAt.map { GoogleProtobuf.Timestamp($0) })
  }
}

extension OrdersV1.RemittanceResult {
  fileprivate init(_ result: RemittanceResult) {
    switch result.outcome {
    case .taken(let kept): self.init(kept, .taken)
    case .duplicate(let kept): self.init(kept, .duplicate)
    case .refused(let all):
      self.init(
        rowId: result.rowID, outcome: .refused, violations: all.map { TypeV1.Violation($0) })
    }
  }

  private init(_ kept: Remittance, _ outcome: OrdersV1.RemittanceOutcome) {
    self.init(
      rowId: kept.told.rowID, outcome: outcome, state: kept.state.message,
      shipmentNumber: kept.shipment?.number ?? "",
      difference: kept.difference.map { TypeV1.Money($0) })
  }
}

extension CashOnDelivery.Collector {
  init?(_ message: OrdersV1.CodCollector) {
    guard let found = Self.allCases.first(where: { $0.message == message }) else { return nil }
    self = found
  }

  var message: OrdersV1.CodCollector {
    switch self {
    case .ownCrew: .ownCrew
    case .carrier: .carrier
    }
  }
}

extension CashOnDelivery.State {
  fileprivate var message: OrdersV1.CodState {
    switch self {
    case .arranged: .arranged
    case .onItsWay: .onItsWay
    case .uncollected: .uncollected
    case .withCarrier: .withCarrier
    case .settled: .settled
    case .calledOff: .calledOff
    }
  }
}

extension Remittance.State {
  fileprivate var message: OrdersV1.RemittanceState {
    switch self {
    case .matched: .matched
    case .short: .short
    case .over: .over
    case .unknown: .unknown
    case .settled: .settled
    }
  }
}
