import MasterData
package import Storage
package import Values

/// What of an order's line could come back now.
package struct ReturnableLine: Hashable, Sendable {
  package let number: Int
  package let sku: String
  package let unit: String
  package let delivered: Quantity
  /// What of it has come back or is to.
  package let returned: Quantity
  /// Zero where no rule allows it.
  package let returnable: Quantity
  /// The last delivery; nil before the first.
  package let deliveredOn: Day?
  /// Position of the rule that decides; 0 where none fits.
  package let rule: Int
  package let fee: Rate
  package let approverRole: String?
  /// Why, for people.
  package let words: String
}

/// Questions about returns.
package enum Returns {
  /// The return that a field of a request names; refuses an unknown one, and one of an order out of
  /// scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> CustomerReturn {
    guard let found = try ReturnTable.find(number, in: snapshot) else {
      throw ReturnRejection.unknownReturn(field: field(), number: number).ifNamed(number)
    }
    return found
  }

  /// Of orders in scope, the newest first, from the one before `id` on, without lines.
  package static func list(
    order: SalesOrder? = nil, state: ReturnState? = nil, before id: ID<CustomerReturn>? = nil,
    limit: Int, in snapshot: Snapshot
  ) throws -> [CustomerReturn] {
    let id = id ?? ID(.max)
    if let order {
      return try ReturnTable.ofOrder(order.id, state, before: id, limit: limit, in: snapshot)
    }
    if let state { return try ReturnTable.inState(state, before: id, limit: limit, in: snapshot) }
    return try ReturnTable.all(before: id, limit: limit, in: snapshot)
  }

  /// Of one customer's orders in scope, the newest first, without lines.
  package static func of(
    customer: String, before id: ID<CustomerReturn>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [CustomerReturn] {
    try ReturnTable.ofCustomer(customer, before: id ?? ID(.max), limit: limit, in: snapshot)
  }

  /// The lines of goods of an order, with what could come back of each today for a reason.
  package static func returnable(
    of order: SalesOrder, for reasonCode: String, on today: Day, in snapshot: Snapshot
  ) throws -> [ReturnableLine] {
    let reason = try ReturnReasons.require(reasonCode, field: "reason_code", in: snapshot)
    let terms = try ReturnTerms(of: order, on: today, in: snapshot)
    return order.lines.filter { $0.sourcing != .service && !$0.isTakenOut }.map { line in
      let verdict = terms.verdict(reason, of: line)
      return ReturnableLine(
        number: line.number, sku: line.sku, unit: line.unit, delivered: line.delivered,
        returned: terms.claimed(line),
        returnable: verdict?.rule.allowed == true ? terms.left(line) : .zero,
        deliveredOn: terms.deliveredOn[line.number], rule: verdict?.position ?? 0,
        fee: verdict?.rule.fee ?? .zero, approverRole: verdict?.rule.approverRole,
        words: terms.words(verdict, of: line))
    }
  }
}

/// What may come back of an order on a day: its policy, its deliveries and what has come back.
struct ReturnTerms {
  let policy: ReturnPolicy
  /// The last delivery of each line that has one.
  let deliveredOn: [Int: Day]
  private let today: Day
  private let returns: [Int: (claimed: Quantity, received: Quantity)]

  init(of order: SalesOrder, on today: Day, in snapshot: Snapshot) throws {
    policy = try ReturnPolicies.inForce(on: order.createdOn, in: snapshot)
    self.today = today
    returns = try ReturnTable.claimed(of: order.id, in: snapshot)
    deliveredOn = try Shipments.lastDeliveries(of: order, in: snapshot)
  }

  func claimed(_ line: SalesOrderLine) -> Quantity { returns[line.number]?.claimed ?? .zero }

  func received(_ line: SalesOrderLine) -> Quantity { returns[line.number]?.received ?? .zero }

  /// Delivered, and not coming back already.
  func left(_ line: SalesOrderLine) -> Quantity {
    Quantity(micros: line.delivered.micros - claimed(line).micros)
  }

  func verdict(
    _ reason: ReturnReason, of line: SalesOrderLine
  ) -> (position: Int, rule: ReturnRule)? {
    policy.verdict(reason, of: line, days: days(line))
  }

  func words(_ verdict: (position: Int, rule: ReturnRule)?, of line: SalesOrderLine) -> String {
    let since = deliveredOn[line.number].map { ", delivered on \($0)" } ?? ""
    guard let verdict else { return "No rule fits\(since)" }
    return "Rule \(verdict.position) (\(verdict.rule.words))\(since)"
  }

  private func days(_ line: SalesOrderLine) -> Int {
    deliveredOn[line.number].map { Int(today.daysSinceEpoch - $0.daysSinceEpoch) } ?? 0
  }
}
