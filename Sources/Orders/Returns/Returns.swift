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
  /// Of the newest unit that the customer keeps, or the last where it keeps none; nil before the
  /// first.
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
      let (day, returnable) = terms.returnable(reason, of: line)
      let verdict = terms.verdict(reason, of: line, deliveredOn: day)
      return ReturnableLine(
        number: line.number, sku: line.sku, unit: line.unit, delivered: line.delivered,
        returned: terms.claimed(line), returnable: returnable, deliveredOn: day,
        rule: verdict?.position ?? 0, fee: verdict?.rule.fee ?? .zero,
        approverRole: verdict?.rule.approverRole,
        words: terms.words(verdict, deliveredOn: day))
    }
  }
}

/// What may come back of an order on a day: its policy, its deliveries and what has come back. Each
/// unit has its own day of delivery.
struct ReturnTerms {
  let policy: ReturnPolicy
  private let units: [Int: KeptUnits]
  private let today: Day
  private let returns: [Int: (claimed: Quantity, received: Quantity)]

  init(of order: SalesOrder, on today: Day, in snapshot: Snapshot) throws {
    policy = try ReturnPolicies.inForce(on: order.createdOn, in: snapshot)
    self.today = today
    returns = try ReturnTable.claimed(of: order.id, in: snapshot)
    units = try KeptUnits.of(order, in: snapshot)
  }

  func claimed(_ line: SalesOrderLine) -> Quantity { returns[line.number]?.claimed ?? .zero }

  func received(_ line: SalesOrderLine) -> Quantity { returns[line.number]?.received ?? .zero }

  /// Delivered, and not coming back already.
  func left(_ line: SalesOrderLine) -> Quantity {
    Quantity(micros: line.delivered.micros - claimed(line).micros)
  }

  /// Of so many units of a line, the newest that the customer keeps, when the oldest was delivered;
  /// nil where it does not keep as many.
  func day(ofNewest quantity: Quantity, of line: SalesOrderLine) -> Day? {
    units[line.number]?.day(ofNewest: quantity)
  }

  /// What the policy says about units that were delivered on a day; nil where no rule fits.
  func verdict(
    _ reason: ReturnReason, of line: SalesOrderLine, deliveredOn day: Day?
  ) -> (position: Int, rule: ReturnRule)? {
    let days = day.map { Int(today.daysSinceEpoch - $0.daysSinceEpoch) } ?? 0
    return policy.verdict(reason, of: line, days: days)
  }

  /// How many units may come back, the newest first, and when the newest was delivered; the last
  /// delivery where none is left.
  func returnable(
    _ reason: ReturnReason, of line: SalesOrderLine
  ) -> (newest: Day?, quantity: Quantity) {
    let batches = units[line.number]?.batches.reversed() ?? []
    var quantity = Quantity.zero
    for batch in batches {
      guard verdict(reason, of: line, deliveredOn: batch.day)?.rule.allowed == true else { break }
      quantity = Quantity(micros: quantity.micros + batch.quantity.micros)
    }
    return (batches.first?.day ?? units[line.number]?.lastDelivery, quantity)
  }

  func words(_ verdict: (position: Int, rule: ReturnRule)?, deliveredOn day: Day?) -> String {
    let since = day.map { ", delivered on \($0)" } ?? ""
    guard let verdict else { return "No rule fits\(since)" }
    return "Rule \(verdict.position) (\(verdict.rule.words))\(since)"
  }
}
