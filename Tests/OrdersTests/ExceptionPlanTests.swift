import Orders
import Storage
import Testing

@Suite("Plans of the exception board")
struct ExceptionPlanTests {
  /// What each kind asks, and the index that it is to walk.
  private static let plans: [(sql: StaticString, index: String)] = [
    (
      """
      EXPLAIN QUERY PLAN
      SELECT p.id FROM order_promise AS p WHERE p.late = 1 AND p.id > 5 ORDER BY p.id LIMIT 5
      """, "order_promise_late"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT p.id FROM order_promise AS p
      WHERE p.state = 'WAITING' AND p.expected_on IS NULL AND p.id > 5 ORDER BY p.id LIMIT 5
      """, "order_promise_unknown"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT p.id FROM order_promise AS p
      WHERE p.state = 'WAITING' AND p.late = 0 AND p.expected_on IS NOT NULL AND p.id > 5
      ORDER BY p.id LIMIT 5
      """, "order_promise_short"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT h.id FROM sales_order_hold AS h
      WHERE h.released_at IS NULL AND h.id > 5 ORDER BY h.id LIMIT 5
      """, "sales_order_hold_lasting"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT s.id FROM shipment AS s WHERE s.state = 'PACKED' AND s.id > 5 ORDER BY s.id LIMIT 5
      """, "shipment_packed"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT id FROM sales_order
      WHERE state = 'SUBMITTED' AND approver_role IS NOT NULL AND decided_by IS NULL
        AND (created_on, id) > (1, 2) AND created_on <= 9
      ORDER BY created_on, id LIMIT 5
      """, "sales_order_state"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT id FROM purchase_order
      WHERE state NOT IN ('RECEIVED', 'BILLED', 'CANCELLED') AND (expected_on, id) > (1, 2)
        AND expected_on < 9
      ORDER BY expected_on, id LIMIT 5
      """, "purchase_order_expected"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT s.id FROM shipment AS s
      WHERE s.state = 'DISPATCHED'
        AND (s.carrier_status = 'EXCEPTION' OR s.carrier_status = 'REFUSED') AND s.id > 5
      ORDER BY s.id LIMIT 5
      """, "shipment_trouble"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT a.id FROM appointment AS a
      WHERE a.overtaken = 1 AND a.state = 'BOOKED' AND a.id > 5 ORDER BY a.id LIMIT 5
      """, "appointment_overtaken"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT v.id FROM order_stage_visit AS v
      WHERE v.left_at IS NULL AND v.due_at IS NOT NULL AND (v.due_at, v.id) > (1, 2)
        AND v.due_at <= 9
      ORDER BY v.due_at, v.id LIMIT 5
      """, "order_stage_visit_due"
    ),
    (
      """
      EXPLAIN QUERY PLAN
      SELECT p.id FROM short_pick AS p WHERE p.closed_at IS NULL AND p.id > 5 ORDER BY p.id LIMIT 5
      """, "short_pick_open"
    ),
    // What a wave looks through.
    (
      """
      EXPLAIN QUERY PLAN
      SELECT o.id FROM sales_order AS o
      WHERE o.state = 'CONFIRMED' AND (o.created_on, o.id) > (1, 2) AND o.warehouse_code = 'MAIN'
      ORDER BY o.created_on, o.id LIMIT 5
      """, "sales_order_state"
    ),
    // And what the sweep of stages asks.
    (
      """
      EXPLAIN QUERY PLAN
      SELECT v.id FROM order_stage_visit AS v
      WHERE v.left_at IS NULL AND v.next_at <= 9 ORDER BY v.next_at, v.id LIMIT 5
      """, "order_stage_visit_next"
    ),
  ]

  @Test("each kind walks an index of its own: nothing is scanned or sorted")
  func plans() throws {
    let shop = try Shop()
    for (sql, index) in Self.plans {
      let plan = try shop.database.readBlocking { try $0.all(sql) { $0.text(3) } }
      #expect(plan.count == 1 && plan[0].contains(index) && plan[0].hasPrefix("SEARCH"), "\(plan)")
    }
  }
}
