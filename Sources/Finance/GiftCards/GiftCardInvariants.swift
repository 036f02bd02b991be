import Storage
import Values

/// What is on a card is the sum of its moves, what is owed on all of them stands in the books, and
/// no more comes back to a card than has paid with it.
enum GiftCardInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try wrongBalances(in: snapshot) + wrongLiability(in: snapshot)
      + wrongPayments(in: snapshot)
  }

  private static func wrongBalances(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT g.number, g.currency, g.balance_minor, COALESCE(SUM(CASE
          WHEN m.kind IN ('SOLD', 'RETURNED', 'MOVED_IN') THEN m.amount_minor
          ELSE -m.amount_minor END), 0)
      FROM gift_card AS g LEFT JOIN gift_card_move AS m ON m.card_id = g.id
      GROUP BY g.id, g.number, g.currency, g.balance_minor
      HAVING g.balance_minor <> COALESCE(SUM(CASE
          WHEN m.kind IN ('SOLD', 'RETURNED', 'MOVED_IN') THEN m.amount_minor
          ELSE -m.amount_minor END), 0)
      ORDER BY g.id
      """
    ) { row in
      InvariantViolation(
        "finance.gift-card-is-sum-of-moves", "What is on a gift card is not the sum of its moves",
        [
          Fact("card", row.text(0)), Fact("balance", row.money(2, 1)),
          Fact("moves", row.money(3, 1)),
        ])
    }
  }

  private static func wrongLiability(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH side AS (
        SELECT currency, balance_minor AS cards, 0 AS ledger FROM gift_card
        UNION ALL
        SELECT currency, 0, credit_minor - debit_minor FROM account_balance
        WHERE account = '2204.01'
      )
      SELECT currency, SUM(ledger), SUM(cards) FROM side
      GROUP BY currency HAVING SUM(ledger) <> SUM(cards) ORDER BY currency
      """
    ) { row in
      InvariantViolation(
        "finance.gift-cards-are-liability", "What is owed on gift cards is not what is on them",
        [Fact("ledger", row.money(1, 0)), Fact("cards", row.money(2, 0))])
    }
  }

  /// Of each payment with a card: one move for all of it, and of what came back, no more than that,
  /// and as much as was refunded of it and of its parts.
  private static func wrongPayments(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH RECURSIVE part (root, payment_id) AS (
        SELECT p.id, p.id FROM payment AS p
        WHERE p.voucher = 'GIFT_CARD'
          AND NOT EXISTS (SELECT 1 FROM payment_use AS u WHERE u.carried_to = p.id)
        UNION ALL
        SELECT part.root, u.carried_to
        FROM part JOIN payment_use AS u ON u.payment_id = part.payment_id
        WHERE u.kind = 'CARRIED'
      ), refunded (root, minor) AS (
        SELECT part.root, SUM(u.amount_minor)
        FROM part JOIN payment_use AS u ON u.payment_id = part.payment_id
        WHERE u.kind = 'REFUNDED' GROUP BY part.root
      ), moved (root, used, returned) AS (
        SELECT payment_id, SUM(CASE WHEN kind = 'REDEEMED' THEN amount_minor ELSE 0 END),
          SUM(CASE WHEN kind = 'RETURNED' THEN amount_minor ELSE 0 END)
        FROM gift_card_move WHERE payment_id IS NOT NULL GROUP BY payment_id
      )
      SELECT p.number, p.currency, p.amount_minor, COALESCE(m.used, 0), COALESCE(m.returned, 0)
      FROM payment AS p LEFT JOIN moved AS m ON m.root = p.id
      LEFT JOIN refunded AS r ON r.root = p.id
      WHERE (m.root IS NOT NULL OR p.id IN (SELECT root FROM part))
        AND (p.voucher IS NULL OR p.voucher <> 'GIFT_CARD' OR m.root IS NULL
          OR m.used <> p.amount_minor OR m.returned > m.used
          OR m.returned <> COALESCE(r.minor, 0))
      ORDER BY p.id
      """
    ) { row in
      InvariantViolation(
        "finance.gift-card-payment-has-its-moves",
        "A payment with a gift card is not what was taken from the card and went back to it",
        [
          Fact("payment", row.text(0)), Fact("amount", row.money(2, 1)),
          Fact("taken", row.money(3, 1)), Fact("returned", row.money(4, 1)),
        ])
    }
  }
}
