import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what cancelling and returning cost follows from the class of the product")
struct ProductClassTests {
  private func shop() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    try await shop.stock("CHAIR", 40, cost: "200")
    try await shop.stock("LAMP", 40, cost: "90")
    for (sku, name, code) in [("LAMP", "落地灯", "DECOR"), ("CHAIR", "橡木椅", "SEATS")] {
      _ = try await shop.catalog.upsertProducts(
        .init(products: [
          .init(
            sku: sku, name: name, kind: .stocked, unitCode: "pcs", taxClass: "STANDARD",
            productClass: code)
        ]), options: shop.command())
    }
    return shop
  }

  @Test("a class is kept by who does not name it, and taken away by an empty one")
  func classes() async throws {
    let shop = try await shop()
    for (given, stored) in [(nil, "DECOR"), ("LIGHT", "LIGHT"), ("", nil)] as [(String?, String?)] {
      let done = try await shop.catalog.upsertProducts(
        .init(products: [
          .init(
            sku: "LAMP", name: "灯", kind: .stocked, unitCode: "pcs", taxClass: "STANDARD",
            productClass: given)
        ]), options: shop.command())
      #expect(done.verdicts.allSatisfy { $0.violations.isEmpty })
      let product = try await shop.catalog.getProduct(.init(sku: "LAMP")).product
      #expect(product?.productClass == stored)
    }
    await shop.close()
  }

  @Test("the class of each line decides about its fee, and whether it can be cancelled at all")
  func cancelled() async throws {
    let shop = try await shop()
    let rules: [OrdersV1.CancellationRule] = [
      .init(productClass: "SEATS", forbidden: true),
      .init(shareMicros: 100_000, productClass: "DECOR"),
    ]
    let policy = try await shop.cancellations.setCancellationPolicy(
      .init(rules: rules, reason: "by class"), options: shop.command())
    #expect(policy.policy?.rules == rules)
    let order = try await shop.place([("CHAIR", 1), ("LAMP", 2)]).number
    let whole = await refusal {
      try await shop.orders.cancelOrder(
        .init(number: order, reason: .customerWish), options: shop.command())
    }
    #expect(whole?.code == .failedPrecondition)
    #expect(reason(whole) == "CANCELLATION_NOT_ALLOWED")
    let lamps = try await shop.orders.cancelOrder(
      .init(number: order, reason: .customerWish, lineNumbers: [2]), options: shop.command())
    #expect(lamps.impact?.fee?.minorUnits == 4_518)  // a tenth of 451.77
    // What the company cannot deliver it cannot insist on.
    let rest = try await shop.orders.cancelOrder(
      .init(number: order, reason: .notAvailable), options: shop.command())
    #expect(rest.order?.state == .cancelled)
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  @Test("grade B is written down by the policy, and leaves at what it is worth")
  func writtenDown() async throws {
    let shop = try await shop()
    _ = try await shop.returns.setReturnPolicy(
      .init(rules: [.init(allowed: true, writeDownMicros: 400_000)], reason: "B loses two fifths"),
      options: shop.command())
    let order = try await shop.place([("CHAIR", 3)], customer: "VIP").number
    try await shop.deliver(order)
    _ = try await shop.orders.invoiceOrder(.init(number: order), options: shop.command())
    let asked = try await shop.returns.requestReturn(
      .init(
        orderNumber: order,
        lines: [.init(lineNumber: 1, quantity: pieces(3), reasonCode: "CHANGED_MIND")]),
      options: shop.command())
    let number = asked.customerReturn?.number ?? ""
    _ = try await shop.returns.receiveReturn(.init(number: number), options: shop.command())
    let before = try await losses(shop)
    var found = try await grade(shop, number, 2, .b)
    #expect(found?.cost?.minorUnits == 60_000)
    #expect(found?.writtenDown?.minorUnits == 16_000)
    #expect(try await losses(shop) - before == 16_000)
    #expect(try await shop.violations() == [])
    // One is repaired, one is not: 120.00 goes back to the shelves, 120.00 is lost as well.
    found = try await grade(shop, number, 1, .a)
    found = try await grade(shop, number, 1, .a)
    #expect(found?.gradeB?.micros == 1_000_000)
    found = try await grade(shop, number, 1, .c)
    #expect(found?.gradeB?.micros == 0)
    #expect(try await losses(shop) - before == 28_000)
    let levels = try await shop.inventory.getAvailability(.init(sku: "CHAIR")).levels
    #expect(levels.first?.onHand?.micros == 39_000_000)
    // 37 that never left, one as new, one that was repaired.
    #expect(levels.first?.value == yuan("7720.00"))
    #expect(try await shop.violations() == [])
    await shop.close()
  }

  private func grade(
    _ shop: Shop, _ number: String, _ count: Int64, _ grade: AftersalesV1.ReturnGrade
  ) async throws -> AftersalesV1.ReturnLine? {
    try await shop.returns.gradeReturn(
      .init(number: number, lines: [.init(lineNumber: 1, quantity: pieces(count), grade: grade)]),
      options: shop.command()
    ).customerReturn?.lines.first
  }

  /// Cents on the account of scrap.
  private func losses(_ shop: Shop) async throws -> Int64 {
    let accounts = try await shop.finance.getTrialBalance(.init()).accounts
    return accounts.first { $0.account == "6401.03" }?.balance?.minorUnits ?? 0
  }
}
