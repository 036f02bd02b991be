package import MasterData
package import Values

/// Stock of one product in one warehouse, as people ask for it.
package struct StockLevel: Hashable, Sendable {
  package let product: ID<Product>
  package let sku: String
  /// Base unit of the product, in which the quantities count.
  package let unit: String
  package let warehouseCode: String
  /// What is there.
  package let onHand: Quantity
  /// What of it is promised.
  package let reserved: Quantity
  /// What is promised but not there yet.
  package let waiting: Quantity
  /// What the goods on hand cost.
  package let value: Money
  /// What is on the way there from other warehouses.
  package let underWay: Quantity

  /// What can still be promised.
  package var available: Quantity { Quantity(micros: onHand.micros - reserved.micros) }
}

/// Stock of one product in several warehouses together.
package struct StockTotals: Hashable, Sendable {
  package let onHand: Quantity
  package let reserved: Quantity
  package let available: Quantity
  package let waiting: Quantity

  init(_ levels: [StockLevel]) throws(ArithmeticError) {
    onHand = try levels.map(\.onHand).sum()
    reserved = try levels.map(\.reserved).sum()
    available = try onHand - reserved
    waiting = try levels.map(\.waiting).sum()
  }
}

/// Goods that came back and are promised to nobody.
package struct GoodsBeside: Hashable, Sendable {
  package let sku: String
  package let warehouseCode: String
  package let quantity: Quantity
  package let value: Money
}

/// Stock of one product on all shelves together, with what it cost.
package struct ShelfStock: Hashable, Sendable {
  package let onHand: Quantity
  package let reserved: Quantity
  package let value: Money

  package init(onHand: Quantity, reserved: Quantity, value: Money) {
    self.onHand = onHand
    self.reserved = reserved
    self.value = value
  }
}
