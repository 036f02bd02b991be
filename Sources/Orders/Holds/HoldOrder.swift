import MasterData
import Production
package import Storage
package import Values

/// Holds an order: what the kind of the hold names cannot be done until somebody releases it. An
/// order has at most one hold of each kind.
package struct HoldOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let kind: OrderHoldKind
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, kind: OrderHoldKind, reason: String,
    by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.kind = kind
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrder.toHold(number, expectedVersion, reason, in: tx)
    guard order.state != .closed, order.state != .cancelled else {
      throw OrdersRejection.orderStateForbids(order: number, state: order.state, action: "hold")
    }
    guard try !OrderHoldTable.list(of: order.id, in: tx).contains(where: { $0.kind == kind })
    else { throw ChangeRejection.alreadyOnHold(order: number, kind: kind) }
    try OrderHoldTable.insert(
      OrderHold(kind: kind, reason: reason, setBy: actor, setAt: now.instant), of: order.id,
      in: tx)
    try order.saveHolds("order.held", kind, reason, by: actor, in: tx)
    return order
  }
}

/// Releases a hold.
package struct ReleaseOrderHold: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let kind: OrderHoldKind
  package let reason: String
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, kind: OrderHoldKind, reason: String,
    by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.kind = kind
    self.reason = reason
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrder.toHold(number, expectedVersion, reason, in: tx)
    guard try OrderHoldTable.list(of: order.id, in: tx).contains(where: { $0.kind == kind })
    else { throw ChangeRejection.notOnHold(order: number, kind: kind) }
    try OrderHoldTable.release(
      kind, of: order.id, reason: reason, by: actor, at: now, in: tx)
    try order.saveHolds("order.hold-released", kind, reason, by: actor, in: tx)
    return order
  }
}

extension SalesOrder {
  fileprivate static func toHold(
    _ number: String, _ version: Int64?, _ reason: String, in tx: Transaction
  ) throws -> SalesOrder {
    var check = FieldCheck(.request)
    check.text(reason, "reason", limit: 500, required: true)
    try check.pass()
    let order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: version)
    return order
  }

  /// Counts the version up, tells Production whether work may begin, and says what happened.
  fileprivate mutating func saveHolds(
    _ event: String, _ kind: OrderHoldKind, _ reason: String, by actor: String,
    in tx: Transaction
  ) throws {
    let stops = try OrderHoldTable.list(of: id, in: tx).contains {
      $0.kind.blocked.contains(.startWork)
    }
    try StopWork(for: reference, isStopped: stops).run(in: tx)
    try SalesOrderTable.update(state: state, of: id, in: tx)
    version += 1
    tx.record(
      DomainEvent(
        event, reference,
        [Fact("hold", kind.rawValue), Fact("reason", reason), Fact("actor", actor)]))
  }
}
