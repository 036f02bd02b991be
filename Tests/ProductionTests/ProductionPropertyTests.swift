import Finance
import Inventory
import MasterData
import Production
import Purchasing
import Storage
import TestRandom
import Testing
import Values

/// Random commands, valid and not, in one transaction after the other.
struct RandomWorkshop {
  var random: Seeded
  var planned = 0
  var accepted: [String: Int] = [:]

  init(seed: UInt64) { random = Seeded(seed) }

  mutating func step(in tx: Transaction) throws {
    let (name, verb) = try next(in: tx)
    do {
      try tx.attempt { try verb(tx) }
      accepted[name, default: 0] += 1
    } catch is any Rejection {
    } catch is Rejections {
    }
    // Work orders may come and go beneath others.
    while try WorkOrders.find(number: work(planned + 1), in: tx) != nil { planned += 1 }
  }

  /// Mostly a work order that something can still happen to, now and then any.
  private mutating func target(in snapshot: Snapshot) throws -> WorkOrder? {
    let orders = try WorkOrders.list(limit: 40, in: snapshot)
    let alive = orders.filter { !$0.state.isOver }
    let isAny = alive.isEmpty || Int.random(in: 0..<10, using: &random) == 0
    return (isAny ? orders : alive).randomElement(using: &random)
  }

  private mutating func next(in snapshot: Snapshot) throws -> (String, (Transaction) throws -> Void)
  {
    let units = Int64.random(in: 1...4, using: &random)
    let order = Int.random(in: 1...6, using: &random)
    let sku = ["STOOL", "STOOL", "TABLE", "TOP"].randomElement(using: &random) ?? "STOOL"
    let target = try target(in: snapshot)
    let number = target.flatMap { Int($0.number.suffix(6)) } ?? 1
    switch Int.random(in: 0..<45, using: &random) {
    case 0, 1: return ("plan", { try $0.plan(units, sku) })
    case 2, 3: return ("plan a line", { try $0.planLine(units, sku, for: order) })
    case 4...8: return ("stock", stock())
    case 9...12: return ("release", { try $0.release(number) })
    case 13: return ("release anyway", { try $0.release(number, override: "hurry") })
    case 14...17: return ("issue", { try $0.issue(number) })
    case 18...20: return ("issue some", { try $0.issue(number, ("BOARD", units * 333_333)) })
    case 21...28:
      let sequence = target?.operations.map(\.sequence).randomElement(using: &random) ?? 1
      let done = Bool.random(using: &random)
      let minutes = Int64.random(in: 0...77, using: &random)
      return ("report", { try $0.report(number, sequence, minutes: minutes, done: done) })
    case 29...30: return ("complete", { try $0.complete(number) })
    case 31...34:
      let scrapped = Int64.random(in: 0...1, using: &random)
      return ("complete some", { try $0.complete(number, good: units - 1, scrapped: scrapped) })
    case 35...37: return ("close", { try $0.close(number) })
    case 38: return ("cancel", { try $0.cancel(number) })
    case 39:
      return (
        "cancel supply",
        { tx in
          let released = try Reservations.of(orderLine(order, 1), in: tx)
          try ReleaseReservation(origin: orderLine(order, 1)).run(in: tx, at: Workshop.now)
          _ = try CancelSupplyFor(origin: orderLine(order, 1), released: released)
            .run(in: tx, at: Workshop.now)
        }
      )
    case 40: return ("lose", { try $0.lose(1, sku) })
    default: return ("rework", rework(number, target?.components.map(\.sku) ?? []))
    }
  }

