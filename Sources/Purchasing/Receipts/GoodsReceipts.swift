package import Storage

/// Questions about what came in.
package enum GoodsReceipts {
  /// Numbers of the receipts of a purchase order, the oldest first.
  package static func numbers(
    of order: PurchaseOrder, in snapshot: Snapshot
  ) throws -> [String] {
    try GoodsReceiptTable.numbers(of: order.id, in: snapshot)
  }
}
