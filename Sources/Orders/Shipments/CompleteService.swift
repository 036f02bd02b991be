import Inventory
package import Storage
package import Values

/// Records that services of an order (installation and the like) were done before its last goods
/// arrived, or that they are all there is to it.
package struct CompleteService: Sendable {
  package let orderNumber: String
  /// Service lines and how much of them; empty for all that is open.
  package let lines: [LineQuantity]

  package init(orderNumber: String, lines: [LineQuantity] = []) {
    self.orderNumber = orderNumber
    self.lines = lines
  }

  package func run(in tx: Transaction, at now: Moment) throws -> SalesOrder {
    var order = try SalesOrders.require(number: orderNumber, field: "order_number", in: tx)
    try order.expect(.completeService, in: tx)
    try order.check(
      lines, available: \.undelivered,
      refusal: { line, field in
        line.sourcing == .service
          ? nil : .lineIsGoods(field: field, order: order.number, line: line.number)
      }, in: tx)
    let done =
      lines.isEmpty
      ? order.openServices.map {
        LineQuantity(line: $0.number, quantity: GivenQuantity($0.undelivered))
      }
      : lines
    guard !done.isEmpty else { throw OrdersRejection.nothingToComplete(order: order.number) }
    for service in done {
      let index = service.line - 1
      order.lines[index].shipped = try order.lines[index].shipped + service.quantity.quantity
      order.lines[index].delivered = try order.lines[index].delivered + service.quantity.quantity
    }
    tx.record(
      DomainEvent(
        "order.service-completed", order.reference,
        done.map { Fact("line_\($0.line)", $0.quantity.quantity) }))
    try order.save(lines: done.map(\.line), in: tx)
    try order.updateExposureOfShipped(in: tx, at: now)
    try order.settlePoints(in: tx, at: now)
    return order
  }
}
