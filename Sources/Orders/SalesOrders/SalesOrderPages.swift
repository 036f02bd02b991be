import MasterData
import Storage
import Values

/// The lists of orders in scope, the newest first, by what an index leads to: one statement and one
/// index for each. What else is asked is for `OrderSearch`.
enum SalesOrderPages {
  /// What all lists have in common.
  struct Range {
    /// Everything shown stands before this pair: one bound, so that a page deep in the list begins
    /// where it begins and does not walk there.
    let createdOn: Day
    let id: ID<SalesOrder>
    let from: Day
    let limit: Int

    init(_ filter: SalesOrders.Filter, after key: SalesOrders.Key, limit: Int) {
      let until = filter.createdUntil ?? Day(daysSinceEpoch: .max)
      createdOn = min(key.createdOn, until)
      id = key.createdOn > until ? ID(.max) : key.id
      from = filter.createdFrom ?? Day(daysSinceEpoch: .min)
      self.limit = limit
    }
  }

  static func all(
    _ range: Range, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    try snapshot.all(
      """
      SELECT id, number, state, channel, external_id, customer_code, customer_name, gross_minor,
        currency, approver_role IS NOT NULL AND decided_by IS NULL, created_at, created_on,
        (SELECT MAX(p.promised_on) FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state <> 'GONE'),
        (SELECT f.facts FROM view_order_stage_facts AS f WHERE f.id = sales_order.id)
      FROM sales_order
      WHERE (created_on, id) < (?, ?) AND created_on >= ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, range.createdOn, range.id, range.from, range.limit, map: summary)
  }

  static func ofCustomer(
    _ customer: String, _ range: Range, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    try snapshot.all(
      """
      SELECT id, number, state, channel, external_id, customer_code, customer_name, gross_minor,
        currency, approver_role IS NOT NULL AND decided_by IS NULL, created_at, created_on,
        (SELECT MAX(p.promised_on) FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state <> 'GONE'),
        (SELECT f.facts FROM view_order_stage_facts AS f WHERE f.id = sales_order.id)
      FROM sales_order
      WHERE customer_code = ?
        AND (created_on, id) < (?, ?) AND created_on >= ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, customer, range.createdOn, range.id, range.from, range.limit, map: summary)
  }

  static func inState(
    _ state: OrderState, _ range: Range, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    try snapshot.all(
      """
      SELECT id, number, state, channel, external_id, customer_code, customer_name, gross_minor,
        currency, approver_role IS NOT NULL AND decided_by IS NULL, created_at, created_on,
        (SELECT MAX(p.promised_on) FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state <> 'GONE'),
        (SELECT f.facts FROM view_order_stage_facts AS f WHERE f.id = sales_order.id)
      FROM sales_order
      WHERE state = ?
        AND (created_on, id) < (?, ?) AND created_on >= ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, state, range.createdOn, range.id, range.from, range.limit, map: summary)
  }

  static func ofChannel(
    _ channel: Channel, _ range: Range, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    try snapshot.all(
      """
      SELECT id, number, state, channel, external_id, customer_code, customer_name, gross_minor,
        currency, approver_role IS NOT NULL AND decided_by IS NULL, created_at, created_on,
        (SELECT MAX(p.promised_on) FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state <> 'GONE'),
        (SELECT f.facts FROM view_order_stage_facts AS f WHERE f.id = sales_order.id)
      FROM sales_order
      WHERE channel = ?
        AND (created_on, id) < (?, ?) AND created_on >= ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, channel, range.createdOn, range.id, range.from, range.limit, map: summary)
  }

  static func open(
    of customer: String, limit: Int, in snapshot: Snapshot
  ) throws -> [SalesOrderSummary] {
    try snapshot.all(
      """
      SELECT id, number, state, channel, external_id, customer_code, customer_name, gross_minor,
        currency, approver_role IS NOT NULL AND decided_by IS NULL, created_at, created_on,
        (SELECT MAX(p.promised_on) FROM order_promise AS p
          WHERE p.sales_order_id = sales_order.id AND p.state <> 'GONE'),
        (SELECT f.facts FROM view_order_stage_facts AS f WHERE f.id = sales_order.id)
      FROM sales_order
      WHERE customer_code = ? AND state <> 'CLOSED' AND state <> 'CANCELLED'
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY created_on DESC, id DESC LIMIT ?
      """, customer, limit, map: summary)
  }

  static func count(
    of customer: String, in snapshot: Snapshot
  ) throws -> (count: Int64, last: Day?) {
    try snapshot.first(
      """
      SELECT count(*), max(created_on) FROM sales_order
      WHERE customer_code = ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      """, customer
    ) { ($0.int64(0), $0.optionalDay(1)) } ?? (0, nil)
  }

  static func lastPlaced(by customer: String, in snapshot: Snapshot) throws -> Day? {
    try snapshot.first(
      """
      SELECT created_on FROM sales_order
      WHERE customer_code = ? AND state <> 'DRAFT' AND state <> 'CANCELLED'
      ORDER BY created_on DESC, id DESC LIMIT 1
      """, customer
    ) { $0.day(0) }
  }

  static func summary(_ row: Row) throws -> SalesOrderSummary {
    let state: OrderState = try row.value(2)
    return SalesOrderSummary(
      id: row.id(0), number: row.text(1), state: state,
      stage: OrderStage(state, OrderStage.Facts(rawValue: row.int64(13))),
      channel: try row.value(3),
      externalID: row.optionalText(4), customerCode: row.text(5), customerName: row.text(6),
      gross: row.money(7, 8), isApprovalPending: row.bool(9), createdAt: row.instant(10),
      createdOn: row.day(11), promisedOn: row.optionalDay(12))
  }
}
