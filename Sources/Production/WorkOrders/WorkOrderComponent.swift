package import MasterData
package import Values

/// Material of a work order. A component that is partly on the shelves and partly made for this
/// work order has a line for each part.
package struct WorkOrderComponent: Hashable, Sendable {
  /// From 1; the line of the work order that its reservation and requisition name as their origin.
  package let line: Int
  package let product: ID<Product>
  package let sku: String
  /// Base unit of the component, in which the quantities count.
  package let unit: String
  /// What is needed, waste included, and what was taken in vain.
  package internal(set) var required: Quantity
  /// What was taken; may be more than was required.
  package internal(set) var issued: Quantity
  /// What the material that was taken cost.
  package internal(set) var cost: Money
  /// Of what was taken, what a rework has no use for: it stays in the cost.
  package internal(set) var spoiled = Quantity.zero
  /// The newest work order that makes it for this one; nil for material from stock.
  package let supply: String?
  /// What is reserved and not yet taken.
  package internal(set) var held: Quantity

  /// What is still to be taken.
  package var open: Quantity {
    max(.zero, Quantity(micros: required.micros - issued.micros))
  }

  /// What is neither taken nor reserved.
  package var missing: Quantity {
    max(.zero, Quantity(micros: required.micros - issued.micros - held.micros))
  }
}
