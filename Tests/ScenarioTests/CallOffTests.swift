import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: a hotel agrees on forty lamps and takes them as its rooms are ready")
struct CallOffTests {
  @Test("call-offs at the agreed price, never more than agreed, whoever is first")
  func callOffs() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 60, cost: "80")
    let request = OrdersV1.CreateBlanketRequest(
      customerCode: "VIP", lines: [.init(sku: "LAMP", quantity: pieces(40))],
      validUntil: .init(year: 2026, month: 12, day: 31), note: "rooms 1 to 40")
    let preview = try await shop.blankets.createBlanket(
      request, options: shop.command(dryRun: true))
    let agreed = try await shop.blankets.createBlanket(request, options: shop.command(key: "bo"))
    #expect(preview.blanket == agreed.blanket)
    let again = try await shop.blankets.createBlanket(request, options: shop.command(key: "bo"))
    #expect(again.blanket == agreed.blanket)
    let number = agreed.blanket?.number ?? ""
    _ = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "LAMP", unitPrice: yuanEach("999"),
          validFrom: .init(year: 2026, month: 2, day: 1))
      ]), options: shop.command())
    let placed = try await withThrowingTaskGroup(of: OrdersV1.Order?.self) { group in
      for room in 0..<10 {
        group.addTask {
          var input = shop.input([("LAMP", 7)], customer: "VIP", externalID: "room-\(room)")
          input.blanketNumber = number
          do {
            return try await shop.orders.placeOrder(
              .init(order: input), options: shop.command()
            ).order
          } catch let error as RPCError {
            #expect(error.code == .failedPrecondition)
            #expect(violations(error) == ["MORE_THAN_AGREED order.lines[0].quantity"])
            return nil
          }
        }
      }
      return try await group.reduce(into: [OrdersV1.Order]()) {
        if let order = $1 { $0.append(order) }
      }
    }
    #expect(placed.count == 5)
    #expect(placed.allSatisfy { $0.blanketNumber == number })
    // 7 × 199.90 and 13 %.
    #expect(placed.allSatisfy { $0.gross == yuan("1581.21") })
    let shown = try await shop.blankets.getBlanket(.init(number: number))
    #expect(shown.blanket?.lines[0].called?.micros == 35_000_000)
    #expect(Set(shown.blanket?.orderNumbers ?? []) == Set(placed.map(\.number)))
    try await shop.deliver(placed[0].number)
    let closed = try await shop.blankets.closeBlanket(
      .init(number: number, reason: "hotel sold"), options: shop.command())
    #expect(closed.blanket?.state == .closed)
    let listed = try await shop.blankets.listBlankets(.init(customerCode: "VIP"))
    #expect(listed.blankets.map(\.closeReason) == ["hotel sold"])
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
