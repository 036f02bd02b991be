import MasterData
import Storage
import Values

/// All SQL of `journal_entry` and its lines.
enum JournalTable {
  static func insert(
    _ entry: PostEntry, number: String, at now: Moment, in tx: Transaction
  ) throws {
    let id: ID<JournalEntry> = try tx.insert(
      """
      INSERT INTO journal_entry (number, posted_on, posted_at, event, origin_kind, origin_number,
        origin_line, occurrence, text)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, number, now.day, now.instant, entry.event, entry.origin.kind, entry.origin.number,
      entry.origin.line, entry.occurrence, entry.text)
    for (index, posting) in entry.postings.enumerated() {
      try tx.execute(
        """
        INSERT INTO journal_line (entry_id, line_no, debit_account, credit_account, amount_minor,
          currency, base_minor, party_code)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """, id, index + 1, posting.debit, posting.credit, posting.amount.minor,
        posting.amount.currency, posting.base.minor, posting.party)
    }
  }

  static func list(
    after id: ID<JournalEntry>, limit: Int, in snapshot: Snapshot
  ) throws -> [JournalEntry] {
    try withLines(
      snapshot.all(
        """
        SELECT id, number, posted_on, posted_at, event, origin_kind, origin_number, origin_line,
          text
        FROM journal_entry WHERE id > ? ORDER BY id LIMIT ?
        """, id, limit, map: entry), in: snapshot)
  }

  static func ofDocument(
    _ document: DocumentReference, after id: ID<JournalEntry>, limit: Int, in snapshot: Snapshot
  ) throws -> [JournalEntry] {
    try snapshot.all(
      """
      SELECT id, number, posted_on, posted_at, event, origin_kind, origin_number, origin_line,
        text
      FROM journal_entry WHERE origin_kind = ? AND origin_number = ? AND id > ?
      ORDER BY id LIMIT ?
      """, document.kind, document.number, id, limit, map: entry)
  }

  static func withLines(
    _ entries: [JournalEntry], in snapshot: Snapshot
  ) throws -> [JournalEntry] {
    let base = try Companies.current(in: snapshot).baseCurrency
    return try entries.map { entry in
      var entry = entry
      entry.lines = try snapshot.all(
        """
        SELECT l.debit_account, d.name, l.credit_account, c.name, l.amount_minor, l.currency,
          l.party_code, l.base_minor
        FROM journal_line AS l
        JOIN account AS d ON d.code = l.debit_account
        JOIN account AS c ON c.code = l.credit_account
        WHERE l.entry_id = ? ORDER BY l.line_no
        """, entry.id
      ) { row in
        JournalEntry.Line(
          debit: try row.value(0), debitName: row.text(1), credit: try row.value(2),
          creditName: row.text(3), amount: row.money(4, 5),
          base: Money(minor: row.int64(7), currency: base), party: row.optionalText(6))
      }
      return entry
    }
  }

  private static func entry(_ row: Row) throws -> JournalEntry {
    JournalEntry(
      id: row.id(0), number: row.text(1), postedOn: row.day(2), postedAt: row.instant(3),
      event: try row.value(4),
      origin: Origin(try row.value(5), row.text(6), line: row.int(7)), text: row.text(8), lines: [])
  }
}

extension Account: Bindable {}
extension PostingEvent: Bindable {}
