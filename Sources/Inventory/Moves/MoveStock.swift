import Finance
package import MasterData
package import Storage
package import Values

/// What moved goods cost.
package enum Valuation: Hashable, Sendable {
  /// Their share of what the goods at the location they leave cost: moving average.
  case average
  /// A cost that the mover knows. Leaving one of our own places, it is never more than the goods
  /// there cost, and the last unit takes all the rest.
  case given(Money)
}

/// Moves goods from one location to another, with their value, in stock and in the journal at once.
/// Only unreserved goods may leave the shelves (see `ShipReserved` for the others). What arrives on
/// shelves goes to the demand that waits for it: first the one pegged to the `supply` that it comes
/// from, then by priority and age.
package struct MoveStock: Sendable {
  package let product: Product
  package let quantity: Quantity
  package let from: Location
  package let to: Location
  package let valuation: Valuation
  package let cause: MoveCause
  /// The document behind the movement.
  package let origin: Origin
  /// The work order or purchase order that supplies what arrives.
  package let supply: DocumentReference?
  /// Code of the customer or supplier, for the journal.
  package let party: String?
  /// Why, where somebody gave a reason.
  package let reason: String
  /// Field of the request that gave the quantity, for a refusal.
  package let field: String?
  /// The goods were promised to whoever takes them now.
  let isReserved: Bool

  package init(
    product: Product, quantity: Quantity, from: Location, to: Location,
    valuation: Valuation = .average, cause: MoveCause, origin: Origin,
    supply: DocumentReference? = nil, party: String? = nil, reason: String = "",
    field: String? = nil
  ) {
    self.init(
      product: product, quantity: quantity, from: from, to: to, valuation: valuation,
      cause: cause, origin: origin, supply: supply, party: party, reason: reason, field: field,
      isReserved: false)
  }

  init(
    product: Product, quantity: Quantity, from: Location, to: Location, valuation: Valuation,
    cause: MoveCause, origin: Origin, supply: DocumentReference?, party: String?, reason: String,
    field: String?, isReserved: Bool
  ) {
    self.product = product
    self.quantity = quantity
    self.from = from
    self.to = to
    self.valuation = valuation
    self.cause = cause
    self.origin = origin
    self.supply = supply
    self.party = party
    self.reason = reason
    self.field = field
    self.isReserved = isReserved
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> StockMove {
    try check()
    let value = try take(in: tx)
    try add(quantity.micros, value, at: to, in: tx)
    var move = try StockMoveTable.insert(self, value: value, at: now, in: tx)
    try post(move, in: tx, at: now)
    if to.kind == .stock {
      let free = try StockBalanceTable.find(product.id, at: to.id, in: tx)?.free ?? .zero
      move.allocations = try AllocateFreed(
        product: product, location: to, free: free, arrived: quantity, supply: supply
      ).run(in: tx)
    }
    return move
  }

  private func check() throws {
    guard product.isStocked else {
      throw InventoryRejection.serviceHasNoStock(field: field, sku: product.sku)
    }
    guard quantity.isPositive else {
      throw InventoryRejection.quantityNotPositive(field: field, given: quantity)
    }
  }

  private func add(
    _ quantity: Int64, _ value: Money, at location: Location, in tx: Transaction
  ) throws {
    guard try StockBalanceTable.add(quantity, value: value, of: product, at: location, in: tx)
    else {
      throw InventoryRejection.balanceTooLarge(
        field: field, sku: product.sku, unit: product.unit, location: location.code,
        currency: value.currency)
    }
  }

  /// Takes the goods from where they are and says what they cost.
  private func take(in tx: Transaction) throws -> Money {
    if case .given(let value) = valuation, !from.kind.isGuarded {
      try add(
        -quantity.micros, Money(minor: -value.minor, currency: value.currency), at: from, in: tx)
      return value
    }
    let balance = try StockBalanceTable.find(product.id, at: from.id, in: tx)
    guard let balance, quantity <= (isReserved ? balance.onHand : balance.free) else {
      throw InventoryRejection.insufficientStock(
        field: field, sku: product.sku, available: balance?.free ?? .zero, requested: quantity)
    }
    let value =
      switch valuation {
      case .average: try balance.cost(of: quantity)
      case .given(let value): balance.cost(of: quantity, given: value)
      }
    try StockBalanceTable.take(
      quantity, ofThemReserved: isReserved ? quantity : .zero, value: value, of: product.id,
      at: from.id, in: tx)
    return value
  }

  /// Goods that stay in one account, or that cost nothing, leave the journal alone.
  private func post(_ move: StockMove, in tx: Transaction, at now: Moment) throws {
    let debit = to.kind.account(of: product.kind)
    let credit = from.kind.account(of: product.kind)
    guard debit != credit, move.value.minor > 0 else { return }
    let text = "\(quantity) \(product.unit) \(product.sku) from \(from.code) to \(to.code)"
    try PostEntry.stockMoved(
      cause.event, origin, move: move.id.value, debit: debit, credit: credit, value: move.value,
      party: party, text: reason.isEmpty ? text : "\(text): \(reason)"
    ).run(in: tx, at: now)
  }
}
