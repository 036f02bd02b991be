package import MasterData
package import Storage
package import Values

/// What customers owe.
package enum Receivables {
  /// How much of a customer's credit is in use, and by what; with the temporary limits of `day` and
  /// without what does not count yet on it, where one is given.
  package static func exposure(
    of customer: Customer, on day: Day? = nil, in snapshot: Snapshot
  ) throws -> CreditUse {
    guard let day else {
      return try exposure(of: customer, on: nil, countsUntil: nil, uncounted: 0, in: snapshot)
    }
    let reach = try CreditHorizons.reach(of: customer.customerClass, on: day, in: snapshot)
    return try exposure(
      of: customer, on: day, countsUntil: reach.lastDay,
      uncounted: ExposureTable.uncounted(of: customer.id, reach, in: snapshot), in: snapshot)
  }

  /// `uncounted`: what of the orders does not count, in minor units.
  static func exposure(
    of customer: Customer, on day: Day?, countsUntil horizon: Day?, uncounted: Int64,
    in snapshot: Snapshot
  ) throws -> CreditUse {
    let sums = try ExposureTable.sums(of: customer.id, in: snapshot)
    let currency = customer.creditLimit.currency
    return try CreditUse(
      limit: customer.creditLimit,
      temporary: try day.map {
        try CreditGrantTable.sum(of: customer.id, .temporary, on: $0, in: snapshot)
      }
        ?? 0,
      orders: Money(minor: sums.orders, currency: currency),
      shipped: Money(minor: sums.shipped, currency: currency),
      invoices: Money(minor: sums.invoices, currency: currency),
      uncleared: Money(minor: sums.uncleared, currency: currency), countsUntil: horizon,
      beyondHorizon: uncounted)
  }

  /// What of an order's exposure is wanted on which days, in the order of the days.
  package static func wanted(
    of document: DocumentReference, in snapshot: Snapshot
  ) throws -> [WantedPart] {
    try ExposureTable.exposure(of: document, in: snapshot).wanted
  }

  /// What an order exposes us to, where something of it did not count since limits were asked for
  /// it; nil otherwise.
  package static func unchecked(
    _ document: DocumentReference, of customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> Money? {
    guard try CreditHorizons.exist(in: snapshot) else { return nil }
    let exposure = try ExposureTable.exposure(of: document, in: snapshot)
    let reach = try CreditHorizons.reach(
      of: customer.customerClass, on: day, onlyChecked: true, in: snapshot)
    guard reach.uncounted(exposure) > 0 else { return nil }
    return Money(minor: exposure.whole, currency: customer.creditLimit.currency)
  }

  /// The groups that a customer belongs to and that have a limit, with the temporary ones of a day.
  package static func groups(
    of customer: Customer, on day: Day, in snapshot: Snapshot
  ) throws -> [GroupCredit] {
    try GroupCredit.of(customer, on: day, in: snapshot)
  }

  /// The open invoice that a customer should have paid first, without its lines; nil where nothing
  /// is open.
  package static func dueFirst(
    of customer: Customer, in snapshot: Snapshot
  ) throws -> Invoice? {
    try InvoiceTable.dueFirst(of: customer.id, in: snapshot)
  }

  /// What is still to be paid of the invoices of an order, which are in its currency; nil stands
  /// for that of the books.
  package static func open(
    of order: DocumentReference, _ currency: Currency? = nil, in snapshot: Snapshot
  ) throws -> Money {
    Money(
      minor: try InvoiceTable.openMinor(of: order, in: snapshot),
      currency: try currency ?? Companies.current(in: snapshot).baseCurrency)
  }
}
