import Messages
import RPC
import TestKit
import Testing

@Suite("Bad requests get a status that names the field")
struct RequestMappingTests {
  @Test("a command without a key, with a bad key, or with a bad dry-run says so")
  func metadata() async throws {
    let shop = try await Shop.open()
    let cases: [(Metadata, field: String)] = [
      ([:], "metadata idempotency-key"),
      (["idempotency-key": "two words"], "metadata idempotency-key"),
      (["idempotency-key": String(repeating: "k", count: 129)], "metadata idempotency-key"),
      (["idempotency-key": "k", "dry-run": "yes"], "metadata dry-run"),
      (
        ["idempotency-key": "k", "joinery-actor": String(repeating: "n", count: 101)],
        "metadata joinery-actor"
      ),
    ]
    for (metadata, field) in cases {
      let error = await refusal {
        try await shop.catalog.upsertWarehouses(
          .init(), options: CallOptions(metadata: metadata))
      }
      #expect(error?.code == .invalidArgument)
      #expect(fields(error) == [field])
    }
    await shop.close()
  }

  @Test("every mistake of an order is named at once")
  func orderMistakes() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let input = OrdersV1.OrderInput(
      channel: .web, customerCode: "NOBODY", warehouseCode: "NOWHERE",
      lines: [
        .init(sku: "NOTHING", quantity: pieces(1)), .init(sku: "CHAIR", quantity: pieces(0)),
        .init(sku: "LAMP", quantity: amount("1.5", "pcs")),
        .init(sku: "LAMP", quantity: amount("1", "kg")),
        .init(sku: "BOARD", quantity: amount("1", "m2")),
      ])
    let error = await refusal {
      try await shop.orders.placeOrder(.init(order: input), options: shop.command())
    }
    #expect(error?.code == .invalidArgument || error?.code == .notFound)
    let named = Set(fields(error))
    for field in ["order.customer_code", "order.warehouse_code", "order.lines[0].sku"] {
      #expect(named.contains(field), "\(field) of \(named)")
    }
    for line in 1...4 {
      #expect(named.contains { $0.hasPrefix("order.lines[\(line)]") }, "line \(line) of \(named)")
    }
    await shop.close()
  }

  @Test("page sizes and tokens are checked; a token of another list is refused")
  func pages() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    for size: Int32 in [-1, 501] {
      let error = await refusal { try await shop.catalog.listProducts(.init(pageSize: size)) }
      #expect(fields(error) == ["page_size"])
    }
    let page = try await shop.catalog.listProducts(.init(pageSize: 2))
    #expect(page.products.count == 2)
    let second = try await shop.catalog.listProducts(
      .init(pageSize: 100, pageToken: page.nextPageToken))
    #expect(second.products.count == 4)
    #expect(second.nextPageToken.isEmpty)
    let foreign = await refusal {
      try await shop.customers.listCustomers(.init(pageToken: page.nextPageToken))
    }
    #expect(fields(foreign) == ["page_token"])
    await shop.close()
  }

  @Test("dates and currencies that do not exist are refused")
  func valuesOutOfThisWorld() async throws {
    let shop = try await Shop.open()
    try await shop.furnish()
    let verdicts = try await shop.catalog.upsertPrices(
      .init(prices: [
        .init(
          priceListCode: "RETAIL", sku: "CHAIR",
          unitPrice: .init(currencyCode: "XYZ", micros: 1),
          validFrom: .init(year: 2026, month: 2, day: 30))
      ]), options: shop.command()
    ).verdicts
    let named = verdicts.first?.violations.map(\.field) ?? []
    #expect(verdicts.first?.outcome == .refused)
    #expect(named.contains("prices[0].unit_price.currency_code"))
    #expect(named.contains("prices[0].valid_from"))
    await shop.close()
  }

  private func fields(_ error: RPCError?) -> [String] {
    error?.detail(GoogleRPC.BadRequest.self)?.fieldViolations.map(\.field) ?? []
  }
}
