import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what an order earns is known before anything of it is on a shelf")
struct MarginTests {
  /// The general manager agrees to whatever earns less than so much.
  private func rule(_ shop: Shop, below micros: Int64) async throws {
    _ = try await shop.orders.replaceApprovalRules(
      .init(rules: [.init(approverRole: "GENERAL_MANAGER", marginBelowMicros: micros)]),
      options: shop.command())
  }

  /// Who must agree to an order of one piece while the rule asks for so much; empty for nobody.
  private func approver(
    of sku: String, _ settings: [(String, String)]? = nil, below micros: Int64, _ shop: Shop
  ) async throws -> OrdersV1.Approval? {
    try await rule(shop, below: micros)
    var order = shop.input([(sku, 1)], customer: "VIP")
    order.lines[0].configuration = settings.map { settings in
      .init(settings: settings.map { .init(name: $0.0, value: $0.1) })
    }
    return try await shop.orders.placeOrder(.init(order: order), options: shop.command())
      .order?.approval
  }

  @Test("what is not in stock costs what its preferred supplier asks, and what is, what it cost")
  func bySupplier() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    // Nobody is preferred: nobody knows.
    let unknown = try await approver(of: "CHAIR", below: 1_000_000, shop)
    #expect(unknown?.requiredRole == "")
    #expect(unknown?.explanation?.steps.map(\.rule).contains("MARGIN_UNKNOWN") == true)
    _ = try await shop.purchasing.upsertSupplierPrices(
      .init(prices: [
        .init(
          supplierCode: "WOOD", sku: "CHAIR", unitPrice: yuanEach("210"), leadDays: 10,
          preferred: true)
      ]), options: shop.command())
    // (499 − 210) ÷ 499, rounded down.
    #expect(try await approver(of: "CHAIR", below: 579_158, shop)?.requiredRole == "")
    #expect(
      try await approver(of: "CHAIR", below: 579_159, shop)?.requiredRole == "GENERAL_MANAGER")
    // The shelf goes before the supplier: (499 − 400) ÷ 499.
    try await shop.stock("CHAIR", 40, cost: "400")
    #expect(try await approver(of: "CHAIR", below: 198_396, shop)?.requiredRole == "")
    #expect(
      try await approver(of: "CHAIR", below: 198_397, shop)?.requiredRole == "GENERAL_MANAGER")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("what is made costs what its bill says: materials with their waste, and the workshop")
  func byBill() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    // 2.5 m² ÷ (1 − 10 %) of board at 180, 16 screws at 0.05, 50 minutes at 90 an hour: 575.80.
    #expect(try await approver(of: "TABLE", below: 820_062, shop)?.requiredRole == "")
    #expect(
      try await approver(of: "TABLE", below: 820_063, shop)?.requiredRole == "GENERAL_MANAGER")
    // As it was chosen: 1.28 m² ÷ (1 − 10 %), 16 screws and 58 minutes are 343.80 of 1536.00.
    _ = try await shop.configurator.publishModel(.init(model: .table), options: shop.command())
    #expect(try await approver(of: "TABLE", [], below: 776_171, shop)?.requiredRole == "")
    #expect(
      try await approver(of: "TABLE", [], below: 776_172, shop)?.requiredRole
        == "GENERAL_MANAGER")
    // 2.4 m of it: 1.92 m², 82 minutes, 507.80 of 2424.00 with oil.
    let long = [("length", "2400"), ("oiled", "yes")]
    #expect(try await approver(of: "TABLE", long, below: 790_511, shop)?.requiredRole == "")
    #expect(
      try await approver(of: "TABLE", long, below: 790_512, shop)?.requiredRole
        == "GENERAL_MANAGER")
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("of several lines the one that earns least counts, and what is unknown is left out")
  func least() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "400")
    try await rule(shop, below: 198_397)
    let placed = try await shop.place([("TABLE", 1), ("CHAIR", 1), ("LAMP", 1)], customer: "VIP")
    #expect(placed.approval?.requiredRole == "GENERAL_MANAGER")
    try await rule(shop, below: 198_396)
    let fine = try await shop.place([("TABLE", 1), ("CHAIR", 1), ("LAMP", 1)], customer: "VIP")
    #expect(fine.approval?.requiredRole == "")
    #expect(
      fine.approval?.explanation?.steps.contains {
        $0.rule == "MARGIN_UNKNOWN" && $0.text.contains("LAMP")
      } == true)
    await shop.close()
  }
}
