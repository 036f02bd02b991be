import MasterData
import Storage
import Values

/// All SQL of `blanket` and `blanket_line`. A blanket order is in scope when its customer is, or
/// for who wrote it.
enum BlanketTable {
  static func insert(_ blanket: Blanket, in tx: Transaction) throws -> ID<Blanket> {
    let id: ID<Blanket> = try tx.insert(
      """
      INSERT INTO blanket (number, version, customer_code, customer_name, valid_from, valid_until,
        note, created_by, created_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, blanket.number, blanket.version, blanket.customerCode, blanket.customerName,
      blanket.validFrom, blanket.validUntil, blanket.note, blanket.createdBy, blanket.createdAt)
    for line in blanket.lines {
      try tx.execute(
        """
        INSERT INTO blanket_line (blanket_id, line_number, product_id, sku, description, unit,
          agreed, unit_price_micros, currency, tax_included, price_explanation)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """, id, line.number, line.product, line.sku, line.description, line.unit, line.agreed,
        line.unitPrice.micros, line.unitPrice.currency, line.isTaxIncluded,
        line.priceExplanation.storedText)
    }
    return id
  }

  static func close(_ blanket: ID<Blanket>, reason: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE blanket SET close_reason = ?, version = version + 1 WHERE id = ?", reason, blanket)
  }

  /// A customer's are another's.
  static func give(allOf from: String, to customer: String, in tx: Transaction) throws {
    try tx.execute(
      "UPDATE blanket SET customer_code = ?, version = version + 1 WHERE customer_code = ?",
      customer, from)
  }

  /// Takes out of a customer's blanket orders what may be about a person. Returns their numbers.
  static func erasePeople(of customer: String, in tx: Transaction) throws -> [String] {
    try tx.all(
      "UPDATE blanket SET customer_name = '', note = '' WHERE customer_code = ? RETURNING number",
      customer
    ) { $0.text(0) }
  }

  /// In which its prices are, whoever asks; nil for one that there is not.
  static func currency(of number: String, in snapshot: Snapshot) throws -> Currency? {
    try snapshot.first(
      """
      SELECT l.currency FROM blanket AS b JOIN blanket_line AS l ON l.blanket_id = b.id
      WHERE b.number = ? LIMIT 1
      """, number
    ) { $0.currency(0) }
  }

  /// Without its lines.
  static func find(_ number: String, in snapshot: Snapshot) throws -> Blanket? {
    try snapshot.first(
      """
      SELECT id, number, version, customer_code, customer_name, valid_from, valid_until, note,
        close_reason, created_by, created_at
      FROM blanket
      WHERE number = ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = blanket.customer_code AND in_scope(c.owner, c.store_code)))
      """, number, map: blanket)
  }

  /// The newest first, without their lines.
  static func all(
    before id: ID<Blanket>, limit: Int, in snapshot: Snapshot
  ) throws -> [Blanket] {
    try snapshot.all(
      """
      SELECT id, number, version, customer_code, customer_name, valid_from, valid_until, note,
        close_reason, created_by, created_at
      FROM blanket
      WHERE id < ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = blanket.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT ?
      """, id, limit, map: blanket)
  }

  static func ofCustomer(
    _ customer: String, before id: ID<Blanket>, limit: Int, in snapshot: Snapshot
  ) throws -> [Blanket] {
    try snapshot.all(
      """
      SELECT id, number, version, customer_code, customer_name, valid_from, valid_until, note,
        close_reason, created_by, created_at
      FROM blanket
      WHERE customer_code = ? AND id < ?
        AND (in_scope(NULL, NULL, NULL, created_by) OR EXISTS (
          SELECT 1 FROM view_customer_owner AS c
          WHERE c.code = blanket.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT ?
      """, customer, id, limit, map: blanket)
  }

  private static func blanket(_ row: Row) throws -> Blanket {
    Blanket(
      id: row.id(0), number: row.text(1), version: row.int64(2), customerCode: row.text(3),
      customerName: row.text(4), validFrom: row.day(5), validUntil: row.day(6), note: row.text(7),
      closeReason: row.optionalText(8), createdBy: row.text(9), createdAt: row.instant(10))
  }

  /// The lines with what is called off. Drafts do not count, whosever they are, and neither does
  /// `order`.
  static func lines(
    of blanket: Blanket, without order: ID<SalesOrder> = ID(0), in snapshot: Snapshot
  ) throws -> [BlanketLine] {
    try snapshot.all(
      """
      SELECT b.line_number, b.product_id, b.sku, b.description, b.unit, b.agreed,
        b.unit_price_micros, b.currency, b.tax_included, b.price_explanation,
        COALESCE((
          SELECT SUM(l.ordered - l.cancelled)
          FROM sales_order AS o JOIN sales_order_line AS l ON l.sales_order_id = o.id
          WHERE o.blanket_number = ? AND o.state <> 'DRAFT' AND o.id <> ?
            AND l.charge = '' AND l.product_id = b.product_id), 0)
      FROM blanket_line AS b WHERE b.blanket_id = ? ORDER BY b.line_number
      """, blanket.number, order, blanket.id
    ) { row in
      BlanketLine(
        number: row.int(0), product: row.id(1), sku: row.text(2), description: row.text(3),
        unit: row.text(4), agreed: row.quantity(5), called: row.quantity(10),
        unitPrice: row.unitPrice(6, 7), isTaxIncluded: row.bool(8),
        priceExplanation: Explanation(storedText: row.text(9)))
    }
  }

  /// Numbers of the orders in scope that name it, the newest first.
  static func orders(
    of blanket: Blanket, limit: Int, in snapshot: Snapshot
  ) throws -> [String] {
    try snapshot.all(
      """
      SELECT number FROM sales_order
      WHERE blanket_number = ?
        AND (in_scope(NULL, NULL, warehouse_code, CASE state WHEN 'DRAFT' THEN created_by END)
          OR EXISTS (
            SELECT 1 FROM view_customer_owner AS c
            WHERE c.code = sales_order.customer_code AND in_scope(c.owner, c.store_code)))
      ORDER BY id DESC LIMIT ?
      """, blanket.number, limit
    ) { $0.text(0) }
  }

  /// Blanket orders of which more is called off than was agreed.
  static func overdrawn(in snapshot: Snapshot) throws -> [InvariantViolation] {
    try snapshot.all(
      """
      SELECT c.blanket_number, c.sku
      FROM (
        SELECT o.blanket_number AS blanket_number, l.product_id AS product_id, l.sku AS sku,
          SUM(l.ordered - l.cancelled) AS called
        FROM sales_order AS o JOIN sales_order_line AS l ON l.sales_order_id = o.id
        WHERE o.blanket_number IS NOT NULL AND o.state <> 'DRAFT' AND l.charge = ''
        GROUP BY o.blanket_number, l.product_id, l.sku) AS c
      LEFT JOIN blanket AS b ON b.number = c.blanket_number
      LEFT JOIN blanket_line AS a ON a.blanket_id = b.id AND a.product_id = c.product_id
      WHERE c.called > COALESCE(a.agreed, 0)
      ORDER BY c.blanket_number, c.sku
      """
    ) { row in
      InvariantViolation(
        "orders.call-offs-within-blanket", "More is called off than was agreed",
        [Fact("blanket", row.text(0)), Fact("sku", row.text(1))])
    }
  }
}
