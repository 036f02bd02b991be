package import Finance
import Inventory
import MasterData
package import Storage
package import Values

/// Where a pre-order stands: it follows from its order.
package enum PreorderState: Hashable, Sendable {
  case awaitingDeposit
  /// It waits for goods.
  case queued
  /// All its goods are there: it is an order like any other.
  case ready
  /// Nothing of it is left to leave.
  case done
  case cancelled

  init(_ order: SalesOrder) {
    switch order.state {
    case .draft, .submitted: self = .awaitingDeposit
    case .confirmed, .partlyShipped:
      self = order.waitingLines.contains { _ in true } ? .queued : .ready
    case .shipped, .delivered, .closed: self = .done
    case .cancelled: self = .cancelled
    }
  }
}

/// An order for goods that are not there yet: one like any other, which its deposit confirms.
package struct Preorder: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let number: Int
    package let sku: String
    package let unit: String
    /// Not cancelled.
    package let quantity: Quantity
    package let held: Quantity
    /// What others wait for before it gets its turn; nil while it has no place in the queue.
    package let ahead: Quantity?
    /// Nil for what is not sold before it is there.
    package let releasesOn: Day?
  }

  package let orderNumber: String
  package let customerCode: String
  package let state: PreorderState
  package let deposit: Money
  package let depositKind: DepositKind
  package let received: Money
  package let dueOn: Day
  package let lines: [Line]
}

/// Questions about pre-orders.
package enum Preorders {
  /// Refuses an unknown order, one out of scope, and one that is no pre-order.
  package static func require(
    order number: String, field: @autoclosure () -> String = "order_number", in snapshot: Snapshot
  ) throws -> Preorder {
    let order = try SalesOrders.require(number: number, field: field(), in: snapshot)
    guard let row = try PreorderTable.find(order.id, in: snapshot) else {
      throw PreorderRejection.noPreorder(field: field(), order: number)
    }
    return try preorder(order, row, in: snapshot)
  }

  /// Numbers of the orders in scope that are pre-orders, with the keys by which pages go on, the
  /// oldest first.
  package static func list(
    sku: String? = nil, after id: ID<SalesOrder>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [(id: ID<SalesOrder>, preorder: Preorder)] {
    try PreorderTable.list(sku: sku, after: id ?? ID(0), limit: limit, in: snapshot).map { number in
      guard let order = try SalesOrders.find(number: number, in: snapshot),
        let row = try PreorderTable.find(order.id, in: snapshot)
      else { throw MissingRow("preorder", 0) }
      return (order.id, try preorder(order, row, in: snapshot))
    }
  }

  private static func preorder(
    _ order: SalesOrder, _ row: PreorderTable.Stored, in snapshot: Snapshot
  ) throws -> Preorder {
    let demands = try Reservations.of(Origin(.salesOrder, order.number), in: snapshot)
    let lines = try order.lines.filter { $0.charge.isEmpty && $0.isAlive }.map { line in
      let waiting = demands.first { $0.origin.line == line.number && $0.waiting.isPositive }
      return Preorder.Line(
        number: line.number, sku: line.sku, unit: line.unit, quantity: line.wanted,
        held: line.reserved,
        ahead: try waiting.map { try Reservations.ahead(of: $0, in: snapshot) },
        releasesOn: line.product.flatMap { row.releases[$0] })
    }
    return Preorder(
      orderNumber: order.number, customerCode: order.customerCode, state: PreorderState(order),
      deposit: order.depositRequired, depositKind: row.kind,
      received: try Payments.received(for: order.reference, order.currency, in: snapshot),
      dueOn: row.dueOn,
      lines: lines)
  }
}
