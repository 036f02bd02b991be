package import Finance
package import MasterData
package import Orders
package import Storage
package import Values

/// All that concerns a customer now: what is on order, owed and paid.
package struct CustomerOverview: Hashable, Sendable {
  package let openOrders: [SalesOrderSummary]
  package let orderCount: Int64
  package let lastOrderedOn: Day?
  package let openInvoices: [Invoice]
  package let payments: [Payment]
  /// Not resolved, the newest first.
  package let complaints: [Complaint]
  /// Not at their end, the newest first, without lines.
  package let returns: [CustomerReturn]
  package let satisfaction: Satisfaction
  /// Neither won nor lost, the newest first.
  package let opportunities: [Opportunity]
  /// Nil where nothing is overdue.
  package let dunning: DunningSummary?

  /// Orders and invoices that are shown at most.
  private static let openLimit = 50
  private static let paymentLimit = 20

  /// Of the orders what is in the one scope, of the money what is in the other.
  package static func of(
    _ customer: Customer, orders: DataScope, finance: DataScope, on today: Day,
    in snapshot: Snapshot
  ) throws -> CustomerOverview {
    let own = snapshot.scope
    defer { snapshot.scope = own }
    snapshot.scope = orders
    let open = try SalesOrders.open(of: customer.code, limit: openLimit, in: snapshot)
    let (count, last) = try SalesOrders.count(of: customer.code, in: snapshot)
    let complaints = try Complaints.of(
      customer: customer.code, openOnly: true, limit: openLimit, in: snapshot)
    let returns = try Returns.of(customer: customer.code, limit: openLimit, in: snapshot)
    let satisfaction = try Satisfactions.of(customer: customer.code, in: snapshot)
    let opportunities = try Opportunities.list(
      .init(customerCode: customer.code, state: .open), limit: openLimit, in: snapshot)
    snapshot.scope = finance
    return CustomerOverview(
      openOrders: open, orderCount: count, lastOrderedOn: last,
      openInvoices: try Invoices.list(
        Invoices.Filter(customer: customer.id, unpaidOnly: true), limit: openLimit, in: snapshot),
      payments: try Payments.newest(of: customer, limit: paymentLimit, in: snapshot),
      complaints: complaints, returns: returns.filter(\.state.isOpen), satisfaction: satisfaction,
      opportunities: opportunities,
      dunning: try Dunning.summary(of: customer, on: today, in: snapshot))
  }
}
