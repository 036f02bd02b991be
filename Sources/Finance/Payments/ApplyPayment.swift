import Storage
import Values

/// Lets one payment pay one invoice in its currency with as much as the one has and the other
/// needs. What the money is worth by the rate of its day, and that part of the invoice by the rate
/// of its own, may differ: that is gained or lost, so that an invoice without anything open is
/// worth nothing either (complaints 13, 14). Whoever calls it sets the invoice's credit exposure
/// afterwards, once for all its applications.
enum ApplyPayment {
  static func run(
    _ payment: inout Payment, to invoice: inout Invoice, in tx: Transaction, at now: Moment
  ) throws {
    let currency = invoice.gross.currency
    let amount = Money(minor: min(payment.unapplied.minor, invoice.open.minor), currency: currency)
    let worth = (
      payment: try payment.worth(of: amount),
      invoice: try invoice.baseOpen.share(of: amount, in: invoice.open)
    )
    let gain = try worth.payment - worth.invoice
    payment.applied = try payment.applied + amount
    payment.baseApplied = try payment.baseApplied + worth.payment
    payment.applications.append(
      PaymentApplication(
        invoiceNumber: invoice.number, amount: amount, appliedOn: now.day, exchangeGain: gain))
    invoice.paid = try invoice.paid + amount
    invoice.basePaid = try invoice.basePaid + worth.invoice

    let application = try ApplicationTable.insert(
      amount, worth: worth, of: payment.id, to: invoice.id, at: now, in: tx)
    try PaymentTable.addApplied(amount.minor, base: worth.payment.minor, to: payment.id, in: tx)
    try InvoiceTable.addPaid(amount.minor, base: worth.invoice.minor, to: invoice.id, in: tx)
    try PostEntry.paymentApplied(
      payment.number, to: invoice.number, application: application.value, amount: amount,
      worth: worth, customer: invoice.customerCode
    ).run(in: tx, at: now)
    tx.record(
      DomainEvent(
        "payment.applied", payment.reference, related: invoice.order,
        [
          Fact("invoice", invoice.number), Fact("amount", amount),
          Fact("invoice_open", invoice.open), Fact("unapplied", payment.unapplied),
        ] + (gain.minor == 0 ? [] : [Fact("exchange_gain", gain)])))
    if invoice.state == .paid {
      tx.record(
        DomainEvent(
          "invoice.paid", invoice.reference, related: invoice.order,
          [Fact("gross", invoice.gross)]))
    }
  }
}
