package import MasterData
package import Storage
package import Values

/// An order in a list: the header without lines.
package struct SalesOrderSummary: Hashable, Sendable {
  package let id: ID<SalesOrder>
  package let number: String
  package let state: OrderState
  package let stage: OrderStage
  package let channel: Channel
  package let externalID: String?
  package let customerCode: String
  package let customerName: String
  package let gross: Money
  package let isApprovalPending: Bool
  package let createdAt: Instant
  package let createdOn: Day
  /// The last of the days that its open lines were promised for; nil where none has ever waited,
  /// and where nobody could say.
  package let promisedOn: Day?
}

/// Questions about sales orders.
package enum SalesOrders {
  /// With its lines and what is reserved for them: three statements, one more where something may
  /// be configured, one where goods are brought, one where parts go elsewhere, and two where
  /// somebody must approve or has.
  package static func find(number: String, in snapshot: Snapshot) throws -> SalesOrder? {
    guard var order = try SalesOrderTable.find(number, in: snapshot) else { return nil }
    if order.delivery != nil { try DeliveryAddressTable.load(into: &order, in: snapshot) }
    order.lines = try SalesOrderLineTable.list(of: order.id, in: snapshot)
    if order.hasPlaces { try DeliveryPlaceTable.load(into: &order, in: snapshot) }
    // Only what is made to order is made as its customer chose; a draft has not found that out yet.
    if order.lines.contains(where: { $0.sourcing == .make || $0.sourcing == nil }) {
      try OrderConfigurationTable.load(into: &order, in: snapshot)
    }
    try order.loadReserved(in: snapshot)
    if order.approval.requiredRole != nil { try order.loadApproval(in: snapshot) }
    return order
  }

  /// The order that a field of a request names; refuses an unknown one, and one out of scope.
  package static func require(
    number: String, field: @autoclosure () -> String = "number", in snapshot: Snapshot
  ) throws -> SalesOrder {
    guard let order = try find(number: number, in: snapshot),
      try SalesOrderTable.isSeen(order.id, in: snapshot)
    else {
      throw OrdersRejection.unknownOrder(field: field(), number: number).ifNamed(number)
    }
    return order
  }

  /// Whether there is an order of that number in scope.
  static func isSeen(_ number: String, in snapshot: Snapshot) throws -> Bool {
    guard let order = try SalesOrderTable.find(number, in: snapshot) else { return false }
    return try SalesOrderTable.isSeen(order.id, in: snapshot)
  }

  /// Where a page ended. Opaque to callers, who hand back its text.
  package struct Key: Hashable, Sendable {
    package let createdOn: Day
    package let id: ID<SalesOrder>

    package init(createdOn: Day, id: ID<SalesOrder>) {
      self.createdOn = createdOn
      self.id = id
    }

    package init(after summary: SalesOrderSummary) {
      self.init(createdOn: summary.createdOn, id: summary.id)
    }
  }

  /// A customer's orders that are neither closed nor cancelled, the newest first.
  package static func open(
    of customer: String, limit: Int, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    try SalesOrderPages.open(of: customer, limit: limit, in: snapshot)
  }

  /// How many orders a customer has, and when it placed the newest.
  package static func count(
    of customer: String, in snapshot: Snapshot
  ) throws -> (count: Int64, last: Day?) {
    try SalesOrderPages.count(of: customer, in: snapshot)
  }

  /// The day of a customer's newest order that is neither a draft nor cancelled; nil for none.
  package static func lastPlaced(by customer: String, in snapshot: Snapshot) throws -> Day? {
    try SalesOrderPages.lastPlaced(by: customer, in: snapshot)
  }
}
