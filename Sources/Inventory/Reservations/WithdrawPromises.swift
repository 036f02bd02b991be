import MasterData
import Storage
import Values

/// Takes promises back when goods turn out to be missing: what was looked for and not found first,
/// which is then known; after that the least urgent and youngest demand waits again, until no more
/// is promised than there is (DOMAIN 5.3). Each of them says so on its timeline.
struct WithdrawPromises {
  let product: Product
  let location: Location
  let quantity: Quantity

  private static let batch = 1024

  /// The demands that hold less now.
  func run(in tx: Transaction) throws -> [Origin] {
    var left = quantity
    var withdrawn: [Origin] = []
    while left.isPositive {
      let holding = try ReservationTable.holding(
        product.id, at: location.id, limit: Self.batch, in: tx)
      guard !holding.isEmpty else { break }
      for demand in holding where left.isPositive {
        let part = min(left, demand.held)
        left = try left - part
        if demand.isMissing {
          let rest = try demand.held - part
          try ReservationTable.set(wanted: rest, held: rest, of: demand.id, in: tx)
          continue
        }
        try ReservationTable.setHeld(demand.held - part, of: demand.id, in: tx)
        withdrawn.append(demand.origin)
        tx.record(
          demand.event(
            "reservation.short", product: product, location: location,
            [Fact("wanted", demand.wanted), Fact("missing", try demand.waiting + part)]))
      }
    }
    try StockBalanceTable.addReserved(
      -(try quantity - left).micros, of: product.id, at: location.id, in: tx)
    return withdrawn
  }
}
