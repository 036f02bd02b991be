package import MasterData
package import Storage
package import Values

/// One invoice for several orders of a customer. Its parts, one for each order, are what is owed:
/// money for an order pays its part, what comes back is credited to it, and an order is complete
/// when its part is paid. The whole is their sum; it holds no money of its own.
package struct ConsolidatedInvoice: Hashable, Sendable {
  /// Grows with time; the key by which pages go on.
  package let id: ID<ConsolidatedInvoice>
  /// Of the series of all invoices: its parts have it with their position behind it.
  package let number: String
  package let customerCode: String
  package let issuedOn: Day
  package let dueOn: Day
  /// Nothing that was delivered later is on it.
  package let through: Day
  /// In the order of their numbers.
  package internal(set) var parts: [Invoice]

  /// Of its parts, which are all in one currency.
  package func sum(_ amount: KeyPath<Invoice, Money>) throws -> Money {
    let amounts = parts.map { $0[keyPath: amount] }
    return try amounts.sum(amounts[0].currency)
  }

  /// Sums per tax rate over all parts, the highest rate first.
  package func taxTotals() throws -> [TaxTotal] {
    var whole = parts[0]
    whole.lines = parts.flatMap(\.lines)
    return try whole.taxTotals()
  }

  package func state() throws -> InvoiceState {
    let (open, gross) = (try sum(\.open), try sum(\.gross))
    return if open.minor == 0 { .paid } else if open == gross { .open } else { .partlyPaid }
  }
}

