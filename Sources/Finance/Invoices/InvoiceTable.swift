import MasterData
import Storage
import Values

/// All SQL of `invoice` and its lines.
enum InvoiceTable {
  static func find(_ number: String, in snapshot: Snapshot) throws -> Invoice? {
    let id: ID<Invoice>? = try snapshot.first(
      "SELECT id FROM invoice WHERE number = ?", number
    ) { $0.id(0) }
    return try id.map { try fetch($0, in: snapshot) }
  }

  /// Nil when there is none of a customer in scope.
  static func seen(_ number: String, in snapshot: Snapshot) throws -> Invoice? {
    let id: ID<Invoice>? = try snapshot.first(
      """
      SELECT i.id FROM invoice AS i JOIN view_customer_owner AS c ON c.id = i.customer_id
      WHERE i.number = ? AND in_scope(c.owner, c.store_code)
      """, number
    ) { $0.id(0) }
    return try id.map { try fetch($0, in: snapshot) }
  }

  static func fetch(_ id: ID<Invoice>, in snapshot: Snapshot) throws -> Invoice {
    guard var invoice = try header(id, in: snapshot) else { throw MissingRow("invoice", id.value) }
    invoice.lines = try snapshot.all(
      """
      SELECT l.order_line, l.description, l.quantity_micros, l.unit, l.net_minor,
        l.tax_rate_micros, l.tax_minor, l.is_service, i.currency, l.is_compensation,
        l.base_net_minor, l.base_tax_minor, i.base_currency, l.shipment_number, l.claim
      FROM invoice_line AS l JOIN invoice AS i ON i.id = l.invoice_id
      WHERE l.invoice_id = ? ORDER BY l.line_no
      """, id
    ) { row in
      var line = InvoiceLine(
        orderLine: row.int(0), description: row.text(1), quantity: row.quantity(2),
        unit: row.text(3), net: row.money(4, 8), taxRate: row.rate(5), tax: row.money(6, 8),
        isService: row.bool(7), isCompensation: row.bool(9), shipment: row.optionalText(13),
        claim: try row.optionalValue(14))
      line.baseNet = row.optionalMoney(10, 12) ?? line.net
      line.baseTax = row.optionalMoney(11, 12) ?? line.tax
      return line
    }
    return invoice
  }

  static func charged(
    for document: DocumentReference, _ currency: Currency, in snapshot: Snapshot
  ) throws -> ChargedAmounts {
    func money(_ row: Row, _ column: Int) -> Money {
      Money(minor: row.int64(column), currency: currency)
    }
    let found = try snapshot.first(
      """
      WITH line AS (
        SELECT l.invoice_id, l.line_no, l.net_minor, l.tax_minor
        FROM invoice AS i JOIN invoice_line AS l ON l.invoice_id = i.id
        WHERE i.order_kind = ? AND i.order_number = ? AND l.is_compensation = 0
      ), credit AS (
        SELECT c.net_minor, c.tax_minor
        FROM line JOIN credit_note_line AS c
          ON c.invoice_id = line.invoice_id AND c.invoice_line_no = line.line_no
      )
      SELECT (SELECT COALESCE(SUM(net_minor + tax_minor), 0) FROM line),
        (SELECT COALESCE(SUM(net_minor), 0) FROM line),
        (SELECT COALESCE(SUM(net_minor + tax_minor), 0) FROM credit),
        (SELECT COALESCE(SUM(net_minor), 0) FROM credit)
      """, document.kind, document.number
    ) { row in
      ChargedAmounts(
        gross: money(row, 0), net: money(row, 1), creditedGross: money(row, 2),
        creditedNet: money(row, 3))
    }
    guard let found else { throw MissingRow("invoice", 0) }
    return found
  }

  /// The invoice without its lines.
  static func header(_ id: ID<Invoice>, in snapshot: Snapshot) throws -> Invoice? {
    try snapshot.first(
      """
      SELECT id, number, customer_id, customer_code, order_kind, order_number, issued_on, due_on,
        text, net_minor, tax_minor, gross_minor, paid_minor - credited_minor, currency,
        credited_minor, rate_micros, rate_units, base_currency, base_gross_minor, base_paid_minor,
        requirement, (
          SELECT c.number FROM consolidated_invoice AS c WHERE c.id = invoice.consolidated_id)
      FROM invoice WHERE id = ?
      """, id
    ) { row in
      let rate = row.exchangeRate(15, 16, 17, of: 13)
      let base = rate == nil ? 13 : 17
      return Invoice(
        id: row.id(0), number: row.text(1), customer: row.id(2), customerCode: row.text(3),
        order: DocumentReference(try row.value(4), row.text(5)), issuedOn: row.day(6),
        dueOn: row.day(7), text: row.text(8), net: row.money(9, 13), tax: row.money(10, 13),
        gross: row.money(11, 13), paid: row.money(12, 13), credited: row.money(14, 13), rate: rate,
        baseGross: row.money(18, base), basePaid: row.money(19, base), lines: [],
        requirement: try row.optionalText(20).flatMap { text in
          try StoredRow.rows(text).first.map { try InvoiceRequirement($0) }
        }, consolidated: row.optionalText(21))
    }
  }

