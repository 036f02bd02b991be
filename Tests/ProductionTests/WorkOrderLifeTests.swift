import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import Testing
import Values

@Suite("Life of a work order")
struct WorkOrderLifeTests {
  @Test("the table of transitions")
  func transitions() {
    let allowed: Set<String> = [
      "PLANNED RELEASED", "PLANNED CANCELLED", "RELEASED IN_PROGRESS", "RELEASED CANCELLED",
      "IN_PROGRESS COMPLETED", "IN_PROGRESS CLOSED", "COMPLETED CLOSED",
    ]
    for state in WorkOrderState.allCases {
      for next in WorkOrderState.allCases {
        let isAllowed = allowed.contains("\(state.rawValue) \(next.rawValue)")
        #expect(state.canBecome(next) == isAllowed, "\(state) → \(next)")
      }
    }
  }

  /// A stool in each state, as work order 1.
  static let ways: [WorkOrderState: @Sendable (Transaction) throws -> Void] = [
    .planned: { tx in
      try tx.stockMaterial()
      try tx.plan(2, "STOOL")
    },
    .released: { tx in
      try tx.stockMaterial()
      try tx.plan(2, "STOOL")
      try tx.release(1)
    },
    .inProgress: { try $0.startStools(2) },
    .completed: { tx in
      try tx.startStools(2)
      try tx.complete(1)
    },
    .closed: { tx in
      try tx.startStools(2)
      try tx.report(1, 1, minutes: 12)
      try tx.complete(1)
      try tx.close(1)
    },
    .cancelled: { tx in
      try tx.plan(2, "STOOL")
      try tx.cancel(1)
    },
  ]

  /// Each verb and the states in which it is not refused for the state.
  static let verbs: [(String, Set<WorkOrderState>, @Sendable (Transaction) throws -> Void)] = [
    ("release", [.planned], { try $0.release(1) }),
    ("issue", [.released, .inProgress, .completed], { try $0.issue(1, ("BOARD", 2_000_000)) }),
    (
      "report", [.released, .inProgress, .completed],
      { try $0.report(1, 1, minutes: 1, done: false) }
    ),
    ("complete", [.inProgress], { try $0.complete(1, good: 1) }),
    ("close", [.inProgress, .completed], { try $0.close(1) }),
    ("cancel", [.planned, .released], { try $0.cancel(1) }),
  ]

  @Test("every verb in every state", arguments: WorkOrderState.allCases)
  func verbsInStates(state: WorkOrderState) async throws {
    let shop = try await Workshop()
    let way = try #require(Self.ways[state])
    try await shop.write { try way($0) }
    #expect(try await shop.read { try $0.order(1).state } == state)
    for (name, states, verb) in Self.verbs {
      let reasons = try await shop.refusals { try verb($0) }.map(\.reason)
      #expect(
        !reasons.contains("WORK_ORDER_STATE") == states.contains(state), "\(name): \(reasons)")
      if !states.contains(state) { #expect(reasons == ["WORK_ORDER_STATE"], "\(name)") }
    }
  }

