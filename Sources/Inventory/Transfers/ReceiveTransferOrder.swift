import MasterData
package import Storage
package import Values

/// Takes in what is on the way from another warehouse. It goes to the demand that waits for it in
/// the same transaction; what was lost on the way is a loss in stock and in the journal.
package struct ReceiveTransferOrder: Sendable {
  package let number: String
  /// Empty: all that is on the way.
  package let lines: [TransferLineQuantity]
  /// Why something was lost, 1–200 characters then.
  package let reason: String

  package init(number: String, lines: [TransferLineQuantity] = [], reason: String = "") {
    self.number = number
    self.lines = lines
    self.reason = reason
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> TransferOrder {
    var order = try TransferOrders.require(number: number, field: "number", in: tx)
    let warehouse = try Warehouses.requireSeen(code: order.toCode, field: "number", in: tx)
    let coming = try coming(of: order, in: tx)
    let onTheWay = try Locations.transfer(to: warehouse, in: tx)
    let shelves = try Locations.stock(of: warehouse, in: tx)
    for (index, quantity, lost) in coming {
      let line = order.lines[index]
      let product = try Products.fetch(line.product, in: tx)
      if quantity.isPositive {
        try MoveStock(
          product: product, quantity: quantity, from: onTheWay, to: shelves, cause: .transfer,
          origin: order.origin(of: line), supply: order.reference, field: "lines"
        ).run(in: tx, at: now)
      }
      if lost.isPositive {
        try MoveStock(
          product: product, quantity: lost, from: onTheWay, to: Locations.loss,
          cause: .transferLoss, origin: order.origin(of: line), reason: reason, field: "lines"
        ).run(in: tx, at: now)
      }
      order.lines[index].received = try line.received + quantity
      order.lines[index].lost = try line.lost + lost
      try TransferOrderTable.update(order.lines[index], in: tx)
      if lost.isPositive { recordLoss(of: order.lines[index], lost, of: order, in: tx) }
    }
    try TransferOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "transfer-order.received", order.reference,
        [
          Fact("from", order.fromCode), Fact("to", order.toCode), Fact("lines", coming.count),
          Fact("state", order.state.rawValue),
        ]))
    return order
  }

  private func recordLoss(
    of line: TransferOrder.Line, _ lost: Quantity, of order: TransferOrder, in tx: Transaction
  ) {
    tx.record(
      DomainEvent(
        "transfer-order.lost", order.reference,
        [
          Fact("line", line.number), Fact("sku", line.sku), Fact("quantity", lost),
          Fact("reason", reason),
        ]))
  }

  /// Positions of lines, how much of each came and how much was lost.
  private func coming(
    of order: TransferOrder, in snapshot: Snapshot
  ) throws -> [(index: Int, quantity: Quantity, lost: Quantity)] {
    var check = FieldCheck(.request)
    check.text(reason, "reason", required: lines.contains { $0.lost != nil })
    guard !lines.isEmpty else {
      try check.pass()
      let open = order.lines.indices.filter { order.lines[$0].underWay.isPositive }
      guard !open.isEmpty else {
        throw TransferRejection.nothingToReceive(order: order.number)
      }
      return open.map { ($0, order.lines[$0].underWay, .zero) }
    }
    var reading = TransferLineReading(order)
    for (row, given) in lines.enumerated() {
      try reading.read(given, row, &check, in: snapshot) { line, quantity, lost, field in
        // Each is at most a thousand million units: no overflow.
        let sum = Quantity(micros: quantity.micros + lost.micros)
        return sum <= line.underWay
          ? nil
          : .notUnderWay(
            field: field, order: order.number, line: line.number, underWay: line.underWay,
            given: sum)
      }
    }
    try check.pass()
    return reading.found
  }
}
