import Finance
package import MasterData
package import Storage
package import Values

/// Makes two customers that are one and the same one: every opportunity, quote, order, invoice and
/// payment of the duplicate is the other's from now on, and so are its contacts, addresses, tags,
/// consents, temporary limits, gift cards, points, reminders and what other systems call it, in one
/// transaction, and its code another name of it. What was booked keeps the code that it was booked
/// with; names on orders stay as they were.
package struct MergeCustomers: Sendable {
  /// Code of the one that is no more afterwards.
  package let duplicate: String
  /// Code of the one that stays, with its name, terms and credit limit.
  package let into: String

  package init(duplicate: String, into: String) {
    self.duplicate = duplicate
    self.into = into
  }

  /// What was whose before.
  package struct Outcome: Hashable, Sendable {
    package let customer: Customer
    /// Code of the one that is no more.
    package let duplicate: String
    package let orders: Int
    package let invoices: Int
    package let payments: Int
  }

  package func run(in tx: Transaction, at now: Moment) throws -> Outcome {
    let gone = try Customers.requireKept(code: duplicate, field: "duplicate_code", in: tx)
    let kept = try Customers.requireKept(code: into, field: "into_code", in: tx)
    guard gone.id != kept.id else {
      throw OrdersRejection.mergesItself(field: "into_code", customer: kept.code)
    }
    let orders = try SalesOrderTable.give(allOf: gone.code, to: kept.code, in: tx)
    let (invoices, payments) = try GiveDocuments(from: gone, to: kept).run(in: tx)
    try QuoteTable.give(allOf: gone.code, to: kept.code, in: tx)
    try OpportunityTable.give(allOf: gone.code, to: kept.code, in: tx)
    try MarketplaceTable.give(allOf: gone.code, to: kept.code, in: tx)
    try BlanketTable.give(allOf: gone.code, to: kept.code, in: tx)
    try ShowroomPieceTable.give(allOf: gone.code, to: kept.code, in: tx)
    try CouponTable.give(allOf: gone.code, to: kept.code, in: tx)
    try Points.give(allOf: gone, to: kept, in: tx, at: now)
    try DunningLetterTable.give(allOf: gone.id, to: kept.id, in: tx)
    try DunningStopTable.give(allOf: gone.id, to: kept.id, in: tx)
    try PaymentPromiseTable.give(allOf: gone.id, to: kept.id, in: tx)
    try OrderViewTable.give(allOf: gone.code, to: kept.code, in: tx)
    try Customers.replace(gone, by: kept, in: tx)
    let merged = try Customers.fetch(kept.id, in: tx)
    tx.record(
      DomainEvent(
        "customer.merged", DocumentReference(.masterData, "customer/\(kept.code)"),
        [
          Fact("code", kept.code), Fact("version", merged.version), Fact("duplicate", gone.code),
          Fact("orders", orders), Fact("invoices", invoices),
          Fact("payments", payments),
        ]))
    return Outcome(
      customer: merged, duplicate: gone.code, orders: orders, invoices: invoices,
      payments: payments)
  }
}
