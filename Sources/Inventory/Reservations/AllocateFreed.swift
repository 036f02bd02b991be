import MasterData
import Storage
import Values

/// Hands goods that became free on the shelves to the demand that waits for them: first, of what
/// has just arrived, to the demand pegged to its supply; then by priority, age and id. The order
/// depends on nothing else, so that the same commands always end in the same promises.
struct AllocateFreed {
  let product: Product
  let location: Location
  /// What is not promised to anybody.
  var free: Quantity
  /// What of it has just come from `supply`.
  var arrived: Quantity = .zero
  var supply: DocumentReference?

  /// Rows read at a time: most arrivals fill one or two demands.
  private static let batch = 32

  func run(in tx: Transaction) throws -> [Allocated] {
    var allocated: [Allocated] = []
    var given = Quantity.zero
    if let supply {
      given = try serve(min(arrived, free), in: tx, &allocated) {
        try ReservationTable.waiting(
          for: product.id, at: location.id, peg: supply, limit: Self.batch, in: tx)
      }
    }
    given =
      try given
      + serve(free - given, in: tx, &allocated) {
        try ReservationTable.waiting(
          for: product.id, at: location.id, limit: Self.batch, in: tx)
      }
    if given.isPositive {
      try StockBalanceTable.addReserved(given.micros, of: product.id, at: location.id, in: tx)
    }
    return allocated
  }

  /// Serves the queue until it is empty or nothing is left. Returns how much was given.
  private func serve(
    _ supply: Quantity, in tx: Transaction, _ allocated: inout [Allocated],
    _ next: () throws -> [Reservation]
  ) throws -> Quantity {
    var left = supply
    while left.isPositive {
      let queue = try next()
      guard !queue.isEmpty else { break }
      for demand in queue where left.isPositive {
        let part = min(left, demand.waiting)
        left = try left - part
        try ReservationTable.setHeld(demand.held + part, of: demand.id, in: tx)
        let isFilled = part == demand.waiting
        allocated.append(Allocated(origin: demand.origin, quantity: part, isFilled: isFilled))
        tx.record(
          demand.event(
            "reservation.filled", product: product, location: location,
            [Fact("quantity", part), Fact("missing", try demand.waiting - part)]))
      }
    }
    return try supply - left
  }
}
