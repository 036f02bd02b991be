import MasterData
package import Storage
package import Values

/// Gives goods that some demands hold to others that want the same in the same place: as many
/// pieces as were held are held afterwards.
package struct ShiftHeld: Sendable {
  /// What each demand holds from now on. All are of one product and place.
  package let shares: [(demand: Reservation, held: Quantity)]

  package init(_ shares: [(demand: Reservation, held: Quantity)]) { self.shares = shares }

  package func run(in tx: Transaction) throws {
    guard let first = shares.first?.demand else { return }
    let (before, after) = (
      try shares.map(\.demand.held).sum(), try shares.map(\.held).sum()
    )
    precondition(before == after, "goods came from nowhere or vanished")
    let product = try Products.fetch(first.product, in: tx)
    let location = try Locations.fetch(first.location, in: tx)
    // Who gives comes first, so that there is never more held than there is.
    for (demand, held) in shares.filter({ $0.held < $0.demand.held })
      + shares.filter({ $0.held > $0.demand.held })
    {
      try ReservationTable.setHeld(held, of: demand.id, in: tx)
      let missing = Fact("missing", try demand.wanted - held)
      tx.record(
        held < demand.held
          ? demand.event(
            "reservation.short", product: product, location: location,
            [Fact("wanted", demand.wanted), missing])
          : demand.event(
            "reservation.filled", product: product, location: location,
            [Fact("quantity", try held - demand.held), missing]))
    }
  }
}
