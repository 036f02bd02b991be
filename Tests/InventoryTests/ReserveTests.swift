import Inventory
import Storage
import Testing
import Values

@Suite("Reserve")
struct ReserveTests {
  @Test("N buyers of k units over several channels: exactly k get one")
  func buyers() async throws {
    let shop = try await Shop()
    try await shop.write { try $0.receive(10) }
    let served = try await withThrowingTaskGroup(of: Bool.self) { group in
      for buyer in 1...40 {
        group.addTask {
          do {
            _ = try await shop.write { tx in
              try tx.reserve(1, for: buyer, shortage: .refuse)
            }
            return true
          } catch let refusal as InventoryRejection {
            #expect(refusal.reason == "INSUFFICIENT_STOCK")
            return false
          }
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(served == 10)
    #expect(try await shop.stock() == ["MAIN 10/10/0 1000.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("refuses all or nothing, and says how much is free")
  func refuse() async throws {
    let shop = try await Shop()
    try await shop.write { try $0.receive(3) }
    let found = try await shop.refusals { try $0.reserve(4, for: 1, shortage: .refuse) }
    #expect(
      found.first as? InventoryRejection
        == .insufficientStock(
          field: "lines[0].quantity", sku: "C-1", available: qty(3), requested: qty(4)))
    #expect(try await shop.stock() == ["MAIN 3/0/0 300.00"])
  }

  @Test("takes what is free, waits for the rest and says so on the order and its root")
  func wait() async throws {
    let shop = try await Shop()
    try await shop.write { try $0.receive(3) }
    let events = try await shop.events { tx in
      let reservation = try tx.reserve(
        5, for: 1, root: DocumentReference(.salesOrder, "SO-9"))
      #expect(reservation.held == qty(3) && reservation.waiting == qty(2))
    }
    #expect(
      events == [
        DomainEvent(
          "reservation.short", DocumentReference(.salesOrder, "SO-1"),
          related: DocumentReference(.salesOrder, "SO-9"),
          [
            Fact("line", 1), Fact("sku", "C-1"), Fact("warehouse", "MAIN"), Fact("wanted", "5"),
            Fact("missing", "2"),
          ])
      ])
    #expect(try await shop.stock() == ["MAIN 3/3/2 300.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("waits where the product never was")
  func neverThere() async throws {
    let shop = try await Shop()
    _ = try await shop.write { try $0.reserve(2, for: 1, warehouse: "EAST") }
    #expect(try await shop.stock() == ["EAST 0/0/2 0.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("asking again for the same line adds to its demand")
  func again() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(5)
      try tx.reserve(2, for: 1)
      try tx.reserve(4, for: 1)
      #expect(try tx.demands(1) == ["SO-1/1 5 of 6"])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("what arrives goes by priority, then age, whatever the size")
  func queue() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.reserve(4, for: 1)
      try tx.reserve(1, for: 2)
      try tx.reserve(3, for: 3, priority: 5)
      try tx.receive(5)
      #expect(try tx.demands(3) == ["SO-3/1 3 of 3"])
      #expect(try tx.demands(1) == ["SO-1/1 2 of 4"])
      #expect(try tx.demands(2) == ["SO-2/1 0 of 1"])
    }
    let events = try await shop.events { try $0.receive(9) }
    #expect(
      events.map { "\($0.type) \($0.subject)" } == [
        "reservation.filled SO-1", "reservation.filled SO-2", "stock.received SA-2026-000002",
      ])
    #expect(try await shop.stock() == ["MAIN 14/8/0 1400.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("a long queue is served to its end")
  func longQueue() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      for order in 1...100 { try tx.reserve(1, for: order) }
      try tx.receive(90)
      #expect(try tx.demands(90) == ["SO-90/1 1 of 1"])
      #expect(try tx.demands(91) == ["SO-91/1 0 of 1"])
    }
    #expect(try await shop.stock() == ["MAIN 90/90/10 9000.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("pegged demand takes no free stock and is first in its supply's output")
  func pegs() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(3, "T-1")
      try tx.reserve(2, "T-1", for: 1, peg: workOrder(1))
      try tx.reserve(4, "T-1", for: 2, priority: 9)
      #expect(try tx.demands(1) == ["SO-1/1 0 of 2"])
      #expect(try tx.demands(2) == ["SO-2/1 3 of 4"])
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      let move = try tx.move(
        4, "T-1", from: Locations.production, to: main, .given(cny(400)), cause: .productionOutput,
        origin: Origin(.workOrder, "WO-1"), supply: workOrder(1))
      // Over-production goes to the open queue, what is left is free.
      #expect(move.allocations.map { "\($0.origin) \($0.quantity)" } == ["SO-1/1 2", "SO-2/1 1"])
    }
    #expect(try await shop.stock("T-1") == ["MAIN 7/6/0 700.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("a supply that brings too little leaves its demand waiting, in spite of free stock")
  func shortOutput() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(5, "T-1")
      try tx.reserve(3, "T-1", for: 1, peg: workOrder(1))
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      try tx.move(
        1, "T-1", from: Locations.production, to: main, .given(cny(100)), cause: .productionOutput,
        origin: Origin(.workOrder, "WO-1"), supply: workOrder(1))
      #expect(try tx.demands(1) == ["SO-1/1 1 of 3"])
      try UnpegReservations(supply: workOrder(1)).run(in: tx, at: Shop.now)
      #expect(try tx.demands(1) == ["SO-1/1 3 of 3"])
    }
    #expect(try await shop.stock("T-1") == ["MAIN 6/3/0 600.00"])
    #expect(try await shop.violations() == [])
  }
}