  /// By another bill, mostly.
  private mutating func rework(
    _ number: Int, _ components: [String]
  ) -> (Transaction) throws -> Void {
    let board = Int64.random(in: 1...6, using: &random) * 350_000
    let more = ["OIL", "SCREW", "LEGS", "TOP"].randomElement(using: &random) ?? "OIL"
    let count = Int64.random(in: 1...3, using: &random) * 1_000_000
    let minutes = Int64.random(in: 5...7, using: &random)
    let bills = [
      BillDraft(
        sku: "STOOL", components: [.of("BOARD", board)],
        operations: [.of(1, "CUT", unit: 6), .of(2, "FIT", unit: minutes)]),
      BillDraft(
        sku: "TOP", components: [.of("BOARD", board), .of("SCREW", count)],
        operations: [.of(1, "CUT", setup: 20, unit: 45)]),
      BillDraft(
        sku: "TABLE", components: [.of(more, count), .of("BOARD", board)],
        operations: [.of(10, "FIT", setup: 10, unit: 60), .of(20, "FIT", unit: minutes)]),
    ]
    let bill = bills.randomElement(using: &random) ?? bills[0]
    let repeatsSteps = Int.random(in: 0..<4, using: &random) == 0
    let spoiled = components.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }
    return { tx in
      _ = try tx.upsert(bill)
      try tx.rework(number, repeatsSteps: repeatsSteps, spoiled: spoiled)
    }
  }

  private mutating func stock() -> (Transaction) throws -> Void {
    let sku = ["BOARD", "SCREW", "OIL", "LEGS"].randomElement(using: &random) ?? "BOARD"
    let micros = Int64.random(in: 1...9, using: &random) * (sku == "SCREW" ? 9_000_000 : 2_000_000)
    let cost = Int64.random(in: 0...99_999_999, using: &random)
    return { try $0.stock(micros, sku, at: cost) }
  }
}

@Suite("Random work")
struct ProductionPropertyTests {
  @Test(
    "cost in is cost out, per work order and in the ledger",
    arguments: 1...12 as ClosedRange<UInt64>)
  func costs(seed: UInt64) async throws {
    let shop = try await Workshop()
    let accepted = try await shop.write { tx in
      var workshop = RandomWorkshop(seed: seed)
      // Every other workshop begins with plenty: work waits for material often enough.
      if seed % 2 == 0 { try tx.stockMaterial() }
      for step in 1...240 {
        try workshop.step(in: tx)
        guard step % 5 == 0 else { continue }
        let violations = try Workshop.violations(in: tx)
        #expect(violations == [], "seed \(seed), step \(step)")
        let sum = try (1...max(1, workshop.planned)).reduce(Int64(0)) { sum, number in
          try sum + (workshop.planned == 0 ? 0 : Self.check(number, seed: seed, in: tx))
        }
        #expect(try Ledger.balance(of: .workInProgress, in: tx).minor == sum, "seed \(seed)")
      }
      return workshop.accepted
    }
    // A run that only refuses proves nothing.
    for verb in ["plan", "stock", "report"] {
      #expect(accepted[verb, default: 0] > 0, "\(verb) of \(accepted)")
    }
  }

  @Test("the runs reach every verb")
  func coverage() async throws {
    var accepted: [String: Int] = [:]
    for seed in 101...112 {
      let shop = try await Workshop()
      let run = try await shop.write { tx in
        var workshop = RandomWorkshop(seed: UInt64(seed))
        for _ in 1...150 { try workshop.step(in: tx) }
        return workshop.accepted
      }
      accepted.merge(run) { $0 + $1 }
    }
    #expect(
      accepted.count == 15 && accepted.values.allSatisfy { $0 >= 5 },
      "\(accepted.sorted { $0.key < $1.key })")
  }

  /// The journal of one work order tells the same costs as the work order itself. Returns what is
  /// left in work in progress by the journal.
  private static func check(_ number: Int, seed: UInt64, in snapshot: Snapshot) throws -> Int64 {
    let order = try snapshot.order(number)
    var posted: [PostingEvent: Int64] = [:]
    let entries = try Journal.entries(of: order.reference, limit: 500, in: snapshot)
    for entry in entries {
      for line in entry.lines {
        if line.debit == .workInProgress { posted[entry.event, default: 0] += line.amount.minor }
        if line.credit == .workInProgress { posted[entry.event, default: 0] -= line.amount.minor }
      }
    }
    let costs = order.costs
    // What a rework gave back is not in its cost any more.
    let returned = posted[.materialReturned, default: 0]
    #expect(returned <= 0, "\(order.number), seed \(seed)")
    let expected: [(PostingEvent, Int64)] = [
      (.materialIssued, costs.material.minor - returned), (.labourAbsorbed, costs.labour.minor),
      (.outputReceived, -costs.output.minor), (.outputScrapped, -costs.scrap.minor),
      (.productionSettled, -costs.variance.minor),
    ]
    for (event, amount) in expected {
      #expect(posted[event, default: 0] == amount, "\(order.number) \(event), seed \(seed)")
    }
    let left = posted.values.reduce(0, +)
    #expect(try costs.workInProgress().minor == left, "\(order.number), seed \(seed)")
    if order.state.isOver || order.state == .planned { #expect(left == 0) }
    return left
  }
}
