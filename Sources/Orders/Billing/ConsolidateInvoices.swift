package import Finance
import MasterData
package import Storage
package import Values

/// Invoices what was delivered up to a day of orders whose customers asked for one invoice for
/// several: one for all of a customer's orders that agree in currency, taxation, what is asked of
/// the invoice and terms of payment. What it does follows from what is stored alone: run twice, it
/// does nothing the second time. What speaks against invoicing an order leaves that order waiting.
package struct ConsolidateInvoices: Sendable {
  /// Empty for all that ask for it.
  package let customerCode: String
  /// Nil for today.
  package let through: Day?

  package init(customerCode: String, through: Day?) {
    self.customerCode = customerCode
    self.through = through
  }

  package struct Outcome: Sendable {
    package var invoices: [ConsolidatedInvoice] = []
    package var waiting: [(order: String, customer: String, refusal: any Rejection)] = []
    package var hasMore = false
  }

  /// Invoices of one call, and orders on one of them.
  static let invoices = 100
  static let orders = 200

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let through = through ?? now.day
    var check = FieldCheck(.request)
    check.range(through, "through", now.day.adding(days: -3_660)...now.day)
    try check.pass()
    var outcome = Outcome()
    guard customerCode.isEmpty else {
      let customer = try Customers.require(code: customerCode, field: "customer_code", in: tx)
      try invoice(customer, through: through, &outcome, in: tx, at: now)
      return outcome
    }
    var code = ""
    while let next = try UninvoicedTable.customer(after: code, in: tx) {
      code = next
      let customer = try Customers.require(code: code, field: "customer_code", in: tx)
      try invoice(customer, through: through, &outcome, in: tx, at: now)
      if outcome.hasMore { break }
    }
    return outcome
  }

  /// What must agree on one invoice.
  private struct Together: Hashable {
    let currency: Currency
    let policy: TaxPolicy
    let requirement: InvoiceRequirement?
    let netDays: Int
  }

  private func invoice(
    _ customer: Customer, through: Day, _ outcome: inout Outcome, in tx: Transaction,
    at now: Moment
  ) throws {
    var groups: [(together: Together, parts: [(order: SalesOrder, lines: [InvoiceLine])])] = []
    for number in try UninvoicedTable.orders(of: customer.code, in: tx) {
      guard let order = try SalesOrders.find(number: number, in: tx) else { continue }
      let lines = try order.deliveredToInvoice(through: through, in: tx)
      guard !lines.isEmpty else { continue }
      if let refusal = try order.obstacles(to: .invoice, in: tx).first(where: {
        $0 as? OrdersRejection != .invoicedTogether(order: number)
      }) {
        outcome.waiting.append((number, customer.code, refusal))
        continue
      }
      let together = Together(
        currency: order.currency, policy: order.policy,
        requirement: order.instructions?.invoice?.issued, netDays: order.netDays)
      if let index = groups.lastIndex(where: { $0.together == together }),
        groups[index].parts.count < Self.orders
      {
        groups[index].parts.append((order, lines))
      } else {
        groups.append((together, [(order, lines)]))
      }
    }
    for group in groups {
      guard outcome.invoices.count < Self.invoices else {
        outcome.hasMore = true
        return
      }
      let invoice = try IssueConsolidatedInvoice(
        customer: customer,
        parts: group.parts.map { $0.order.bill($0.lines, to: customer, on: now.day) },
        dueOn: now.day.adding(days: group.together.netDays), through: through
      ).run(in: tx, at: now)
      for (part, issued) in zip(group.parts, invoice.parts) {
        var order = part.order
        try order.follow(issued, to: customer, in: tx, at: now)
      }
      outcome.invoices.append(invoice)
    }
  }
}

extension SalesOrder {
  /// What came to the customer by one shipment, or by work where there is none.
  struct Arrival {
    let line: Int
    let quantity: Quantity
    let shipment: String?
    let day: Day?
  }

  /// What was delivered up to a day and is not invoiced: a line of the invoice for each line of the
  /// order and each shipment. Invoices have taken what came first. Work has no day of its own: it
  /// goes with the goods of its order, unless all that is left of those came later.
  func deliveredToInvoice(through day: Day, in snapshot: Snapshot) throws -> [InvoiceLine] {
    let arrivals = try UninvoicedTable.arrivals(of: id, in: snapshot)
    var billed: [InvoiceLine] = []
    var works: [SalesOrderLine] = []
    var isLater = false
    for line in lines where line.uninvoiced.isPositive {
      let own = arrivals.filter { $0.line == line.number }
      if own.isEmpty {
        works.append(line)
        continue
      }
      var position = Quantity.zero
      for arrival in own {
        let end = min(try position + arrival.quantity, line.delivered)
        let start = max(position, line.invoiced)
        position = end
        guard start < end else { continue }
        guard let arrived = arrival.day, arrived <= day else {
          isLater = true
          break
        }
        billed.append(try line.toInvoice(from: start, upTo: end, shipment: arrival.shipment))
      }
    }
    if !billed.isEmpty || !isLater {
      for line in works {
        billed.append(try line.toInvoice(from: line.invoiced, upTo: line.delivered))
      }
    }
    return billed.sorted { $0.orderLine < $1.orderLine }
  }
}
