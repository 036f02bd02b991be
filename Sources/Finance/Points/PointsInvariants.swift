import Storage
import Values

/// A customer's points are the sum of their entries, what is left of the grants is them, what is
/// owed for them stands in the books, and no more come back than were used.
enum PointsInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try wrongBalances(in: snapshot) + wrongGrants(in: snapshot) + wrongLiability(in: snapshot)
      + wrongPayments(in: snapshot) + wrongOrders(in: snapshot)
  }

  private static func wrongBalances(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT customer_id, balance, owed, 0 AS entries, 0 AS debts, 0 AS remaining
        FROM points_account
        UNION ALL
        SELECT customer_id, 0, 0,
          CASE WHEN kind IN ('EARNED', 'RETURNED') THEN points WHEN kind = 'OFFSET' THEN 0
            ELSE -points END,
          CASE WHEN kind = 'OFFSET' THEN -points WHEN grant_id IS NULL THEN points ELSE 0 END, 0
        FROM points_entry
        UNION ALL
        SELECT customer_id, 0, 0, 0, 0, remaining FROM points_grant
      )
      SELECT c.code, SUM(s.balance), SUM(s.entries), SUM(s.remaining), SUM(s.owed), SUM(s.debts)
      FROM side AS s JOIN customer AS c ON c.id = s.customer_id
      GROUP BY c.id, c.code
      HAVING SUM(s.balance) <> SUM(s.entries) OR SUM(s.owed) <> SUM(s.debts)
        OR SUM(s.balance) <> SUM(s.remaining) - SUM(s.owed)
      ORDER BY c.id
      """
    ) { row in
      InvariantViolation(
        "finance.points-are-sum-of-entries", "A customer's points are not the sum of the entries",
        [
          Fact("customer", row.text(0)), Fact("balance", row.int64(1)),
          Fact("entries", row.int64(2)), Fact("remaining", row.int64(3)),
          Fact("owed", row.int64(4)), Fact("debts", row.int64(5)),
        ])
    }
  }

  private static func wrongGrants(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT g.id, g.remaining, COALESCE(SUM(CASE WHEN e.kind IN ('EARNED', 'RETURNED')
          THEN e.points ELSE -e.points END), 0)
      FROM points_grant AS g LEFT JOIN points_entry AS e ON e.grant_id = g.id
      GROUP BY g.id, g.remaining, g.liability_minor
      HAVING g.remaining <> COALESCE(SUM(CASE WHEN e.kind IN ('EARNED', 'RETURNED')
          THEN e.points ELSE -e.points END), 0)
        OR g.liability_minor <> COALESCE(SUM(CASE WHEN e.kind IN ('EARNED', 'RETURNED')
          THEN e.liability_minor ELSE -e.liability_minor END), 0)
      ORDER BY g.id
      """
    ) { row in
      InvariantViolation(
        "finance.points-grant-is-sum-of-entries",
        "What is left of a grant of points is not the sum of its entries",
        [
          Fact("grant", row.int64(0)), Fact("remaining", row.int64(1)),
          Fact("entries", row.int64(2)),
        ])
    }
  }

  private static func wrongLiability(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT currency, liability_minor AS points, 0 AS ledger FROM points_grant
        UNION ALL
        SELECT currency, 0, credit_minor - debit_minor FROM account_balance
        WHERE account = '2204.02'
      )
      SELECT currency, SUM(ledger), SUM(points) FROM side
      GROUP BY currency HAVING SUM(ledger) <> SUM(points) ORDER BY currency
      """
    ) { row in
      InvariantViolation(
        "finance.points-are-liability", "What is owed as points is not what stands for them",
        [Fact("ledger", row.money(1, 0)), Fact("points", row.money(2, 0))])
    }
  }

  private static func wrongPayments(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH moved (payment_id, used, returned) AS (
        SELECT payment_id, SUM(CASE WHEN kind = 'REDEEMED' THEN points ELSE 0 END),
          SUM(CASE WHEN kind = 'RETURNED' THEN points ELSE 0 END)
        FROM points_entry WHERE payment_id IS NOT NULL GROUP BY payment_id
      )
      SELECT p.number, COALESCE(m.used, 0), COALESCE(m.returned, 0)
      FROM payment AS p LEFT JOIN moved AS m ON m.payment_id = p.id
      WHERE (m.payment_id IS NOT NULL OR (p.voucher = 'POINTS'
          AND NOT EXISTS (SELECT 1 FROM payment_use AS u WHERE u.carried_to = p.id)))
        AND (p.voucher IS NULL OR p.voucher <> 'POINTS' OR COALESCE(m.used, 0) = 0
          OR m.returned > m.used)
      ORDER BY p.id
      """
    ) { row in
      InvariantViolation(
        "finance.points-payment-has-its-entries",
        "A payment with points is not what was taken of them, or more came back",
        [
          Fact("payment", row.text(0)), Fact("used", row.int64(1)), Fact("returned", row.int64(2)),
        ])
    }
  }

  private static func wrongOrders(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT o.order_number, o.points, COALESCE(SUM(CASE
          WHEN e.kind = 'EARNED' THEN e.points WHEN e.kind = 'TAKEN_BACK' THEN -e.points
          ELSE 0 END), 0)
      FROM points_order AS o LEFT JOIN points_entry AS e
        ON e.order_number = o.order_number AND e.customer_id = o.customer_id
      GROUP BY o.order_number, o.points
      HAVING o.points <> COALESCE(SUM(CASE
          WHEN e.kind = 'EARNED' THEN e.points WHEN e.kind = 'TAKEN_BACK' THEN -e.points
          ELSE 0 END), 0)
      ORDER BY o.order_number
      """
    ) { row in
      InvariantViolation(
        "finance.order-has-earned-its-points", "What an order has earned is not what was granted",
        [
          Fact("order", row.text(0)), Fact("points", row.int64(1)), Fact("granted", row.int64(2)),
        ])
    }
  }
}
