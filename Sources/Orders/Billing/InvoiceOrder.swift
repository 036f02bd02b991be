package import Finance
package import Storage
package import Values

/// Invoices everything that is delivered and not invoiced yet. Each invoice takes the lines'
/// cumulative shares, so that any split into invoices sums to the order to the cent.
package struct InvoiceOrder: Sendable {
  package let number: String

  package init(number: String) { self.number = number }

  package func run(in tx: Transaction, at now: Moment) throws -> Invoice {
    var order = try SalesOrders.require(number: number, in: tx)
    try order.expect(.invoice, in: tx)
    let due = order.uninvoiced
    guard !due.isEmpty else { throw OrdersRejection.nothingToInvoice(order: order.number) }
    let customer = try order.customer(in: tx)
    let invoice = try IssueInvoice(
      customer: customer, order: order.reference, lines: try due.map { try $0.toInvoice() },
      text: "Order \(order.number)", dueOn: now.day.adding(days: order.netDays),
      requirement: order.instructions?.invoice
    ).run(in: tx, at: now)
    for line in due { order.lines[line.number - 1].invoiced = line.delivered }
    tx.record(
      DomainEvent(
        "order.invoiced", order.reference,
        [Fact("invoice", invoice.number), Fact("gross", invoice.gross)]))
    try order.save(lines: due.map(\.number), in: tx)
    try order.updateExposure(of: customer, in: tx, at: now)
    try order.settlePoints(in: tx, at: now)
    return invoice
  }
}

extension SalesOrderLine {
  /// What is delivered and not invoiced, with its share of the line's amounts.
  fileprivate func toInvoice() throws -> InvoiceLine {
    let share = try amount(from: invoiced, upTo: delivered)
    return InvoiceLine(
      orderLine: number, description: description, quantity: uninvoiced, unit: unit,
      net: share.net, taxRate: taxRate, tax: share.tax, isService: sourcing == .service)
  }
}
