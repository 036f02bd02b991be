import MasterData
package import Storage
package import Values

/// Corrects stock to what is really there: by an ordinary movement against the inventory
/// difference, never by rewriting what was. Goods that are missing are taken from the least urgent
/// promises, so that no more is ever promised than there is.
package struct AdjustStock: Sendable {
  package enum Correction: Hashable, Sendable {
    /// What a count found.
    case counted(GivenQuantity)
    /// By how much stock changes; negative for a loss.
    case difference(GivenQuantity)
  }

  package let sku: String
  package let warehouseCode: String
  /// Nil is refused: a request must say one of the two.
  package let correction: Correction?
  /// 1–200 characters.
  package let reason: String
  /// Of one unit of what was found, when there is no stock to take the average from.
  package let unitCost: UnitPrice?

  package init(
    sku: String, warehouseCode: String, correction: Correction?, reason: String,
    unitCost: UnitPrice? = nil
  ) {
    self.sku = sku
    self.warehouseCode = warehouseCode
    self.correction = correction
    self.reason = reason
    self.unitCost = unitCost
  }

  @discardableResult
  package func run(in tx: Transaction, at now: Moment) throws -> StockCorrection {
    let (product, warehouse, said) = try checked(in: tx)
    let location = try Locations.stock(of: warehouse, in: tx)
    let balance = try StockBalanceTable.find(product.id, at: location.id, in: tx)
    let difference = try difference(said, product, balance)
    guard difference != .zero else {
      return StockCorrection(
        number: "",
        levels: try Availability.levels(of: product, warehouse: warehouse, in: tx))
    }
    let found = try difference.isPositive ? value(of: difference, product, balance) : nil
    let number = try DocumentNumbers.next(.stockAdjustment, on: now.day, in: tx)
    let withdrawn =
      try found == nil
      ? withdraw(.zero - difference, product, location, balance, in: tx) : []
    let move =
      try found.map { value in
        try gain(difference, value, product, location, number, in: tx, at: now)
      } ?? loss(.zero - difference, product, location, number, in: tx, at: now)
    tx.record(
      DomainEvent(
        "stock.adjusted", DocumentReference(.stockAdjustment, number),
        [
          Fact("sku", product.sku), Fact("warehouse", warehouse.code),
          Fact("difference", difference), Fact("unit", product.unit), Fact("value", move.value),
          Fact("reason", reason),
        ]))
    return StockCorrection(
      number: number, levels: try Availability.levels(of: product, warehouse: warehouse, in: tx),
      withdrawn: withdrawn)
  }

  private func checked(in tx: Transaction) throws -> (Product, Warehouse, Quantity) {
    var request = StockRequest()
    let product = try request.product(sku, in: tx)
    let warehouse = try request.warehouse(warehouseCode, in: tx)
    let said: Quantity? =
      switch request.check.required(correction, "correction") {
      case .counted(let given): given.readCount(&request.check, "counted", of: product)
      case .difference(let given):
        given.readCount(&request.check, "difference", of: product, isDifference: true)
      case nil: nil
      }
    request.check.text(reason, "reason", required: true)
    try request.unitCost(unitCost, in: tx)
    try request.check.pass()
    guard let product, let warehouse, let said else {
      preconditionFailure("a request that passed its checks is complete")
    }
    return (product, warehouse, said)
  }

  private func difference(
    _ said: Quantity, _ product: Product, _ balance: StockBalance?
  ) throws -> Quantity {
    let onHand = balance?.onHand ?? .zero
    guard case .difference = correction else { return try said - onHand }
    guard try (onHand + said).micros >= 0 else {
      throw InventoryRejection.insufficientStock(
        field: "difference", sku: product.sku, available: onHand, requested: try .zero - said)
    }
    return said
  }

  /// Found goods cost what the others cost; without others, what the request says.
  private func value(
    of gain: Quantity, _ product: Product, _ balance: StockBalance?
  ) throws -> Money {
    if let balance, balance.onHand.isPositive {
      return try balance.value.allocated(gain, of: balance.onHand)
    }
    guard let unitCost else {
      throw InventoryRejection.costUnknown(field: "unit_cost", sku: product.sku)
    }
    var check = FieldCheck(.request)
    let value = check.value(of: gain, at: unitCost, "unit_cost")
    try check.pass()
    guard let value else { preconditionFailure("a value that passed its check is there") }
    return value
  }

  private func gain(
    _ quantity: Quantity, _ value: Money, _ product: Product, _ location: Location,
    _ number: String, in tx: Transaction, at now: Moment
  ) throws -> StockMove {
    try MoveStock(
      product: product, quantity: quantity, from: Locations.loss, to: location,
      valuation: .given(value), cause: .adjustment, origin: Origin(.stockAdjustment, number),
      reason: reason, field: field
    ).run(in: tx, at: now)
  }

  /// Of the request, that says how much.
  private var field: String? {
    switch correction {
    case .counted: "counted"
    case .difference: "difference"
    case nil: nil
    }
  }

  /// More is lost than is free, or it was looked for before: the demands that it is taken from.
  private func withdraw(
    _ loss: Quantity, _ product: Product, _ location: Location, _ balance: StockBalance?,
    in tx: Transaction
  ) throws -> [Origin] {
    let missing = try ReservationTable.missing(product.id, at: location.id, in: tx)
    let promised = max(try loss - (balance?.free ?? .zero), min(loss, missing))
    guard promised.isPositive else { return [] }
    return try WithdrawPromises(product: product, location: location, quantity: promised)
      .run(in: tx)
  }

  private func loss(
    _ quantity: Quantity, _ product: Product, _ location: Location, _ number: String,
    in tx: Transaction, at now: Moment
  ) throws -> StockMove {
    try MoveStock(
      product: product, quantity: quantity, from: location, to: Locations.loss,
      cause: .adjustment, origin: Origin(.stockAdjustment, number), reason: reason,
      field: field
    ).run(in: tx, at: now)
  }
}
