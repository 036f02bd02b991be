import Finance
import Inventory
import Storage
import Testing
import Values

@Suite("Corrections of stock")
struct StockCorrectionTests {
  @Test("opening stock is capital that lies on the shelves")
  func opening() async throws {
    let shop = try await Shop()
    let events = try await shop.events { tx in
      let receipt = try ReceiveStock(
        sku: "R-1", warehouseCode: "MAIN",
        quantity: GivenQuantity(Quantity(micros: 2_500_000), unit: "m2"), unitCost: price(40),
        reason: "opening"
      ).run(in: tx, at: Shop.now)
      #expect(receipt.number == "SA-2026-000001")
      #expect(receipt.levels.map(\.value) == [cny(100)])
    }
    #expect(events.map(\.type) == ["stock.received"])
    #expect(events[0].facts.contains(Fact("value", "100.00 CNY")))
    #expect(try await shop.balances() == ["1403 100.00", "4001 -100.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("a count moves the difference against the inventory difference, at average cost")
  func count() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(4, at: 100)
      let loss = try tx.adjust(.counted(GivenQuantity(qty(3))))
      #expect(loss.number == "SA-2026-000002" && loss.levels.map(\.value) == [cny(300)])
      let gain = try tx.adjust(.difference(GivenQuantity(qty(2))), cost: price(999))
      #expect(gain.levels.map(\.value) == [cny(500)])
      #expect(try tx.adjust(.counted(GivenQuantity(qty(5)))).number == "")
    }
    #expect(
      try await shop.balances() == ["1405 500.00", "1901 -100.00", "4001 -400.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("what is found where nothing was costs what the request says")
  func found() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      let gain = try tx.adjust(.counted(GivenQuantity(qty(2))), cost: price(7))
      #expect(gain.levels.map(\.value) == [cny(14)])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("missing goods are taken from the least urgent and youngest promises, who hear of it")
  func shrink() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(10)
      try tx.reserve(3, for: 1)
      try tx.reserve(3, for: 2, priority: 1)
      try tx.reserve(3, for: 3)
    }
    let events = try await shop.events { try $0.adjust(.counted(GivenQuantity(qty(5)))) }
    #expect(
      events.map { "\($0.type) \($0.subject)" } == [
        "reservation.short SO-3", "reservation.short SO-1", "stock.adjusted SA-2026-000002",
      ])
    try await shop.write { tx in
      #expect(try tx.demands(1) == ["SO-1/1 2 of 3"])
      #expect(try tx.demands(2) == ["SO-2/1 3 of 3"])
      #expect(try tx.demands(3) == ["SO-3/1 0 of 3"])
      // Found again: back to the same promises, the older first.
      try tx.adjust(.counted(GivenQuantity(qty(7))))
      #expect(try tx.demands(1) == ["SO-1/1 3 of 3"])
      #expect(try tx.demands(3) == ["SO-3/1 1 of 3"])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("promises are taken back, and claims are found, however far apart they were made")
  func acrossBlocks() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(9)
      for order in 1...9 {
        try tx.reserve(1, for: order)
        // As if many others had come between: 700, 1,400, 2,800, … 179,200.
        try tx.execute(
          "UPDATE reservation SET id = 700 << ? WHERE origin_number = ?", order - 1,
          orderLine(order, 1).number)
      }
    }
    let events = try await shop.events { try $0.adjust(.counted(GivenQuantity(qty(2)))) }
    #expect(
      events.map(\.subject.number).filter { $0.hasPrefix("SO-") }
        == (3...9).reversed().map { "SO-\($0)" })
    try await shop.read { snapshot in
      let claims = try Reservations.claims(
        of: .salesOrder, on: .named("C-1", in: snapshot), in: .named("MAIN", in: snapshot),
        limit: 100, in: snapshot)
      #expect(claims.map(\.origin.number) == (1...9).map { "SO-\($0)" })
      #expect(claims.map(\.held.micros).map { $0 > 0 } == (1...9).map { $0 <= 2 })
    }
    #expect(try await shop.violations() == [])
  }

  @Test("a transfer carries cost along and feeds the demand of the other warehouse")
  func transfer() async throws {
    let shop = try await Shop()
    try await shop.write { tx in
      try tx.receive(6, at: 50)
      try tx.reserve(1, for: 1)
      try tx.reserve(2, for: 2, warehouse: "EAST")
    }
    let events = try await shop.events { tx in
      let transfer = try TransferStock(
        sku: "C-1", fromWarehouseCode: "MAIN", toWarehouseCode: "EAST",
        quantity: GivenQuantity(qty(5))
      ).run(in: tx, at: Shop.now)
      #expect(transfer.levels.map(\.warehouseCode) == ["MAIN", "EAST"])
    }
    #expect(events.map(\.type) == ["reservation.filled", "stock.transferred"])
    #expect(try await shop.stock() == ["EAST 5/2/0 250.00", "MAIN 1/1/0 50.00"])
    #expect(try await shop.balances() == ["1405 300.00", "4001 -300.00"])
    #expect(try await shop.violations() == [])
  }

  @Test("shows every mistake of a request at once and takes no number for it")
  func collects() async throws {
    let shop = try await Shop()
    let found = try await shop.refusals { tx in
      try ReceiveStock(
        sku: "NONE", warehouseCode: "NOWHERE", quantity: GivenQuantity(qty(-1)), unitCost: nil,
        reason: String(repeating: "x", count: 201)
      ).run(in: tx, at: Shop.now)
    }
    #expect(
      found.map { "\($0.reason) \($0.field ?? "")" } == [
        "UNKNOWN_PRODUCT sku", "UNKNOWN_WAREHOUSE warehouse_code",
        "QUANTITY_NOT_POSITIVE quantity", "REQUIRED unit_cost", "TEXT_TOO_LONG reason",
      ])
  }

  @Test("takes no quantity, cost or value beyond all reason")
  func limits() async throws {
    let shop = try await Shop()
    let many = try await shop.refusals { try $0.receive(1_000_000_001) }
    let dear = try await shop.refusals { try $0.receive(1, at: 1_000_000_001) }
    let both = try await shop.refusals { try $0.receive(1_000_000_000, at: 1_000_000_000) }
    let usd = try await shop.refusals { tx in
      try ReceiveStock(
        sku: "C-1", warehouseCode: "MAIN", quantity: GivenQuantity(qty(1)),
        unitCost: UnitPrice(micros: 1, currency: .usd)
      ).run(in: tx, at: Shop.now)
    }
    #expect(many.map(\.field) == ["quantity"])
    #expect(dear.map(\.field) == ["unit_cost"])
    #expect(both.map(\.reason) == ["OUT_OF_RANGE"])
    #expect(usd.map(\.reason) == ["CURRENCY_NOT_ACCEPTED"])
  }
}
