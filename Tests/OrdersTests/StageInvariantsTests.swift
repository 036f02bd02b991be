import Orders
import Storage
import Testing
import Values

@Suite("Invariants of stages")
struct StageInvariantsTests {
  private static let corruptions: [OrdersInvariantsTests.Corruption] = [
    .init(rule: "orders.stage-is-derived") {
      try $0.execute("UPDATE order_stage_visit SET stage = 'PICKING' WHERE left_at IS NULL")
    },
    // Work has begun for a table, and nobody has written that down.
    .init(rule: "orders.stage-is-derived") {
      try $0.execute("UPDATE work_order SET state = 'RELEASED'")
    },
    .init(rule: "orders.stage-is-kept") {
      try $0.execute("DELETE FROM order_stage_visit WHERE left_at IS NULL")
    },
    .init(rule: "orders.stages-follow-each-other") {
      try $0.execute(
        "UPDATE order_stage_visit SET entered_at = entered_at + 1 WHERE left_at IS NULL")
    },
    .init(rule: "orders.stages-follow-each-other") {
      try $0.execute("UPDATE order_stage_visit SET stage = 'SHIPPED' WHERE left_at IS NOT NULL")
    },
  ]

  @Test("see what is wrong", arguments: corruptions)
  func detects(corruption: OrdersInvariantsTests.Corruption) throws {
    let shop = try Shop()
    try shop.stock("CHAIR", 9)
    let chairs = try shop.place(.of("HOTEL", [("CHAIR", 2)])).number
    _ = try shop.place(.of("VIPCO", [("TABLE", 1)]))
    try shop.write { tx in
      _ = try SetStagePolicy(
        validFrom: nil, terms: [StageTerm(stage: .confirmed, hours: 8)], stillOnHold: [],
        reason: "the first", by: "boss"
      ).run(in: tx, at: Shop.now)
      #expect(try SweepStages().run(in: tx, at: Shop.now).begun == 2)
      _ = try PrepareShipment(orderNumber: chairs).run(in: tx, at: Shop.now)
      try FollowOrders([chairs]).run(in: tx, at: Shop.now)
      #expect(try OrdersInvariants.violations(in: tx).isEmpty)
      _ = try CancelShipment(number: "SH-2026-000001").run(in: tx, at: Shop.now)
      try FollowOrders([chairs, chairs]).run(in: tx, at: Shop.now)
    }
    #expect(try shop.violations().isEmpty)
    try shop.write(corruption.corrupt)
    let found = try shop.read { try OrdersInvariants.violations(in: $0) }
    #expect(found.map(\.rule).contains(corruption.rule), "\(found)")
    #expect(Set(found.map(\.rule)).isSubset(of: OrdersInvariants.rules))
  }
}
