import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Testing
import Values

@Suite("Plan work order")
struct PlanWorkOrderTests {
  @Test("plans what is made on every level and asks to buy what is missing")
  func multiLevel() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stock(1_000_000, "BOARD")
      try tx.stock(100_000_000, "SCREW", at: 13_000)
      try tx.plan(2, "TABLE", for: 7)
    }
    try await shop.read { (snapshot: Snapshot) throws in
      // 2 tops: 2 × 1.9 ÷ 0.9 m² of board, rounded up; 2 sets of legs: 2 × 0.48 ÷ 0.85.
      // Screws are counted in pieces: 2 × 8 ÷ 0.95 = 16.84…
      #expect(
        try snapshot.components(1) == [
          "TOP 2 held 0", "LEGS 2 held 0", "SCREW 17 held 17", "OIL 0.7 held 0",
        ])
      #expect(try snapshot.components(2) == ["BOARD 4.222223 held 1"])
      #expect(try snapshot.components(3) == ["BOARD 1.129412 held 0"])
      let order = try snapshot.order(1)
      #expect(order.components.map(\.supply) == [work(2), work(3), nil, nil])
      #expect(order.operations.map(\.plannedMinutes) == [qty(130), qty(50)])
      #expect(
        try snapshot.requisitions().map { "\($0.quantity) \($0.sku) for \($0.origin)" } == [
          "3.222223 BOARD for \(work(2))/1", "1.129412 BOARD for \(work(3))/1",
          "0.7 OIL for \(work(1))/4",
        ])
      #expect(try snapshot.requisitions().allSatisfy { $0.root == salesOrder(7) })
      #expect(try snapshot.order(2).origin == Origin(.workOrder, work(1), line: 1))
      #expect(try (1...3).allSatisfy { try snapshot.order($0).root == salesOrder(7) })
    }
    #expect(try await shop.violations() == [])
  }

  @Test("nets what is made against free stock on the middle level (complaint 23)")
  func middleLevel() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stock(3_000_000, "TOP")
      try tx.stock(5_000_000, "LEGS")
      try tx.plan(4, "TABLE")
    }
    try await shop.read { (snapshot: Snapshot) throws in
      #expect(
        try snapshot.components(1).prefix(3) == ["TOP 3 held 3", "TOP 1 held 0", "LEGS 4 held 4"])
      #expect(try snapshot.order(2).quantity == qty(1))
      #expect(try WorkOrders.find(number: work(3), in: snapshot) == nil)
      #expect(try snapshot.level("LEGS")?.available == qty(1))
    }
  }

  @Test("the output of a work order beneath goes to the one above, and to nobody before it")
  func pegged() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stockMaterial()
      // An older demand waits for a top, too.
      try Reserve(
        product: .named("TOP", in: tx), warehouse: .main(in: tx), quantity: qty(1),
        origin: orderLine(1, 1), shortage: .wait
      ).run(in: tx, at: Workshop.now)
      try tx.plan(1, "TABLE", for: 2)
      try tx.release(2)
      try tx.issue(2)
      try tx.complete(2)
    }
    try await shop.read { (snapshot: Snapshot) throws in
      #expect(try snapshot.components(1).first == "TOP 1 held 1")
      #expect(try Reservations.of(orderLine(1, 1), in: snapshot).map(\.held) == [.zero])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("a hold holds the whole tree, and lifting it frees the whole tree")
  func hold() async throws {
    let shop = try await Workshop()
    let events = try await shop.events { tx in
      try tx.stockMaterial()
      try tx.plan(1, "TABLE", for: 7, hold: .deposit)
      try tx.plan(1, "TABLE", for: 8, hold: .deposit)
    }
    #expect(events.filter { $0.type == "work-order.planned" }.count == 6)
    for number in 1...3 {
      let refusals = try await shop.refusals { try $0.release(number, override: "hurry") }
      #expect(refusals.map(\.reason).first == "DEPOSIT_OUTSTANDING")
    }
    let lifted = try await shop.write { tx in
      try LiftHold(origin: salesOrder(7)).run(in: tx, at: Workshop.now)
    }
    #expect(lifted.map(\.number) == [work(1), work(2), work(3)])
    #expect(try await shop.refusals { try $0.release(2) }.isEmpty)
    #expect(try await shop.refusals { try $0.release(5) }.map(\.reason) == ["DEPOSIT_OUTSTANDING"])
    #expect(
      try await shop.write { tx in try LiftHold(origin: salesOrder(7)).run(in: tx, at: Workshop.now)
      }
      .isEmpty)
  }

  @Test("refuses a plan deeper or larger than one command may make")
  func limits() async throws {
    let shop = try await Workshop()
    let levels = (0...21).map { "L\($0)" }
    let deep = try await shop.refusals { tx in
      _ = try UpsertProducts(levels.map { .of($0, .rawMaterial) }).run(in: tx, at: Workshop.now)
      // From the top down, so that no single bill is seen to be deep.
      for (above, below) in zip(levels, levels.dropFirst()) {
        let verdicts = try tx.upsert(BillDraft(sku: above, components: [.of(below, 1_000_000)]))
        try #require(verdicts[0].violations.isEmpty)
      }
      try tx.plan(1, "L0")
    }
    #expect(deep.map(\.reason) == ["TOO_MANY_LEVELS"])
    let wide = try await shop.refusals { tx in
      // Each level needs both of the next: 2 + 4 + … + 512 work orders.
      let pairs = (0...9).flatMap { ["A\($0)", "B\($0)"] }
      _ = try UpsertProducts(pairs.map { .of($0, .rawMaterial) }).run(in: tx, at: Workshop.now)
      for level in 0..<9 {
        for name in ["A", "B"] {
          _ = try tx.upsert(
            BillDraft(
              sku: "\(name)\(level)",
              components: [.of("A\(level + 1)", 1_000_000), .of("B\(level + 1)", 1_000_000)]))
        }
      }
      try tx.plan(1, "A0")
    }
    #expect(wide.map(\.reason) == ["PLAN_TOO_LARGE"])
  }

  @Test("a bill whose nesting would be too deep is refused, not followed")
  func deepBill() async throws {
    let shop = try await Workshop()
    let verdicts = try await shop.write { tx in
      let levels = (0...22).map { "L\($0)" }
      _ = try UpsertProducts(levels.map { .of($0, .rawMaterial) }).run(in: tx, at: Workshop.now)
      return try UpsertBillsOfMaterial(
        zip(levels, levels.dropFirst()).reversed().map {
          BillDraft(sku: $0, components: [.of($1, 1_000_000)])
        }
      ).run(in: tx, at: Workshop.now)
    }
    #expect(verdicts.prefix(20).allSatisfy { $0.violations.isEmpty })
    #expect(
      verdicts.suffix(2).map { $0.violations.first?.reason ?? "" } == ["TOO_MANY_LEVELS", ""])
  }

  @Test("everything that is wrong with a plan for stock is told at once")
  func forStock() async throws {
    let shop = try await Workshop()
    let wrong = try await shop.refusals { tx in
      try PlanForStock(
        sku: "NONE", quantity: GivenQuantity(.zero), warehouseCode: "NOWHERE"
      ).run(in: tx, at: Workshop.now)
    }
    #expect(
      wrong.map { "\($0.field ?? "") \($0.reason)" } == [
        "sku UNKNOWN_PRODUCT", "warehouse_code UNKNOWN_WAREHOUSE", "quantity QUANTITY_NOT_POSITIVE",
      ])
    let half = try await shop.refusals { tx in
      try PlanForStock(
        sku: "STOOL", quantity: GivenQuantity(Quantity(micros: 500_000)), warehouseCode: "MAIN"
      ).run(in: tx, at: Workshop.now)
    }
    #expect(half.map { "\($0.field ?? "") \($0.reason)" } == ["quantity FRACTION_OF_UNIT"])
    let order = try await shop.write { tx in
      try PlanForStock(
        sku: "STOOL", quantity: GivenQuantity(qty(2), unit: "pcs"), warehouseCode: "MAIN",
        dueOn: Workshop.day
      ).run(in: tx, at: Workshop.now)
    }
    #expect(order.origin == nil && order.root == nil && !order.isPegged)
    #expect(try await shop.read { try $0.order(1) } == order)
  }

  @Test("what is beneath a plan for stock is on the timeline of the work order at its top")
  func rootOfStock() async throws {
    let shop = try await Workshop()
    let events = try await shop.events { try $0.plan(1, "TABLE") }
    let planned = events.filter { $0.type == "work-order.planned" }
    #expect(
      planned.map(\.related) == [
        nil, DocumentReference(.workOrder, work(1)), DocumentReference(.workOrder, work(1)),
      ])
  }
}
