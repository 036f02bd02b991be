import Storage
import Values

/// Lets one payment pay one invoice with as much as the one has and the other needs. Whoever calls
/// it sets the invoice's credit exposure afterwards, once for all its applications.
enum ApplyPayment {
  static func run(
    _ payment: inout Payment, to invoice: inout Invoice, in tx: Transaction, at now: Moment
  ) throws {
    let currency = invoice.gross.currency
    let amount = Money(minor: min(payment.unapplied.minor, invoice.open.minor), currency: currency)
    payment.applied = try payment.applied + amount
    payment.applications.append(
      PaymentApplication(invoiceNumber: invoice.number, amount: amount, appliedOn: now.day))
    invoice.paid = try invoice.paid + amount

    let application = try ApplicationTable.insert(
      amount, of: payment.id, to: invoice.id, at: now, in: tx)
    try PaymentTable.addApplied(amount, to: payment.id, in: tx)
    try InvoiceTable.addPaid(amount, to: invoice.id, in: tx)
    try PostEntry.paymentApplied(
      payment.number, to: invoice.number, application: application.value, amount: amount,
      customer: invoice.customerCode
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "payment.applied", payment.reference, related: invoice.order,
        [
          Fact("invoice", invoice.number), Fact("amount", amount),
          Fact("invoice_open", invoice.open), Fact("unapplied", payment.unapplied),
        ]))
    if invoice.state == .paid {
      tx.record(
        DomainEvent(
          "invoice.paid", invoice.reference, related: invoice.order,
          [Fact("gross", invoice.gross)]))
    }
  }
}
