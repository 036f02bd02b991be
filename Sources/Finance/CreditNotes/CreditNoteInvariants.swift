import Storage
import Values

/// Credit notes are the sums of their lines, those of an invoice never more than was invoiced and
/// to the cent its share, and money is released of what it had paid.
enum CreditNoteInvariants {
  static func violations(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try wrongTotals(in: snapshot) + wrongShares(in: snapshot) + wrongReleases(in: snapshot)
  }

  private static func wrongTotals(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT n.number FROM credit_note AS n
      LEFT JOIN credit_note_line AS l ON l.credit_note_id = n.id
      GROUP BY n.id, n.number, n.net_minor, n.tax_minor
      HAVING n.net_minor <> COALESCE(SUM(l.net_minor), 0)
        OR n.tax_minor <> COALESCE(SUM(l.tax_minor), 0)
      ORDER BY n.id
      """
    ) { row in
      InvariantViolation(
        "finance.credit-note-is-sum-of-lines", "A credit note is not the sum of its lines",
        [Fact("credit_note", row.text(0))])
    }
  }

  private static func wrongShares(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT i.number, l.line_no, i.currency, l.quantity_micros, l.net_minor, l.tax_minor,
        SUM(c.quantity_micros), SUM(c.net_minor), SUM(c.tax_minor)
      FROM credit_note_line AS c
      JOIN invoice AS i ON i.id = c.invoice_id
      JOIN invoice_line AS l ON l.invoice_id = c.invoice_id AND l.line_no = c.invoice_line_no
      GROUP BY i.id, i.number, l.line_no, i.currency, l.quantity_micros, l.net_minor, l.tax_minor
      ORDER BY i.id, l.line_no
      """
    ) { row -> InvariantViolation? in
      let (whole, part) = (row.quantity(3), row.quantity(6))
      let isRight =
        try part <= whole && row.money(4, 2).allocated(part, of: whole) == row.money(7, 2)
        && row.money(5, 2).allocated(part, of: whole) == row.money(8, 2)
      guard !isRight else { return nil }
      return InvariantViolation(
        "finance.credit-is-share-of-invoice",
        "What is credited of an invoice's line is not its share of it",
        [
          Fact("invoice", row.text(0)), Fact("line", row.int(1)), Fact("credited", part),
          Fact("net", row.money(7, 2)),
        ])
    }.compactMap(\.self)
  }

  private static func wrongReleases(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      WITH released AS (
        SELECT invoice_id, SUM(amount_minor) AS amount FROM payment_release
        WHERE cause = 'CREDITED' GROUP BY invoice_id
      ), credited AS (
        SELECT invoice_id, SUM(released_minor) AS released, SUM(gross_minor) AS gross
        FROM credit_note GROUP BY invoice_id
      )
      SELECT i.number, i.currency, COALESCE(r.amount, 0), COALESCE(c.released, 0),
        i.credited_minor, COALESCE(c.gross, 0)
      FROM invoice AS i
      LEFT JOIN released AS r ON r.invoice_id = i.id
      LEFT JOIN credited AS c ON c.invoice_id = i.id
      WHERE COALESCE(r.amount, 0) <> COALESCE(c.released, 0)
        OR i.credited_minor <> COALESCE(c.gross, 0)
      ORDER BY i.id
      """
    ) { row in
      InvariantViolation(
        "finance.credit-releases-what-was-paid",
        "An invoice is not credited, or money not released, as its credit notes say",
        [
          Fact("invoice", row.text(0)), Fact("released", row.money(2, 1)),
          Fact("told", row.money(3, 1)), Fact("credited", row.money(4, 1)),
          Fact("notes", row.money(5, 1)),
        ])
    }
  }
}
