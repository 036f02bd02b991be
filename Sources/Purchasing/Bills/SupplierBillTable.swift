import MasterData
import Storage
import Values

/// All SQL of `supplier_bill` and its lines.
enum SupplierBillTable {
  static func insert(
    _ bill: SupplierBill, at now: Moment, in tx: Transaction
  ) throws -> ID<SupplierBill> {
    try tx.insert(
      """
      INSERT INTO supplier_bill (
        number, purchase_order_id, supplier_id, bill_number, billed_on, due_on, net_minor,
        tax_minor, currency, entered_at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, bill.number, bill.order.id, bill.order.supplier, bill.billNumber, bill.billedOn,
      bill.dueOn, bill.net.minor, bill.tax.minor, bill.net.currency, now.instant)
  }

  static func insert(
    _ line: MatchedBillLine, of bill: ID<SupplierBill>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO supplier_bill_line (
        supplier_bill_id, order_line_id, quantity, unit_price_micros, net_minor, received_minor,
        currency)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, bill, line.orderLine, line.quantity, line.unitPrice.micros, line.net.minor,
      line.received.minor, line.net.currency)
  }

  /// Our number of the bill that a supplier calls `billNumber`.
  static func number(
    of billNumber: String, from supplier: ID<Supplier>, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      "SELECT number FROM supplier_bill WHERE supplier_id = ? AND bill_number = ?", supplier,
      billNumber
    ) { $0.text(0) }
  }

  /// Numbers, the oldest first.
  static func numbers(of order: ID<PurchaseOrder>, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      "SELECT number FROM supplier_bill WHERE purchase_order_id = ? ORDER BY id", order
    ) { $0.text(0) }
  }
}
