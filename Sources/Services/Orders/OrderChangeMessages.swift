private import Crypto
internal import Inventory
internal import Messages
internal import Orders
internal import Production
internal import RPC
internal import Values

// Changes, versions, holds and actions: messages to values and values to messages.

extension OrderChange {
  /// Reads the shape of a change; what it names is looked up by the verb.
  init(_ message: OrdersV1.OrderChange?) throws {
    self = try FailureStatus.refusing { try OrderChange(reading: message) }
  }

  /// As above, with refusals as they are.
  init(reading message: OrdersV1.OrderChange?) throws {
    let message = message ?? OrdersV1.OrderChange()
    var reader = RequestReader()
    let day = reader.day(message.requestedOn, "change.requested_on")
    let amount = reader.money(message.discount, "change.discount")
    if day != nil, message.asSoonAsPossible {
      reader.refuse(.notBoth("change.requested_on", and: "change.as_soon_as_possible"))
    }
    if message.delivery != nil, message.fetched {
      reader.refuse(.notBoth("change.delivery", and: "change.fetched"))
    }
    let delivery = reader.delivery(message.delivery, "change.delivery")
    if amount != nil, message.discountMicros != nil {
      reader.refuse(.notBoth("change.discount", and: "change.discount_micros"))
    }
    let lines = message.lines.enumerated().map { index, line in
      let path = "change.lines[\(index)]"
      return Line(
        number: Int(line.lineNumber), quantity: line.quantity.map { GivenQuantity($0) },
        discount: line.discountMicros.map { Rate(micros: $0) }, isRemoved: line.remove,
        instructions: reader.instructionEdits(line.instructions, path),
        schedules: reader.schedules(line.schedules, path),
        choice: reader.choice(line.configuration, path),
        begunWork: reader.begunWork(line.begunWork, path + ".begun_work"),
        rework: reader.rework(line, path))
    }
    let added = message.addedLines.enumerated().map { index, line in
      OrderDraft.Line(line, &reader, "change.added_lines[\(index)]")
    }
    let instructions = reader.instructionEdits(message.instructions, "change")
    try reader.check()
    self.init(
      lines: lines, added: added,
      requestedOn: message.asSoonAsPossible ? .cleared : day.map { .set($0) },
      delivery: message.fetched ? .cleared : delivery.map { .set($0) },
      discount: amount.map { $0.minor == 0 ? .cleared : .set(.amount($0)) }
        ?? message.discountMicros.map { $0 == 0 ? .cleared : .set(.share(Rate(micros: $0))) },
      isRepriced: message.reprice, instructions: instructions,
      reductionReason: message.reductionReasonCode)
  }
}

extension RequestReader {
  fileprivate mutating func begunWork(
    _ message: OrdersV1.BegunWork, _ field: String
  ) -> BegunWork {
    let given: BegunWork? =
      switch message {
      case .unspecified, .keepAsStock: .keptAsStock
      case .scrap: .scrapped
      case .rework: .reworked
      case .unrecognized: nil
      }
    return choice(given, message.rawValue, field) ?? .keptAsStock
  }

  fileprivate mutating func rework(
    _ line: OrdersV1.LineChange, _ path: String
  ) -> ReworkTerms {
    guard let terms = line.rework else { return .least }
    if line.begunWork != .rework { refuse(.notBoth(path + ".rework", and: path + ".begun_work")) }
    return ReworkTerms(repeatsSteps: terms.repeatSteps, spoiled: terms.spoiledSkus)
  }
}

extension ChangeImpact {
  /// Names it: another impact has another.
  var token: String {
    let digest = SHA256.hash(data: Array(essence.utf8))
    return "v\(baseVersion)-\(Hex.text(Array(digest.prefix(12))))"
  }
}

extension OrdersV1.ChangeImpact {
  init(_ impact: ChangeImpact) {
    let none = Money.zero(impact.gross.currency)
    self.init(
      baseVersion: impact.baseVersion,
      differences: impact.differences.map { OrdersV1.OrderDifference($0) },
      netChange: TypeV1.Money(impact.net), taxChange: TypeV1.Money(impact.tax),
      grossChange: TypeV1.Money(impact.gross),
      verdicts: impact.verdicts.map { TypeV1.SupplyVerdict($0) },
      sunkCost: TypeV1.Money(impact.sunkCost),
      readyOnBefore: impact.readyBefore.map { GoogleType.Date($0) },
      readyOn: impact.readyAfter.map { GoogleType.Date($0) },
      approverRole: impact.missingApproval ?? "", unapplied: TypeV1.Money(impact.unapplied),
      fee: TypeV1.Money(impact.fee?.fee ?? none),
      forfeited: TypeV1.Money(impact.fee?.forfeited ?? none),
      compensation: TypeV1.Money(impact.fee?.compensation ?? none),
      feeExplanation: impact.fee.map { .init($0.explanation) })
  }
}

extension OrdersV1.OrderDifference {
  init(_ difference: OrderDifference) {
    self.init(
      lineNumber: Int32(difference.line), field: difference.field.message,
      before: difference.before, after: difference.after)
  }
}

