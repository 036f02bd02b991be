package import Inventory
package import Values

/// A line of a supplier's bill as entered.
package struct BillLineDraft: Hashable, Sendable {
  /// Line of the purchase order.
  package let lineNumber: Int
  package let quantity: GivenQuantity
  /// Of one base unit, without tax; nil: what was ordered.
  package let unitPrice: UnitPrice?

  package init(lineNumber: Int, quantity: GivenQuantity, unitPrice: UnitPrice? = nil) {
    self.lineNumber = lineNumber
    self.quantity = quantity
    self.unitPrice = unitPrice
  }
}

/// A supplier's bill, matched with what came.
package struct SupplierBill: Hashable, Sendable {
  /// Ours: "SB-2026-000002".
  package let number: String
  /// The supplier's.
  package let billNumber: String
  package let billedOn: Day
  package let dueOn: Day
  /// Without tax.
  package let net: Money
  package let tax: Money
  /// What is owed.
  package let gross: Money
  /// What the bill asks more (negative: less) than the receipts were worth.
  package let priceVariance: Money
  /// The purchase order afterwards.
  package let order: PurchaseOrder
}