  @Test("from plan to close, with all its postings and events")
  func whole() async throws {
    let shop = try await Workshop()
    let events = try await shop.events { tx in
      try tx.stockMaterial()
      _ = tx.takeEvents()
      try tx.planLine(2, "STOOL", for: 7)
      try tx.release(1)
      try tx.issue(1)
      try tx.report(1, 1, minutes: 13)
      try tx.complete(1)
      try tx.close(1)
    }
    #expect(
      events.filter { $0.subject.kind == .workOrder }.map(\.type) == [
        "work-order.planned", "work-order.released", "work-order.material-issued",
        "work-order.operation-reported", "work-order.completed", "work-order.closed",
      ])
    #expect(
      events.filter { $0.subject.kind == .workOrder }.allSatisfy { $0.related == salesOrder(7) })
    // Two boards of 100.00 and 13 minutes at 120.00 an hour.
    let order = try await shop.read { try $0.order(1) }
    #expect(order.costs.material == cny(200) && order.costs.labour == cny(26))
    #expect(order.costs.output == cny(226))
    #expect(try order.costs.workInProgress() == .zero(.cny))
    #expect(
      try await shop.balances() == [
        "1403 11013.00", "1405 226.00", "4001 -11213.00", "5101 -26.00",
      ])
    try await shop.read { (snapshot: Snapshot) throws in
      #expect(try Reservations.of(orderLine(7, 1), in: snapshot).map(\.held) == [qty(2)])
      #expect(try snapshot.level("STOOL")?.value == cny(226))
    }
    #expect(try await shop.violations() == [])
  }

  @Test("a release names each missing component, unless it is overridden with a reason")
  func missing() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stock(2_000_000, "TOP")
      try tx.stock(1_000_000, "LEGS")
      try tx.stock(20_000_000, "SCREW", at: 13_000)
      try tx.plan(2, "TABLE", for: 7)
    }
    let refusals = try await shop.refusals { try $0.release(1) }
    #expect(
      refusals.map(\.message) == [
        "1 pcs of LEGS are missing for \(work(1))", "0.7 kg of OIL are missing for \(work(1))",
      ])
    #expect(
      try await shop.refusals { try $0.release(1, override: "\n") }.map(\.field) == [
        "override_reason"
      ])
    let events = try await shop.events { try $0.release(1, override: "oil comes at noon") }
    #expect(
      events.map(\.facts.last) == [Fact("override_reason", "oil comes at noon")])
    // What is there can be taken; the rest when it comes.
    try await shop.write { tx in
      try tx.issue(1)
      try tx.stock(1_000_000, "OIL", at: 60_000_000)
      try tx.issue(1)
    }
    let order = try await shop.read { try $0.order(1) }
    #expect(
      order.components.map(\.issued) == [qty(2), qty(1), .zero, qty(17), Quantity(micros: 700_000)])
    #expect(try await shop.violations() == [])
  }

  @Test("part of the material, and more than was required once all of it is there")
  func issue() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stock(3_000_000, "BOARD")
      try tx.plan(2, "STOOL")
      try tx.release(1)
      try tx.issue(1, ("BOARD", 500_000))
    }
    #expect(try await shop.read { try $0.components(1) } == ["BOARD 2 held 1.5"])
    try await shop.write { _ = try $0.issue(1, ("BOARD", 1_000_000), ("BOARD", 1_250_000)) }
    let order = try await shop.read { try $0.order(1) }
    #expect(order.components.map(\.issued) == [Quantity(micros: 2_750_000)])
    #expect(order.costs.material == fen(27_500))
    let tooMuch = try await shop.refusals { try $0.issue(1, ("BOARD", 250_001)) }
    #expect(tooMuch.map(\.reason) == ["INSUFFICIENT_STOCK"])
    #expect(tooMuch.map(\.field) == ["components[0].quantity"])
    #expect(try await shop.violations() == [])
  }

  @Test("the cost of time does not depend on how it is cut into reports")
  func timeInParts() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      _ = try UpsertWorkCentres([
        WorkCentreDraft(code: "CUT", name: "Cut", hourlyRate: fen(9_999))
      ])
      .run(in: tx, at: Workshop.now)
      try tx.startStools(2)
      for _ in 1...7 { try tx.report(1, 1, minutes: 1, done: false) }
    }
    // 99.99 × 7 ÷ 60 = 11.6655
    #expect(try await shop.read { try $0.order(1).costs.labour } == fen(1_167))
    #expect(try await shop.violations() == [])
  }

  @Test("minutes may overlap; steps are finished in their order")
  func overlap() async throws {
    let shop = try await Workshop()
    try await shop.write { tx in
      try tx.stockMaterial()
      try tx.stock(1_000_000, "TOP")
      try tx.stock(1_000_000, "LEGS")
      try tx.plan(1, "TABLE")
      try tx.release(1)
      try tx.report(1, 20, minutes: 5, done: false)
    }
    #expect(
      try await shop.refusals { try $0.report(1, 20, minutes: 5) }.map(\.reason)
        == ["OPERATION_OUT_OF_ORDER"])
    try await shop.write { tx in
      try tx.report(1, 10, minutes: 0)
      try tx.report(1, 20, minutes: 5)
    }
    #expect(try await shop.read { try $0.order(1).operations.map(\.isDone) } == [true, true])
  }
}
