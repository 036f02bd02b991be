import MasterData
import Storage
import Values

/// All SQL of `order_view`.
enum OrderViewTable {
  static func find(_ name: String, of owner: String, in snapshot: Snapshot) throws -> OrderView? {
    try snapshot.first(
      """
      SELECT name, owner, shared_role, saved_at, customer_code, state, channel, number_prefix,
        created_from, created_until, created_within_days, currency, gross_from_minor,
        gross_until_minor, sku, salesperson, store_code, hold_kind, requested_from,
        requested_until, expected_from, expected_until, stage
      FROM order_view WHERE owner = ? AND name = ?
      """, owner, name, map: view)
  }

  /// Of several the first by owner.
  static func find(
    _ name: String, sharedWith role: String, in snapshot: Snapshot
  ) throws -> OrderView? {
    try snapshot.first(
      """
      SELECT name, owner, shared_role, saved_at, customer_code, state, channel, number_prefix,
        created_from, created_until, created_within_days, currency, gross_from_minor,
        gross_until_minor, sku, salesperson, store_code, hold_kind, requested_from,
        requested_until, expected_from, expected_until, stage
      FROM order_view WHERE shared_role = ? AND name = ? ORDER BY owner LIMIT 1
      """, role, name, map: view)
  }

  static func list(
    of owner: String, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderView] {
    try snapshot.all(
      """
      SELECT name, owner, shared_role, saved_at, customer_code, state, channel, number_prefix,
        created_from, created_until, created_within_days, currency, gross_from_minor,
        gross_until_minor, sku, salesperson, store_code, hold_kind, requested_from,
        requested_until, expected_from, expected_until, stage
      FROM order_view WHERE owner = ? ORDER BY name LIMIT ?
      """, owner, limit, map: view)
  }

  static func list(
    sharedWith role: String, limit: Int, in snapshot: Snapshot
  ) throws -> [OrderView] {
    try snapshot.all(
      """
      SELECT name, owner, shared_role, saved_at, customer_code, state, channel, number_prefix,
        created_from, created_until, created_within_days, currency, gross_from_minor,
        gross_until_minor, sku, salesperson, store_code, hold_kind, requested_from,
        requested_until, expected_from, expected_until, stage
      FROM order_view WHERE shared_role = ? ORDER BY name, owner LIMIT ?
      """, role, limit, map: view)
  }

  static func count(of owner: String, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first("SELECT count(*) FROM order_view WHERE owner = ?", owner) {
      $0.int64(0)
    } ?? 0
  }

  /// In place of the owner's of the name.
  static func save(_ view: OrderView, in tx: Transaction) throws {
    _ = try delete(view.name, of: view.owner, in: tx)
    let filter = view.filter
    try tx.execute(
      """
      INSERT INTO order_view (name, owner, shared_role, saved_at, customer_code, state, channel,
        number_prefix, created_from, created_until, created_within_days, currency,
        gross_from_minor, gross_until_minor, sku, salesperson, store_code, hold_kind,
        requested_from, requested_until, expected_from, expected_until, stage)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, view.name, view.owner, view.sharedRole, view.savedAt, filter.customerCode, filter.state,
      filter.channel, filter.prefix, filter.createdFrom, filter.createdUntil,
      filter.createdWithinDays, (filter.grossFrom ?? filter.grossUntil)?.currency,
      filter.grossFrom?.minor, filter.grossUntil?.minor, filter.sku, filter.owner,
      filter.storeCode, filter.hold, filter.requestedFrom, filter.requestedUntil,
      filter.expectedFrom, filter.expectedUntil, filter.stage)
  }

  /// False where there is none.
  static func delete(_ name: String, of owner: String, in tx: Transaction) throws -> Bool {
    try tx.execute("DELETE FROM order_view WHERE owner = ? AND name = ?", owner, name) > 0
  }

  /// What was a search for one customer's is one for another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE order_view SET customer_code = ? WHERE customer_code = ?", customer, from)
  }

  private static func view(_ row: Row) throws -> OrderView {
    var filter = SalesOrders.Filter(
      customerCode: row.optionalText(4), state: try row.optionalValue(5),
      channel: try row.optionalValue(6), prefix: row.optionalText(7),
      createdFrom: row.optionalDay(8), createdUntil: row.optionalDay(9))
    filter.createdWithinDays = row.optionalInt64(10).map { Int($0) }
    filter.grossFrom = row.optionalMoney(12, 11)
    filter.grossUntil = row.optionalMoney(13, 11)
    filter.sku = row.optionalText(14)
    filter.owner = row.optionalText(15)
    filter.storeCode = row.optionalText(16)
    filter.hold = try row.optionalValue(17)
    filter.requestedFrom = row.optionalDay(18)
    filter.requestedUntil = row.optionalDay(19)
    filter.expectedFrom = row.optionalDay(20)
    filter.expectedUntil = row.optionalDay(21)
    filter.stage = try row.optionalValue(22)
    return OrderView(
      name: row.text(0), owner: row.text(1), sharedRole: row.optionalText(2), filter: filter,
      savedAt: row.instant(3))
  }
}
