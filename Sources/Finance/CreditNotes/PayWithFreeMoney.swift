package import MasterData
package import Storage
package import Values

/// Lets a customer's money that nothing has used pay what is open, as when it came in: what was
/// paid for an order pays that order's invoices, then what was paid for nothing in particular pays
/// any in its currency; the oldest money and the invoice that is due first first.
package struct PayWithFreeMoney: Sendable {
  package let customer: Customer
  /// Whose money goes first; nil for none.
  package let order: DocumentReference?

  package init(customer: Customer, order: DocumentReference? = nil) {
    self.customer = customer
    self.order = order
  }

  /// The orders whose invoices were paid, each once.
  package func run(in tx: Transaction, at now: Moment) throws -> [DocumentReference] {
    var orders: [DocumentReference] = []
    while var (payment, invoice) = try next(in: tx) {
      try payment.pay(&invoice, of: customer, in: tx, at: now)
      if !orders.contains(invoice.order) { orders.append(invoice.order) }
    }
    return orders
  }

  private func next(in tx: Transaction) throws -> (Payment, Invoice)? {
    if let order, let payment = try PaymentTable.oldest(for: order, of: customer.id, in: tx),
      let invoice = try InvoiceTable.oldestOpen(
        of: customer.id, order: order, in: payment.amount.currency, tx)
    {
      return (payment, invoice)
    }
    guard let payment = try PaymentTable.oldestUseful(of: customer.id, in: tx),
      let invoice = try InvoiceTable.oldestOpen(
        of: customer.id, order: nil, in: payment.amount.currency, tx)
    else { return nil }
    return (payment, invoice)
  }
}
