package import MasterData
package import Storage
package import Values

/// Says that goods are worth less than they cost: they leave for the place of losses with what they
/// cost, and come back with what they are worth. What is between the two is a loss in the journal.
package struct WriteDown: Sendable {
  package let product: Product
  package let quantity: Quantity
  package let location: Location
  /// What they cost until now, and by how much less they are worth.
  package let cost: Money
  package let loss: Money
  /// The document behind it.
  package let origin: Origin
  /// Field of the request that gave the quantity, for a refusal.
  package let field: String?

  package init(
    product: Product, quantity: Quantity, at location: Location, cost: Money, loss: Money,
    origin: Origin, field: String? = nil
  ) {
    self.product = product
    self.quantity = quantity
    self.location = location
    self.cost = cost
    self.loss = loss
    self.origin = origin
    self.field = field
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    let gone = try MoveStock(
      product: product, quantity: quantity, from: location, to: Locations.scrap,
      valuation: .given(cost), cause: .writeDown, origin: origin, field: field
    ).run(in: tx, at: now)
    try MoveStock(
      product: product, quantity: quantity, from: Locations.scrap, to: location,
      valuation: .given(
        Money(minor: max(0, gone.value.minor - loss.minor), currency: loss.currency)),
      cause: .writeDown, origin: origin, field: field
    ).run(in: tx, at: now)
  }
}
