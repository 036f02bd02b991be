import Finance
import Storage
import Values

/// What must hold of cancellations: each is the sum of its lines, the money of an order is
/// accounted for, and what is owed beyond it is what the proposals say.
enum CancellationInvariants {
  static let rules = [
    "orders.cancellation-is-sum-of-lines", "orders.cancellation-accounts-for-money",
    "orders.forfeits-match-payments", "orders.refunds-match-payments",
    "orders.compensation-is-owed", "orders.cancel-request-waits",
    "orders.cancel-request-four-eyes",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try sums(in: snapshot) + money(in: snapshot) + payments(in: snapshot)
      + compensation(in: snapshot) + requests(in: snapshot)
  }

  /// Steps are open of requests that wait, and of no others; and nobody agreed to what is cancelled
  /// of their own order, or at the wish of somebody else to what they asked for.
  private static func requests(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, 'orders.cancel-request-waits' FROM cancel_request AS r
      JOIN sales_order AS o ON o.id = r.sales_order_id
      WHERE r.state = 'PENDING' AND NOT EXISTS (
        SELECT 1 FROM approval_round AS w
        JOIN approval_step AS s ON s.sales_order_id = w.sales_order_id AND s.round = w.round
        WHERE w.cancel_request_id = r.id AND s.state = 'OPEN')
      UNION
      SELECT o.number, 'orders.cancel-request-waits' FROM approval_round AS w
      JOIN cancel_request AS r ON r.id = w.cancel_request_id
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN approval_step AS s ON s.sales_order_id = w.sales_order_id AND s.round = w.round
      WHERE w.sales_order_id <> r.sales_order_id
        OR (s.state = 'OPEN' OR s.state = 'WAITING') AND r.state <> 'PENDING'
        OR r.state = 'APPROVED' AND s.state <> 'APPROVED'
      UNION
      SELECT o.number, 'orders.cancel-request-four-eyes' FROM approval_round AS w
      JOIN cancel_request AS r ON r.id = w.cancel_request_id
      JOIN sales_order AS o ON o.id = r.sales_order_id
      JOIN approval_step AS s ON s.sales_order_id = w.sales_order_id AND s.round = w.round
      WHERE s.state = 'APPROVED' AND w.is_by_maker = 0
        AND (s.decided_by = o.created_by
          OR s.decided_by = r.requested_by AND s.decided_at > r.requested_at)
      ORDER BY 1, 2
      """
    ) { row in
      InvariantViolation(
        row.text(1), "A cancellation waits for nobody, or somebody agreed to their own",
        [Fact("order", row.text(0))])
    }
  }

  private static func sums(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, c.id FROM cancellation AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      LEFT JOIN sales_order_cancellation AS l ON l.cancellation_id = c.id
      GROUP BY c.id, o.number, c.amount_minor
      HAVING c.amount_minor <> COALESCE(SUM(l.amount_minor), 0)
      ORDER BY c.id
      """
    ) { row in
      InvariantViolation(
        "orders.cancellation-is-sum-of-lines", "A cancellation is not the sum of its lines",
        [Fact("order", row.text(0)), Fact("cancellation", row.int64(1))])
    }
  }

  /// The table's own checks hold this; a damaged file may not.
  private static func money(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.number, c.id FROM cancellation AS c
      JOIN sales_order AS o ON o.id = c.sales_order_id
      WHERE c.held_minor <> c.forfeited_minor + c.fee_paid_minor + c.refund_minor + c.kept_minor
        OR (c.fee_minor > 0) <> (c.fee_invoice IS NOT NULL)
      ORDER BY c.id
      """
    ) { row in
      InvariantViolation(
        "orders.cancellation-accounts-for-money",
        "What was forfeited, paid, to go back and kept is not what there was",
        [Fact("order", row.text(0)), Fact("cancellation", row.int64(1))])
    }
  }

  /// Orders with money that went another way than to invoices.
  private static func payments(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let orders = try snapshot.all(
      """
      SELECT o.number, o.currency,
        COALESCE((SELECT SUM(c.forfeited_minor) FROM cancellation AS c
                  WHERE c.sales_order_id = o.id), 0),
        COALESCE((SELECT SUM(r.amount_minor) FROM order_refund AS r
                  WHERE r.sales_order_id = o.id AND r.state = 'PAID'), 0)
      FROM sales_order AS o
      WHERE o.id IN (SELECT sales_order_id FROM cancellation)
        OR o.id IN (SELECT sales_order_id FROM order_refund)
      ORDER BY o.id
      """
    ) { row in (number: row.text(0), forfeited: row.money(2, 1), refunded: row.money(3, 1)) }
    var found: [InvariantViolation] = []
    for order in orders {
      let reference = DocumentReference(.salesOrder, order.number)
      for (kind, rule, told) in [
        (PaymentUseKind.forfeited, "orders.forfeits-match-payments", order.forfeited),
        (.refunded, "orders.refunds-match-payments", order.refunded),
      ] {
        let taken = try Payments.used(kind, of: reference, told.currency, in: snapshot)
        guard taken != told else { continue }
        found.append(
          InvariantViolation(
            rule, "Money of an order went another way than its cancellations say",
            [Fact("order", order.number), Fact("told", told), Fact("taken", taken)]))
      }
    }
    return found
  }

  private static func compensation(in snapshot: Snapshot) throws -> [InvariantViolation] {
    let proposed = try snapshot.first(
      """
      SELECT COALESCE(SUM(COALESCE(base_compensation_minor, compensation_minor)), 0)
      FROM order_refund WHERE state = 'PROPOSED'
      """
    ) { $0.int64(0) }
    let owed = try Ledger.balance(of: .otherPayable, in: snapshot)
    guard -owed.minor != proposed ?? 0 else { return [] }
    return [
      InvariantViolation(
        "orders.compensation-is-owed", "The books owe another compensation than is proposed",
        [
          Fact("ledger", owed),
          Fact("proposed", Money(minor: proposed ?? 0, currency: owed.currency)),
        ])
    ]
  }
}
