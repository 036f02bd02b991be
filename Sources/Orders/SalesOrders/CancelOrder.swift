import Finance
import Inventory
import MasterData
import Production
package import Purchasing
package import Storage
package import Values

/// Why an order is cancelled.
package enum CancelReason: String, Hashable, Sendable, CaseIterable {
  case customerWish = "CUSTOMER_WISH"
  case tooLate = "TOO_LATE"
  case price = "PRICE"
  case notAvailable = "NOT_AVAILABLE"
  case entryError = "ENTRY_ERROR"
  case notPaid = "NOT_PAID"
}

/// What a cancellation did.
package struct Cancellation: Hashable, Sendable {
  package let order: SalesOrder
  /// What became of every supply that existed for the cancelled goods.
  package let verdicts: [SupplyVerdict]
  /// Money received for the order that what is left of it does not need; it stays the customer's.
  package let unapplied: Money
}

/// Cancels what has not left yet, of some lines or of all: releases stock, calls off the supply at
/// every level, frees credit, and calls off shipments that were being prepared. What cannot be
/// undone stays, and the verdicts say so.
package struct CancelOrder: Sendable {
  package let number: String
  /// The version that the caller has seen; nil for any.
  package let expectedVersion: Int64?
  package let reason: CancelReason
  /// A remark for the record.
  package let comment: String
  /// Numbers of the lines to cancel; empty for all.
  package let lines: [Int]
  /// How much of which lines to cancel; empty for all that is open of `lines`.
  package let quantities: [LineQuantity]
  /// Who asks.
  package let actor: String

  package init(
    number: String, expectedVersion: Int64? = nil, reason: CancelReason, comment: String = "",
    lines: [Int] = [], quantities: [LineQuantity] = [], by actor: String
  ) {
    self.number = number
    self.expectedVersion = expectedVersion
    self.reason = reason
    self.comment = comment
    self.lines = lines
    self.quantities = quantities
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Cancellation {
    var check = FieldCheck(.request)
    check.text(comment, "comment", limit: 500)
    try check.pass()
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(version: expectedVersion)
    try order.expect(.cancel, in: tx)
    guard quantities.isEmpty else { return try cancelParts(of: order, in: tx, at: now) }
    let chosen = try choose(from: order)
    let wasPromised = order.state.isPromised
    if wasPromised { try cancelShipments(of: order, lines: chosen, in: tx) }
    for number in chosen {
      let open = order.lines[number - 1].open
      order.lines[number - 1].cancelled = try order.lines[number - 1].cancelled + open
      order.lines[number - 1].reserved = .zero
      try CancellationTable.insert(
        reason: reason.rawValue, comment: comment, by: actor, line: number, quantity: open,
        of: order.id, at: now, in: tx)
    }
    let facts = [
      Fact("reason", reason.rawValue), Fact("comment", comment), Fact("actor", actor),
      Fact("lines", chosen.map(\.description).joined(separator: ", ")),
    ]
    tx.record(DomainEvent("order.lines-cancelled", order.reference, facts))
    try order.save(lines: chosen, facts, in: tx)
    if order.state == .cancelled { try order.releaseCoupons(in: tx) }
    let verdicts = wasPromised ? try release(chosen, of: order, in: tx, at: now) : []
    return Cancellation(
      order: order, verdicts: verdicts, unapplied: try order.unneeded(in: tx))
  }

  /// Cancels so much of some lines: what is promised for the rest of them stays, as a change that
  /// orders less leaves it.
  private func cancelParts(
    of given: SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> Cancellation {
    var order = given
    try order.expect(
      "cancel a part", in: [.confirmed, .partlyShipped, .shipped, .delivered])
    try order.check(
      quantities, available: \.open, refusal: { _, _ in nil }, in: tx, field: "quantities")
    for part in quantities {
      let quantity = part.quantity.quantity
      order.lines[part.line - 1].cancelled = try order.lines[part.line - 1].cancelled + quantity
      try CancellationTable.insert(
        reason: reason.rawValue, comment: comment, by: actor, line: part.line, quantity: quantity,
        of: order.id, at: now, in: tx)
    }
    let lines = try quantities.map(\.line) + cancelIdleCharges(of: &order, in: tx, at: now)
    let facts = [
      Fact("reason", reason.rawValue), Fact("comment", comment), Fact("actor", actor),
      Fact("lines", lines.map(\.description).joined(separator: ", ")),
    ]
    tx.record(DomainEvent("order.lines-cancelled", order.reference, facts))
    let customer = try order.customer(in: tx)
    let promise = Promise(
      customer: customer, warehouse: try order.warehouse(in: tx), products: [],
      received: try Payments.received(for: order.reference, in: tx), waits: true)
    let verdicts = try ChangePromise(before: given, promise: promise, fields: [:])
      .run(&order, in: tx, at: now)
    try order.save(lines: lines, facts, in: tx)
    if order.state == .cancelled { try order.releaseCoupons(in: tx) }
    try order.updateExposure(of: customer, in: tx, at: now)
    return Cancellation(
      order: order, verdicts: verdicts, unapplied: try order.unneeded(in: tx))
  }

  /// What was charged for the way of goods goes when none of them is left. Returns the numbers.
  private func cancelIdleCharges(
    of order: inout SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> [Int] {
    let goods = order.lines.filter(\.charge.isEmpty)
    guard goods.allSatisfy({ !$0.isAlive }) else { return [] }
    let idle = order.lines.filter { !$0.charge.isEmpty && $0.open.isPositive }
    for line in idle {
      order.lines[line.number - 1].cancelled = try line.cancelled + line.open
      try CancellationTable.insert(
        reason: reason.rawValue, comment: comment, by: actor, line: line.number,
        quantity: line.open, of: order.id, at: now, in: tx)
    }
    return idle.map(\.number)
  }

  /// Numbers of the lines of which something is left to cancel.
  private func choose(from order: SalesOrder) throws -> [Int] {
    for (row, line) in lines.enumerated() {
      _ = try order.index(ofLine: line, field: "line_numbers[\(row)]")
    }
    let named = Set(lines)
    var chosen = order.lines.filter {
      (named.isEmpty || named.contains($0.number)) && $0.open.isPositive
    }
    // What was charged for the way of goods goes when none of them is left.
    let leaves = { (line: SalesOrderLine) in
      line.shipped == .zero && (line.open == .zero || chosen.contains { $0.number == line.number })
    }
    if order.lines.filter(\.charge.isEmpty).allSatisfy(leaves) {
      chosen = order.lines.filter(\.open.isPositive)
    }
    guard !chosen.isEmpty else { throw OrdersRejection.nothingToCancel(order: order.number) }
    // What is not promised yet is changed, not cancelled: prices and approval are for the whole.
    if chosen.count < order.lines.count {
      try order.expect(
        "cancel single lines", in: [.confirmed, .partlyShipped, .shipped, .delivered])
    }
    return chosen.map(\.number)
  }

  /// Shipments that hold goods of a cancelled line cannot leave any more; the goods of their other
  /// lines stay reserved.
  private func cancelShipments(
    of order: SalesOrder, lines: [Int], in tx: Transaction
  ) throws {
    for var shipment in try Shipments.ofOrder(order, in: tx)
    where shipment.state.isOpen && shipment.lines.contains(where: { lines.contains($0.orderLine) })
    {
      try shipment.cancel(in: tx)
    }
  }

  /// Promises first, so that nothing that is called off below fills them again.
  private func release(
    _ chosen: [Int], of order: SalesOrder, in tx: Transaction, at now: Moment
  ) throws -> [SupplyVerdict] {
    var verdicts: [SupplyVerdict] = []
    for number in chosen where order.lines[number - 1].sourcing != .service {
      let origin = order.origin(of: order.lines[number - 1])
      let released = try Reservations.of(origin, in: tx)
      try ReleaseReservation(origin: origin).run(in: tx, at: now)
      verdicts += try CancelSupplyFor(origin: origin, released: released).run(in: tx, at: now)
    }
    try order.updateExposure(of: try order.customer(in: tx), in: tx, at: now)
    return verdicts
  }
}
