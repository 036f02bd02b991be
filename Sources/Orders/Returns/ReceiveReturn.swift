import Inventory
import MasterData
package import Storage
package import Values

/// Takes goods that come back into the quarantine of a warehouse, at what these very units cost
/// when they left (DOMAIN 5.12): the cost of sales is less by it. What does not come now does not
/// come with this return, and may be given back another time.
package struct ReceiveReturn: Sendable {
  package let number: String
  /// By lines of the order; empty for all that was asked for.
  package let lines: [LineQuantity]
  /// Empty for the one of the order.
  package let warehouseCode: String

  package init(number: String, lines: [LineQuantity] = [], warehouseCode: String = "") {
    self.number = number
    self.lines = lines
    self.warehouseCode = warehouseCode
  }

  package func run(in tx: Transaction, at now: Moment) throws -> CustomerReturn {
    var found = try Returns.require(number: number, in: tx)
    try found.advance(to: .received)
    let order = try SalesOrders.require(number: found.orderNumber, in: tx)
    let came = try came(found, order, in: tx)
    let warehouse =
      warehouseCode.isEmpty || warehouseCode == order.warehouseCode
      ? try order.warehouse(in: tx)
      : try Warehouses.requireSeen(code: warehouseCode, field: "warehouse_code", in: tx)
    let terms = try ReturnTerms(of: order, on: now.day, in: tx)
    let costs = try IssuedCosts(of: order, in: tx)
    let quarantine = try Locations.quarantine(of: warehouse, in: tx)
    for (line, quantity) in came {
      let index = try found.index(ofLine: line, field: "lines")
      let sold = order.lines[line - 1]
      let cost = try costs.cost(
        of: quantity, ofLine: line, after: terms.received(sold), order.baseCurrency)
      found.lines[index].received = quantity
      found.lines[index].cost = cost
      try MoveStock(
        product: try sold.requireProduct(in: tx), quantity: quantity, from: Locations.customer,
        to: quarantine, valuation: .given(cost), cause: .customerReturn,
        origin: found.origin(of: found.lines[index]), party: order.customerCode
      ).run(in: tx, at: now)
      try ReturnTable.update(found.lines[index], of: found.id, in: tx)
    }
    found.warehouseCode = warehouse.code
    found.receivedOn = now.day
    try found.save(in: tx)
    found.record(
      "return.received",
      [
        Fact("warehouse", warehouse.code),
        Fact(
          "contents",
          found.lines.filter(\.received.isPositive).map { "\($0.received) \($0.sku)" }
            .joined(separator: ", ")),
      ], in: tx)
    return found
  }

  /// Quantities by line of the order, in its order.
  private func came(
    _ found: CustomerReturn, _ order: SalesOrder, in tx: Transaction
  ) throws -> [(line: Int, quantity: Quantity)] {
    guard !lines.isEmpty else { return found.lines.map { ($0.number, $0.requested) } }
    let asked = Dictionary(
      uniqueKeysWithValues: found.lines.map { ($0.number, $0.requested) })
    try order.check(
      lines, available: { asked[$0.number] ?? .zero }, refusal: { _, _ in nil }, in: tx)
    return lines.sorted { $0.line < $1.line }.map { ($0.line, $0.quantity.quantity) }
  }
}

/// What the delivered units of an order's lines cost when they left, the oldest shipment first.
private struct IssuedCosts {
  private var shipped: [Int: [(quantity: Quantity, cost: Money)]] = [:]

  init(of order: SalesOrder, in snapshot: Snapshot) throws {
    for shipment in try Shipments.ofOrder(order, in: snapshot) where shipment.state == .delivered {
      for line in shipment.lines {
        shipped[line.orderLine, default: []].append(
          (line.quantity, line.cost ?? .zero(order.baseCurrency)))
      }
    }
  }

  /// Of the units after the first `done`: each shipment's share to the cent, so that all that comes
  /// back costs what left.
  func cost(
    of quantity: Quantity, ofLine line: Int, after done: Quantity, _ currency: Currency
  ) throws -> Money {
    var skip = done.micros
    var rest = quantity.micros
    var cost = Money.zero(currency)
    for part in shipped[line, default: []] where rest > 0 {
      let from = min(skip, part.quantity.micros)
      skip -= from
      let upTo = min(from + rest, part.quantity.micros)
      rest -= upTo - from
      cost =
        try cost + part.cost.allocated(Quantity(micros: upTo), of: part.quantity)
        - part.cost.allocated(Quantity(micros: from), of: part.quantity)
    }
    return cost
  }
}
