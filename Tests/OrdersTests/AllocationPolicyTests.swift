import Orders
import Storage
import Testing
import Values

@Suite("Allocation policy")
struct AllocationPolicyTests {
  @Test("a company begins with first come, first served; versions stay as they were")
  func versions() throws {
    let shop = try Shop()
    let before = try shop.read { try AllocationPolicies.current(in: $0) }
    #expect(before.version == 1)
    #expect(before.criteria == [.priority, .confirmed])
    #expect(before.rules.isEmpty)
    let made = try shop.write { tx in
      try SetAllocationPolicy(
        criteria: [.wanted], rules: [PriorityRule(customerClass: "VIP", points: 9)],
        reason: "a test", by: "boss"
      ).run(in: tx, at: Shop.now)
    }
    try shop.read { snapshot in
      let current = try AllocationPolicies.current(in: snapshot)
      #expect(current == made)
      let first = try AllocationPolicies.require(version: 1, field: "version", in: snapshot)
      #expect(first == before)
    }
  }

  @Test("points of all rules that fit add up, each on its own condition")
  func points() throws {
    let shop = try Shop()
    try shop.write { tx in
      _ = try SetAllocationPolicy(
        criteria: [.priority],
        rules: [
          PriorityRule(customerClass: "VIP", points: 50),
          PriorityRule(fromGross: Money(minor: 45_198, currency: .cny), points: 7),
          PriorityRule(fromGross: Money(minor: 45_199, currency: .cny), points: 1_000),
          PriorityRule(withinDays: 7, points: -3), PriorityRule(sku: "LAMP", points: 1),
        ], reason: "a test", by: "boss"
      ).run(in: tx, at: Shop.now)
      // 2 × 199.99 with 13 % tax are 451.98.
      let order = try PlaceOrder(.of("VIPCO", [("CHAIR", 2)]), by: "till")
        .run(in: tx, at: Shop.now)
      let found = try AllocationPolicies.priorities(of: order, in: tx)
      #expect(found.map(\.score) == [57])
      #expect(found.first?.explanation.steps.count == 2)
      let plain = try PlaceOrder(.of("HOTEL", [("LAMP", 1), ("INSTALL", 1)]), by: "till")
        .run(in: tx, at: Shop.now)
      let scores = try AllocationPolicies.priorities(of: plain, in: tx).map(\.score)
      #expect(scores == [1])
    }
  }
}
