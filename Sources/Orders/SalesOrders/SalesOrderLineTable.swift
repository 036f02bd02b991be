import Inventory
import Storage
import Values

/// All SQL of `sales_order_line`.
enum SalesOrderLineTable {
  static func insert(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO sales_order_line (sales_order_id, line_number, product_id, sku, description,
        unit, sourcing, ordered, unit_price_micros, discount_micros, net_minor, tax_rate_micros,
        tax_minor, currency, note, price_explanation, reduction_minor, charge, asked_quantity,
        asked_unit, instructions, schedules)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, order, line.number, line.product, line.sku, line.description, line.unit, line.sourcing,
      line.ordered, line.unitPrice.micros, line.discount, line.net.minor, line.taxRate,
      line.tax.minor, line.net.currency, line.note, line.priceExplanation.storedText,
      line.reduction.minor, line.charge, line.asked?.quantity, line.asked?.unit,
      line.instructions?.storedText, line.schedules.storedText)
    try AdjustmentTable.insert(line, of: order, in: tx)
  }

  /// Writes what submitting decides.
  static func price(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE sales_order_line SET product_id = ?, description = ?, unit = ?, sourcing = ?,
        unit_price_micros = ?, net_minor = ?, tax_rate_micros = ?, tax_minor = ?, currency = ?,
        price_explanation = ?, reduction_minor = ?, ordered = ?, asked_quantity = ?,
        asked_unit = ?, schedules = ?
      WHERE sales_order_id = ? AND line_number = ?
      """, line.product, line.description, line.unit, line.sourcing, line.unitPrice.micros,
      line.net.minor, line.taxRate, line.tax.minor, line.net.currency,
      line.priceExplanation.storedText, line.reduction.minor, line.ordered, line.asked?.quantity,
      line.asked?.unit, line.schedules.storedText, order, line.number)
    try AdjustmentTable.remove(line, of: order, in: tx)
    try AdjustmentTable.insert(line, of: order, in: tx)
  }

  /// Takes away the charges of a draft, which has promised nothing yet.
  static func removeCharges(of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute(
      "DELETE FROM sales_order_line WHERE sales_order_id = ? AND charge <> ''", order)
  }

  /// Writes what has become of the ordered quantity.
  static func progress(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE sales_order_line SET cancelled = ?, shipped = ?, delivered = ?, invoiced = ?,
        schedules = ?
      WHERE sales_order_id = ? AND line_number = ?
      """, line.cancelled, line.shipped, line.delivered, line.invoiced,
      line.schedules.storedText, order, line.number)
  }

  static func set(
    dropShipped: Bool, _ line: Int, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE sales_order_line SET drop_shipped = ? WHERE sales_order_id = ? AND line_number = ?
      """, dropShipped, order, line)
  }

  /// Takes away all lines of an order that has promised nothing yet.
  static func removeAll(of order: ID<SalesOrder>, in tx: Transaction) throws {
    try tx.execute("DELETE FROM sales_order_adjustment WHERE sales_order_id = ?", order)
    try tx.execute("DELETE FROM sales_order_configuration WHERE sales_order_id = ?", order)
    try tx.execute("DELETE FROM sales_order_line WHERE sales_order_id = ?", order)
  }

  /// Writes what a change makes of a line that is promised.
  static func rewrite(
    _ line: SalesOrderLine, of order: ID<SalesOrder>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      UPDATE sales_order_line SET cancelled = ?, discount_micros = ?, instructions = ?
      WHERE sales_order_id = ? AND line_number = ?
      """, line.cancelled, line.discount, line.instructions?.storedText, order, line.number)
    try price(line, of: order, in: tx)
  }

  /// In the order of their numbers.
  static func list(of order: ID<SalesOrder>, in snapshot: Snapshot) throws -> [SalesOrderLine] {
    var isReduced = false
    var lines = try snapshot.all(
      """
      SELECT line_number, product_id, sku, description, unit, sourcing, ordered, cancelled,
        shipped, delivered, invoiced, unit_price_micros, discount_micros, net_minor,
        tax_rate_micros, tax_minor, currency, note, price_explanation, reduction_minor,
        charge, asked_quantity, asked_unit, drop_shipped, instructions, schedules
      FROM sales_order_line WHERE sales_order_id = ? ORDER BY line_number
      """, order
    ) { row in
      if row.int64(19) > 0 { isReduced = true }
      return try line(row)
    }
    if isReduced { try AdjustmentTable.load(into: &lines, of: order, in: snapshot) }
    return lines
  }

  private static func line(_ row: Row) throws -> SalesOrderLine {
    SalesOrderLine(
      number: row.int(0), product: row.optionalID(1), sku: row.text(2), description: row.text(3),
      unit: row.text(4), sourcing: try row.optionalValue(5), ordered: row.quantity(6),
      asked: row.optionalQuantity(21).map { GivenQuantity($0, unit: row.text(22)) },
      schedules: try row.schedules(25), cancelled: row.quantity(7), shipped: row.quantity(8),
      delivered: row.quantity(9),
      invoiced: row.quantity(10), isDropShipped: row.bool(23),
      unitPrice: row.unitPrice(11, 16), discount: row.rate(12),
      net: row.money(13, 16), taxRate: row.rate(14), tax: row.money(15, 16), note: row.text(17),
      instructions: try row.instructions(24), charge: row.text(20),
      priceExplanation: Explanation(storedText: row.text(18)))
  }
}

extension Sourcing: Bindable {}
