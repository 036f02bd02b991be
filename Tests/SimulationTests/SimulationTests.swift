import Foundation
import Messages
import Services
import TestKit
import Testing

/// Random commands against an independent model. A failure names its seed; `JOINERY_SEED=n` runs
/// just that one, and `JOINERY_SIMULATIONS=n` as many as one has patience for (`make simulate`).
@Suite("Simulation: random commands against a model")
struct SimulationTests {
  static let seeds: [UInt64] = {
    let environment = ProcessInfo.processInfo.environment
    if let seed = environment["JOINERY_SEED"].flatMap(UInt64.init) { return [seed] }
    let count = environment["JOINERY_SIMULATIONS"].flatMap(UInt64.init) ?? 4
    return Array(1...max(1, count))
  }()

  @Test("stock, orders, credit and books are what the model says", arguments: seeds)
  func shopFollowsModel(seed: UInt64) async throws {
    let post = MoodyPost()
    let shop = try await Shop.open(notices: NoticeSettings(mail: post))
    try await shop.furnish()
    try await Workload.keepStages(shop)
    try await Workload.tell(shop)
    try await Workload.presell(shop)
    _ = try await shop.catalog.upsertProducts(
      .init(products: [
        .init(
          sku: "LAMP", name: "落地灯", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD",
          productClass: "DECOR")
      ]), options: shop.command())
    try await Workload.packUp(shop)
    _ = try await shop.customers.upsertCustomers(
      .init(customers: [
        .init(
          code: "TIGHT", name: "紧张", customerClass: "VIP", creditLimit: yuan("6000"),
          terms: .init(netDays: 30))
      ]), options: shop.command())
    try await Workload.agree(shop)
    try await Workload.askForApproval(shop)
    try await Workload.askForChanges(shop)
    try await Workload.hire(shop)
    try await Workload.reward(shop)
    try await Workload.equipDock(shop)
    try await Workload.tradeAbroad(shop)
    _ = try await shop.pricing.upsertPromotions(
      .init(promotions: [
        .init(
          code: "THREE", name: "三把九折", validFrom: .init(year: 2026, month: 1, day: 1),
          items: [.init(sku: "CHAIR")], minimumQuantity: pieces(3), effect: .shareMicros(100_000))
      ]), options: shop.command())
    _ = try await shop.pricing.setPromotionLimit(
      .init(limit: .init(shareMicros: 70_000)), options: shop.command())
    _ = try await shop.cancellations.setCancellationPolicy(
      .init(
        rules: [
          .init(shareMicros: 200_000, productClass: "DECOR"), .init(shareMicros: 100_000),
        ], reason: "a tenth, of lamps a fifth"), options: shop.command())
    _ = try await shop.returns.setReturnPolicy(
      .init(
        rules: [
          .init(isDefect: true, allowed: true, writeDownMicros: 300_000),
          .init(sourcing: .make, allowed: false),
          .init(allowed: true, feeMicros: 100_000, writeDownMicros: 300_000),
        ], reason: "a tenth"), options: shop.command())
    _ = try await shop.intake.setValidationPolicy(
      .init(
        rules: [
          .init(code: "NOTE", channel: .kiosk, condition: .required(.note), hold: .data)
        ], reason: "kiosks"), options: shop.command())
    _ = try await shop.catalog.upsertSubstitutes(
      .init(substitutes: [
        .init(sku: "CHAIR", substituteSku: "LAMP", rank: 1),
        .init(sku: "LAMP", substituteSku: "CHAIR", rank: 1),
      ]), options: shop.command())
    try await shop.stock("BOARD", 5_000, cost: "180")
    try await shop.stock("SCREW", 20_000, cost: "0.05")
    var workload = Workload(shop: shop, post: post, seed: seed)
    for step in 1...250 {
      try await workload.step()
      if step % 50 == 0 { try await workload.audit() }
    }
    await shop.close()
  }
}
