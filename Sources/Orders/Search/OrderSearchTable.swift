import MasterData
import Storage
import Values

/// The statements of a search: orders by what an index leads to, the newest first, and one of them
/// against the whole filter.
enum OrderSearchTable {
  /// A search by prefix is for people who look for one order: it sees this many matches of either
  /// kind, of numbers the newest.
  private static let matchLimit = 1_000

  static func keys(
    _ range: SalesOrderPages.Range, in snapshot: Snapshot
  ) throws -> [SalesOrders.Key] {
    try snapshot.all(
      """
      SELECT created_on, id FROM sales_order
      WHERE (created_on, id) < (?, ?) AND created_on >= ?
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, range.createdOn, range.id, range.from, range.limit, map: key)
  }

  static func keys(
    customer: String, _ range: SalesOrderPages.Range, in snapshot: Snapshot
  ) throws -> [SalesOrders.Key] {
    try snapshot.all(
      """
      SELECT created_on, id FROM sales_order
      WHERE customer_code = ? AND (created_on, id) < (?, ?) AND created_on >= ?
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, customer, range.createdOn, range.id, range.from, range.limit, map: key)
  }

  static func keys(
    state: OrderState, _ range: SalesOrderPages.Range, in snapshot: Snapshot
  ) throws -> [SalesOrders.Key] {
    try snapshot.all(
      """
      SELECT created_on, id FROM sales_order
      WHERE state = ? AND (created_on, id) < (?, ?) AND created_on >= ?
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, state, range.createdOn, range.id, range.from, range.limit, map: key)
  }

  static func keys(
    channel: Channel, _ range: SalesOrderPages.Range, in snapshot: Snapshot
  ) throws -> [SalesOrders.Key] {
    try snapshot.all(
      """
      SELECT created_on, id FROM sales_order
      WHERE channel = ? AND (created_on, id) < (?, ?) AND created_on >= ?
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, channel, range.createdOn, range.id, range.from, range.limit, map: key)
  }

  /// Those held, by the index of the holds that last, which is in the order of the ids: what has
  /// the greater one is the newer.
  static func keys(
    heldFor kind: OrderHoldKind, before id: ID<SalesOrder>, limit: Int, in snapshot: Snapshot
  ) throws -> [SalesOrders.Key] {
    try snapshot.all(
      """
      SELECT o.created_on, o.id FROM sales_order_hold AS h
      JOIN sales_order AS o ON o.id = h.sales_order_id
      WHERE h.released_at IS NULL AND h.kind = ? AND h.sales_order_id < ?
      ORDER BY h.sales_order_id DESC LIMIT ?
      """, kind, id, limit, map: key)
  }

  /// Those whose number or external id begins with `prefix`.
  static func keys(
    prefix: String, _ range: SalesOrderPages.Range, in snapshot: Snapshot
  ) throws -> [SalesOrders.Key] {
    // The largest text that begins with the prefix, for all that is ever typed.
    let last = prefix + "\u{10FFFF}"
    return try snapshot.all(
      """
      SELECT created_on, id FROM sales_order
      WHERE id IN (
          SELECT id FROM (
            SELECT id FROM sales_order WHERE number >= ? AND number < ?
            ORDER BY number DESC LIMIT ?) AS by_number
          UNION
          SELECT id FROM (
            SELECT id FROM sales_order WHERE external_id >= ? AND external_id < ?
            ORDER BY external_id LIMIT ?) AS by_external_id)
        AND (created_on, id) < (?, ?) AND created_on >= ?
      ORDER BY created_on DESC, id DESC
      """, prefix, last, matchLimit, prefix, last, matchLimit, range.createdOn, range.id,
      range.from, map: key)
  }

  /// Those of the orders that are in scope and meet the filter, but for the prefix, which led to
  /// them, and the stage; the newest first.
  static func find(
    _ ids: [ID<SalesOrder>], _ filter: SalesOrders.Filter, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    let (first, last) = (Day(daysSinceEpoch: .min), Day(daysSinceEpoch: .max))
    let currency = (filter.grossFrom ?? filter.grossUntil)?.currency
    let isRequestFree = filter.requestedFrom == nil && filter.requestedUntil == nil
    let isExpectationFree = filter.expectedFrom == nil && filter.expectedUntil == nil
    return try snapshot.all(
      """
      SELECT sales_order.id, number, state, channel, external_id, customer_code, customer_name,
        gross_minor, currency, approver_role IS NOT NULL AND decided_by IS NULL, created_at,
        created_on,
        (SELECT MAX(p.promised_on) FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state <> 'GONE'),
        (SELECT f.facts FROM view_order_stage_facts AS f WHERE f.id = sales_order.id)
      FROM json_each(?) AS wanted CROSS JOIN sales_order ON sales_order.id = wanted.value
      WHERE created_on BETWEEN ? AND ?
        AND (? IS NULL OR customer_code = ?) AND (? IS NULL OR state = ?)
        AND (? IS NULL OR channel = ?)
        AND (? IS NULL OR currency = ?) AND gross_minor BETWEEN ? AND ?
        AND (? OR requested_on BETWEEN ? AND ?)
        AND (? IS NULL OR EXISTS (
          SELECT 1 FROM sales_order_line AS l
          WHERE l.sales_order_id = sales_order.id AND l.sku = ? AND l.cancelled < l.ordered))
        AND (? OR EXISTS (
          SELECT 1 FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state = 'WAITING'
            AND p.expected_on BETWEEN ? AND ?))
        AND (? IS NULL OR EXISTS (
          SELECT 1 FROM sales_order_hold AS h
          WHERE h.sales_order_id = sales_order.id AND h.kind = ? AND h.released_at IS NULL))
        AND ((? IS NULL AND ? IS NULL) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS v
          WHERE v.code = sales_order.customer_code AND (? IS NULL OR v.owner = ?)
            AND (? IS NULL OR v.store_code = ?)))
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY created_on DESC, sales_order.id DESC
      """, ValueList(ids), filter.createdFrom ?? first, filter.createdUntil ?? last,
      filter.customerCode, filter.customerCode, filter.state, filter.state, filter.channel,
      filter.channel, currency, currency, filter.grossFrom?.minor ?? .min,
      filter.grossUntil?.minor ?? .max, isRequestFree, filter.requestedFrom ?? first,
      filter.requestedUntil ?? last, filter.sku, filter.sku, isExpectationFree,
      filter.expectedFrom ?? first, filter.expectedUntil ?? last, filter.hold, filter.hold,
      filter.owner, filter.storeCode, filter.owner, filter.owner, filter.storeCode,
      filter.storeCode, map: SalesOrderPages.summary)
  }

  private static func key(_ row: Row) -> SalesOrders.Key {
    SalesOrders.Key(createdOn: row.day(0), id: row.id(1))
  }
}
