import MasterData
import Storage
import Values

/// All SQL of `goods_receipt` and its lines.
enum GoodsReceiptTable {
  static func insert(
    number: String, of order: PurchaseOrder, deliveryNote: String?, at now: Moment,
    in tx: Transaction
  ) throws -> ID<GoodsReceipt> {
    try tx.insert(
      """
      INSERT INTO goods_receipt (
        number, purchase_order_id, supplier_id, delivery_note, received_at, received_on)
      VALUES (?, ?, ?, ?, ?, ?)
      """, number, order.id, order.supplier, deliveryNote, now.instant, now.day)
  }

  static func insertLine(
    _ quantity: Quantity, value: Money, of line: ID<PurchaseOrder.Line>,
    in receipt: ID<GoodsReceipt>, in tx: Transaction
  ) throws {
    try tx.execute(
      """
      INSERT INTO goods_receipt_line (
        goods_receipt_id, order_line_id, quantity, value_minor, currency)
      VALUES (?, ?, ?, ?, ?)
      """, receipt, line, quantity, value.minor, value.currency)
  }

  /// The receipt that was entered with a supplier's delivery note.
  static func number(
    ofDeliveryNote note: String, of supplier: ID<Supplier>, in snapshot: Snapshot
  ) throws -> String? {
    try snapshot.first(
      "SELECT number FROM goods_receipt WHERE supplier_id = ? AND delivery_note = ?", supplier,
      note
    ) { $0.text(0) }
  }

  /// Numbers, the oldest first.
  static func numbers(of order: ID<PurchaseOrder>, in snapshot: Snapshot) throws -> [String] {
    try snapshot.all(
      "SELECT number FROM goods_receipt WHERE purchase_order_id = ? ORDER BY id", order
    ) { $0.text(0) }
  }
}
