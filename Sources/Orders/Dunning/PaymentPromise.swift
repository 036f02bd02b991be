import Finance
package import MasterData
package import Storage
package import Values

/// What a customer said that it would pay of an invoice, and by when.
package struct PaymentPromise: Hashable, Sendable {
  package enum State: Hashable, Sendable { case open, kept, broken }

  /// Grows with time; the key by which pages go on.
  package let id: ID<PaymentPromise>
  package let customerCode: String
  package let invoiceNumber: String
  /// In the currency of the invoice.
  package let amount: Money
  package let promisedOn: Day
  package let state: State
  /// Empty once the person is erased.
  package let note: String
  package let notedBy: String
  package let notedAt: Instant

  /// Days ahead, and promises for one invoice: reminders are not put off for ever.
  static let longest = 90
  static let most = 3
}

/// Questions about promises.
package enum PaymentPromises {
  /// Of a customer, the newest first, from the one before `id` on, with what has become of them by
  /// a day.
  package static func list(
    of customer: Customer, on day: Day, before id: ID<PaymentPromise>? = nil, limit: Int,
    in snapshot: Snapshot
  ) throws -> [PaymentPromise] {
    try PaymentPromiseTable.list(
      of: customer, on: day, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

/// Notes what a customer promised: nobody is reminded of the invoice until that day has passed.
package struct NotePaymentPromise: Sendable {
  package let invoiceNumber: String
  /// Nil for all that is open.
  package let amount: Money?
  package let promisedOn: Day
  package let note: String
  /// Who asks.
  package let actor: String

  package init(
    invoiceNumber: String, amount: Money?, promisedOn: Day, note: String, by actor: String
  ) {
    self.invoiceNumber = invoiceNumber
    self.amount = amount
    self.promisedOn = promisedOn
    self.note = note
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> PaymentPromise {
    var check = FieldCheck(.request)
    check.text(note, "note", limit: 500)
    check.range(
      promisedOn, "promised_on", now.day...now.day.adding(days: PaymentPromise.longest))
    try check.pass()
    let invoice = try Invoices.require(number: invoiceNumber, field: "invoice_number", in: tx)
    guard invoice.open.minor > 0 else {
      throw DunningRejection.nothingOpen(field: "invoice_number", number: invoice.number)
    }
    let amount = amount ?? invoice.open
    check.currency(amount.currency, "amount", base: invoice.open.currency)
    check.range(amount.minor, "amount", 1...invoice.open.minor)
    try check.pass()
    guard try PaymentPromiseTable.count(of: invoice.id, in: tx) < PaymentPromise.most else {
      throw DunningRejection.tooManyPromises(
        field: "invoice_number", number: invoice.number, limit: PaymentPromise.most)
    }
    let id = try PaymentPromiseTable.insert(
      self, amount, of: invoice, at: now, in: tx)
    tx.record(
      DomainEvent(
        "invoice.payment-promised", invoice.reference, related: invoice.order,
        [Fact("amount", amount), Fact("promised_on", promisedOn), Fact("actor", actor)]))
    return try PaymentPromiseTable.fetch(id, on: now.day, in: tx)
  }
}

/// All SQL of `payment_promise`: rows are written once, and only their words forgotten.
enum PaymentPromiseTable {
  static func insert(
    _ promise: NotePaymentPromise, _ amount: Money, of invoice: Invoice, at now: Moment,
    in tx: Transaction
  ) throws -> ID<PaymentPromise> {
    try tx.insert(
      """
      INSERT INTO payment_promise (customer_id, invoice_id, invoice_number, amount_minor,
        open_minor, currency, promised_on, note, noted_by, noted_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, invoice.customer, invoice.id, invoice.number, amount.minor, invoice.open.minor,
      amount.currency, promise.promisedOn, promise.note, promise.actor, now.instant)
  }

  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE payment_promise SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  /// Returns the numbers of the invoices.
  static func erasePeople(of customer: ID<Customer>, in tx: Transaction) throws -> [String] {
    try tx.all(
      """
      UPDATE payment_promise SET note = '' WHERE customer_id = ? RETURNING invoice_number
      """, customer
    ) { $0.text(0) }
  }

  // MARK: Questions

  static func count(of invoice: ID<Invoice>, in snapshot: Snapshot) throws -> Int {
    try snapshot.first(
      "SELECT COUNT(*) FROM payment_promise WHERE invoice_id = ?", invoice
    ) { $0.int(0) } ?? 0
  }

  static func fetch(
    _ id: ID<PaymentPromise>, on day: Day, in snapshot: Snapshot
  ) throws -> PaymentPromise {
    let found = try snapshot.first(
      """
      SELECT p.id, c.code, p.invoice_number, p.amount_minor, p.currency, p.promised_on, p.note,
        p.noted_by, p.noted_at, p.open_minor, COALESCE(i.open_minor, 0)
      FROM payment_promise AS p JOIN view_customer_owner AS c ON c.id = p.customer_id
      LEFT JOIN view_open_invoice AS i ON i.id = p.invoice_id
      WHERE p.id = ?
      """, id
    ) { try promise($0, on: day) }
    guard let found else { throw MissingRow("payment_promise", id.value) }
    return found
  }

  static func list(
    of customer: Customer, on day: Day, before id: ID<PaymentPromise> = ID(.max), limit: Int,
    in snapshot: Snapshot
  ) throws -> [PaymentPromise] {
    try snapshot.all(
      """
      SELECT p.id, ?, p.invoice_number, p.amount_minor, p.currency, p.promised_on, p.note,
        p.noted_by, p.noted_at, p.open_minor, COALESCE(i.open_minor, 0)
      FROM payment_promise AS p LEFT JOIN view_open_invoice AS i ON i.id = p.invoice_id
      WHERE p.customer_id = ? AND p.id < ? ORDER BY p.id DESC LIMIT ?
      """, customer.code, customer.id, id, limit
    ) { try promise($0, on: day) }
  }

  /// Kept once so much less is open than when it was given.
  private static func promise(_ row: Row, on day: Day) throws -> PaymentPromise {
    let isPaid = row.int64(9) - row.int64(10) >= row.int64(3)
    return PaymentPromise(
      id: row.id(0), customerCode: row.text(1), invoiceNumber: row.text(2),
      amount: row.money(3, 4), promisedOn: row.day(5),
      state: isPaid ? .kept : row.day(5) < day ? .broken : .open, note: row.text(6),
      notedBy: row.text(7), notedAt: row.instant(8))
  }
}