/// Questions about consolidated invoices.
package enum ConsolidatedInvoices {
  /// Nil where there is none of a customer in scope.
  package static func seen(
    number: String, in snapshot: Snapshot
  ) throws -> ConsolidatedInvoice? {
    try ConsolidatedInvoiceTable.seen(number, in: snapshot)
  }

  /// The newest first, from the one before `id` on (nil: from the newest), of customers in scope.
  package static func list(
    of customer: ID<Customer>? = nil, before id: ID<ConsolidatedInvoice>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [ConsolidatedInvoice] {
    try ConsolidatedInvoiceTable.list(
      of: customer, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

/// Issues one invoice for several orders: its number is taken once, after everything that may
/// refuse, and each part is issued as an invoice of its order.
package struct IssueConsolidatedInvoice: Sendable {
  package let customer: Customer
  /// What is charged for each order; all in one currency, and due on one day.
  package let parts: [IssueInvoice]
  package let dueOn: Day
  /// The last day of what is charged.
  package let through: Day

  package init(customer: Customer, parts: [IssueInvoice], dueOn: Day, through: Day) {
    self.customer = customer
    self.parts = parts
    self.dueOn = dueOn
    self.through = through
  }

  package func run(in tx: Transaction, at now: Moment) throws -> ConsolidatedInvoice {
    guard let currency = parts.first?.lines.first?.net.currency else {
      preconditionFailure("a consolidated invoice has parts, and they have lines")
    }
    let number = try DocumentNumbers.next(.invoice, on: now.day, in: tx)
    let id = try ConsolidatedInvoiceTable.insert(
      self, number: number, currency, on: now.day, in: tx)
    let issued = try parts.enumerated().map { index, part in
      var part = part
      part.whole = (id, number, index + 1)
      return try part.run(in: tx, at: now)
    }
    let invoice = ConsolidatedInvoice(
      id: id, number: number, customerCode: customer.code, issuedOn: now.day, dueOn: dueOn,
      through: through, parts: issued)
    tx.record(
      DomainEvent(
        "invoice.consolidated", DocumentReference(.invoice, number),
        [
          Fact("customer", customer.code), Fact("parts", issued.count),
          Fact("net", try invoice.sum(\.net)), Fact("tax", try invoice.sum(\.tax)),
          Fact("gross", try invoice.sum(\.gross)), Fact("through", through),
          Fact("due_on", dueOn),
        ]))
    return invoice
  }
}

/// All SQL of `consolidated_invoice`: rows are written once, and only given to another customer.
enum ConsolidatedInvoiceTable {
  static func insert(
    _ invoice: IssueConsolidatedInvoice, number: String, _ currency: Currency, on day: Day,
    in tx: Transaction
  ) throws -> ID<ConsolidatedInvoice> {
    try tx.insert(
      """
      INSERT INTO consolidated_invoice (number, customer_id, customer_code, issued_on, due_on,
        through_on, currency, parts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, number, invoice.customer.id, invoice.customer.code, day, invoice.dueOn,
      invoice.through, currency, invoice.parts.count)
  }

  static func give(
    allOf from: ID<Customer>, to customer: Customer, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE consolidated_invoice SET customer_id = ?, customer_code = ? WHERE customer_id = ?",
      customer.id, customer.code, from)
  }

  static func seen(_ number: String, in snapshot: Snapshot) throws -> ConsolidatedInvoice? {
    let found = try snapshot.first(
      """
      SELECT i.id, i.number, i.customer_code, i.issued_on, i.due_on, i.through_on
      FROM consolidated_invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id
      WHERE i.number = ? AND in_scope(c.owner, c.store_code)
      """, number, map: invoice(_:))
    return try found.map { try withParts($0, in: snapshot) }
  }

  static func list(
    of customer: ID<Customer>?, before id: ID<ConsolidatedInvoice>, limit: Int,
    in snapshot: Snapshot
  ) throws -> [ConsolidatedInvoice] {
    let found: [ConsolidatedInvoice] =
      if let customer {
        try snapshot.all(
          """
          SELECT i.id, i.number, i.customer_code, i.issued_on, i.due_on, i.through_on
          FROM consolidated_invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id
          WHERE i.customer_id = ? AND i.id < ? AND in_scope(c.owner, c.store_code)
          ORDER BY i.id DESC LIMIT ?
          """, customer, id, limit, map: invoice(_:))
      } else {
        try snapshot.all(
          """
          SELECT i.id, i.number, i.customer_code, i.issued_on, i.due_on, i.through_on
          FROM consolidated_invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id
          WHERE i.id < ? AND in_scope(c.owner, c.store_code)
          ORDER BY i.id DESC LIMIT ?
          """, id, limit, map: invoice(_:))
      }
    return try found.map { try withParts($0, in: snapshot) }
  }

  private static func withParts(
    _ found: ConsolidatedInvoice, in snapshot: Snapshot
  ) throws -> ConsolidatedInvoice {
    var invoice = found
    let ids: [ID<Invoice>] = try snapshot.all(
      "SELECT id FROM invoice WHERE consolidated_id = ? ORDER BY id", found.id
    ) { $0.id(0) }
    invoice.parts = try ids.map { try InvoiceTable.fetch($0, in: snapshot) }
    return invoice
  }

  private static func invoice(_ row: Row) -> ConsolidatedInvoice {
    ConsolidatedInvoice(
      id: row.id(0), number: row.text(1), customerCode: row.text(2), issuedOn: row.day(3),
      dueOn: row.day(4), through: row.day(5), parts: [])
  }
}

/// A consolidated invoice has the parts that it says, which agree in what makes them one.
enum ConsolidatedInvoiceInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT c.number FROM consolidated_invoice AS c
      LEFT JOIN invoice AS i ON i.consolidated_id = c.id
      GROUP BY c.id, c.number, c.parts
      HAVING COUNT(i.id) <> c.parts OR COUNT(DISTINCT i.order_number) <> c.parts
        OR SUM(CASE WHEN i.customer_id = c.customer_id AND i.customer_code = c.customer_code
          AND i.issued_on = c.issued_on AND i.due_on = c.due_on AND i.currency = c.currency
          AND i.order_kind = 'SALES_ORDER' THEN 1 ELSE 0 END) <> c.parts
        OR COUNT(DISTINCT COALESCE(i.requirement, '')) <> 1
        OR COUNT(DISTINCT COALESCE(i.rate_micros, 0)) <> 1
      ORDER BY c.id
      """
    ) { row in
      InvariantViolation(
        "finance.consolidated-invoice-is-its-parts",
        "A consolidated invoice has not the parts that it says, or they do not go together",
        [Fact("invoice", row.text(0))])
    }
  }
}
