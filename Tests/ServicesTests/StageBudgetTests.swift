import Messages
import RPC
import Storage
import TestKit
import Testing

@Suite("What keeping the stages of orders costs")
struct StageBudgetTests {
  /// Statements that placing an order takes: each one fails once, until none is left to fail.
  private func statements(_ shop: Shop, _ faults: FaultPlan) async throws -> Int {
    var count = 0
    while count < 200 {
      faults.arm(.statement, after: count + 1)
      let refused = await refusal {
        try await shop.orders.placeOrder(
          .init(order: shop.input([("CHAIR", 1)])), options: shop.command())
      }
      guard !faults.isArmed else { break }
      #expect(refused?.code == .internal)
      count += 1
    }
    faults.disarm()
    return count
  }

  @Test("an order of a company without a policy pays nothing for it, and one with a policy little")
  func statements() async throws {
    let faults = FaultPlan()
    var configuration = Database.Configuration.inMemory
    configuration.faults = faults
    let shop = try await Shop.open(configuration)
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    // What is looked up once is known from then on.
    _ = try await shop.place([("CHAIR", 1)])
    let before = try await statements(shop, faults)
    #expect(before == 15)
    _ = try await shop.stages.setStagePolicy(
      .init(terms: [.init(stage: .confirmed, hours: 24)], reason: "the first"),
      options: shop.command())
    _ = try await shop.place([("CHAIR", 1)])
    // Where it stands, that it does, and the event of it.
    #expect(try await statements(shop, faults) == before + 3)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
