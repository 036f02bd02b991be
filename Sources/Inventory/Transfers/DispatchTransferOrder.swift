import MasterData
package import Storage
package import Values

/// Sends goods of an order between warehouses on their way: what is held for it leaves the shelves.
package struct DispatchTransferOrder: Sendable {
  package let number: String
  /// Empty: all that is held.
  package let lines: [TransferLineQuantity]
  /// When they come; nil: as the order says.
  package let expectedOn: Day?

  package init(number: String, lines: [TransferLineQuantity] = [], expectedOn: Day? = nil) {
    self.number = number
    self.lines = lines
    self.expectedOn = expectedOn
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> TransferOrder {
    var order = try TransferOrders.require(number: number, field: "number", in: tx)
    _ = try Warehouses.requireSeen(code: order.fromCode, field: "number", in: tx)
    let leaving = try leaving(of: order, at: now, in: tx)
    order.expectedOn = expectedOn ?? order.expectedOn
    let warehouse = try Warehouses.fetch(order.to, in: tx)
    let onTheWay = try Locations.transfer(to: warehouse, in: tx)
    let shelves = try Locations.stock(of: warehouse, in: tx)
    for (index, quantity) in leaving {
      let line = order.lines[index]
      let product = try Products.fetch(line.product, in: tx)
      let move = try ShipReserved(
        origin: order.origin(of: line), product: product, quantity: quantity, to: onTheWay,
        cause: .transfer
      ).run(in: tx, at: now)
      // Where the product never was it gets its row, so that what comes is seen with the stock.
      _ = try StockBalanceTable.add(
        0, value: .zero(move.value.currency), of: product, at: shelves, in: tx)
      order.lines[index].dispatched = try line.dispatched + quantity
      order.lines[index].held = try line.held - quantity
      try TransferOrderTable.update(order.lines[index], in: tx)
    }
    try TransferOrderTable.update(&order, in: tx)
    tx.record(
      DomainEvent(
        "transfer-order.dispatched", order.reference,
        [
          Fact("from", order.fromCode), Fact("to", order.toCode), Fact("lines", leaving.count),
          Fact("expected_on", order.expectedOn?.description ?? ""),
        ]))
    return order
  }

  /// Positions of lines and how much of each leaves.
  private func leaving(
    of order: TransferOrder, at now: Moment, in snapshot: Snapshot
  ) throws -> [(index: Int, quantity: Quantity)] {
    var check = FieldCheck(.request)
    if let expectedOn, expectedOn < now.day {
      check.refuse(TransferRejection.inThePast(field: "expected_on", given: expectedOn))
    }
    if check.required(expectedOn ?? order.expectedOn, "expected_on") == nil { try check.pass() }
    guard !lines.isEmpty else {
      try check.pass()
      let held = order.lines.indices.filter { order.lines[$0].held.isPositive }
      guard !held.isEmpty else {
        throw TransferRejection.nothingToDispatch(order: order.number)
      }
      return held.map { ($0, order.lines[$0].held) }
    }
    var reading = TransferLineReading(order)
    for (row, given) in lines.enumerated() {
      try reading.read(given, row, &check, in: snapshot) { line, quantity, _, field in
        quantity <= line.held
          ? nil
          : .notHeld(
            field: field, order: order.number, line: line.number, held: line.held, given: quantity)
      }
    }
    try check.pass()
    return reading.found.map { ($0.index, $0.quantity) }
  }
}
