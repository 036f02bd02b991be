package import Storage
package import Values

/// Lets a demand wait for the output of a supply: from now on it takes no free stock. What it holds
/// already stays its own.
package struct PegReservation: Sendable {
  package let demand: Reservation
  package let supply: DocumentReference

  package init(_ demand: Reservation, to supply: DocumentReference) {
    self.demand = demand
    self.supply = supply
  }

  package func run(in tx: Transaction, at now: Moment) throws {
    try ReservationTable.peg(demand.id, to: supply, in: tx)
  }
}
