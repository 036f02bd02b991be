package import Inventory
package import Values

/// A quantity of a line of a purchase order.
package struct PurchaseLineQuantity: Hashable, Sendable {
  package let lineNumber: Int
  package let quantity: GivenQuantity

  package init(lineNumber: Int, quantity: GivenQuantity) {
    self.lineNumber = lineNumber
    self.quantity = quantity
  }
}

/// Goods that came in from a supplier.
package struct GoodsReceipt: Hashable, Sendable {
  /// "GR-2026-000002".
  package let number: String
  /// The purchase order afterwards.
  package let order: PurchaseOrder
  /// What went into stock, and is owed until it is billed.
  package let value: Money
}
