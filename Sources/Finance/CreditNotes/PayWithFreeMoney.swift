package import MasterData
package import Storage
package import Values

/// Lets what a customer has paid for nothing in particular pay what is open, the oldest money and
/// the invoice that is due first first: as when it came in.
package struct PayWithFreeMoney: Sendable {
  package let customer: Customer

  package init(customer: Customer) { self.customer = customer }

  /// The orders whose invoices were paid, each once.
  package func run(in tx: Transaction, at now: Moment) throws -> [DocumentReference] {
    var orders: [DocumentReference] = []
    while var payment = try PaymentTable.oldestFree(of: customer.id, in: tx),
      var invoice = try InvoiceTable.oldestOpen(of: customer.id, order: nil, in: tx)
    {
      try ApplyPayment.run(&payment, to: &invoice, in: tx, at: now)
      try SetExposure(
        customer: customer, document: invoice.reference, amount: invoice.open, enforceLimit: false
      ).run(in: tx, at: now)
      if !orders.contains(invoice.order) { orders.append(invoice.order) }
    }
    return orders
  }
}
