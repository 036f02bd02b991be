import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Testing
import Values

@Suite("Complete and close work order")
struct CompleteWorkOrderTests {
  @Test("output leaves at its share of the work in progress, and the last takes the rest")
  func shares() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stock(2_000_000, "BOARD", at: 100_000_000)
      try tx.stock(1_000_000, "BOARD", at: 99_990_000)
      try tx.plan(3, "STOOL")
      try tx.release(1)
      try tx.issue(1)
    }
    // 299.99 in three.
    let outputs = try await shop.write { tx in
      try (1...3).map { _ in try tx.complete(1, good: 1).costs.output }
    }
    #expect(outputs == [fen(10_000), fen(20_000), fen(29_999)])
    #expect(try await shop.violations() == [])
  }

  @Test("cost that comes between two outputs is borne by what is still open")
  func lateCost() async throws {
    let shop = try await Workshop()
    let order = try await shop.write { tx in
      try tx.startStools(4)
      try tx.complete(1, good: 1)
      try tx.report(1, 1, minutes: 30, done: false)
      try tx.complete(1, good: 2)
      return try tx.complete(1, good: 1)
    }
    // 400.00 ÷ 4, then (300.00 + 60.00) × 2 ÷ 3, then the rest.
    #expect(order.costs.output == cny(460))
    #expect(try await shop.read { try $0.level("STOOL")?.value } == cny(460))
    #expect(order.state == .completed)
  }

  @Test("good and scrapped output of one report share alike; scrap is a loss")
  func scrap() async throws {
    let shop = try await Workshop()
    let order = try await shop.write { tx in
      try tx.startStools(3)
      return try tx.complete(1, good: 2, scrapped: 1)
    }
    #expect(order.costs.output == cny(200) && order.costs.scrap == cny(100))
    #expect(order.state == .completed && order.scrapped == qty(1))
    #expect(try await shop.balances().contains("6401.03 100.00"))
    #expect(try await shop.violations() == [])
  }

  @Test("more than was wanted is free stock and not the line's")
  func overProduction() async throws {
    let shop = try await Workshop()
    let order = try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(2, "STOOL", for: 7)
      try tx.release(1)
      try tx.issue(1)
      return try tx.complete(1, good: 5)
    }
    #expect(order.state == .completed && order.good == qty(5) && order.open == .zero)
    try await shop.read { (snapshot: Snapshot) throws in
      #expect(try snapshot.level("STOOL")?.available == qty(3))
      #expect(try Reservations.of(orderLine(7, 1), in: snapshot).map(\.held) == [qty(2)])
    }
    #expect(try await shop.violations() == [])
  }

  @Test("what a scrapped piece owes to its line is made anew")
  func scrapOfPegged() async throws {
    let shop = try await Workshop()
    let replaced = try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(2, "STOOL", for: 7)
      try tx.release(1)
      try tx.issue(1)
      return try tx.complete(1, good: 1, scrapped: 1)
    }
    #expect(replaced.state == .completed && replaced.replacement == work(2))
    #expect(try await shop.violations() == [])
    try await shop.write { tx in
      let order = try tx.order(2)
      #expect(order.quantity == qty(1) && order.origin == orderLine(7, 1) && order.isPegged)
      try tx.release(2)
      try tx.issue(2)
      #expect(try tx.complete(2).replacement == nil)
    }
    try await shop.read { (snapshot: Snapshot) throws in
      #expect(try Reservations.of(orderLine(7, 1), in: snapshot).map(\.held) == [qty(2)])
    }
  }

  @Test("closing posts what is left as variance")
  func variance() async throws {
    let shop = try await Workshop()
    let ended = try await shop.write { tx in
      try tx.startStools(2)
      try tx.complete(1)
      try tx.report(1, 1, minutes: 30)
      return try tx.close(1)
    }
    #expect(ended.workOrder.costs.variance == cny(60))
    #expect(ended.verdicts.isEmpty)
    #expect(try await shop.balances().contains("6401.02 60.00"))
    #expect(try await !shop.balances().contains { $0.hasPrefix("5001") })
    #expect(try await shop.violations() == [])
  }

  @Test("a completed work order is closed once its steps are finished")
  func operationsOpen() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.startStools(2)
      try tx.complete(1)
    }
    let refusals = try await shop.refusals { try $0.close(1) }
    #expect(refusals.map(\.message) == ["Operations of \(work(1)) are not finished: 1"])
  }

  @Test("stopped half-way it is short: what was reserved is freed, and the rest is planned anew")
  func short() async throws {
    let shop = try await Workshop()
    let ended = try await shop.write { tx in
      try tx.stock(1_000_000, "BOARD")
      try tx.planLine(3, "STOOL", for: 7)
      try tx.release(1, override: "begin with one")
      try tx.issue(1)
      try tx.complete(1, good: 1)
      try tx.stock(1_000_000, "BOARD")
      return try tx.close(1)
    }
    #expect(ended.workOrder.state == .closed)
    #expect(
      ended.verdicts.map { "\($0.document) \($0.outcome.rawValue)" } == ["RQ-2026-000001 CANCELLED"]
    )
    try await shop.read { (snapshot: Snapshot) throws in
      let level = try snapshot.level("BOARD")
      #expect(level?.reserved == qty(1) && level?.waiting == qty(1))
      let rest = try snapshot.order(2)
      #expect(rest.quantity == qty(2) && rest.state == .planned)
      let demand = try Reservations.of(orderLine(7, 1), in: snapshot)
      #expect(demand.map(\.held) == [qty(1)] && demand.map(\.peg) == [rest.reference])
    }
    #expect(ended.workOrder.replacement == work(2))
    #expect(try await shop.violations() == [])
  }

  @Test("what is free serves the line first, and only the rest is replanned")
  func shortWithFreeStock() async throws {
    let shop = try await Workshop()
    let ended = try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(3, "STOOL", for: 7)
      try tx.stock(1_000_000, "STOOL")
      try tx.release(1)
      try tx.issue(1)
      return try tx.close(1)
    }
    #expect(ended.workOrder.good == .zero && ended.workOrder.replacement == work(2))
    let rest = try await shop.read { try $0.order(2).quantity }
    #expect(rest == qty(2))
    #expect(try await shop.violations() == [])
  }

  @Test("a part of another work order that comes short is made anew for the same component")
  func shortComponent() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(1, "TABLE", for: 7)
      try tx.release(2)
      try tx.issue(2)
      try tx.close(2)
    }
    try await shop.read { (snapshot: Snapshot) throws in
      let top = try snapshot.order(4)
      #expect(top.sku == "TOP" && top.origin == Origin(.workOrder, work(1), line: 1))
      #expect(top.root == salesOrder(7))
      #expect(try snapshot.order(1).components.map(\.supply) == [work(4), work(3), nil, nil])
    }
    #expect(try await shop.violations() == [])
    try await shop.write { tx in
      try tx.release(4)
      try tx.issue(4)
      try tx.complete(4)
    }
    #expect(try await shop.read { try $0.components(1).first } == "TOP 1 held 1")
  }

  @Test("goods of a line that a count does not find are made anew")
  func lostAfterwards() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(2, "STOOL", for: 7)
      try tx.release(1)
      try tx.issue(1)
      try tx.complete(1)
      try tx.lose(1, "STOOL")
    }
    try await shop.read { (snapshot: Snapshot) throws in
      #expect(try snapshot.order(1).replacement == work(2))
      #expect(try snapshot.order(2).quantity == qty(1))
    }
    #expect(try await shop.violations() == [])
  }

  @Test("goods that are lost while more is being made are made anew when that is done")
  func lostMeanwhile() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stockMaterial()
      try tx.planLine(2, "STOOL", for: 7)
      try tx.release(1)
      try tx.issue(1)
      try tx.complete(1, good: 1)
      try tx.lose(1, "STOOL")
      #expect(try tx.order(1).replacement == nil)
      #expect(try tx.complete(1).replacement == work(2))
      #expect(try tx.order(2).quantity == qty(1))
    }
    #expect(try await shop.violations() == [])
  }
}
