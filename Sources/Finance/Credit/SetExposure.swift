package import MasterData
package import Storage
package import Values

/// Says how much one document exposes us to a customer from now on; zero or less removes it. With
/// `enforceLimit` an increase beyond the customer's limit is refused; a decrease is always allowed.
package struct SetExposure: Sendable {
  package let customer: Customer
  package let document: DocumentReference
  /// Absolute, tax included, in the currency of the customer's limit, which is that of the books:
  /// at the exchange rate of the document (DOMAIN 5.9).
  package let amount: Money
  /// What of an order has left and is not invoiced, counted to the amount first; nil for nothing.
  package let shipped: Money?
  package let enforceLimit: Bool

  package init(
    customer: Customer, document: DocumentReference, amount: Money, shipped: Money? = nil,
    enforceLimit: Bool
  ) {
    self.customer = customer
    self.document = document
    self.amount = amount
    self.shipped = shipped
    self.enforceLimit = enforceLimit
  }

  /// A refusal leaves the document's row behind for the caller's savepoint to roll
  /// back, as every refusal of a command does.
  package func run(in tx: Transaction, at now: Moment) throws {
    let gone = max(0, min(amount.minor, shipped?.minor ?? 0))
    let before = try replace(shipped: gone, in: tx)
    let change = max(amount.minor, 0) - before.whole
    if change > 0 {
      try add(change, in: tx, at: now)
    } else if change < 0 {
      try ExposureTable.subtract(
        CreditSums(-change, of: document.kind), from: customer.id, in: tx)
    }
    guard gone != before.shipped else { return }
    try ExposureTable.add(shipped: gone - before.shipped, to: customer.id, in: tx)
  }

  private func add(_ change: Int64, in tx: Transaction, at now: Moment) throws {
    let limit = enforceLimit ? customer.creditLimit.minor : Int64.max
    let increase = CreditSums(change, of: document.kind)
    if try !ExposureTable.add(increase, to: customer.id, limit: limit, in: tx) {
      try add(increase, beyond: limit, in: tx, on: now.day)
    }
    guard enforceLimit, let group = try GroupCredit.exceeded(by: customer, on: now.day, in: tx)
    else { return }
    let requested = Money(minor: change, currency: amount.currency)
    throw FinanceRejection.groupLimitExceeded(
      group: group.head, limit: group.limit, exposure: try group.exposure - requested,
      requested: requested)
  }

  /// Only beyond the limit it matters what else is granted on the day.
  private func add(
    _ increase: CreditSums, beyond limit: Int64, in tx: Transaction, on day: Day
  ) throws {
    let granted = try CreditGrantTable.sum(of: customer.id, .temporary, on: day, in: tx)
    if granted > 0,
      try ExposureTable.add(increase, to: customer.id, limit: limit + granted, in: tx)
    {
      return
    }
    throw FinanceRejection.creditLimitExceeded(
      customer: customer.code, use: try Receivables.exposure(of: customer, on: day, in: tx),
      requested: Money(minor: increase.total, currency: amount.currency))
  }

  /// Writes the amount; returns what was there, 0 for nothing. Most documents are new: they cost
  /// one statement.
  private func replace(
    shipped gone: Int64, in tx: Transaction
  ) throws -> (whole: Int64, shipped: Int64) {
    if amount.minor > 0,
      try ExposureTable.insert(document, of: customer.id, amount, shipped: gone, in: tx)
    {
      return (0, 0)
    }
    let before = try ExposureTable.amount(document, in: tx)
    if amount.minor > 0 {
      try ExposureTable.update(document, to: amount, shipped: gone, in: tx)
    } else if before.whole > 0 {
      try ExposureTable.remove(document, in: tx)
    }
    return before
  }
}
