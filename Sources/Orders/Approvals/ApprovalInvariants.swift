import Storage
import Values

/// What must hold of approvals at every commit.
enum ApprovalInvariants {
  static let rules = [
    "orders.approval-follows-steps", "orders.approval-steps-in-turn", "orders.approval-four-eyes",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try pending(in: snapshot) + turns(in: snapshot) + eyes(in: snapshot)
  }

  /// Steps are open for submitted orders that say so, and for no others.
  private static func pending(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number FROM sales_order AS o
      WHERE o.state = 'SUBMITTED' AND o.approver_role IS NOT NULL AND o.decided_by IS NULL
        AND NOT EXISTS (
          SELECT 1 FROM approval_step AS s
          WHERE s.sales_order_id = o.id AND s.state = 'OPEN' AND s.role = o.approver_role)
      UNION
      SELECT o.number FROM approval_step AS s
      JOIN sales_order AS o ON o.id = s.sales_order_id
      JOIN approval_round AS w ON w.sales_order_id = s.sales_order_id AND w.round = s.round
      WHERE (s.state = 'OPEN' OR s.state = 'WAITING') AND w.change_request_id IS NULL
        AND w.cancel_request_id IS NULL
        AND (o.state <> 'SUBMITTED' OR o.approver_role IS NULL OR o.decided_by IS NOT NULL
          OR s.round <> (
            SELECT max(r.round) FROM approval_round AS r
            WHERE r.sales_order_id = o.id AND r.change_request_id IS NULL
              AND r.cancel_request_id IS NULL))
      ORDER BY 1
      """
    ) { row in
      InvariantViolation(
        "orders.approval-follows-steps", "An order waits for others than its open steps say",
        [Fact("order", row.text(0))])
    }
  }

  /// A step that follows another is decided after it, and one that waits follows one that is not
  /// approved.
  private static func turns(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, s.round, s.number
      FROM approval_step AS s
      JOIN sales_order AS o ON o.id = s.sales_order_id
      LEFT JOIN approval_step AS b ON b.sales_order_id = s.sales_order_id
        AND b.round = s.round AND b.number = s.number - 1
      WHERE s.state = 'OPEN' AND s.follows = 1 AND coalesce(b.state, '') <> 'APPROVED'
        OR s.state = 'WAITING' AND (s.follows = 0 OR b.state = 'APPROVED')
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.approval-steps-in-turn", "A step of an approval is not in its turn",
        [Fact("order", row.text(0)), Fact("round", row.int(1)), Fact("step", row.int(2))])
    }
  }

  /// Nobody approved what they had made, or two steps of a rule; but who approved an offer may make
  /// the order of it, and once whoever changed what was confirmed decided about the change. Who
  /// asks for a cancellation has a say in it by a role of their own.
  private static func eyes(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, s.decided_by
      FROM approval_step AS s
      JOIN approval_round AS r ON r.sales_order_id = s.sales_order_id
        AND r.round = coalesce(s.decided_round, s.round)
      JOIN sales_order AS o ON o.id = s.sales_order_id
      WHERE s.state = 'APPROVED' AND r.is_by_maker = 0
        AND ((s.decided_by = o.created_by
              OR s.decided_by = r.asked_by AND r.cancel_request_id IS NULL)
            AND NOT EXISTS (SELECT 1 FROM quote AS q WHERE q.order_number = o.number)
          OR EXISTS (
            SELECT 1 FROM approval_step AS b
            WHERE b.sales_order_id = s.sales_order_id AND b.round = s.round AND b.kind = s.kind
              AND b.rule = s.rule AND b.number <> s.number AND b.state = 'APPROVED'
              AND b.decided_by = s.decided_by))
      ORDER BY s.id
      """
    ) { row in
      InvariantViolation(
        "orders.approval-four-eyes", "Somebody approved what takes another pair of eyes",
        [Fact("order", row.text(0)), Fact("actor", row.text(1))])
    }
  }
}