extension OrderField {
  var message: OrdersV1.OrderField {
    switch self {
    case .lineAdded: .lineAdded
    case .lineRemoved: .lineRemoved
    case .quantity: .quantity
    case .unitPrice: .unitPrice
    case .discount: .discount
    case .net: .net
    case .tax: .tax
    case .gross: .gross
    case .deposit: .deposit
    case .requestedOn: .requestedOn
    case .delivery: .delivery
    case .gift: .gift
    case .packing: .packing
    case .invoice: .invoice
    case .deliveryRemarks: .deliveryRemarks
    case .configuration: .configuration
    case .schedules: .schedules
    }
  }
}

extension OrdersV1.OrderVersion {
  init(_ version: OrderVersion) {
    self.init(
      version: version.version, madeBy: version.madeBy,
      makeTime: GoogleProtobuf.Timestamp(version.madeAt), reason: version.reason,
      net: TypeV1.Money(version.net), tax: TypeV1.Money(version.tax),
      gross: TypeV1.Money(version.gross),
      depositRequired: TypeV1.Money(version.depositRequired),
      requestedOn: version.requestedOn.map { GoogleType.Date($0) },
      delivery: version.delivery.map { OrdersV1.Delivery($0) },
      lines: version.lines.map { line in
        .init(
          lineNumber: Int32(line.number), sku: line.sku,
          ordered: TypeV1.Quantity(line.ordered, line.unit),
          unitPrice: TypeV1.UnitPrice(line.unitPrice), discountMicros: line.discount.micros,
          net: TypeV1.Money(line.net), tax: TypeV1.Money(line.tax), charge: line.charge,
          instructions: .init(line.instructions), configuration: line.configuration,
          schedules: line.schedules.map { .init($0) })
      }, instructions: .init(version.instructions))
  }
}

extension OrderHoldKind {
  /// Nil for a kind that is not given or not known.
  init?(_ message: OrdersV1.OrderHoldKind) {
    switch message {
    case .credit: self = .credit
    case .price: self = .price
    case .address: self = .address
    case .fraud: self = .fraud
    case .material: self = .material
    case .customer: self = .customer
    case .duplicate: self = .duplicate
    case .outlier: self = .outlier
    case .data: self = .data
    case .warning: self = .warning
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.OrderHoldKind {
    switch self {
    case .credit: .credit
    case .price: .price
    case .address: .address
    case .fraud: .fraud
    case .material: .material
    case .customer: .customer
    case .duplicate: .duplicate
    case .outlier: .outlier
    case .data: .data
    case .warning: .warning
    }
  }
}

extension OrdersV1.OrderHold {
  init(_ hold: OrderHold) {
    self.init(
      kind: hold.kind.message, reason: hold.reason, setBy: hold.setBy,
      setTime: GoogleProtobuf.Timestamp(hold.setAt),
      explanation: hold.explanation.isEmpty ? nil : .init(hold.explanation))
  }
}

extension OrderAction {
  /// Of the command that takes it.
  var method: MethodDescriptor {
    typealias Orders = OrdersV1.OrderServiceMethods
    return switch self {
    case .submit: Orders.submitOrder
    case .approve: Orders.approveOrder
    case .reject: Orders.rejectOrder
    case .confirm: Orders.confirmOrder
    case .change: Orders.changeOrder
    case .cancel: Orders.cancelOrder
    case .startWork: ProductionV1.ProductionServiceMethods.releaseWorkOrder
    case .ship: Orders.prepareShipment
    case .dispatch: Orders.dispatchShipment
    case .completeService: Orders.completeService
    case .invoice: Orders.invoiceOrder
    case .receivePayment: FinanceV1.FinanceServiceMethods.receivePayment
    case .requestChange: OrdersV1.ChangeServiceMethods.requestOrderChange
    case .approveChange: OrdersV1.ChangeServiceMethods.approveChangeRequest
    }
  }

  var message: OrdersV1.OrderAction {
    switch self {
    case .submit: .submit
    case .approve: .approve
    case .reject: .reject
    case .confirm: .confirm
    case .change: .change
    case .cancel: .cancel
    case .startWork: .startWork
    case .ship: .ship
    case .dispatch: .dispatch
    case .completeService: .completeService
    case .invoice: .invoice
    case .receivePayment: .receivePayment
    case .requestChange: .requestChange
    case .approveChange: .approveChange
    }
  }
}

extension ChangeKind {
  var message: OrdersV1.ChangeKind {
    switch self {
    case .addLine: .addLine
    case .removeLine: .removeLine
    case .raiseQuantity: .raiseQuantity
    case .lowerQuantity: .lowerQuantity
    case .discount: .discount
    case .delivery: .delivery
    case .day: .day
    case .prices: .prices
    case .gift: .gift
    case .packing: .packing
    case .invoice: .invoice
    case .deliveryRemarks: .deliveryRemarks
    case .configuration: .configuration
    }
  }
}

extension OrdersV1.ChangeRight {
  init(
    _ kind: ChangeKind, _ right: ChangeMatrix.Right?, roles: Set<String>, mayChange: Bool,
    mayRequest: Bool
  ) {
    switch right {
    case .everybody:
      self.init(kind: kind.message, allowed: mayChange, requestable: mayRequest)
    case .role(let role):
      self.init(
        kind: kind.message, allowed: mayChange && roles.contains(role), role: role,
        requestable: mayRequest)
    case nil: self.init(kind: kind.message)
    }
  }
}
