import Messages
import TestKit
import Testing

@Suite("Scenario: goods for a far province take somebody's leave")
struct ApprovalRegionTests {
  /// Whatever goes to Xinjiang is approved by the head of logistics; Hangzhou is near.
  private func shop() async throws -> (shop: Shop, near: Int64, far: Int64) {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 90, cost: "200")
    _ = try await shop.orders.replaceApprovalRules(
      .init(
        rules: [.init(approverRole: "LOGISTICS", regionPrefix: "65")], reason: "it is far"),
      options: shop.command())
    func address(_ label: String, _ region: String) async throws -> Int64 {
      try await shop.customers.setAddress(
        .init(
          customerCode: "CREDIT",
          address: .init(label: label, regionCode: region, street: "文三路1号")),
        options: shop.command()
      ).address?.id ?? 0
    }
    return (
      shop, try await address("Hangzhou", "330106"), try await address("Urumqi", "650102")
    )
  }

  private func place(
    _ shop: Shop, to address: Int64
  ) async throws -> OrdersV1.Order {
    var input = shop.input([("CHAIR", 4)])
    input.delivery = .init(addressId: address)
    return try await shop.orders.placeOrder(.init(order: input), options: shop.command()).order
      ?? .init()
  }

  private func send(
    _ shop: Shop, _ number: String, to address: Int64
  ) async throws -> OrdersV1.ChangeOrderResponse {
    try await shop.orders.changeOrder(
      .init(
        number: number, change: .init(delivery: .init(addressId: address)), reason: "moved"),
      options: shop.command(by: "zhao"))
  }

  @Test("an order that waits is asked about anew where it goes somewhere else")
  func waiting() async throws {
    let (shop, near, far) = try await shop()
    let waiting = try await place(shop, to: far)
    #expect(waiting.state == .submitted && waiting.approval?.requiredRole == "LOGISTICS")
    // Nobody is asked for what is near; then somebody is again, in a round of its own.
    let nearer = try await send(shop, waiting.number, to: near)
    #expect(nearer.order?.approval?.pending == false)
    let again = try await send(shop, waiting.number, to: far)
    #expect(again.order?.approval?.pending == true)
    #expect(again.order?.state == .submitted)
    let steps = try await shop.approvals.getApprovals(
      .init(orderNumber: waiting.number)
    ).steps
    #expect(steps.map(\.state) == [.dropped, .open])
    #expect(steps.map(\.round) == [1, 2])
    // Who has changed it does not decide.
    let own = await refusal {
      try await shop.orders.approveOrder(
        .init(number: waiting.number), options: shop.command(by: "zhao", roles: "LOGISTICS"))
    }
    #expect(reason(own) == "CREATOR_MAY_NOT_DECIDE")
    _ = try await shop.orders.approveOrder(
      .init(number: waiting.number), options: shop.command(by: "sun", roles: "LOGISTICS"))
    let confirmed = try await shop.orders.confirmOrder(
      .init(number: waiting.number), options: shop.command())
    #expect(confirmed.order?.state == .confirmed)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("a confirmed order goes far only by leave, and what was agreed to is not asked twice")
  func confirmed() async throws {
    let (shop, near, far) = try await shop()
    let order = try await place(shop, to: near)
    #expect(order.state == .confirmed)
    let refused = await refusal { try await send(shop, order.number, to: far) }
    #expect(reason(refused) == "CHANGE_NEEDS_APPROVAL")
    let asked = try await shop.changes.requestOrderChange(
      .init(
        orderNumber: order.number, change: .init(delivery: .init(addressId: far)),
        reason: "moved"), options: shop.command(by: "zhao")
    ).request
    #expect(asked?.pendingRole == "LOGISTICS")
    _ = try await shop.changes.approveChangeRequest(
      .init(orderNumber: order.number), options: shop.command(by: "sun", roles: "LOGISTICS"))
    let stored = try await shop.orders.getDeliveryAddress(.init(number: order.number)).address
    #expect(stored?.regionCode == "650102")
    // Another floor, or day, of the same place needs nobody.
    _ = try await shop.orders.changeOrder(
      .init(
        number: order.number,
        change: .init(requestedOn: .init(year: 2026, month: 5, day: 1)), reason: "later"),
      options: shop.command(by: "zhao"))
    let back = try await send(shop, order.number, to: near)
    #expect(back.impact?.approverRole == "")
    #expect(try await shop.violations() == [])
    await shop.close()
  }
}
