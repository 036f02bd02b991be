import Storage
import Values

/// All SQL of `credit_note` and its lines: rows are written once and never changed.
enum CreditNoteTable {
  static func insert(
    _ note: IssueCreditNote, _ lines: [CreditNoteLine], _ totals: CreditNotes.Totals,
    difference: Money, number: String, at now: Moment, in tx: Transaction
  ) throws -> ID<CreditNote> {
    let id: ID<CreditNote> = try tx.insert(
      """
      INSERT INTO credit_note (number, invoice_id, cause_kind, cause_number, issued_on, issued_at,
        text, net_minor, tax_minor, gross_minor, released_minor, currency,
        base_gross_minor, base_difference_minor)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, number, note.invoice.id, note.cause.kind, note.cause.number, now.day, now.instant,
      note.text, totals.net.minor, totals.tax.minor, totals.gross.minor, totals.released.minor,
      totals.gross.currency, try totals.baseGross().minor, difference.minor)
    for (index, line) in lines.enumerated() {
      try tx.execute(
        """
        INSERT INTO credit_note_line (credit_note_id, line_no, invoice_id, invoice_line_no,
          quantity_micros, net_minor, tax_minor, base_net_minor, base_tax_minor)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, id, index + 1, note.invoice.id, line.invoiceLine, line.quantity, line.net.minor,
        line.tax.minor, note.invoice.rate == nil ? nil : line.baseNet.minor,
        note.invoice.rate == nil ? nil : line.baseTax.minor)
    }
    return id
  }

  /// What is credited of the lines of an invoice, by their position.
  static func credited(
    of invoice: ID<Invoice>, in snapshot: Snapshot
  ) throws -> [Int: Quantity] {
    var found: [Int: Quantity] = [:]
    try snapshot.forEach(
      """
      SELECT invoice_line_no, SUM(quantity_micros) FROM credit_note_line
      WHERE invoice_id = ? GROUP BY invoice_line_no
      """, invoice
    ) { found[$0.int(0)] = $0.quantity(1) }
    return found
  }

  /// Nil when there is none of a customer in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> CreditNote? {
    let found = try snapshot.first(
      """
      SELECT n.id, n.number, i.number, i.customer_code, i.order_kind, i.order_number, n.cause_kind,
        n.cause_number, n.issued_on, n.net_minor, n.tax_minor, n.gross_minor, n.released_minor,
        n.currency, n.base_gross_minor, COALESCE(i.base_currency, n.currency)
      FROM credit_note AS n
      JOIN invoice AS i ON i.id = n.invoice_id
      JOIN view_customer_owner AS c ON c.id = i.customer_id
      WHERE n.number = ? AND in_scope(c.owner, c.store_code)
      """, number, map: note(_:))
    return try found.map { try withLines($0, in: snapshot) }
  }

  static func of(cause: DocumentReference, in snapshot: Snapshot) throws -> [CreditNote] {
    try snapshot.all(
      """
      SELECT n.id, n.number, i.number, i.customer_code, i.order_kind, i.order_number, n.cause_kind,
        n.cause_number, n.issued_on, n.net_minor, n.tax_minor, n.gross_minor, n.released_minor,
        n.currency, n.base_gross_minor, COALESCE(i.base_currency, n.currency)
      FROM credit_note AS n JOIN invoice AS i ON i.id = n.invoice_id
      WHERE n.cause_kind = ? AND n.cause_number = ? ORDER BY n.id
      """, cause.kind, cause.number, map: note(_:)
    ).map { try withLines($0, in: snapshot) }
  }

  private static func withLines(
    _ found: CreditNote, in snapshot: Snapshot
  ) throws -> CreditNote {
    var note = found
    note.lines = try snapshot.all(
      """
      SELECT c.invoice_line_no, l.order_line, l.description, c.quantity_micros, l.unit,
        c.net_minor, l.tax_rate_micros, c.tax_minor, n.currency,
        c.base_net_minor, c.base_tax_minor, i.base_currency
      FROM credit_note_line AS c
      JOIN credit_note AS n ON n.id = c.credit_note_id
      JOIN invoice AS i ON i.id = c.invoice_id
      JOIN invoice_line AS l ON l.invoice_id = c.invoice_id AND l.line_no = c.invoice_line_no
      WHERE c.credit_note_id = ? ORDER BY c.line_no
      """, note.id
    ) { row in
      CreditNoteLine(
        invoiceLine: row.int(0), orderLine: row.int(1), description: row.text(2),
        quantity: row.quantity(3), unit: row.text(4), net: row.money(5, 8), taxRate: row.rate(6),
        tax: row.money(7, 8), baseNet: row.optionalMoney(9, 11) ?? row.money(5, 8),
        baseTax: row.optionalMoney(10, 11) ?? row.money(7, 8))
    }
    return note
  }

  private static func note(_ row: Row) throws -> CreditNote {
    CreditNote(
      id: row.id(0), number: row.text(1), invoiceNumber: row.text(2), customerCode: row.text(3),
      order: DocumentReference(try row.value(4), row.text(5)),
      cause: DocumentReference(try row.value(6), row.text(7)), issuedOn: row.day(8),
      net: row.money(9, 13), tax: row.money(10, 13), gross: row.money(11, 13),
      released: row.money(12, 13), baseGross: row.money(14, 15), lines: [])
  }
}
