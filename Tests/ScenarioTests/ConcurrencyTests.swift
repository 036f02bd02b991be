import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: many callers, bad networks, little stock")
struct ConcurrencyTests {
  @Test("thirty buyers of ten lamps over three channels: exactly ten succeed")
  func noOverselling() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 10, cost: "80")
    let channels: [OrdersV1.Channel] = [.store, .web, .marketplace]
    let sold = try await withThrowingTaskGroup(of: Bool.self) { group in
      for buyer in 0..<30 {
        group.addTask {
          let input = shop.input(
            [("LAMP", 1)], channel: channels[buyer % 3], shortage: .refuse,
            externalID: "buyer-\(buyer)")
          do {
            _ = try await shop.orders.placeOrder(.init(order: input), options: shop.command())
            return true
          } catch let error as RPCError {
            #expect(error.code == .failedPrecondition)
            #expect(reason(error) == "INSUFFICIENT_STOCK")
            return false
          }
        }
      }
      return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(sold == 10)
    let stock = try await shop.inventory.getAvailability(.init(sku: "LAMP"))
    #expect(stock.levels.map(\.reserved?.micros) == [10_000_000])
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("the same command twice: the first answer again, and one order")
  func replay() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 10, cost: "80")
    let request = OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 2)]))
    let first = try await shop.orders.placeOrder(request, options: shop.command(key: "till-1"))
    let reply: Reply<OrdersV1.PlaceOrderResponse> = try await shop.channel.unary(
      OrdersV1.OrderServiceMethods.placeOrder, request, options: shop.command(key: "till-1"))
    #expect(reply.message == first)
    #expect(reply.trailers["idempotency-replayed"] == "true")
    #expect(try await shop.orders.listOrders(.init()).orders.count == 1)

    let other = OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 3)]))
    let conflict = await refusal {
      try await shop.orders.placeOrder(other, options: shop.command(key: "till-1"))
    }
    #expect(conflict?.code == .alreadyExists)
    #expect(reason(conflict) == "IDEMPOTENCY_KEY_REUSED")
    await shop.close()
  }

  @Test("a refusal is remembered too, even when the reason for it has gone")
  func refusalIsReplayed() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let request = OrdersV1.PlaceOrderRequest(
      order: shop.input([("LAMP", 2)], shortage: .refuse))
    let first = await refusal {
      try await shop.orders.placeOrder(request, options: shop.command(key: "till-2"))
    }
    try await shop.stock("LAMP", 10, cost: "80")
    let second = await refusal {
      try await shop.orders.placeOrder(request, options: shop.command(key: "till-2"))
    }
    #expect(first?.code == .failedPrecondition)
    #expect(second?.code == first?.code)
    #expect(second?.message == first?.message)
    #expect(second?.rawDetails == first?.rawDetails)
    _ = try await shop.orders.placeOrder(request, options: shop.command(key: "till-3"))
    await shop.close()
  }

  @Test("a dry run answers what would happen and leaves nothing behind")
  func dryRun() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 10, cost: "80")
    let request = OrdersV1.PlaceOrderRequest(order: shop.input([("LAMP", 2)]))
    let before = try await shop.reports.verify(.init())
    let preview = try await shop.orders.placeOrder(request, options: shop.command(dryRun: true))
    #expect(preview.order?.state == .confirmed)
    #expect(try await shop.reports.verify(.init()) == before)
    #expect(try await shop.orders.listOrders(.init()).orders == [])
    let real = try await shop.orders.placeOrder(request, options: shop.command())
    #expect(real.order == preview.order)
    await shop.close()
  }
}
