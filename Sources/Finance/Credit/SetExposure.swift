package import MasterData
package import Storage
package import Values

/// Says how much one document exposes us to a customer from now on; zero or less removes it. With
/// `enforceLimit` an increase beyond the customer's limit is refused; a decrease is always allowed.
package struct SetExposure: Sendable {
  package let customer: Customer
  package let document: DocumentReference
  /// Absolute, tax included, in the currency of the customer's limit.
  package let amount: Money
  package let enforceLimit: Bool

  package init(
    customer: Customer, document: DocumentReference, amount: Money, enforceLimit: Bool
  ) {
    self.customer = customer
    self.document = document
    self.amount = amount
    self.enforceLimit = enforceLimit
  }

  /// A refusal leaves the document's row behind for the caller's savepoint to roll
  /// back, as every refusal of a command does.
  package func run(in tx: Transaction, at now: Moment) throws {
    let change = max(amount.minor, 0) - (try replace(in: tx))
    guard change > 0 else {
      if change < 0 { try ExposureTable.subtract(-change, from: customer.id, in: tx) }
      return
    }
    let limit = enforceLimit ? customer.creditLimit.minor : Int64.max
    if try !ExposureTable.add(change, to: customer.id, limit: limit, in: tx) {
      try add(change, beyond: limit, in: tx, on: now.day)
    }
    guard enforceLimit, let group = try GroupCredit.exceeded(by: customer, in: tx) else { return }
    let currency = amount.currency
    throw FinanceRejection.groupLimitExceeded(
      group: group.head, limit: Money(minor: group.limit, currency: currency),
      exposure: Money(minor: group.exposure - change, currency: currency),
      requested: Money(minor: change, currency: currency))
  }

  /// Only beyond the limit it matters what else is granted on the day.
  private func add(
    _ change: Int64, beyond limit: Int64, in tx: Transaction, on day: Day
  ) throws {
    let granted = try CreditGrantTable.sum(of: customer.id, on: day, in: tx)
    if granted > 0,
      try ExposureTable.add(change, to: customer.id, limit: limit + granted, in: tx)
    {
      return
    }
    throw FinanceRejection.creditLimitExceeded(
      customer: customer.code, use: try use(without: change, granted: granted, in: tx),
      requested: Money(minor: change, currency: amount.currency))
  }

  /// Writes the amount; returns what was there, 0 for nothing. Most documents are new: they cost
  /// one statement.
  private func replace(in tx: Transaction) throws -> Int64 {
    if amount.minor > 0, try ExposureTable.insert(customer.id, document, amount, in: tx) {
      return 0
    }
    let before = try ExposureTable.amount(customer.id, document, in: tx)
    if amount.minor > 0 {
      try ExposureTable.update(customer.id, document, to: amount, in: tx)
    } else if before > 0 {
      try ExposureTable.remove(customer.id, document, in: tx)
    }
    return before
  }

  /// The credit in use as it was before this change.
  private func use(
    without change: Int64, granted: Int64, in tx: Transaction
  ) throws -> CreditUse {
    let (orders, invoices) = try ExposureTable.sums(of: customer.id, in: tx)
    let isInvoice = document.kind == .invoice
    let currency = customer.creditLimit.currency
    return try CreditUse(
      limit: customer.creditLimit, temporary: granted,
      orders: Money(minor: orders - (isInvoice ? 0 : change), currency: currency),
      invoices: Money(minor: invoices - (isInvoice ? change : 0), currency: currency))
  }
}
