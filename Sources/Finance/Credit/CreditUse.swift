package import Values

/// How much of a customer's credit is in use, and by what (DOMAIN 5.9). Every part is what its
/// documents still expose us to: money that was paid for an order counts for that order only and
/// never makes room for others.
package struct CreditUse: Hashable, Sendable {
  package let limit: Money
  /// Open orders that are not invoiced yet, tax included, less money received for them.
  package let orders: Money
  /// What of that has left and is not invoiced.
  package let shipped: Money
  /// Invoices that are not paid yet.
  package let invoices: Money
  /// Cheques and bank acceptances that the bank has not paid yet.
  package let uncleared: Money
  /// The last day of which orders count; nil where all of them do.
  package let countsUntil: Day?
  /// What of the orders does not count yet: nothing where all of them do.
  package let beyondHorizon: Money
  /// orders + invoices + uncleared − beyondHorizon.
  package let total: Money
  /// Temporary limits that count on the day that was asked for, on top of the limit.
  package let temporary: Money
  /// limit + temporary − total; negative after the limit was lowered or a document was not subject
  /// to it.
  package let available: Money

  init(
    limit: Money, temporary: Int64 = 0, orders: Money, shipped: Money, invoices: Money,
    uncleared: Money, countsUntil: Day? = nil, beyondHorizon: Int64 = 0
  ) throws(ArithmeticError) {
    self.limit = limit
    self.temporary = Money(minor: temporary, currency: limit.currency)
    self.orders = orders
    self.shipped = shipped
    self.invoices = invoices
    self.uncleared = uncleared
    self.countsUntil = countsUntil
    self.beyondHorizon = Money(minor: beyondHorizon, currency: limit.currency)
    total = try orders + invoices + uncleared - self.beyondHorizon
    available = try limit + self.temporary - total
  }

  package var facts: [Fact] {
    var facts = [Fact("credit_limit", limit)]
    if temporary.minor > 0 { facts.append(Fact("temporary_credit", temporary)) }
    facts.append(Fact("open_orders", orders))
    if shipped.minor > 0 { facts.append(Fact("shipped_not_invoiced", shipped)) }
    if beyondHorizon.minor > 0 { facts.append(Fact("beyond_horizon", beyondHorizon)) }
    facts.append(Fact("open_invoices", invoices))
    if uncleared.minor > 0 { facts.append(Fact("uncleared_payments", uncleared)) }
    return facts + [Fact("exposure", total), Fact("credit_available", available)]
  }
}
