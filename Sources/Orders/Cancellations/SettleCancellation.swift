import Finance
import MasterData
import Storage
package import Values

/// What became of the money when something was cancelled. What was there for the order and not used
/// by invoices is forfeited, pays the fee, goes back, or is kept for what is left of the order: to
/// the cent, held = forfeited + feePaid + refund + kept.
package struct CancellationMoney: Hashable, Sendable {
  /// What was there.
  package let held: Money
  /// What is charged, forfeited money set off.
  package let fee: Money
  /// What of it the money held has paid at once.
  package let feePaid: Money
  /// Nil without a fee.
  package let feeInvoice: String?
  /// What is to go back, with what was to go back before.
  package let refund: Money
  /// What is left of the order needs it.
  package let kept: Money
}

/// Books what cancelling costs: earnest money is forfeited, and the rest of the fee is invoiced,
/// which the customer's money pays as it pays any invoice. Compensation is not taxed.
struct SettleCancellation {
  /// As it was.
  let order: SalesOrder
  let terms: CancellationTerms
  /// What is left of it, which may cost something else.
  let rest: SalesOrder

  func run(in tx: Transaction, at now: Moment) throws -> CancellationMoney {
    let held = try Payments.unapplied(earmark: order.reference, order.currency, in: tx)
    try UsePayments(of: order.reference, for: .forfeited, amount: terms.forfeited)
      .run(in: tx, at: now)
    let invoice = try charge(in: tx, at: now)
    let left = try Payments.unapplied(earmark: order.reference, order.currency, in: tx)
    let needed = try rest.openToInvoice()
    let kept = Money(minor: min(left.minor, needed.minor), currency: order.currency)
    return CancellationMoney(
      held: held, fee: terms.feeToPay, feePaid: try held - terms.forfeited - left,
      feeInvoice: invoice, refund: try left - kept, kept: kept)
  }

  /// The number of the invoice; nil when there is nothing to pay.
  private func charge(in tx: Transaction, at now: Moment) throws -> String? {
    let fee = terms.feeToPay
    guard fee.minor > 0 else { return nil }
    let line = InvoiceLine(
      orderLine: 0, description: "Cancellation fee", quantity: .one, unit: "", net: fee,
      taxRate: .zero, tax: .zero(fee.currency), isService: false, isCompensation: true)
    return try IssueInvoice(
      customer: try order.customer(in: tx), order: order.reference, lines: [line],
      text: "Cancellation of \(order.number)", dueOn: now.day.adding(days: order.netDays)
    ).run(in: tx, at: now).number
  }
}
