import Inventory
import MasterData
import Storage
import Testing
import Values

@Suite("Availability")
struct AvailabilityTests {
  private func shop() async throws -> Shop {
    let shop = try await Shop()
    try await shop.write { tx in
      for sku in ["T-1", "C-1", "R-1"] {
        try tx.receive(4, sku, warehouse: "MAIN")
        try tx.receive(2, sku, warehouse: "EAST")
      }
      try tx.reserve(5, for: 1)
      // Goods on their way are nobody's stock.
      try tx.ship(1, for: 1)
    }
    return shop
  }

  @Test("counts per warehouse and in all")
  func totals() async throws {
    try await shop().read { snapshot in
      let chair = try Product.named("C-1", in: snapshot)
      let all = try Availability.of(chair, in: snapshot)
      #expect(all.onHand == qty(5) && all.reserved == qty(3))
      #expect(all.available == qty(2) && all.waiting == qty(1))
      let east = try Warehouse.named("EAST", in: snapshot)
      #expect(try Availability.of(chair, warehouse: east, in: snapshot).available == qty(2))
      #expect(try Availability.free(chair, in: east, in: snapshot) == qty(2))
      #expect(try Availability.free(.named("S-1", in: snapshot), in: east, in: snapshot) == .zero)
    }
  }

  @Test("pages through stock by sku and warehouse")
  func pages() async throws {
    try await shop().read { snapshot in
      var key: Availability.Key?
      var found: [String] = []
      while true {
        let page = try Availability.list(after: key, limit: 4, in: snapshot)
        found += page.map { "\($0.sku) \($0.warehouseCode)" }
        guard page.count == 4, let last = page.last else { break }
        key = Availability.Key(sku: last.sku, warehouseCode: last.warehouseCode)
      }
      #expect(
        found == ["C-1 EAST", "C-1 MAIN", "R-1 EAST", "R-1 MAIN", "T-1 EAST", "T-1 MAIN"])
      let east = try Availability.list(
        warehouse: .named("EAST", in: snapshot), limit: 9, in: snapshot)
      #expect(east.map(\.sku) == ["C-1", "R-1", "T-1"])
      #expect(east.map(\.unit) == ["pcs", "m2", "pcs"])
    }
  }

  @Test("lists the demand that waits, the oldest first")
  func waiting() async throws {
    let shop = try await shop()
    try await shop.write { tx in
      try tx.reserve(1, for: 7, priority: 3)
      try tx.reserve(1, for: 8, peg: workOrder(1))
    }
    try await shop.read { snapshot in
      let chair = try Product.named("C-1", in: snapshot)
      let first = try Reservations.waiting(for: chair, limit: 2, in: snapshot)
      let rest = try Reservations.waiting(for: chair, after: first[1].id, limit: 2, in: snapshot)
      #expect((first + rest).map(\.origin.number) == ["SO-1", "SO-7", "SO-8"])
      #expect(try Reservations.pegged(to: workOrder(1), in: snapshot) == rest)
      #expect(
        try Reservations.find(orderLine(1, 1), product: chair, in: snapshot)?.waiting == qty(1))
    }
  }
}
