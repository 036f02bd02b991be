private import Crypto
internal import MasterData
internal import Messages
internal import Orders
internal import Values

// Promises and allocation: messages to values and values to messages.

extension OrdersV1.LinePromise {
  init(_ promise: LinePromise) {
    self.init(
      lineNumber: Int32(promise.line), sku: promise.sku,
      open: TypeV1.Quantity(promise.open, promise.unit),
      held: TypeV1.Quantity(promise.held, promise.unit),
      readyOn: promise.readyOn.map { GoogleType.Date($0) },
      promisedOn: promise.promisedOn.map { GoogleType.Date($0) }, late: promise.isLate,
      schedules: promise.schedules.map { part in
        .init(
          scheduleNumber: Int32(part.number), requestedOn: GoogleType.Date(part.requestedOn),
          open: TypeV1.Quantity(part.open, promise.unit),
          held: TypeV1.Quantity(part.held, promise.unit),
          readyOn: part.readyOn.map { GoogleType.Date($0) }, late: part.isLate)
      })
  }
}

extension [LinePromise] {
  /// The trees of all lines, told from the top.
  var steps: [OrdersV1.PromiseStep] {
    var told: [OrdersV1.PromiseStep] = []
    func tell(_ steps: [PromiseStep], _ level: Int32, of line: Int) {
      for step in steps {
        told.append(OrdersV1.PromiseStep(step, line, level))
        tell(step.material, level + 1, of: line)
      }
    }
    for promise in self { tell(promise.steps, 0, of: promise.line) }
    return told
  }

  /// The last day of all; nil where nobody can say of one of them, and where there is none.
  var readyOn: GoogleType.Date? {
    let days = compactMap(\.readyOn)
    return days.count == count ? days.max().map { GoogleType.Date($0) } : nil
  }
}

extension OrdersV1.PromiseStep {
  init(_ step: PromiseStep, _ line: Int, _ level: Int32) {
    self.init(
      lineNumber: Int32(line), level: level, kind: step.supply.message,
      document: step.document.map { TypeV1.DocumentReference($0) }, sku: step.sku,
      quantity: TypeV1.Quantity(step.quantity, step.unit),
      readyOn: step.readyOn.map { GoogleType.Date($0) }, critical: step.isCritical,
      text: step.text)
  }
}

extension PromiseStep.Supply {
  var message: OrdersV1.SupplyKind {
    switch self {
    case .stock: .stock
    case .purchaseOrder: .purchaseOrder
    case .requisition: .requisition
    case .workOrder: .workOrder
    case .transfer: .transfer
    case .nothing: .nothing
    }
  }
}

extension OrdersV1.PromiseChange {
  init(_ change: PromiseChange) {
    self.init(
      orderNumber: change.order, lineNumber: Int32(change.promise.line), sku: change.promise.sku,
      readyBefore: change.readyBefore.map { GoogleType.Date($0) },
      readyAfter: change.promise.readyOn.map { GoogleType.Date($0) },
      because: change.cause?.number ?? "", late: change.promise.isLate)
  }
}

extension AllocationCriterion {
  init?(_ message: OrdersV1.AllocationCriterion) {
    switch message {
    case .priority: self = .priority
    case .promised: self = .promised
    case .wanted: self = .wanted
    case .confirmed: self = .confirmed
    case .unspecified, .unrecognized: return nil
    }
  }

  var message: OrdersV1.AllocationCriterion {
    switch self {
    case .priority: .priority
    case .promised: .promised
    case .wanted: .wanted
    case .confirmed: .confirmed
    }
  }
}

extension PriorityRule {
  init(_ message: OrdersV1.PriorityRule, _ reader: inout RequestReader, field: String) {
    self.init(
      customerClass: reader.optional(message.customerClass),
      fromGross: reader.money(message.fromGross, field + ".from_gross"),
      withinDays: message.withinDays.map(Int.init), sku: reader.optional(message.sku),
      productClass: reader.optional(message.productClass), points: Int(message.points))
  }
}

extension OrdersV1.PriorityRule {
  init(_ rule: PriorityRule) {
    self.init(
      customerClass: rule.customerClass ?? "", fromGross: rule.fromGross.map { TypeV1.Money($0) },
      withinDays: rule.withinDays.map(Int32.init), sku: rule.sku ?? "",
      points: Int32(rule.points), productClass: rule.productClass ?? "")
  }
}

extension OrdersV1.AllocationPolicy {
  init(_ policy: AllocationPolicy) {
    self.init(
      version: policy.version, criteria: policy.criteria.map(\.message),
      rules: policy.rules.map { OrdersV1.PriorityRule($0) }, reason: policy.reason,
      madeBy: policy.madeBy, makeTime: GoogleProtobuf.Timestamp(policy.madeAt))
  }
}

extension OrdersV1.LinePriority {
  init(_ priority: LinePriority) {
    self.init(
      lineNumber: Int32(priority.line), sku: priority.sku,
      score: Int32(clamping: priority.score),
      explanation: .init(priority.explanation))
  }
}

extension Reallocation {
  /// Names it: another one has another.
  var token: String {
    let digest = SHA256.hash(data: Array(essence.utf8))
    return "a\(policyVersion)-\(Hex.text(Array(digest.prefix(12))))"
  }
}

extension OrdersV1.Reallocation {
  init(_ change: ReallocatedLine) {
    self.init(
      rank: Int32(change.rank), orderNumber: change.order, lineNumber: Int32(change.line),
      score: Int32(clamping: change.score),
      promisedOn: change.promisedOn.map { GoogleType.Date($0) },
      needed: TypeV1.Quantity(change.needed, change.unit),
      heldBefore: TypeV1.Quantity(change.heldBefore, change.unit),
      heldAfter: TypeV1.Quantity(change.heldAfter, change.unit),
      readyBefore: change.readyBefore.map { GoogleType.Date($0) },
      readyAfter: change.readyAfter.map { GoogleType.Date($0) }, text: change.text)
  }
}
