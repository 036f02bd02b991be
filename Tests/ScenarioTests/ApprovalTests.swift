import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: who must approve")
struct ApprovalTests {
  @Test("from ¥5,000 the general manager decides, and not the one who wrote the order")
  func generalManager() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    let order = try await shop.place([("CHAIR", 10)])  // 5,638.70
    #expect(order.state == .submitted)
    #expect(order.approval?.pending == true)
    #expect(order.approval?.requiredRole == "GENERAL_MANAGER")

    let own = await refusal {
      try await shop.orders.approveOrder(
        .init(number: order.number), options: shop.command(roles: "GENERAL_MANAGER"))
    }
    #expect(own?.code == .permissionDenied || own?.code == .failedPrecondition)
    let unentitled = await refusal {
      try await shop.orders.approveOrder(
        .init(number: order.number), options: shop.command(by: "zhao", roles: "SALES"))
    }
    #expect(unentitled?.code == .permissionDenied)
    let early = await refusal {
      try await shop.orders.confirmOrder(.init(number: order.number), options: shop.command())
    }
    #expect(early?.code == .failedPrecondition)

    _ = try await shop.orders.approveOrder(
      .init(number: order.number, comment: "ok"),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    let confirmed = try await shop.orders.confirmOrder(
      .init(number: order.number), options: shop.command())
    #expect(confirmed.order?.state == .confirmed)
    #expect(confirmed.order?.approval?.decidedBy == "boss")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("VIPs are exempt, and a rejected order is a draft again")
  func vipAndRejection() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    #expect(try await shop.place([("CHAIR", 20)], customer: "VIP").state == .confirmed)

    let order = try await shop.place([("CHAIR", 11)])
    let rejected = try await shop.orders.rejectOrder(
      .init(number: order.number, reason: "too much on one order"),
      options: shop.command(by: "boss", roles: "GENERAL_MANAGER"))
    #expect(rejected.order?.state == .draft)
    let again = try await shop.orders.submitOrder(
      .init(number: order.number), options: shop.command())
    #expect(again.order?.approval?.pending == true)
    await shop.close()
  }

  @Test("rules are rows: replaced, listed and used from then on")
  func rulesAreRows() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("LAMP", 5, cost: "80")
    let rules: [OrdersV1.ApprovalRule] = [
      .init(minimumGross: yuan("100.00"), approverRole: "SALES_MANAGER")
    ]
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: rules), options: shop.command())
    #expect(try await shop.orders.listApprovalRules(.init()).rules == rules)
    #expect(try await shop.place([("LAMP", 1)]).approval?.requiredRole == "SALES_MANAGER")
    await shop.close()
  }
}
