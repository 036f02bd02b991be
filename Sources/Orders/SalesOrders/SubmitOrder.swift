package import Storage
package import Values

/// Checks a draft completely, fixes its prices and taxes, and finds out who must approve it.
package struct SubmitOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?

  package init(number: String, expectedVersion: Int64? = nil) {
    self.number = number
    self.expectedVersion = expectedVersion
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect("submit", in: [.draft])
    order.take(try Submission.of(order.draft, on: now.day, in: tx))
    try SalesOrderTable.update(order, in: tx)
    for line in order.lines { try SalesOrderLineTable.price(line, of: order.id, in: tx) }
    order.version += 1
    order.record(.submitted, in: tx)
    return order
  }
}
