import Inventory
import MasterData
package import Storage
package import Values

/// Sets reserved goods of an order apart for a shipment, so that no other shipment takes them.
package struct PrepareShipment: Sendable {
  package let orderNumber: String
  /// Empty: all that is reserved and not in another shipment.
  package let lines: [LineQuantity]

  package init(orderNumber: String, lines: [LineQuantity] = []) {
    self.orderNumber = orderNumber
    self.lines = lines
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Shipment {
    let order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(.ship, in: tx)
    let chosen = try choose(
      of: order, without: order.unreleased(on: now.day, in: tx), in: tx)
    let number = try DocumentNumbers.next(.shipment, on: now.day, in: tx)
    var shipment = Shipment(
      id: try ShipmentTable.insert(number: number, of: order, in: tx), number: number,
      order: order.id, orderNumber: order.number, state: .prepared, lines: chosen, cartons: 0,
      carrier: "", trackingNumber: "", dispatchedOn: nil, deliveredOn: nil, receivedBy: "")
    shipment.instructions = order.instructions?.ofGoods
    for line in chosen {
      try ShipmentLineTable.insert(line, of: shipment.id, order: order, in: tx)
    }
    shipment.record([shipment.contents], in: tx)
    return shipment
  }

  /// Of lines that may not leave yet, none is taken by itself, and one that is named is refused.
  private func choose(
    of order: SalesOrder, without unreleased: [Int: Day], in tx: Transaction
  ) throws -> [ShipmentLine] {
    var shippable = try order.shippable(in: tx)
    if lines.isEmpty {
      shippable = try order.withoutBrokenSets(
        shippable.filter { unreleased[$0.key] == nil }, in: tx)
    }
    func available(_ line: SalesOrderLine) -> Quantity { shippable[line.number, default: .zero] }
    try order.check(
      lines, available: available,
      refusal: { line, field in
        line.sourcing == .service
          ? .lineIsService(field: field, order: order.number, line: line.number) : nil
      }, in: tx)
    let requested =
      lines.isEmpty
      ? order.lines.map { LineQuantity(line: $0.number, quantity: GivenQuantity(available($0))) }
        .filter(\.quantity.quantity.isPositive)
      : lines.sorted { $0.line < $1.line }
    for (row, request) in requested.enumerated() {
      guard let day = unreleased[request.line] else { continue }
      throw PreorderRejection.notReleased(
        field: FieldPath("lines", row: row).field("line_number"), order: order.number,
        line: request.line, releasesOn: day)
    }
    guard !requested.isEmpty else {
      throw try order.setThatWaits(in: tx) ?? order.nothingToShip(unreleased)
    }
    try order.checkSets(
      Dictionary(uniqueKeysWithValues: requested.map { ($0.line, $0.quantity.quantity) }),
      field: lines.isEmpty ? "order_number" : "lines", in: tx)
    return try requested.map { request in
      let line = order.lines[request.line - 1]
      guard let product = line.product else { throw MissingRow("product", 0) }
      return ShipmentLine(
        orderLine: line.number, product: product, sku: line.sku, unit: line.unit,
        quantity: request.quantity.quantity, instructions: line.instructions)
    }
  }
}
