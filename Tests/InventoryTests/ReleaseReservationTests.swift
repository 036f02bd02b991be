import Inventory
import Storage
import Testing
import Values

@Suite("Release a reservation")
struct ReleaseReservationTests {
  @Test("frees all of it for the demand that waits")
  func all() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(5)
      try tx.reserve(4, for: 1)
      try tx.reserve(3, for: 2)
      #expect(try tx.release(1) == qty(4))
      #expect(try tx.demands(1) == [])
      #expect(try tx.demands(2) == ["SO-2/1 3 of 3"])
    }
    #expect(try await shop.stock() == ["MAIN 5/3/0 500.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("gives up what waits before what is held")
  func part() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(3)
      try tx.reserve(5, for: 1)
      #expect(try tx.release(1, 1) == qty(1))
      #expect(try tx.demands(1) == ["SO-1/1 3 of 4"])
      #expect(try tx.release(1, 2) == qty(2))
      #expect(try tx.demands(1) == ["SO-1/1 2 of 2"])
      #expect(try tx.release(1, 9) == qty(2))
      #expect(try tx.release(1) == .zero)
    }
    #expect(try await shop.stock() == ["MAIN 3/0/0 300.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("line 0 releases every line and product of the document")
  func document() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(9)
      try tx.receive(9, "R-1")
      try tx.reserve(1, for: 1, line: 1)
      try tx.reserve(2, "R-1", for: 1, line: 1)
      try tx.reserve(3, for: 1, line: 2)
      try tx.reserve(4, for: 2)
      let boards = try ReleaseReservation(
        origin: orderLine(1, 1), product: .named("R-1", in: tx)
      ).run(in: tx, at: Shop.now)
      #expect(boards == qty(2))
      #expect(try tx.release(1, line: 0) == qty(4))
      #expect(try tx.demands(2) == ["SO-2/1 4 of 4"])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("shipping consumes its own promise and nobody else's")
  func ship() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(5)
      try tx.reserve(3, for: 1)
      try tx.reserve(2, for: 2)
      let move = try tx.ship(2, for: 1)
      #expect(move.value == cny(200) && move.origin == Origin(.shipment, "SH-1", line: 1))
      #expect(try tx.demands(1) == ["SO-1/1 1 of 1"])
      try tx.ship(1, for: 1)
      #expect(try tx.demands(1) == [])
      #expect(try tx.demands(2) == ["SO-2/1 2 of 2"])
    }
    #expect(try await shop.stock() == ["MAIN 2/2/0 200.00"])
    #expect(try await shop.violations() == [])
  }
}
