import Finance
package import MasterData
package import Storage
package import Values

/// A time in which nobody reminds a customer of an invoice, or of anything.
package struct DunningStop: Hashable, Sendable {
  package enum Reason: String, Hashable, Sendable, CaseIterable {
    case dispute = "DISPUTE"
    case complaint = "COMPLAINT"
    case instalments = "INSTALMENTS"
    case insolvency = "INSOLVENCY"
    case other = "OTHER"
  }

  package let id: ID<DunningStop>
  package let customerCode: String
  /// Empty for all of the customer.
  package let invoiceNumber: String
  package let reason: Reason
  /// Empty once the person is erased.
  package let note: String
  /// The last day of it.
  package let until: Day
  package let stoppedBy: String
  package let stoppedAt: Instant
  /// Nil while nobody has ended it before its day.
  package let liftedBy: String?
  package let liftedAt: Instant?

  /// Days until its last one.
  static let longest = 366
}

/// Questions about stops.
package enum DunningStops {
  /// All there ever were of a customer, the newest first, from the one before `id` on.
  package static func list(
    of customer: Customer, before id: ID<DunningStop>? = nil, limit: Int, in snapshot: Snapshot
  ) throws -> [DunningStop] {
    try DunningStopTable.list(of: customer, before: id ?? ID(.max), limit: limit, in: snapshot)
  }
}

