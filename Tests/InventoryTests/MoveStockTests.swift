import Finance
import Inventory
import MasterData
import Storage
import Testing
import Values

@Suite("Move stock")
struct MoveStockTests {
  @Test("carries the moving average and posts it from account to account")
  func average() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(10, at: 100)
      try tx.receive(10, at: 200)
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      let move = try tx.move(
        4, from: main, to: Locations.transit, cause: .shipment, origin: Origin(.shipment, "SH-1"))
      #expect(move.value == cny(600))
      let delivered = try tx.move(
        4, from: Locations.transit, to: Locations.customer, .given(move.value), cause: .delivery,
        origin: Origin(.shipment, "SH-1"))
      #expect(delivered.value == cny(600))
    }
    #expect(try await shop.stock() == ["MAIN 16/0/0 2400.00"])
    #expect(
      try await shop.balances() == ["1405 2400.00", "4001 -3000.00", "6401 600.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("the last unit takes all the rest of the value")
  func lastUnit() async throws {
    let shop = try await Shop()
    let values = try await shop.write { tx in
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      try tx.move(
        3, from: Locations.supplier, to: main, .given(cny(1)), cause: .goodsReceipt,
        origin: Origin(.goodsReceipt, "GR-1"))
      return try (1...3).map { number in
        try tx.move(
          1, from: main, to: Locations.scrap, cause: .scrap,
          origin: Origin(.workOrder, "WO-\(number)")
        ).value.minor
      }
    }
    #expect(values == [33, 34, 33])
    #expect(try await shop.stock() == ["MAIN 0/0/0 0.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("raw material goes to the workshop at its cost and comes back as a product")
  func production() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(10, "R-1", at: 50)
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      let order = Origin(.workOrder, "WO-1")
      try tx.move(
        4, "R-1", from: main, to: Locations.production, cause: .materialIssue, origin: order)
      try tx.move(
        1, "T-1", from: Locations.production, to: main, .given(cny(200)),
        cause: .productionOutput, origin: order)
    }
    #expect(try await shop.balances() == ["1403 300.00", "1405 200.00", "4001 -500.00"])
    #expect(try await shop.violations() == [])
    let entries = try await shop.read {
      try Journal.entries(of: workOrder(1), limit: 10, in: $0).map(\.event)
    }
    #expect(entries == [.materialIssued, .outputReceived])
  }

  @Test("goods without value move without an entry")
  func worthless() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(2, at: 0)
      let main = try Locations.stock(of: .named("MAIN", in: tx), in: tx)
      try tx.move(
        2, from: main, to: Locations.scrap, cause: .scrap, origin: Origin(.workOrder, "WO-1"))
    }
    #expect(try await shop.balances() == [])
    #expect(try await shop.violations() == [])
  }

  @Test("moves are read back by product, newest first, and by document")
  func lists() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      for _ in 1...3 { try tx.receive(2) }
      try tx.reserve(3, for: 1)
      try tx.ship(3, for: 1)
    }
    try await shop.read { snapshot in
      let chair = try Product.named("C-1", in: snapshot)
      let first = try StockMoves.list(of: chair, limit: 2, in: snapshot)
      let rest = try StockMoves.list(of: chair, before: first[1].id, limit: 5, in: snapshot)
      #expect(first.map(\.cause) == [.shipment, .openingStock])
      #expect(rest.map(\.quantity) == [qty(2), qty(2)])
      #expect(first[0].from == "MAIN/STOCK" && first[0].to == "TRANSIT")
      let shipped = try StockMoves.list(
        of: DocumentReference(.shipment, "SH-1"), limit: 5, in: snapshot)
      #expect(shipped.map(\.value) == [cny(300)])
      #expect(shipped == [first[0]])
    }
  }
}