  /// The customer's open invoice in a currency that is due first; with `order`, of that order only.
  /// Without its lines.
  static func oldestOpen(
    of customer: ID<Customer>, order: DocumentReference?, in currency: Currency,
    _ snapshot: Snapshot
  ) throws -> Invoice? {
    let id: ID<Invoice>? =
      if let order {
        try snapshot.first(
          """
          SELECT id FROM invoice
          WHERE order_kind = ? AND order_number = ? AND customer_id = ?
            AND paid_minor < gross_minor AND currency = ?
          ORDER BY due_on, id LIMIT 1
          """, order.kind, order.number, customer, currency
        ) { $0.id(0) }
      } else {
        try snapshot.first(
          """
          SELECT id FROM invoice
          WHERE customer_id = ? AND paid_minor < gross_minor AND currency = ?
          ORDER BY due_on, id LIMIT 1
          """, customer, currency
        ) { $0.id(0) }
      }
    return try id.flatMap { try header($0, in: snapshot) }
  }

  /// The customer's open invoice in any currency that is due first. Without its lines.
  static func dueFirst(of customer: ID<Customer>, in snapshot: Snapshot) throws -> Invoice? {
    let id: ID<Invoice>? = try snapshot.first(
      """
      SELECT id FROM invoice WHERE customer_id = ? AND paid_minor < gross_minor
      ORDER BY due_on, id LIMIT 1
      """, customer
    ) { $0.id(0) }
    return try id.flatMap { try header($0, in: snapshot) }
  }

  /// What is still to be paid of an order's invoices, in minor units.
  static func openMinor(of order: DocumentReference, in snapshot: Snapshot) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(gross_minor - paid_minor), 0) FROM invoice
      WHERE order_kind = ? AND order_number = ?
      """, order.kind, order.number
    ) { $0.int64(0) } ?? 0
  }

  /// Sum of a customer's invoices from a day on, less what is credited of them, in minor units of
  /// the base currency.
  static func invoicedMinor(
    to customer: ID<Customer>, from day: Day, in snapshot: Snapshot
  ) throws -> Int64 {
    try snapshot.first(
      """
      SELECT COALESCE(SUM(base_gross_minor - base_credited_minor), 0) FROM invoice
      WHERE customer_id = ? AND issued_on >= ? AND order_kind <> 'DUNNING_LETTER'
      """, customer, day
    ) { $0.int64(0) } ?? 0
  }

  static func insert(
    _ invoice: IssueInvoice, totals: IssueInvoice.Totals, at now: Moment,
    number: String, in tx: Transaction
  ) throws -> ID<Invoice> {
    let id: ID<Invoice> = try tx.insert(
      """
      INSERT INTO invoice (number, customer_id, customer_code, order_kind, order_number, issued_on,
        due_on, text, net_minor, tax_minor, gross_minor, paid_minor, currency, rate_micros,
        rate_units, base_currency, base_gross_minor, requirement, consolidated_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)
      """, number, invoice.customer.id, invoice.customer.code, invoice.order.kind,
      invoice.order.number, now.day, invoice.dueOn, invoice.text, totals.net.minor,
      totals.tax.minor, totals.gross.minor, totals.gross.currency, totals.rate?.micros,
      totals.rate?.units, totals.rate?.base, totals.baseGross.minor,
      invoice.requirement.map { StoredRow.text([$0.issued.storedRow]) }, invoice.whole?.id)
    for (index, line) in totals.lines.enumerated() {
      try tx.execute(
        """
        INSERT INTO invoice_line (invoice_id, line_no, order_line, description, quantity_micros,
          unit, net_minor, tax_rate_micros, tax_minor, is_service, is_compensation,
          base_net_minor, base_tax_minor, shipment_number, claim)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, id, index + 1, line.orderLine, line.description, line.quantity, line.unit,
        line.net.minor, line.taxRate, line.tax.minor, line.isService, line.isCompensation,
        totals.rate == nil ? nil : line.baseNet.minor,
        totals.rate == nil ? nil : line.baseTax.minor, line.shipment, line.claim)
    }
    return id
  }

  /// Returns how many they are.
  static func give(
    allOf from: ID<Customer>, to customer: Customer, in tx: Transaction
  ) throws -> Int {
    try ConsolidatedInvoiceTable.give(allOf: from, to: customer, in: tx)
    return try tx.execute(
      "UPDATE invoice SET customer_id = ?, customer_code = ? WHERE customer_id = ?", customer.id,
      customer.code, from)
  }

  /// `base` and `difference` are in the base currency: what its lines were worth, and what was left
  /// of it in the books alone.
  static func addCredited(
    _ amount: Money, base: Money, difference: Money, to id: ID<Invoice>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE invoice SET paid_minor = paid_minor + ?, credited_minor = credited_minor + ?,
        base_paid_minor = base_paid_minor + ?, base_credited_minor = base_credited_minor + ?
      WHERE id = ?
      """, amount.minor, amount.minor, try (base + difference).minor, base.minor, id)
  }

  /// Both may be below zero.
  static func addPaid(
    _ amount: Int64, base: Int64, to id: ID<Invoice>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE invoice SET paid_minor = paid_minor + ?, base_paid_minor = base_paid_minor + ?
      WHERE id = ?
      """, amount, base, id)
  }
}

extension ClaimKind: Bindable {}
