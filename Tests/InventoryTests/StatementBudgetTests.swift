import Inventory
import MasterData
import Storage
import Testing
import Values

/// What a till calls for every line of every order must stay cheap.
@Suite("Statements of the hot path")
struct StatementBudgetTests {
  @Test("a promise of free goods takes two statements")
  func reserve() async throws {
    let shop = try await Shop()
    let (chair, main) = try await shop.write { tx in
      try tx.receive(5)
      return (try Product.named("C-1", in: tx), try Warehouse.named("MAIN", in: tx))
    }
    let reserved = try await shop.statements { tx in
      try Reserve(
        product: chair, warehouse: main, quantity: qty(2), origin: orderLine(1, 1),
        shortage: .refuse
      ).run(in: tx, at: Shop.now)
    }
    let shipped = try await shop.statements { tx in
      try ShipReserved(
        origin: orderLine(1, 1), product: chair, quantity: qty(2), to: Locations.transit
      ).run(in: tx, at: Shop.now)
    }
    #expect(reserved == 2)
    // Seven of its own and the entry in the journal.
    #expect(shipped <= 13)
  }
}
