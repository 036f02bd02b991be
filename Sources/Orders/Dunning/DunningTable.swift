import MasterData
import Storage
import Values

/// What is open and how far it was reminded of: reads of `view_dunning`. Each statement goes by an
/// index of open invoices.
enum DunningTable {
  /// Customers of which an invoice has reached a level that it was not raised to, by code.
  static func customersDue(
    by policy: DunningPolicy, on day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Customer>] {
    try snapshot.all(
      """
      SELECT customer_id FROM view_dunning
      WHERE due_on <= ? AND base_open_minor >= ?
        AND level < (SELECT MAX(v.level) FROM dunning_level AS v
          WHERE v.policy_version = ? AND v.after_days <= ? - due_on)
        AND COALESCE(stopped_until < ?, TRUE) AND COALESCE(promised_on < ?, TRUE)
        AND (? = 0 OR NOT has_complaint)
      GROUP BY customer_id, customer_code ORDER BY customer_code LIMIT ?
      """, day.adding(days: -(policy.levels.first?.afterDays ?? 0)), policy.minimum.minor,
      policy.version, day, day, day, policy.sparesComplaints, limit
    ) { $0.id(0) }
  }

  /// Those of one customer, the longest overdue first.
  static func due(
    of customer: ID<Customer>, by policy: DunningPolicy, on day: Day, limit: Int,
    in snapshot: Snapshot
  ) throws -> [OpenInvoice] {
    try snapshot.all(
      """
      SELECT id, number, customer_code, order_number, due_on, open_minor, currency,
        base_open_minor, base_currency, level, letter_number, blocks_orders, stopped_until,
        promised_on, has_complaint
      FROM view_dunning
      WHERE customer_id = ? AND due_on <= ? AND base_open_minor >= ?
        AND level < (SELECT MAX(v.level) FROM dunning_level AS v
          WHERE v.policy_version = ? AND v.after_days <= ? - due_on)
        AND COALESCE(stopped_until < ?, TRUE) AND COALESCE(promised_on < ?, TRUE)
        AND (? = 0 OR NOT has_complaint)
      ORDER BY due_on, id LIMIT ?
      """, customer, day.adding(days: -(policy.levels.first?.afterDays ?? 0)),
      policy.minimum.minor, policy.version, day, day, day, policy.sparesComplaints, limit,
      map: invoice(_:))
  }

  /// All of one customer in scope that are overdue, the longest overdue first.
  static func overdue(
    of customer: ID<Customer>, on day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [OpenInvoice] {
    try snapshot.all(
      """
      SELECT id, number, customer_code, order_number, due_on, open_minor, currency,
        base_open_minor, base_currency, level, letter_number, blocks_orders, stopped_until,
        promised_on, has_complaint
      FROM view_dunning
      WHERE customer_id = ? AND due_on < ?
        AND EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.id = view_dunning.customer_id AND in_scope(c.owner, c.store_code))
      ORDER BY due_on, id LIMIT ?
      """, customer, day, limit, map: invoice(_:))
  }

  /// Those of one customer at a level that holds orders.
  static func blocking(
    of customer: ID<Customer>, on day: Day, in snapshot: Snapshot
  ) throws -> [OpenInvoice] {
    try snapshot.all(
      """
      SELECT id, number, customer_code, order_number, due_on, open_minor, currency,
        base_open_minor, base_currency, level, letter_number, blocks_orders, stopped_until,
        promised_on, has_complaint
      FROM view_dunning WHERE customer_id = ? AND due_on < ? AND blocks_orders = 1
      ORDER BY due_on, id LIMIT 100
      """, customer, day, map: invoice(_:))
  }

  /// Customers in scope with something overdue that was raised to `level` at least, by code.
  static func customers(
    level: Int, on day: Day, after code: String, limit: Int, in snapshot: Snapshot
  ) throws -> [ID<Customer>] {
    try snapshot.all(
      """
      SELECT i.customer_id FROM view_dunning AS i
      JOIN view_customer_owner AS c ON c.id = i.customer_id
      WHERE i.customer_code > ? AND i.due_on < ? AND (? = 0 OR i.level >= ?)
        AND in_scope(c.owner, c.store_code)
      GROUP BY i.customer_id, i.customer_code ORDER BY i.customer_code LIMIT ?
      """, code, day, level, level, limit
    ) { $0.id(0) }
  }

  /// What of the interest on an invoice is booked, in its currency's minor units.
  static func booked(of invoice: ID<OpenInvoice>, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(interest_minor), 0) FROM dunning_letter_line
      WHERE invoice_id = ? AND is_booked = 1
      """, invoice
    ) { $0.int64(0) } ?? 0
  }

  /// What is open of booked claims of a customer in scope, in the base currency's minor units.
  static func openClaims(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(base_open_minor), 0) FROM view_open_invoice
      WHERE customer_id = ? AND order_kind = 'DUNNING_LETTER'
      """, customer
    ) { $0.int64(0) } ?? 0
  }

  private static func invoice(_ row: Row) throws -> OpenInvoice {
    OpenInvoice(
      id: row.id(0), number: row.text(1), customerCode: row.text(2), orderNumber: row.text(3),
      dueOn: row.day(4), open: row.money(5, 6), baseOpen: row.money(7, 8), level: row.int(9),
      letterNumber: row.text(10), blocksOrders: row.bool(11), stoppedUntil: row.optionalDay(12),
      promisedOn: row.optionalDay(13), hasComplaint: row.bool(14))
  }
}
