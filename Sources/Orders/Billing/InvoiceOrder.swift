package import Finance
import MasterData
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
    let invoice = try order.bill(try due.map { try $0.toInvoice() }, to: customer, on: now.day)
      .run(in: tx, at: now)
    try order.follow(invoice, to: customer, in: tx, at: now)
    return invoice
  }
}

extension SalesOrder {
  /// The invoice of some of its lines.
  func bill(_ lines: [InvoiceLine], to customer: Customer, on day: Day) -> IssueInvoice {
    IssueInvoice(
      customer: customer, order: reference, lines: lines, text: "Order \(number)",
      dueOn: day.adding(days: netDays), requirement: instructions?.invoice)
  }

  /// What becomes of it once an invoice of it is issued.
  mutating func follow(
    _ invoice: Invoice, to customer: Customer, in tx: Transaction, at now: Moment
  ) throws {
    for line in invoice.lines {
      lines[line.orderLine - 1].invoiced = try lines[line.orderLine - 1].invoiced + line.quantity
    }
    tx.record(
      DomainEvent(
        "order.invoiced", reference,
        [Fact("invoice", invoice.number), Fact("gross", invoice.gross)]))
    try save(lines: Set(invoice.lines.map(\.orderLine)).sorted(), in: tx)
    try updateExposure(of: customer, in: tx, at: now)
    try settlePoints(in: tx, at: now)
  }
}

extension SalesOrderLine {
  /// What is delivered and not invoiced, with its share of the line's amounts.
  fileprivate func toInvoice() throws -> InvoiceLine {
    try toInvoice(from: invoiced, upTo: delivered)
  }

  /// A range of what is delivered, with its share of the line's amounts.
  func toInvoice(
    from first: Quantity, upTo last: Quantity, shipment: String? = nil
  ) throws -> InvoiceLine {
    let share = try amount(from: first, upTo: last)
    return InvoiceLine(
      orderLine: number, description: description, quantity: try last - first, unit: unit,
      net: share.net, taxRate: taxRate, tax: share.tax, isService: sourcing == .service,
      shipment: shipment)
  }
}
