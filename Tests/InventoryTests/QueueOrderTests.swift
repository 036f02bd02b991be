import Inventory
import MasterData
import Storage
import Testing
import Values

@Suite("The order of the queue, and goods that change hands")
struct QueueOrderTests {
  private func demand(_ order: Int, in tx: Transaction) throws -> Reservation {
    try #require(try Reservations.of(orderLine(order, 1), in: tx).first)
  }

  @Test("who is ranked higher is served first, and how much is served before each is told")
  func ranks() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      for order in 1...3 { _ = try tx.reserve(2, for: order) }
      try RankReservations(origin: orderLine(3, 1), priority: 5).run(in: tx)
      let ahead = try (1...3).map { try Reservations.ahead(of: demand($0, in: tx), in: tx) }
      #expect(ahead == [qty(2), qty(4), .zero])
      let last = try (1...3).map { try Reservations.isLast(demand($0, in: tx), in: tx) }
      #expect(last == [false, true, false])
      try tx.receive(3)
      let held = try (1...3).map { try demand($0, in: tx).held }
      #expect(held == [qty(1), .zero, qty(2)])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("goods change hands, each says so, and as many are promised as before")
  func shift() async throws {
    let shop = try await Shop()
    let events = try await shop.events { tx in
      try tx.receive(4)
      _ = try tx.reserve(4, for: 1)
      _ = try tx.reserve(3, for: 2)
      try ShiftHeld([
        (demand: demand(2, in: tx), held: qty(3)), (demand: demand(1, in: tx), held: qty(1)),
      ]).run(in: tx)
    }
    #expect(
      events.map { "\($0.type) \($0.subject.number)" }.suffix(2) == [
        "reservation.short SO-1", "reservation.filled SO-2",
      ])
    #expect(try await shop.stock() == ["MAIN 4/4/3 400.00"])
    #expect(try await shop.violations() == [])
  }
}
