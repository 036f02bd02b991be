package import Storage
package import Values

/// Checks a draft completely, fixes its prices and taxes, and finds out who must approve it.
package struct SubmitOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// Of whoever asks.
  package let roles: Set<String>

  package init(number: String, expectedVersion: Int64? = nil, roles: Set<String> = []) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect("submit", in: [.draft])
    let submission = try Submission.of(order.draft, by: roles, on: now.day, in: tx)
    order.take(submission)
    try SalesOrderTable.update(order, in: tx)
    try SalesOrderLineTable.removeCharges(of: order.id, in: tx)
    for line in order.lines {
      if line.charge.isEmpty {
        try SalesOrderLineTable.price(line, of: order.id, in: tx)
        try OrderConfigurationTable.freeze(line, of: order.id, in: tx)
      } else {
        try SalesOrderLineTable.insert(line, of: order.id, in: tx)
      }
    }
    try order.redeem(submission.priced.coupons, in: tx)
    order.version += 1
    order.record(.submitted, in: tx)
    return order
  }
}
