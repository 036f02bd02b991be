package import Storage

/// Questions about suppliers' bills.
package enum SupplierBills {
  /// Our numbers of the bills for a purchase order, the oldest first.
  package static func numbers(
    of order: PurchaseOrder, in snapshot: Snapshot
  ) throws -> [String] {
    try SupplierBillTable.numbers(of: order.id, in: snapshot)
  }
}
