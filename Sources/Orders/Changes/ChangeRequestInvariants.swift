import Storage
import Values

/// What must hold of requests to change an order at every commit.
enum ChangeRequestInvariants {
  static let rules = [
    "orders.change-request-waits", "orders.change-request-four-eyes",
    "orders.change-request-is-change",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try waiting(in: snapshot) + eyes(in: snapshot) + applied(in: snapshot)
  }

  /// Steps are open of the present round of requests that wait, and of no others.
  private static func waiting(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, r.number FROM change_request AS r
      JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.state = 'PENDING' AND NOT EXISTS (
        SELECT 1 FROM approval_step AS s
        WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round AND s.state = 'OPEN')
      UNION
      SELECT o.number, r.number FROM approval_round AS w
      JOIN change_request AS r ON r.id = w.change_request_id
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN approval_step AS s ON s.sales_order_id = w.sales_order_id AND s.round = w.round
      WHERE w.sales_order_id <> r.sales_order_id
        OR (s.state = 'OPEN' OR s.state = 'WAITING')
          AND (r.state <> 'PENDING' OR r.round IS NULL OR r.round <> w.round)
      ORDER BY 1, 2
      """
    ) { violation($0, "orders.change-request-waits", "A request waits for nobody, or need not") }
  }

  /// Nobody agreed to what they asked for.
  private static func eyes(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, r.number FROM approval_step AS s
      JOIN approval_round AS w ON w.sales_order_id = s.sales_order_id AND w.round = s.round
      JOIN change_request AS r ON r.id = w.change_request_id
      JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE s.decided_round IS NULL AND s.decided_by IS NOT NULL
        AND (s.decided_by = r.requested_by OR s.decided_by = o.created_by)
      ORDER BY s.id
      """
    ) { violation($0, "orders.change-request-four-eyes", "Somebody agreed to their own request") }
  }

  /// What was applied changed the order by just what was shown, by leave of all.
  private static func applied(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, r.number FROM change_request AS r
      JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.state = 'APPLIED' AND (
        NOT EXISTS (
          SELECT 1 FROM sales_order_version AS v
          JOIN sales_order_version AS b ON b.sales_order_id = v.sales_order_id
            AND b.version = (
              SELECT max(e.version) FROM sales_order_version AS e
              WHERE e.sales_order_id = v.sales_order_id AND e.version < v.version)
          WHERE v.sales_order_id = r.sales_order_id AND v.version > r.base_version
            AND v.version <= r.applied_version AND v.made_by = r.requested_by
            AND v.gross_minor - b.gross_minor = r.gross_minor)
        OR EXISTS (
          SELECT 1 FROM approval_step AS s
          WHERE s.sales_order_id = r.sales_order_id AND s.round = r.round
            AND s.state <> 'APPROVED'))
      ORDER BY r.id
      """
    ) {
      violation(
        $0, "orders.change-request-is-change", "An order was not changed as was agreed to")
    }
  }

  private static func violation(
    _ row: Row, _ rule: String, _ text: String
  ) -> InvariantViolation {
    InvariantViolation(
      rule, text, [Fact("order", row.text(0)), Fact("change_request", row.int(1))])
  }
}
