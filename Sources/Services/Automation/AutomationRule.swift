internal import Identity
internal import MasterData
internal import Messages
internal import Orders
internal import RPC
internal import Storage
internal import Values

/// A version of a rule, as it looks at events.
struct AutomationRule: Sendable {
  var message: AutomationV1.Rule
  /// The place in the log behind which it looks.
  var since: Int64

  /// More than a company can keep in mind.
  static let limit = 200
  /// Of rules that lead to events of each other.
  static let deepest = 3
  /// Of all rules for one order within an hour.
  static let hourlyLimit = 50
  private static let usualHourlyLimit = 10

  var code: String { message.code }
  var hourlyLimit: Int {
    message.hourlyLimit == 0 ? Self.usualHourlyLimit : Int(message.hourlyLimit)
  }

  /// No caller has it by chance: it names the version and the event.
  func key(at place: Int64) -> String { "rule/\(code)/\(message.version)/\(place)" }

  // MARK: What is done

  /// The method that it calls.
  var method: MethodDescriptor {
    switch message.action {
    case .release: OrdersV1.OrderServiceMethods.releaseOrderHold
    case .priority: OrdersV1.PromiseServiceMethods.setPriority
    case .tag: CustomersV1.CustomerServiceMethods.tagCustomer
    case .complaint: AftersalesV1.ComplaintServiceMethods.openComplaint
    case .hold, nil: OrdersV1.OrderServiceMethods.holdOrder
    }
  }

  /// What it asks of the method about an order.
  func request(about order: SalesOrder) -> [UInt8] {
    switch message.action {
    case .hold(let hold):
      OrdersV1.HoldOrderRequest(number: order.number, kind: hold.kind, reason: hold.reason)
        .encoded()
    case .release(let hold):
      OrdersV1.ReleaseOrderHoldRequest(
        number: order.number, kind: hold.kind, reason: hold.reason
      ).encoded()
    case .priority(let priority):
      OrdersV1.SetPriorityRequest(
        orderNumber: order.number, score: priority.score, reason: priority.reason
      ).encoded()
    case .tag(let tag):
      CustomersV1.TagCustomerRequest(customerCode: order.customerCode, add: [tag.tag]).encoded()
    case .complaint(let complaint):
      AftersalesV1.OpenComplaintRequest(
        orderNumber: order.number, category: complaint.category, severity: complaint.severity,
        text: complaint.text
      ).encoded()
    case nil: []
    }
  }

  // MARK: What it looks at

  /// Whether an order, as it is now, is one of those that it is for.
  func fits(_ event: StoredEvent, _ order: SalesOrder, in snapshot: Snapshot) throws -> Bool {
    guard let wanted = message.conditions else { return true }
    func has<Value: Equatable>(_ list: [Value], _ value: @autoclosure () -> Value) -> Bool {
      list.isEmpty || list.contains(value())
    }
    guard has(wanted.channels, order.channel.message), has(wanted.states, order.state.message),
      has(wanted.customerCodes, order.customerCode),
      has(wanted.warehouseCodes, order.warehouseCode)
    else { return false }
    let facts = event.factList
    for fact in wanted.facts {
      guard let found = facts.first(where: { $0.name == fact.name }),
        fact.values.contains(found.value)
      else { return false }
    }
    let gross = try order.baseGross()
    if let from = wanted.grossFrom {
      guard from.currencyCode == gross.currency.code, gross.minor >= from.minorUnits else {
        return false
      }
    }
    if let below = wanted.grossBelow {
      guard below.currencyCode == gross.currency.code, gross.minor < below.minorUnits else {
        return false
      }
    }
    if !wanted.customerClasses.isEmpty {
      let customer = try Customers.find(code: order.customerCode, in: snapshot)
      guard wanted.customerClasses.contains(customer?.customerClass ?? "") else { return false }
    }
    guard !wanted.productClasses.isEmpty else { return true }
    let products = try Products.find(skus: order.lines.map(\.sku), in: snapshot)
    return products.contains { wanted.productClasses.contains($0?.productClass ?? "") }
  }

  // MARK: What it may be