/// Stops the reminders of a customer or of one invoice until a day.
package struct StopDunning: Sendable {
  /// May be empty with an invoice.
  package let customerCode: String
  /// Empty for all of the customer.
  package let invoiceNumber: String
  package let reason: DunningStop.Reason
  package let note: String
  /// The last day of it.
  package let until: Day
  /// Who asks.
  package let actor: String

  package init(
    customerCode: String, invoiceNumber: String, reason: DunningStop.Reason, note: String,
    until: Day, by actor: String
  ) {
    self.customerCode = customerCode
    self.invoiceNumber = invoiceNumber
    self.reason = reason
    self.note = note
    self.until = until
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> DunningStop {
    var check = FieldCheck(.request)
    check.text(note, "note", limit: 500)
    check.range(until, "until", now.day...now.day.adding(days: DunningStop.longest))
    try check.pass()
    let invoice =
      invoiceNumber.isEmpty
      ? nil : try Invoices.require(number: invoiceNumber, field: "invoice_number", in: tx)
    let customer =
      if let invoice, customerCode.isEmpty {
        try Customers.fetch(invoice.customer, in: tx)
      } else {
        try Customers.require(code: customerCode, field: "customer_code", in: tx)
      }
    if let invoice {
      guard invoice.customer == customer.id else {
        throw DunningRejection.foreignInvoice(
          field: "invoice_number", number: invoice.number, customer: customer.code)
      }
      guard invoice.open.minor > 0 else {
        throw DunningRejection.nothingOpen(field: "invoice_number", number: invoice.number)
      }
    }
    let id = try DunningStopTable.insert(self, of: customer.id, invoice, at: now, in: tx)
    let stop = try DunningStopTable.fetch(id, in: tx)
    stop.record("dunning.stopped", [Fact("until", until)], by: actor, in: tx)
    return stop
  }
}

/// Ends a stop before its day.
package struct LiftDunningStop: Sendable {
  package let id: ID<DunningStop>
  /// Who asks.
  package let actor: String

  package init(_ id: ID<DunningStop>, by actor: String) {
    self.id = id
    self.actor = actor
  }

  package func run(in tx: Transaction, at now: Moment) throws -> DunningStop {
    guard id.value != 0 else { throw MasterDataRejection.missingValue(field: "id") }
    guard let stop = try DunningStopTable.seen(id, in: tx) else {
      throw DunningRejection.unknownStop(field: "id")
    }
    guard stop.liftedAt == nil, stop.until >= now.day else {
      throw DunningRejection.stopOver(id: id.value, until: stop.until)
    }
    try DunningStopTable.lift(id, by: actor, at: now, in: tx)
    stop.record("dunning.stop-lifted", [], by: actor, in: tx)
    return try DunningStopTable.fetch(id, in: tx)
  }
}

extension DunningStop {
  /// Words about it stand in the stop, which can forget them; an event cannot.
  fileprivate func record(
    _ event: String, _ facts: [Fact], by actor: String, in tx: Transaction
  ) {
    tx.record(
      DomainEvent(
        event, DocumentReference(.masterData, "customer/\(customerCode)"),
        [
          Fact("stop", id.value), Fact("invoice", invoiceNumber), Fact("reason", reason.rawValue),
        ] + facts + [Fact("actor", actor)]))
  }
}

/// All SQL of `dunning_stop`.
enum DunningStopTable {
  static func insert(
    _ stop: StopDunning, of customer: ID<Customer>, _ invoice: Invoice?, at now: Moment,
    in tx: Transaction
  ) throws -> ID<DunningStop> {
    try tx.insert(
      """
      INSERT INTO dunning_stop (customer_id, invoice_id, invoice_number, reason, note, until_on,
        stopped_by, stopped_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """, customer, invoice?.id, invoice?.number ?? "", stop.reason, stop.note, stop.until,
      stop.actor, now.instant)
  }

  static func lift(
    _ id: ID<DunningStop>, by actor: String, at now: Moment, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE dunning_stop SET lifted_by = ?, lifted_at = ? WHERE id = ?", actor, now.instant, id)
  }

  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE dunning_stop SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  static func erasePeople(of customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE dunning_stop SET note = '' WHERE customer_id = ? AND note <> ''", customer)
  }

  // MARK: Questions

  static func fetch(_ id: ID<DunningStop>, in snapshot: Snapshot) throws -> DunningStop {
    let found = try snapshot.first(
      """
      SELECT s.id, c.code, s.invoice_number, s.reason, s.note, s.until_on, s.stopped_by,
        s.stopped_at, s.lifted_by, s.lifted_at
      FROM dunning_stop AS s JOIN view_customer_owner AS c ON c.id = s.customer_id
      WHERE s.id = ?
      """, id, map: stop(_:))
    guard let found else { throw MissingRow("dunning_stop", id.value) }
    return found
  }

  /// Nil when there is none of a customer in scope.
  static func seen(_ id: ID<DunningStop>, in snapshot: Snapshot) throws -> DunningStop? {
    try snapshot.first(
      """
      SELECT s.id, c.code, s.invoice_number, s.reason, s.note, s.until_on, s.stopped_by,
        s.stopped_at, s.lifted_by, s.lifted_at
      FROM dunning_stop AS s JOIN view_customer_owner AS c ON c.id = s.customer_id
      WHERE s.id = ? AND in_scope(c.owner, c.store_code)
      """, id, map: stop(_:))
  }

  /// Those that last on a day, the newest first.
  static func current(
    of customer: Customer, on day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [DunningStop] {
    try snapshot.all(
      """
      SELECT s.id, ?, s.invoice_number, s.reason, s.note, s.until_on, s.stopped_by,
        s.stopped_at, s.lifted_by, s.lifted_at
      FROM dunning_stop AS s
      WHERE s.customer_id = ? AND s.lifted_at IS NULL AND s.until_on >= ?
      ORDER BY s.id DESC LIMIT ?
      """, customer.code, customer.id, day, limit, map: stop(_:))
  }

  static func list(
    of customer: Customer, before id: ID<DunningStop>, limit: Int, in snapshot: Snapshot
  ) throws -> [DunningStop] {
    try snapshot.all(
      """
      SELECT s.id, ?, s.invoice_number, s.reason, s.note, s.until_on, s.stopped_by,
        s.stopped_at, s.lifted_by, s.lifted_at
      FROM dunning_stop AS s WHERE s.customer_id = ? AND s.id < ? ORDER BY s.id DESC LIMIT ?
      """, customer.code, customer.id, id, limit, map: stop(_:))
  }

  private static func stop(_ row: Row) throws -> DunningStop {
    DunningStop(
      id: row.id(0), customerCode: row.text(1), invoiceNumber: row.text(2),
      reason: try row.value(3), note: row.text(4), until: row.day(5), stoppedBy: row.text(6),
      stoppedAt: row.instant(7), liftedBy: row.optionalText(8), liftedAt: row.optionalInstant(9))
  }
}

extension DunningStop.Reason: Bindable {}
