package import Storage
package import Values

/// Gives what a line waits for another place in the queue.
package struct RankReservations: Sendable {
  /// The line.
  package let origin: Origin
  /// The greater is served first.
  package let priority: Int

  package init(origin: Origin, priority: Int) {
    self.origin = origin
    self.priority = priority
  }

  package func run(in tx: Transaction) throws {
    for demand in try ReservationTable.of(origin, in: tx) where demand.priority != priority {
      try ReservationTable.set(priority: priority, of: demand.id, in: tx)
    }
  }
}
