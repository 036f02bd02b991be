import MasterData
import Storage
import Values

/// All SQL of `payout`.
enum PayoutTable {
  static func insert(
    _ asked: ProposePayout, number: String, for customer: Customer, at now: Moment,
    in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO payout (number, customer_id, customer_code, state, amount_minor, currency,
        reason, proposed_by, proposed_at)
      VALUES (?, ?, ?, 'PROPOSED', ?, ?, ?, ?, ?)
      """, number, customer.id, customer.code, asked.amount.minor, asked.amount.currency,
      asked.reason, asked.actor, now.instant)
  }

  static func decide(_ found: Payout, at now: Moment, in tx: Transaction) throws {
    try tx.execute(
      """
      UPDATE payout SET state = ?, decided_by = ?, decided_at = ?, method = ?,
        external_reference = ?, comment = ?
      WHERE id = ?
      """, found.state, found.decidedBy, now.instant, found.method?.rawValue,
      found.externalReference, found.comment, found.id)
  }

  static func give(
    allOf from: ID<Customer>, to customer: Customer, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE payout SET customer_id = ?, customer_code = ? WHERE customer_id = ?", customer.id,
      customer.code, from)
  }

  static func erase(_ customer: ID<Customer>, in tx: Transaction) throws -> [String] {
    try tx.all(
      """
      UPDATE payout SET reason = '', comment = '' WHERE customer_id = ? RETURNING number
      """, customer
    ) { $0.text(0) }
  }

  // MARK: Questions

  /// Nil when there is none of a customer in scope.
  static func find(_ number: String, in snapshot: Snapshot) throws -> Payout? {
    try snapshot.first(
      """
      SELECT p.id, p.number, p.customer_id, p.customer_code, p.state, p.amount_minor, p.currency,
        p.reason, p.proposed_by, p.proposed_at, p.decided_by, p.method, p.external_reference,
        p.comment
      FROM payout AS p JOIN view_customer_owner AS c ON c.id = p.customer_id
      WHERE p.number = ? AND in_scope(c.owner, c.store_code)
      """, number, map: payout(_:))
  }

  static func list(
    _ state: Payout.State, after id: ID<Payout>, limit: Int, in snapshot: Snapshot
  ) throws -> [Payout] {
    try snapshot.all(
      """
      SELECT p.id, p.number, p.customer_id, p.customer_code, p.state, p.amount_minor, p.currency,
        p.reason, p.proposed_by, p.proposed_at, p.decided_by, p.method, p.external_reference,
        p.comment
      FROM payout AS p JOIN view_customer_owner AS c ON c.id = p.customer_id
      WHERE p.state = ? AND p.id > ? AND in_scope(c.owner, c.store_code)
      ORDER BY p.id LIMIT ?
      """, state, id, limit, map: payout(_:))
  }

  static func list(
    of customer: ID<Customer>, after id: ID<Payout>, limit: Int, in snapshot: Snapshot
  ) throws -> [Payout] {
    try snapshot.all(
      """
      SELECT id, number, customer_id, customer_code, state, amount_minor, currency, reason,
        proposed_by, proposed_at, decided_by, method, external_reference, comment
      FROM payout WHERE customer_id = ? AND id > ? ORDER BY id LIMIT ?
      """, customer, id, limit, map: payout(_:))
  }

  /// Minor units that a customer has paid in a currency for nothing in particular and that are not
  /// used.
  static func onAccount(
    of customer: ID<Customer>, _ currency: Currency, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(amount_minor - applied_minor), 0) FROM payment
      WHERE customer_id = ? AND earmark_kind IS NULL AND applied_minor < amount_minor
        AND currency = ?
      """, customer, currency
    ) { $0.int64(0) } ?? 0
  }

  /// What is asked for of that already.
  static func proposed(
    of customer: ID<Customer>, _ currency: Currency, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(amount_minor), 0) FROM payout
      WHERE customer_id = ? AND state = 'PROPOSED' AND currency = ?
      """, customer, currency
    ) { $0.int64(0) } ?? 0
  }

  private static func payout(_ row: Row) throws -> Payout {
    Payout(
      id: row.id(0), number: row.text(1), customer: row.id(2), customerCode: row.text(3),
      state: try row.value(4), amount: row.money(5, 6), reason: row.text(7),
      proposedBy: row.text(8), proposedAt: row.instant(9), decidedBy: row.optionalText(10),
      method: try row.optionalValue(11), externalReference: row.text(12), comment: row.text(13))
  }
}

/// A payout that is paid has taken as much out of payments as it says, and no other has.
enum PayoutInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, o.amount_minor, o.currency, COALESCE(SUM(u.amount_minor), 0)
      FROM payout AS o LEFT JOIN payment_use AS u ON u.payout_id = o.id
      GROUP BY o.id, o.number, o.amount_minor, o.currency, o.state
      HAVING COALESCE(SUM(u.amount_minor), 0)
        <> CASE WHEN o.state = 'PAID' THEN o.amount_minor ELSE 0 END
      ORDER BY o.id
      """
    ) { row in
      InvariantViolation(
        "finance.payout-is-out-of-payments", "A payout is not what has left payments for it",
        [
          Fact("payout", row.text(0)), Fact("amount", row.money(1, 2)),
          Fact("used", row.money(3, 2)),
        ])
    }
      + snapshot.all(
        """
        SELECT o.number FROM payout AS o
        WHERE o.state = 'PAID' AND o.decided_by = o.proposed_by ORDER BY o.id
        """
      ) { row in
        InvariantViolation(
          "finance.payout-takes-two", "Who asked for a payout has paid it",
          [Fact("payout", row.text(0))])
      }
  }
}

extension Payout.State: Bindable {}
