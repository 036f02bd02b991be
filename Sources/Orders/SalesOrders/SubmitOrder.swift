package import Storage
package import Values

/// Checks a draft completely, fixes its prices and taxes, and finds out who must approve it.
package struct SubmitOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  /// Who asks, and the roles they have.
  package let actor: String
  package let roles: Set<String>

  package init(
    number: String, expectedVersion: Int64? = nil, by actor: String, roles: Set<String> = []
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.actor = actor
    self.roles = roles
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.submit, in: tx)
    try order.submit(by: actor, roles: roles, in: tx, at: now)
    return order
  }
}

extension SalesOrder {
  /// Fixes prices and taxes of an order whose lines are written as a draft.
  mutating func submit(
    by actor: String, roles: Set<String>, in tx: Transaction, at now: Moment
  ) throws {
    let isPreorder = try PreorderTable.find(id, in: tx) != nil
    let submission = try Submission.of(
      draft, by: roles, at: now, occasion: isPreorder ? .preorder : .sale, in: tx)
    take(submission)
    try weigh(submission.priced.approvalInput, in: tx, at: now)
    try fitPreorder(in: tx)
    let findings = try submission.findings(about: self, in: tx, at: now)
    try SalesOrderTable.update(self, in: tx)
    if delivery?.addressID != nil {
      try SalesOrderTable.rewrite(self, in: tx)
      try DeliveryAddressTable.replace(by: delivery, of: id, in: tx)
    }
    try DeliveryPlaceTable.insert(places, of: id, in: tx)
    if now.day != createdOn { try SalesOrderTable.set(pricedOn: now.day, of: id, in: tx) }
    try SalesOrderLineTable.removeCharges(of: id, in: tx)
    for line in lines {
      if line.charge.isEmpty {
        try SalesOrderLineTable.price(line, of: id, in: tx)
        try OrderConfigurationTable.freeze(line, of: id, in: tx)
      } else {
        try SalesOrderLineTable.insert(line, of: id, in: tx)
      }
    }
    if let assignment = submission.assignment {
      try SalesOrderTable.set(warehouse: assignment.warehouseCode, of: id, in: tx)
    }
    try redeem(submission.priced.coupons, in: tx)
    version += 1
    record(.submitted, in: tx)
    try keep(submission.assignment, in: tx)
    try askApproval(by: actor, in: tx, at: now)
    if submission.check?.asksForDuplicates == true {
      try OrderHistoryTable.set(fingerprintOf: self, in: tx)
    }
    try hold(for: findings, source: "", in: tx, at: now)
  }
}
