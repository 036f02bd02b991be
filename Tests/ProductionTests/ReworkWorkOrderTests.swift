import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Testing
import Values

@Suite("Rework a work order")
struct ReworkWorkOrderTests {
  private func steps(_ order: WorkOrder) -> [String] {
    order.operations.map { step in
      "\(step.sequence) \(step.plannedMinutes)" + (step.isDone ? " done" : "")
        + (step.isDropped ? " dropped" : "")
    }
  }

  @Test("what is made beneath it follows: what has not begun is called off, the rest is planned")
  func levels() async throws {
    let shop = try await Workshop()
    let found = try await shop.write { tx in
      try tx.stockMaterial()
      // WO 1 needs the tops of WO 2 and the legs of WO 3.
      try tx.planLine(2, "TABLE", for: 7)
      try tx.release(2)
      try tx.issue(2)
      try tx.complete(2)
      try tx.release(1, override: "tops first")
      try tx.issue(1, ("TOP", 2_000_000), ("SCREW", 10_000_000))
      try tx.report(1, 10, minutes: 130)
      _ = try tx.upsert(
        BillDraft(
          sku: "TABLE", components: [.of("TOP", 2_000_000), .of("SCREW", 3_000_000)],
          operations: [.of(10, "FIT", setup: 10, unit: 60), .of(20, "FIT", unit: 30)]))
      return try tx.rework(1)
    }
    #expect(
      found.map { "\($0.document.number) \($0.outcome.rawValue)" } == [
        "\(work(1)) REWORKED", "\(work(3)) CANCELLED",
      ])
    #expect(found[0].sunkCost == nil)
    #expect(found[0].text.contains("1 step need not be done again"))
    #expect(found[0].text.contains("back to stock: 4 pcs SCREW"))
    #expect(found[0].rework?.minutesBefore == qty(50) && found[0].rework?.minutesAfter == qty(60))
    try await shop.read { (snapshot: Snapshot) throws in
      let order = try snapshot.order(1)
      #expect(steps(order) == ["10 130 done", "30 60"])
      #expect(
        order.components.map { "\($0.sku) \($0.issued) of \($0.required)" } == [
          "TOP 2 of 2", "LEGS 0 of 0", "SCREW 6 of 6", "OIL 0 of 0", "TOP 0 of 2",
        ])
      // The tops that are missing are made for it, for the customer's order.
      let child = try snapshot.order(4)
      #expect(child.sku == "TOP" && child.quantity == qty(2) && child.root == salesOrder(7))
      #expect(try snapshot.level("OIL")?.reserved == .zero)
      #expect(
        try Reservations.of(orderLine(7, 1), in: snapshot).map(\.peg) == [order.reference])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("more than was required went to waste, and neither counts nor goes back")
  func waste() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.startStools(2)
      try tx.issue(1, ("BOARD", 1_500_000))
      _ = try tx.upsert(
        BillDraft(
          sku: "STOOL", components: [.of("BOARD", 500_000)],
          operations: [.of(1, "CUT", unit: 6)]))
      try tx.rework(1)
    }
    let (order, board) = try await shop.read { (try $0.order(1), try $0.level("BOARD")) }
    let part = try #require(order.components.first)
    #expect(order.components.count == 1)
    #expect(part.issued == Quantity(micros: 2_500_000) && part.open == .zero)
    #expect(part.spoiled == Quantity(micros: 1_500_000))
    #expect(board?.onHand == Quantity(micros: 97_500_000))
    #expect(order.costs.material == cny(250))
    #expect(try await shop.violations() == [])
  }

  @Test("it can be reworked again and again, and closed half-way")
  func again() async throws {
    let shop = try await Workshop()
    let ended = try await shop.write { tx in
      try tx.startStools(2)
      try tx.report(1, 1, minutes: 12)
      for minutes in [Int64(7), 8, 6] {
        _ = try tx.upsert(
          BillDraft(
            sku: "STOOL", components: [.of("BOARD", 1_000_000)],
            operations: [.of(1, "CUT", unit: minutes)]))
        try tx.rework(1)
      }
      #expect(steps(try tx.order(1)) == ["1 12 done dropped", "2 12"])
      return try tx.close(1)
    }
    #expect(ended.workOrder.costs.variance == cny(224))
    #expect(try await shop.violations() == [])
  }
}
