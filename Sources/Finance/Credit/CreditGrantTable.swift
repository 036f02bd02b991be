import MasterData
import Storage
import Values

/// All SQL of `credit_grant`.
enum CreditGrantTable {
  static func find(_ id: ID<CreditGrant>, in snapshot: Snapshot) throws -> CreditGrant? {
    try snapshot.first(
      """
      SELECT id, customer_id, amount_minor, currency, valid_from, valid_until, reason, state,
        granted_by, decided_by, kind
      FROM credit_grant WHERE id = ?
      """, id, map: grant)
  }

  static func current(
    of customer: ID<Customer>, on day: Day, limit: Int, in snapshot: Snapshot
  ) throws -> [CreditGrant] {
    try snapshot.all(
      """
      SELECT id, customer_id, amount_minor, currency, valid_from, valid_until, reason, state,
        granted_by, decided_by, kind
      FROM credit_grant
      WHERE customer_id = ?
        AND (state = 'PENDING' AND kind <> 'TEMPORARY' AND kind <> 'TEMPORARY_GROUP'
          OR (kind = 'TEMPORARY' OR kind = 'TEMPORARY_GROUP') AND valid_until >= ?
            AND (state = 'PENDING' OR state = 'APPROVED'))
      ORDER BY id DESC LIMIT ?
      """, customer, day, limit, map: grant)
  }

  static func list(
    of customer: ID<Customer>, before id: ID<CreditGrant>, limit: Int, in snapshot: Snapshot
  ) throws -> [CreditGrant] {
    try snapshot.all(
      """
      SELECT id, customer_id, amount_minor, currency, valid_from, valid_until, reason, state,
        granted_by, decided_by, kind
      FROM credit_grant WHERE customer_id = ? AND id < ? ORDER BY id DESC LIMIT ?
      """, customer, id, limit, map: grant)
  }

  /// What counts of a temporary kind on a day, in minor units.
  static func sum(
    of customer: ID<Customer>, _ kind: CreditGrant.Kind, on day: Day, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(amount_minor), 0) FROM credit_grant
      WHERE customer_id = ? AND state = 'APPROVED' AND kind = ?
        AND valid_until >= ? AND valid_from <= ?
      """, customer, kind, day, day
    ) { $0.int64(0) } ?? 0
  }

  static func insert(_ grant: CreditGrant, in tx: Transaction) throws -> ID<CreditGrant> {
    try tx.insert(
      """
      INSERT INTO credit_grant (customer_id, amount_minor, currency, valid_from, valid_until,
        reason, state, granted_by, kind)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, grant.customer, grant.amount.minor, grant.amount.currency, grant.validFrom,
      grant.validUntil, grant.reason, grant.state, grant.grantedBy, grant.kind)
  }

  static func update(_ grant: CreditGrant, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE credit_grant SET state = ?, decided_by = ? WHERE id = ?", grant.state,
      grant.decidedBy, grant.id)
  }

  /// What one customer was granted is another's.
  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE credit_grant SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  static func erase(_ customer: ID<Customer>, in tx: Transaction) throws {
    try tx.execute("UPDATE credit_grant SET reason = '' WHERE customer_id = ?", customer)
  }

  private static func grant(_ row: Row) throws -> CreditGrant {
    CreditGrant(
      id: row.id(0), customer: row.id(1), kind: try row.value(10), amount: row.money(2, 3),
      validFrom: row.day(4), validUntil: row.day(5), reason: row.text(6), state: try row.value(7),
      grantedBy: row.text(8), decidedBy: row.optionalText(9))
  }
}
