package import MasterData
package import Storage
package import Values

/// Says how much one document exposes us to a customer from now on; zero or less removes it. With
/// `enforceLimit` an increase beyond the customer's limit is refused; a decrease is always allowed.
/// Where orders count so many days ahead only, what is wanted later needs no room in the limits,
/// and what is wanted sooner than before is an increase.
package struct SetExposure: Sendable {
  package let customer: Customer
  package let document: DocumentReference
  /// Absolute, tax included, in the currency of the customer's limit, which is that of the books:
  /// at the exchange rate of the document (DOMAIN 5.9).
  package let amount: Money
  /// What of an order has left and is not invoiced, counted to the amount first; nil for nothing.
  package let shipped: Money?
  /// What of the amount is wanted on which days, in their order; the rest counts at any time.
  package let wanted: [WantedPart]
  package let enforceLimit: Bool

  package init(
    customer: Customer, document: DocumentReference, amount: Money, shipped: Money? = nil,
    wanted: [WantedPart] = [], enforceLimit: Bool
  ) {
    self.customer = customer
    self.document = document
    self.amount = amount
    self.shipped = shipped
    self.wanted = wanted
    self.enforceLimit = enforceLimit
  }

  /// A refusal leaves the document's row behind for the caller's savepoint to roll
  /// back, as every refusal of a command does.
  package func run(in tx: Transaction, at now: Moment) throws {
    let (before, after) = try replace(in: tx, on: now.day)
    let change = after.whole - before.whole
    if change < 0 {
      try ExposureTable.subtract(
        CreditSums(-change, of: document.kind), from: customer.id, in: tx)
    } else if change > 0 {
      try add(change, before, after, in: tx, on: now.day)
    }
    guard after.shipped != before.shipped else { return }
    try ExposureTable.add(shipped: after.shipped - before.shipped, to: customer.id, in: tx)
  }

  /// Writes what the document exposes us to; returns what it was, and what it is. Most documents
  /// are new: they cost one statement.
  private func replace(
    in tx: Transaction, on day: Day
  ) throws -> (before: DocumentExposure, after: DocumentExposure) {
    let whole = max(amount.minor, 0)
    var after = DocumentExposure(
      whole: whole, shipped: max(0, min(amount.minor, shipped?.minor ?? 0)),
      // What is wanted by today counts in any case.
      wanted: wanted.filter { $0.day > day }, checkedOn: day)
    if whole > 0,
      try ExposureTable.insert(after, of: document, customer.id, amount.currency, in: tx)
    {
      return (DocumentExposure(), after)
    }
    let before = try ExposureTable.exposure(of: document, in: tx)
    guard whole > 0 else {
      if before.whole > 0 { try ExposureTable.remove(document, in: tx) }
      return (before, DocumentExposure())
    }
    after.wanted = wanted
    let isAsked =
      try enforceLimit
      && (whole > before.whole || isSooner(before, after, in: tx, on: day))
    if !isAsked { after.checkedOn = before.checkedOn }
    try ExposureTable.update(document, to: after, in: tx)
    return (before, after)
  }

  /// Whether what is no more counts for more, which is refused beyond the limits; as is that what
  /// never counted is wanted when it would have.
  private func isSooner(
    _ before: DocumentExposure, _ after: DocumentExposure, in tx: Transaction, on day: Day
  ) throws -> Bool {
    guard after.wanted != before.wanted else { return false }
    var after = after
    after.checkedOn = before.checkedOn
    for onlyChecked in [false, true] {
      let reach = try CreditHorizons.reach(
        of: customer.customerClass, on: day, onlyChecked: onlyChecked, in: tx)
      guard reach.counted(after) > reach.counted(before) else { continue }
      let room = CreditRoom(customer: customer, reach: reach)
      if let refusal = try room.refusal(from: before, to: after, in: tx) { throw refusal }
      return !onlyChecked
    }
    return false
  }

  private func add(
    _ change: Int64, _ before: DocumentExposure, _ after: DocumentExposure, in tx: Transaction,
    on day: Day
  ) throws {
    let increase = CreditSums(change, of: document.kind)
    let limit = enforceLimit ? customer.creditLimit.minor : Int64.max
    if try !ExposureTable.add(increase, to: customer.id, limit: limit, in: tx) {
      try add(increase, before, after, beyond: limit, in: tx, on: day)
    }
    guard enforceLimit else { return }
    for group in try GroupCredit.of(customer, on: day, in: tx)
    where group.exposure.minor > group.limit.minor {
      let reach = try CreditHorizons.reach(of: customer.customerClass, on: day, in: tx)
      let counted = reach.counted(after) - reach.counted(before)
      throw FinanceRejection.groupLimitExceeded(
        try group.without(counted: counted, beyond: change - counted),
        requested: Money(minor: counted, currency: amount.currency))
    }
  }

  /// Only beyond the limit it matters what else is granted on the day, and what of all orders does
  /// not count yet.
  private func add(
    _ increase: CreditSums, _ before: DocumentExposure, _ after: DocumentExposure,
    beyond limit: Int64, in tx: Transaction, on day: Day
  ) throws {
    let granted = try CreditGrantTable.sum(of: customer.id, .temporary, on: day, in: tx)
    let reach = try CreditHorizons.reach(of: customer.customerClass, on: day, in: tx)
    let beyond = try ExposureTable.uncounted(of: customer.id, reach, in: tx)
    if granted > 0 || beyond > 0,
      try ExposureTable.add(
        increase, to: customer.id, limit: limit + granted + beyond, in: tx)
    {
      return
    }
    // Its own row is written, its sum is not.
    let counted = reach.counted(after) - reach.counted(before)
    throw FinanceRejection.creditLimitExceeded(
      customer: customer.code,
      use: try Receivables.exposure(
        of: customer, on: day, countsUntil: reach.lastDay,
        uncounted: beyond - (increase.total - counted), in: tx),
      requested: Money(minor: counted, currency: amount.currency))
  }
}
