import Messages
import RPC
import TestKit
import Testing

@Suite("Scenario: what goes with what is said, and why")
struct RecommendationTests {
  /// Four customers with a lamp; three of them also take a chair, and two a table.
  private func furnished() async throws -> Shop {
    let shop = try await Shop.open()
    try await shop.furnish()
    _ = try await shop.customers.upsertCustomers(
      .init(
        customers: ["C-1", "C-2", "C-3", "C-4"].map { .init(code: $0, name: $0) }),
      options: shop.command())
    for (customer, lines) in [
      ("C-1", [("LAMP", 1), ("CHAIR", 2), ("TABLE", 1)]), ("C-2", [("LAMP", 1), ("CHAIR", 1)]),
      ("C-2", [("LAMP", 1), ("TABLE", 1)]), ("C-3", [("LAMP", 1), ("CHAIR", 4)]),
      ("C-4", [("LAMP", 1)]),
    ] as [(String, [(sku: String, count: Int64)])] {
      _ = try await shop.place(lines, customer: customer)
    }
    return shop
  }

  private func ask(
    _ shop: Shop, _ skus: [String], for customer: String = "CREDIT", limit: Int32 = 0
  ) async throws -> OrdersV1.RecommendResponse {
    try await shop.recommendations.recommend(
      .init(customerCode: customer, skus: skus, limit: limit))
  }

  @Test("what three customers bought together is recommended with its counts, and no less")
  func counts() async throws {
    let shop = try await furnished()
    let told = try await ask(shop, ["LAMP"])
    #expect(told.recommendations.map(\.sku) == ["CHAIR"])
    #expect(told.recommendations.first?.name == "橡木椅")
    #expect(told.recommendations.first?.customers == 3)
    #expect(told.recommendations.first?.with == [.init(sku: "LAMP", customers: 3)])
    #expect(told.basket == ["LAMP"] && told.orders == 5)
    #expect(try await ask(shop, ["LAMP"]) == told)
    // A third customer takes a table with a lamp, and another one more chair.
    _ = try await shop.place([("LAMP", 1), ("TABLE", 1)], customer: "C-3")
    #expect(try await ask(shop, ["LAMP"]).recommendations.map(\.sku) == ["CHAIR", "TABLE"])
    #expect(try await ask(shop, ["LAMP"], limit: 1).recommendations.map(\.sku) == ["CHAIR"])
    #expect(try await ask(shop, ["CHAIR", "LAMP"]).recommendations.map(\.sku) == ["TABLE"])
    await shop.close()
  }

  @Test("without a basket it is what the customer bought; who bought nothing is told nothing")
  func history() async throws {
    let shop = try await furnished()
    let told = try await ask(shop, [], for: "C-4")
    #expect(told.basket == ["LAMP"])
    #expect(told.recommendations.map(\.sku) == ["CHAIR"])
    let nothing = try await ask(shop, [], for: "VIP")
    #expect(nothing.basket == [] && nothing.recommendations == [])
    await shop.close()
  }

  @Test("what was cancelled does not count, and what cannot be ordered is not recommended")
  func gone() async throws {
    let shop = try await furnished()
    _ = try await shop.assortment.upsertLifecycles(
      .init(lifecycles: [
        .init(sku: "CHAIR", orderableUntil: .init(year: 2026, month: 3, day: 2))
      ]), options: shop.command())
    #expect(try await ask(shop, ["LAMP"]).recommendations.map(\.sku) == ["CHAIR"])
    shop.clock.advance(days: 1)
    #expect(try await ask(shop, ["LAMP"]).recommendations == [])
    _ = try await shop.place([("LAMP", 1), ("TABLE", 1)], customer: "C-3")
    #expect(try await ask(shop, ["LAMP"]).recommendations.map(\.sku) == ["TABLE"])
    _ = try await shop.orders.cancelOrder(
      .init(number: "SO-2026-000006", reason: .customerWish), options: shop.command())
    #expect(try await ask(shop, ["LAMP"]).recommendations == [])
    await shop.close()
  }

  @Test("unknown customers and products, and too much at once, are refused by field")
  func refusals() async throws {
    let shop = try await furnished()
    let nobody = await refusal { try await ask(shop, ["LAMP"], for: "NOBODY") }
    #expect(nobody?.code == .notFound)
    let wrong = await refusal { try await ask(shop, ["LAMP", "NOTHING"]) }
    #expect(violations(wrong) == ["UNKNOWN_PRODUCT skus[1]"])
    for (skus, limit, field) in [
      ([String](repeating: "LAMP", count: 51), Int32(0), "skus"), (["LAMP"], 51, "limit"),
      (["LAMP"], -1, "limit"),
    ] {
      let refused = await refusal { try await ask(shop, skus, limit: limit) }
      #expect(violations(refused) == ["OUT_OF_RANGE \(field)"])
    }
    await shop.close()
  }
}
