package import MasterData
package import Storage
package import Values

/// Questions about invoices.
package enum Invoices {
  /// Which invoices a list is to show.
  package struct Filter: Hashable, Sendable {
    package var customer: ID<Customer>?
    package var order: DocumentReference?
    package var unpaidOnly: Bool

    package init(
      customer: ID<Customer>? = nil, order: DocumentReference? = nil, unpaidOnly: Bool = false
    ) {
      self.customer = customer
      self.order = order
      self.unpaidOnly = unpaidOnly
    }
  }

  package static func find(number: String, in snapshot: Snapshot) throws -> Invoice? {
    try InvoiceTable.find(number, in: snapshot)
  }

  /// The invoice that a field of a request names; refuses an unknown one, and one out of
  /// scope.
  package static func require(
    number: String, field: @autoclosure () -> String, in snapshot: Snapshot
  ) throws -> Invoice {
    guard let invoice = try InvoiceTable.seen(number, in: snapshot) else {
      throw FinanceRejection.unknownInvoice(field: field(), number: number).ifNamed(number)
    }
    return invoice
  }

  /// All invoices of an order, the oldest first; an order has few.
  package static func ofOrder(
    _ order: DocumentReference, in snapshot: Snapshot
  ) throws -> [Invoice] {
    let ids = try InvoicePages.ofOrder(
      order, customer: nil, unpaidOnly: false, before: ID(.max), limit: 10_000, in: snapshot)
    return try ids.reversed().map { try InvoiceTable.fetch($0, in: snapshot) }
  }

  /// What was invoiced for a document and for goods or services, not as a compensation; and what of
  /// that was credited again.
  package static func charged(
    for document: DocumentReference, _ currency: Currency, in snapshot: Snapshot
  ) throws -> ChargedAmounts {
    try InvoiceTable.charged(for: document, currency, in: snapshot)
  }

  /// The newest first, from the one before `id` on (nil: from the newest).
  package static func list(
    _ filter: Filter = Filter(), before id: ID<Invoice>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [Invoice] {
    try page(filter, before: id ?? ID(.max), limit: limit, in: snapshot).map {
      try InvoiceTable.fetch($0, in: snapshot)
    }
  }

  /// What was invoiced to a customer from a day on, with tax, in the base currency.
  package static func turnover(
    of customer: Customer, from day: Day, in snapshot: Snapshot
  ) throws -> Money {
    Money(
      minor: try InvoiceTable.invoicedMinor(to: customer.id, from: day, in: snapshot),
      currency: customer.creditLimit.currency)
  }

  private static func page(
    _ filter: Filter, before id: ID<Invoice>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    switch (filter.order, filter.customer, filter.unpaidOnly) {
    case (let order?, let customer, let unpaidOnly):
      try InvoicePages.ofOrder(
        order, customer: customer, unpaidOnly: unpaidOnly, before: id, limit: limit, in: snapshot)
    case (nil, let customer?, false):
      try InvoicePages.ofCustomer(customer, before: id, limit: limit, in: snapshot)
    case (nil, let customer?, true):
      try InvoicePages.unpaid(of: customer, before: id, limit: limit, in: snapshot)
    case (nil, nil, let unpaidOnly):
      try page(unpaidOnly, before: id, limit: limit, in: snapshot)
    }
  }

  private static func page(
    _ unpaidOnly: Bool, before id: ID<Invoice>, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Invoice>] {
    guard let few = try Customers.few(in: snapshot) else {
      return unpaidOnly
        ? try InvoicePages.unpaid(before: id, limit: limit, in: snapshot)
        : try InvoicePages.all(before: id, limit: limit, in: snapshot)
    }
    let pages = try few.keys.map {
      unpaidOnly
        ? try InvoicePages.unpaid(of: $0, before: id, limit: limit, in: snapshot)
        : try InvoicePages.ofCustomer($0, before: id, limit: limit, in: snapshot)
    }
    return Array(pages.joined().sorted { $0.value > $1.value }.prefix(limit))
  }
}

/// What was invoiced for a document, and credited of it.
package struct ChargedAmounts: Hashable, Sendable {
  package let gross: Money
  package let net: Money
  package let creditedGross: Money
  package let creditedNet: Money
}
