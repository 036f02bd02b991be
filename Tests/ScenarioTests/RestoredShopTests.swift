import Messages
import RPC
import Services
import TestKit
import Testing

@Suite("Scenario: the disk dies on Monday morning")
struct RestoredShopTests {
  private func sale(_ number: Int, _ shop: Shop) -> TillsV1.SyncRequest {
    .init(
      step: .command(
        .init(
          number: Int64(number), method: "joinery.orders.v1.OrderService/PlaceOrder",
          request: OrdersV1.PlaceOrderRequest(
            order: shop.input([("LAMP", 1)], shortage: .refuse)
          ).encoded(), idempotencyKey: "sale-\(number)")))
  }

  private func sync(
    _ shop: Shop, after verdicts: Int, _ queue: [TillsV1.SyncRequest]
  ) async throws -> [TillsV1.Verdict] {
    let answers = try await shop.tills.sync(
      options: CallOptions(metadata: ["joinery-actor": "till-1"])
    ) { writer in
      try await writer.write(
        .init(step: .opening(.init(terminal: "till-1", verdictsThrough: Int64(verdicts)))))
      for message in queue { try await writer.write(message) }
    }
    var verdicts: [TillsV1.Verdict] = []
    for try await answer in answers {
      if let verdict = answer.verdict { verdicts.append(verdict) }
    }
    return verdicts
  }

  @Test("the till keeps what it has sold until the owner has agreed, and nothing is lost or twice")
  func tillWaits() async throws {
    let monday = try await Shop.open()
    try await monday.furnish()
    try await monday.stock("LAMP", 5, cost: "80")
    #expect(try await sync(monday, after: 0, [sale(1, monday)]).map(\.code) == [0])
    let name = try await monday.noteRestoration()
    let shop = try await monday.reopened(callers: .believed)

    let queue = [sale(2, shop), sale(3, shop)]
    for _ in 1...2 {
      let refused = await refusal { try await sync(shop, after: 1, queue) }
      #expect(refused?.code == .unavailable)
      #expect(reason(refused) == "RESTORE_NOT_APPROVED")
    }
    let void = TillsV1.SyncRequest(step: .voided(.init(number: 2, reason: "typed twice")))
    #expect(await refusal { try await sync(shop, after: 1, [void]) }?.code == .unavailable)
    #expect(try await shop.tills.getTerminal(.init(terminal: "till-1")).acknowledgedThrough == 1)
    // What is only asked is answered.
    #expect(try await shop.orders.listOrders(.init()).orders.count == 1)

    let agreed = try await shop.operations.approveRestoration(
      .init(restorationId: name), options: shop.command(by: "owner"))
    #expect(agreed.restoration?.state == .approved)
    let verdicts = try await sync(shop, after: 1, queue)
    #expect(verdicts.map(\.number) == [2, 3] && verdicts.map(\.code) == [0, 0])
    #expect(verdicts.allSatisfy { !$0.replayed })
    #expect(try await shop.orders.listOrders(.init()).orders.count == 3)
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
