import Finance
import MasterData
import Storage
import Values

/// All SQL of `dunning_letter` and its lines. There is no update but of whose they are.
enum DunningLetterTable {
  static func insert(
    _ letter: DunningLetter, to customer: ID<Customer>, about invoices: [ID<OpenInvoice>],
    isBooked: Bool, at now: Moment, in tx: Transaction
  ) throws -> ID<DunningLetter> {
    let id: ID<DunningLetter> = try tx.insert(
      """
      INSERT INTO dunning_letter (number, customer_id, policy_version, level, fee_minor, currency,
        written_on, written_by, written_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, letter.number, customer, letter.policyVersion, letter.level, letter.fee.minor,
      letter.fee.currency, letter.writtenOn, letter.writtenBy, now.instant)
    for (index, (line, invoice)) in zip(letter.lines, invoices).enumerated() {
      try tx.execute(
        """
        INSERT INTO dunning_letter_line (letter_id, line_no, invoice_id, invoice_number,
          order_number, level, due_on, open_minor, interest_minor, currency, is_booked)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, id, index + 1, invoice, line.invoiceNumber, line.orderNumber, line.level, line.dueOn,
        line.open.minor, line.interest.minor, line.open.currency, isBooked)
    }
    return id
  }

  static func give(
    allOf from: ID<Customer>, to customer: ID<Customer>, in tx: Transaction
  ) throws {
    try tx.execute(
      "UPDATE dunning_letter SET customer_id = ? WHERE customer_id = ?", customer, from)
  }

  // MARK: Questions

  static func fetch(_ id: ID<DunningLetter>, in snapshot: Snapshot) throws -> DunningLetter {
    let found = try snapshot.first(
      """
      SELECT d.id, d.number, c.code, d.level, v.letter, d.policy_version, d.fee_minor, d.currency,
        d.written_on, d.written_by
      FROM dunning_letter AS d
      JOIN view_customer_owner AS c ON c.id = d.customer_id
      JOIN dunning_level AS v ON v.policy_version = d.policy_version AND v.level = d.level
      WHERE d.id = ?
      """, id, map: letter(_:))
    guard var letter = found else { throw MissingRow("dunning_letter", id.value) }
    letter.lines = try snapshot.all(
      """
      SELECT invoice_number, order_number, level, due_on, open_minor, interest_minor, currency
      FROM dunning_letter_line WHERE letter_id = ? ORDER BY line_no
      """, id
    ) { [day = letter.writtenOn] row in
      DunningLetter.Line(
        invoiceNumber: row.text(0), orderNumber: row.text(1), level: row.int(2),
        dueOn: row.day(3), daysOverdue: OpenInvoice.days(from: row.day(3), to: day),
        open: row.money(4, 6), interest: row.money(5, 6))
    }
    return letter
  }

  /// Nil when there is none to a customer in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> DunningLetter? {
    let id: ID<DunningLetter>? = try snapshot.first(
      """
      SELECT d.id FROM dunning_letter AS d
      JOIN view_customer_owner AS c ON c.id = d.customer_id
      WHERE d.number = ? AND in_scope(c.owner, c.store_code)
      """, number
    ) { $0.id(0) }
    return try id.map { id in
      var letter = try fetch(id, in: snapshot)
      letter.claims = try Invoices.ofOrder(letter.reference, in: snapshot)
      return letter
    }
  }

  static func all(
    before id: ID<DunningLetter>, limit: Int, in snapshot: Snapshot
  ) throws -> [DunningLetter] {
    try snapshot.all(
      """
      SELECT d.id, d.number, c.code, d.level, v.letter, d.policy_version, d.fee_minor, d.currency,
        d.written_on, d.written_by
      FROM dunning_letter AS d
      JOIN view_customer_owner AS c ON c.id = d.customer_id
      JOIN dunning_level AS v ON v.policy_version = d.policy_version AND v.level = d.level
      WHERE d.id < ? AND in_scope(c.owner, c.store_code)
      ORDER BY d.id DESC LIMIT ?
      """, id, limit, map: letter(_:))
  }

  static func of(
    _ customer: ID<Customer>, before id: ID<DunningLetter>, limit: Int, in snapshot: Snapshot
  ) throws -> [DunningLetter] {
    try snapshot.all(
      """
      SELECT d.id, d.number, c.code, d.level, v.letter, d.policy_version, d.fee_minor, d.currency,
        d.written_on, d.written_by
      FROM dunning_letter AS d
      JOIN view_customer_owner AS c ON c.id = d.customer_id
      JOIN dunning_level AS v ON v.policy_version = d.policy_version AND v.level = d.level
      WHERE d.customer_id = ? AND d.id < ? AND in_scope(c.owner, c.store_code)
      ORDER BY d.id DESC LIMIT ?
      """, customer, id, limit, map: letter(_:))
  }

  private static func letter(_ row: Row) throws -> DunningLetter {
    DunningLetter(
      id: row.id(0), number: row.text(1), customerCode: row.text(2), level: row.int(3),
      kind: try row.value(4), policyVersion: row.int64(5), fee: row.money(6, 7),
      writtenOn: row.day(8), writtenBy: row.text(9), lines: [])
  }
}
