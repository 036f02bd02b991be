import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Testing
import Values

@Suite("Cancel work orders and supply")
struct CancelWorkOrderTests {
  private func verdicts(_ found: [SupplyVerdict]) -> [String] {
    found.map { "\($0.document) \($0.outcome.rawValue)" }
  }

  @Test("calls off everything beneath it, on all levels, and frees what was reserved")
  func wholeTree() async throws {
    let shop = try await Workshop()
    let events = try await shop.events { tx in
      try tx.stock(1_000_000, "BOARD")
      try tx.stock(100_000_000, "SCREW", at: 13_000)
      try tx.plan(2, "TABLE", for: 7, hold: .deposit)
      _ = tx.takeEvents()
      let ended = try tx.cancel(1)
      #expect(
        verdicts(ended.verdicts) == [
          "\(work(2)) CANCELLED", "RQ-2026-000001 CANCELLED", "\(work(3)) CANCELLED",
          "RQ-2026-000002 CANCELLED", "RQ-2026-000003 CANCELLED",
        ])
      #expect(ended.workOrder.state == .cancelled && ended.workOrder.hold == nil)
    }
    #expect(events.filter { $0.type == "work-order.cancelled" }.count == 3)
    #expect(events.allSatisfy { $0.related == salesOrder(7) || $0.subject == salesOrder(7) })
    try await shop.read { (snapshot: Snapshot) throws in
      for sku in ["BOARD", "SCREW", "OIL", "TOP", "LEGS"] {
        let level = try snapshot.level(sku)
        #expect(level?.reserved ?? .zero == .zero, "\(sku)")
        #expect(level?.waiting ?? .zero == .zero, "\(sku)")
      }
      #expect(try (1...3).allSatisfy { try snapshot.order($0).state == .cancelled })
      #expect(try Requisitions.list(.open, limit: 10, in: snapshot).isEmpty)
    }
    #expect(try await shop.violations() == [])
  }

  @Test("what was freed goes to the demand that waits for it")
  func handedOn() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stock(2_000_000, "BOARD")
      try tx.plan(2, "STOOL")
      try tx.plan(1, "STOOL")
      try tx.cancel(1)
    }
    #expect(try await shop.read { try $0.components(2) } == ["BOARD 1 held 1"])
  }

  @Test("a demand that goes away: what has begun goes on for stock, with its cost told")
  func keptAsStock() async throws {
    let shop = try await Workshop()
    let found = try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(1, "TABLE", for: 7)
      try tx.release(2)
      try tx.issue(2)
      try ReleaseReservation(origin: orderLine(7, 1)).run(in: tx, at: Workshop.now)
      return try CancelSupplyFor(origin: orderLine(7, 1)).run(in: tx, at: Workshop.now)
    }
    #expect(
      verdicts(found) == [
        "\(work(1)) CANCELLED", "\(work(2)) KEPT_AS_STOCK", "\(work(3)) CANCELLED",
      ])
    #expect(found.map(\.sunkCost) == [nil, fen(21_111), nil])
    try await shop.write { tx in
      #expect(try !tx.order(2).isPegged)
      try tx.complete(2)
      #expect(try tx.level("TOP")?.available == qty(1))
    }
    #expect(try await shop.violations() == [])
  }

  @Test("asked a second time there is nothing left to tell")
  func twice() async throws {
    let shop = try await Workshop()
    let counts = try await shop.write { tx in
      try tx.plan(1, "TABLE", for: 7)
      return try (1...2).map { _ in
        try CancelSupplyFor(origin: orderLine(7, 0)).run(in: tx, at: Workshop.now).count
      }
    }
    // Three work orders; board twice, screws and oil.
    #expect(counts == [7, 0])
  }

  @Test("a line that goes away leaves the other lines alone")
  func oneLine() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      for line in 1...2 {
        try PlanWorkOrder(
          product: .named("STOOL", in: tx), quantity: qty(1), warehouse: .main(in: tx),
          origin: orderLine(7, line)
        ).run(in: tx, at: Workshop.now)
      }
      _ = try CancelSupplyFor(origin: orderLine(7, 2)).run(in: tx, at: Workshop.now)
    }
    let states = try await shop.read {
      try WorkOrders.ofOrigin(salesOrder(7), in: $0).map(\.state)
    }
    #expect(states == [.planned, .cancelled])
  }

  @Test("ordered material of a cancelled work order is kept as stock")
  func orderedMaterial() async throws {
    let shop = try await Workshop()
    let found = try await shop.write { tx in
      try UpsertSuppliers([SupplierDraft(code: "OAK", name: "Oak")]).run(in: tx, at: Workshop.now)
        .forEach { precondition($0.violations.isEmpty) }
      try tx.plan(2, "STOOL")
      try CreatePurchaseOrder(
        supplierCode: "OAK", warehouseCode: "MAIN",
        lines: [
          PurchaseLineDraft(
            requisitionNumber: "RQ-2026-000001",
            unitPrice: UnitPrice(micros: 100_000_000, currency: .cny))
        ]
      ).run(in: tx, at: Workshop.now)
      return try tx.cancel(1).verdicts
    }
    #expect(verdicts(found) == ["RQ-2026-000001 KEPT_AS_STOCK"])
  }

  @Test("a work order that is called off alone is planned anew, by the bill of today")
  func plannedAnew() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.planLine(2, "STOOL", for: 7, hold: .deposit)
      let verdicts = try tx.upsert(
        BillDraft(sku: "STOOL", components: [.of("BOARD", 3_000_000)], expectedVersion: 1))
      #expect(verdicts.map(\.violations.count) == [0])
      #expect(try tx.cancel(1).workOrder.replacement == work(2))
    }
    try await shop.read { (snapshot: Snapshot) throws in
      let order = try snapshot.order(2)
      #expect(order.hold == .deposit && order.components.map(\.required) == [qty(6)])
      let demand = try Reservations.of(orderLine(7, 1), in: snapshot)
      #expect(demand.map(\.peg) == [order.reference])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("a work order that is called off while its goods are on the shelves is not replaced")
  func servedFromStock() async throws {
    let shop = try await Workshop()
    let ended = try await shop.write { tx in
      try tx.planLine(2, "STOOL", for: 7)
      try tx.stock(2_000_000, "STOOL")
      return try tx.cancel(1)
    }
    #expect(ended.workOrder.replacement == nil)
    let demand = try await shop.read { try Reservations.of(orderLine(7, 1), in: $0) }
    #expect(demand.map(\.peg) == [nil] && demand.map(\.held) == [qty(2)])
  }
}
