import Storage
import Values

/// What must hold of reminders: a letter is about invoices of its customer that were overdue by
/// what its level asks, each level comes after the one before, and a letter has the highest level
/// of its lines.
enum DunningInvariants {
  static let rules = [
    "orders.dunning-follows-policy", "orders.dunning-goes-up", "orders.dunning-letter-is-lines",
    "orders.dunning-of-one-customer", "orders.dunning-claims-are-booked",
  ]

  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try early(in: snapshot) + downwards(in: snapshot) + letters(in: snapshot)
      + strangers(in: snapshot) + unbooked(in: snapshot)
  }

  /// What a letter claims is owed as its policy says, to the cent, and nothing else is.
  private static func unbooked(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH part AS (
        SELECT d.number AS letter, d.currency, 'REMINDER_FEE' AS claim, d.fee_minor AS minor
        FROM dunning_letter AS d JOIN dunning_policy AS p ON p.version = d.policy_version
        WHERE p.claims_fee = 1
        UNION ALL
        SELECT d.number, l.currency, 'DEFAULT_INTEREST', l.interest_minor
        FROM dunning_letter_line AS l JOIN dunning_letter AS d ON d.id = l.letter_id
        WHERE l.is_booked = 1
        UNION ALL
        SELECT letter_number, currency, claim, -net_minor FROM view_claim
      )
      SELECT letter, currency, claim, SUM(minor) FROM part
      GROUP BY letter, currency, claim HAVING SUM(minor) <> 0 ORDER BY letter, currency, claim
      """
    ) { row in
      InvariantViolation(
        "orders.dunning-claims-are-booked", "What a letter claims is not what is owed for it",
        [
          Fact("letter", row.text(0)), Fact("claim", row.text(2)),
          Fact("missing", row.money(3, 1)),
        ])
    }
  }

  /// The level is the one that the invoice had reached on the day of the letter, not another.
  private static func early(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT d.number, l.invoice_number, l.level
      FROM dunning_letter_line AS l JOIN dunning_letter AS d ON d.id = l.letter_id
      WHERE l.level <> COALESCE((
        SELECT MAX(v.level) FROM dunning_level AS v
        WHERE v.policy_version = d.policy_version AND v.after_days <= d.written_on - l.due_on), 0)
      ORDER BY d.id, l.line_no
      """
    ) { row in
      InvariantViolation(
        "orders.dunning-follows-policy",
        "A customer was reminded of a level that its invoice had not reached",
        [
          Fact("letter", row.text(0)), Fact("invoice", row.text(1)), Fact("level", row.int(2)),
        ])
    }
  }

  private static func downwards(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT l.invoice_number, l.level, e.level
      FROM dunning_letter_line AS l
      JOIN dunning_letter_line AS e
        ON e.invoice_id = l.invoice_id AND e.letter_id < l.letter_id AND e.level >= l.level
      ORDER BY l.letter_id, l.line_no
      """
    ) { row in
      InvariantViolation(
        "orders.dunning-goes-up", "A customer was reminded of a level twice, or of a lower one",
        [
          Fact("invoice", row.text(0)), Fact("level", row.int(1)), Fact("before", row.int(2)),
        ])
    }
  }

  private static func letters(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT d.number, d.level FROM dunning_letter AS d
      LEFT JOIN dunning_letter_line AS l ON l.letter_id = d.id
      GROUP BY d.id, d.number, d.level HAVING d.level <> COALESCE(MAX(l.level), 0) ORDER BY d.id
      """
    ) { row in
      InvariantViolation(
        "orders.dunning-letter-is-lines", "A letter has not the highest level of its lines",
        [Fact("letter", row.text(0)), Fact("level", row.int(1))])
    }
  }

  private static func strangers(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH named AS (
        SELECT d.number AS name, d.customer_id, l.invoice_id
        FROM dunning_letter_line AS l JOIN dunning_letter AS d ON d.id = l.letter_id
        UNION ALL
        SELECT s.invoice_number, s.customer_id, s.invoice_id FROM dunning_stop AS s
        WHERE s.invoice_id IS NOT NULL
        UNION ALL
        SELECT p.invoice_number, p.customer_id, p.invoice_id FROM payment_promise AS p
      )
      SELECT n.name, i.number FROM named AS n
      JOIN view_open_invoice AS i ON i.id = n.invoice_id
      WHERE i.customer_id <> n.customer_id ORDER BY n.name
      """
    ) { row in
      InvariantViolation(
        "orders.dunning-of-one-customer", "A reminder names an invoice of another customer",
        [Fact("document", row.text(0)), Fact("invoice", row.text(1))])
    }
  }
}
