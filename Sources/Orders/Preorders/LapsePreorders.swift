import Finance
package import Storage
package import Values

/// Cancels the pre-orders whose deposit has not come in time. What came of it is proposed as a
/// refund; nothing was promised, so that nothing is charged.
package struct LapsePreorders: Sendable {
  /// Code of a reason.
  package let reason: String
  /// Who asks, the roles they have, and for whom they stand in.
  package let actor: String
  package let roles: Set<String>
  package let standingInFor: Set<String>

  package init(
    reason: String, by actor: String, roles: Set<String> = [], standingInFor: Set<String> = []
  ) {
    self.reason = reason
    self.actor = actor
    self.roles = roles
    self.standingInFor = standingInFor
  }

  static let limit = 500

  /// Numbers of the orders, the oldest first.
  package func run(in tx: Transaction, at now: Moment) throws -> [String] {
    _ = try CancelReasons.require(reason, in: tx)
    var lapsed: [String] = []
    for number in try PreorderTable.overdue(before: now.day, limit: Self.limit, in: tx) {
      guard let order = try SalesOrders.find(number: number, in: tx),
        try order.lacksDeposit(in: tx)
      else { continue }
      _ = try CancelOrder(
        number: number, reason: reason, comment: "The deposit has not come in time", by: actor,
        roles: roles, standingInFor: standingInFor
      ).run(in: tx, at: now)
      lapsed.append(number)
    }
    return lapsed
  }
}

extension SalesOrder {
  /// One that was rejected asks for none until it is submitted again.
  fileprivate func lacksDeposit(in snapshot: Snapshot) throws -> Bool {
    guard state == .draft else { return try missingDeposit(in: snapshot) != nil }
    return try Payments.received(for: reference, currency, in: snapshot).minor == 0
  }
}