  /// Refuses what is wrong with it, all at once.
  func check(base: Currency) throws {
    var reader = RequestReader()
    checkAction(&reader)
    try reader.check()
    var check = FieldCheck(FieldPath("rule"))
    check.code(message.code, "code")
    if !Self.isEventType(message.eventType) {
      check.refuse(
        AutomationRejection.invalidEventType(
          field: "rule.event_type", given: String(message.eventType.prefix(60))
        ).ifNamed(message.eventType))
    }
    check.text(message.principal, "principal", limit: 100, required: true)
    check.range(Int(message.hourlyLimit), "hourly_limit", 0...100)
    switch message.action {
    case .hold(let hold): check.text(hold.reason, "hold.reason", limit: 500, required: true)
    case .release(let hold): check.text(hold.reason, "release.reason", limit: 500, required: true)
    case .priority(let priority):
      check.range(Int(priority.score), "priority.score", -100_000...100_000)
      check.text(priority.reason, "priority.reason", limit: 500, required: true)
    case .tag(let tag): check.text(tag.tag, "tag.tag", limit: 40, required: true)
    case .complaint(let complaint):
      check.text(complaint.text, "complaint.text", limit: 2_000, required: true)
    case nil: check.refuse(MasterDataRejection.missingValue(field: "rule.action"))
    }
    checkConditions(base, &check)
    try check.pass()
  }

  private func checkAction(_ reader: inout RequestReader) {
    switch message.action {
    case .hold(let hold):
      _ = reader.choice(OrderHoldKind(hold.kind), hold.kind.rawValue, "rule.hold.kind")
    case .release(let hold):
      _ = reader.choice(OrderHoldKind(hold.kind), hold.kind.rawValue, "rule.release.kind")
    case .complaint(let complaint):
      _ = reader.choice(
        ComplaintCategory(complaint.category), complaint.category.rawValue,
        "rule.complaint.category")
      _ = reader.choice(
        ComplaintSeverity(complaint.severity), complaint.severity.rawValue,
        "rule.complaint.severity")
    case .priority, .tag, nil: break
    }
    for (row, channel) in (message.conditions?.channels ?? []).enumerated() {
      _ = reader.choice(
        Channel(channel), channel.rawValue, "rule.conditions.channels[\(row)]")
    }
    for (row, state) in (message.conditions?.states ?? []).enumerated() {
      _ = reader.choice(OrderState(state), state.rawValue, "rule.conditions.states[\(row)]")
    }
  }

  private func checkConditions(_ base: Currency, _ check: inout FieldCheck) {
    guard let wanted = message.conditions else { return }
    let lists = [
      ("customer_classes", wanted.customerClasses), ("customer_codes", wanted.customerCodes),
      ("warehouse_codes", wanted.warehouseCodes), ("product_classes", wanted.productClasses),
    ]
    for (name, list) in lists {
      check.range(list.count, "conditions.\(name)", 0...50)
      for (row, code) in list.prefix(50).enumerated() {
        check.code(code, "conditions.\(name)[\(row)]")
      }
    }
    for (name, amount) in [("gross_from", wanted.grossFrom), ("gross_below", wanted.grossBelow)] {
      guard let amount else { continue }
      if amount.currencyCode != base.code {
        check.refuse(
          MasterDataRejection.currencyNotAccepted(
            field: "rule.conditions.\(name)", given: Currency(amount.currencyCode) ?? .cny,
            base: base))
      }
      check.range(amount.minorUnits, "conditions.\(name)", 0...FieldCheck.highestAmountMinor)
    }
    check.range(wanted.facts.count, "conditions.facts", 0...10)
    for (row, fact) in wanted.facts.prefix(10).enumerated() {
      check.code(fact.name, "conditions.facts[\(row)].name")
      check.range(fact.values.count, "conditions.facts[\(row)].values", 1...20)
    }
  }

  /// "noun.what-happened".
  private static func isEventType(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 2 && text.utf8.count <= 60
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
          }
      }
  }

  /// The principal in whose name it acts; refuses one that may not.
  func admission(at now: Instant, in snapshot: Snapshot) throws -> Admission {
    let admission = try Admissions.find(
      service: message.principal, rule: code, at: now, in: snapshot)
    let permission = method.permission
    guard admission.permissions.contains(permission), admission.scope(for: permission).isAll else {
      throw AutomationRejection.principalMayNot(
        field: "rule.principal", principal: message.principal, permission: permission)
    }
    return admission
  }
}
